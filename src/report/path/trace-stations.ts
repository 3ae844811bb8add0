// Where a packet is while something happens to it: steps in a row on one node and hook make a station.

import type { Step } from '../../models/path/trace.ts';
import type { NumberedStep } from './trace-tree.ts';

export interface Station {
  /** Empty outside of the cluster and between its nodes. */
  readonly node: string;
  readonly name: string;
  /** The packet that carries another one. */
  readonly outer: boolean;
  readonly steps: readonly NumberedStep[];
}

const names: Readonly<Partial<Record<Step['stage'], string>>> = {
  start: 'start',
  route: 'routing',
  bridge: 'bridge',
  tunnel: 'tunnel',
  wire: 'wire',
  local: 'arrival',
};

/** What has no place of its own (a translation, a neighbour, a note) belongs to where the packet is. */
export function stationsOf(steps: readonly NumberedStep[], before?: Station): Station[] {
  const stations: Station[] = [];
  let last: Station | undefined = before;
  for (const numbered of steps) {
    const { step } = numbered;
    const own = step.rule?.hook ?? names[step.stage];
    const stays = last !== undefined && last.node === step.node && last.outer === step.outer;
    const name = own ?? (stays && last ? last.name : step.stage === 'translate' ? 'connection tracking' : step.stage);
    const current = stations.at(-1);
    if (current && stays && current.name === name) {
      stations[stations.length - 1] = { ...current, steps: [...current.steps, numbered] };
    } else stations.push({ node: step.node, name, outer: step.outer, steps: [numbered] });
    last = stations.at(-1);
  }
  return stations;
}

export const isSameStation = (a: Station | undefined, b: Station | undefined): boolean =>
  a !== undefined && b !== undefined && a.node === b.node && a.name === b.name && a.outer === b.outer;
