// All plantings, by what is told apart.

import { containerPlantings } from './plant-containers.ts';
import { cpuPlantings } from './plant-cpus.ts';
import { killPlantings } from './plant-kills.ts';
import { machinePlantings } from './plant-machine.ts';
import { podPlantings } from './plant-pods.ts';
import type { Planting } from './planting.ts';

export const plantings: readonly Planting[] = [
  ...containerPlantings,
  ...podPlantings,
  ...cpuPlantings,
  ...killPlantings,
  ...machinePlantings,
];
