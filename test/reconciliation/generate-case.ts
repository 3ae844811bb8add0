// Makes a case from a seed: a must-gather and a sosreport for each node, with differences planted in some of them.

import { clusterFiles } from './cluster-files.ts';
import { grantAll } from './grants.ts';
import { machineFiles } from './machine-files.ts';
import { ofNature } from './nature.ts';
import { makeNode, sizeNode } from './nodes.ts';
import type { Planting } from './planting.ts';
import { plantings } from './plantings.ts';
import { makePod, makeSiblings, type Shape } from './pods.ts';
import { createRandom, type Random } from './random.ts';
import type { Driver, Expected, NodeWorld, Version, World } from './world.ts';

export interface GeneratedCase {
  /** Path as it lies in the bundle → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly Expected[];
  readonly planted: readonly PlantedKind[];
}

export interface PlantedKind {
  readonly kind: string;
  readonly version: Version;
  readonly driver: Driver;
}

/** Every planting has its turn, on each version and driver; others come by chance. */
export function generateCase(seed: number): GeneratedCase {
  const random = createRandom(seed);
  const turns = [0, 1, 2].map((turn) => turnOf(seed, turn));
  const isWished = turns.some(({ planting }) => planting.wish !== undefined);
  const isMeant = turns.some(({ planting }) => planting.onOpenshift);
  // Its releases bring their own kubelet, which no wish could change.
  const openshift = isMeant || (!isWished && random.chance(0.3));
  const world: World = {
    nodes: [],
    gatheredAt: '2026-02-03T10:00:00Z',
    ...(openshift && { openshift: { version: random.pick(['4.14.12', '4.15.3']) } }),
    runtimeClasses: [{ name: 'kata', overhead: { cpuMillis: 250, memoryBytes: 160 * 1024 ** 2 } }],
  };
  const places = placesOf(turns, random.pick([1, 1, 1, 2, 2, 3, 4]));
  for (const [index, mine] of places.entries()) {
    const wish = Object.assign(
      {},
      ...mine.map(({ planting, version, driver }) => ({ version, driver, ...planting.wish })),
    );
    const node = makeNode(index, wish, openshift, random);
    if (mine.length === 0 && random.chance(0.3)) node.root = undefined;
    world.nodes.push(node);
    givePods(node, places.length > 2 ? 2 : 4, random);
    sizeNode(node, random);
    grantAll(node, random);
  }
  const { expected, planted } = plantAll(world, places, random);
  const files = clusterFiles(world, random);
  for (const node of world.nodes) Object.assign(files, machineFiles(node, world.gatheredAt, random));
  return { files, expected: [...expected, ...ofNature(world)], planted };
}

interface Turn {
  readonly planting: Planting;
  readonly version: Version;
  readonly driver: Driver;
}

/** The turns of a case lie far apart in the list, where neighbours want much the same of a node. */
function turnOf(seed: number, turn: number): Turn {
  const planting = plantings[(seed + turn * 17) % plantings.length] as Planting;
  const round = Math.floor((seed - 1) / plantings.length);
  return {
    planting,
    version: planting.only ?? (round % 2 === 0 ? 'v1' : 'v2'),
    driver: Math.floor(round / 2) % 2 === 0 ? 'systemd' : 'cgroupfs',
  };
}

/** By node: what wishes something of its node has one of its own. */
function placesOf(turns: readonly Turn[], count: number): Turn[][] {
  const wishing = turns.filter(({ planting }) => planting.wish !== undefined);
  const others = turns.filter(({ planting }) => planting.wish === undefined);
  const places: Turn[][] = wishing.map((turn) => [turn]);
  while (places.length < count) places.push([]);
  for (const [index, turn] of others.entries()) places[(wishing.length + index) % places.length]?.unshift(turn);
  return places;
}

function givePods(node: NodeWorld, most: number, random: Random): void {
  const shapes: Shape[] = ['guaranteed', 'burstable', 'burstable', 'bestEffort', 'static', 'padded', 'ended'];
  if (node.staticPolicy) shapes.push('pinned', 'guaranteed');
  if (node.kubeletMinor >= 34) shapes.push('whole');
  // Something for every planting to stand on.
  const first: Shape[] = ['burstable', node.staticPolicy ? 'pinned' : 'guaranteed'];
  const more = Array.from({ length: random.int(1, most) }, () => random.pick(shapes));
  for (const [index, shape] of [...first, ...more].entries()) {
    const pod = makePod(shape, node, `${shape.toLowerCase()}-${node.name.slice(0, 8)}-${index}`, random);
    const isAlone = pod.isStatic || pod.owner !== undefined || pod.resizing || random.chance(0.75);
    node.pods.push(...(isAlone ? [pod] : makeSiblings(pod, random.int(2, 3), random)));
  }
}

function plantAll(
  world: World,
  places: readonly (readonly Turn[])[],
  random: Random,
): Pick<GeneratedCase, 'expected' | 'planted'> {
  const expected: Expected[] = [];
  const planted: PlantedKind[] = [];
  const plant = (node: NodeWorld, { kind, only, ...planting }: Planting): void => {
    if (only !== undefined && only !== node.version) return;
    const found = planting.plant(node, world, random);
    if (!found) return;
    expected.push(...found);
    planted.push({ kind, version: node.version, driver: node.driver });
  };
  for (const [index, node] of world.nodes.entries()) {
    for (const { planting } of places[index] ?? []) plant(node, planting);
  }
  for (const node of world.nodes.filter(({ root }) => root !== undefined)) {
    for (let more = random.int(1, 3); more > 0; more--) plant(node, random.pick(plantings));
  }
  return { expected, planted };
}
