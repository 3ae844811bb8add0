// What a planting is: one difference between what was asked and what is, and the findings that must come of it.

import type { NodeWish } from './nodes.ts';
import type { Random } from './random.ts';
import type { ContainerWorld, Expected, NodeWorld, PodWorld, Version, World } from './world.ts';

export interface Planting {
  readonly kind: string;
  /** Versions of cgroups on which it can be; both where absent. */
  readonly only?: Version;
  readonly wish?: NodeWish;
  /** It is about something that only OpenShift has. */
  readonly onOpenshift?: true;
  /** Changes the node, or says by undefined that nothing on it fits. */
  plant(node: NodeWorld, world: World, random: Random): readonly Expected[] | undefined;
}

export interface Target {
  readonly pod: PodWorld;
  readonly container: ContainerWorld;
}

export const containerSubject = ({ pod, container }: Target): string =>
  `${pod.namespace}/${pod.name}, container ${container.name}`;
export const podSubject = ({ namespace, name }: PodWorld): string => `${namespace}/${name}`;

/** Which of two rules speaks of it. */
export const byVersion = ({ version }: NodeWorld, v1: string, v2: string): string => (version === 'v1' ? v1 : v2);

/** Pods with a cgroup that nothing was planted in yet. */
export const livePods = (node: NodeWorld): PodWorld[] =>
  node.pods.filter(({ phase, isPlanted }) => phase === 'Running' && !isPlanted);

/** Running containers whose amounts are their own. */
export function plainTargets(node: NodeWorld, fits: (target: Target) => boolean = () => true): Target[] {
  return livePods(node)
    .filter((pod) => !pod.requests && !pod.limits && !pod.runtimeClassName && !pod.resizing)
    .flatMap((pod) => pod.containers.map((container) => ({ pod, container })))
    .filter((target) => target.container.role !== 'init' && fits(target));
}

/** One of them, from now on taken. */
export function take<T extends Target>(targets: readonly T[], random: Random): T | undefined {
  if (targets.length === 0) return undefined;
  const target = random.pick(targets);
  target.pod.isPlanted = true;
  return target;
}

export function takePod(pods: readonly PodWorld[], random: Random): PodWorld | undefined {
  if (pods.length === 0) return undefined;
  const pod = random.pick(pods);
  pod.isPlanted = true;
  return pod;
}

/** True the first time that something of the node is used for a planting. */
export function claim(node: NodeWorld, ...slots: readonly string[]): boolean {
  if (slots.some((slot) => node.planted.has(slot))) return false;
  for (const slot of slots) node.planted.add(slot);
  return true;
}
