// Makes pods of every shape that the kubelet treats differently.

import { qosClassOf } from './expected-values.ts';
import type { Random } from './random.ts';
import type { Amounts, ContainerWorld, NodeWorld, PodWorld } from './world.ts';

const mebibyte = 1024 ** 2;
const fractions = [5, 15, 25, 50, 100, 125, 250, 333, 400, 500, 750, 900, 1100, 1500];
// Whole pages and not: `100M` and plain bytes are rounded down by the kernel.
const memories = [
  32 * mebibyte,
  64 * mebibyte,
  100_000_000,
  128 * mebibyte,
  256 * mebibyte,
  250_000_001,
  512 * mebibyte,
];

const noAmounts = (): Pick<ContainerWorld, 'requests' | 'limits'> => ({ requests: {}, limits: {} });

function container(random: Random, name: string, role: ContainerWorld['role'] = 'container'): ContainerWorld {
  return { name, role, ...noAmounts(), id: random.hex(64), restarts: 0, cgroup: { weight: 0 } };
}

/** Limits that are requests too; the API server copies them, a manifest need not. */
function equalAmounts(each: ContainerWorld, amounts: Required<Amounts>, random: Random): void {
  each.limits = { ...amounts };
  each.requests = random.chance(0.8) ? { ...amounts } : {};
}

function burstableAmounts(each: ContainerWorld, random: Random): void {
  const cpuMillis = random.pick(fractions);
  const memoryBytes = random.pick(memories);
  const shape = random.int(0, 5);
  if (shape !== 1) each.requests.cpuMillis = cpuMillis;
  if (shape !== 2) each.requests.memoryBytes = memoryBytes;
  if (shape >= 3) each.limits.cpuMillis = cpuMillis * random.pick([2, 3]) + random.pick([0, 7]);
  if (shape === 0 || shape >= 3) each.limits.memoryBytes = memoryBytes * random.pick([1, 2]) + random.pick([0, 4095]);
  if (shape === 5) each.requests = { cpuMillis };
}

/** Guaranteed; whole CPUs where the static policy is to hand them out, whole cores where threads share them. */
function guaranteedAmounts(each: ContainerWorld, node: NodeWorld, random: Random): void {
  const whole = random.pick(node.threadsPerCore === 2 ? [2000, 2000, 4000] : [1000, 2000, 3000]);
  const isWhole = node.asksWholeCpus && random.chance(node.staticPolicy ? 0.6 : 0.3);
  const cpuMillis = isWhole ? whole : random.pick(fractions.filter((millis) => millis >= 10));
  equalAmounts(each, { cpuMillis, memoryBytes: random.pick(memories) }, random);
}

const staticShapes = ['pinned', 'guaranteed', 'burstable', 'bestEffort'] as const;

export type Shape = 'guaranteed' | 'pinned' | 'burstable' | 'bestEffort' | 'static' | 'whole' | 'padded' | 'ended';

/** A pod of the node, not yet in its cgroups. */
export function makePod(shape: Shape, node: NodeWorld, name: string, random: Random): PodWorld {
  const containers = [container(random, 'app')];
  const uid = random.uuid();
  const pod: PodWorld = {
    namespace: random.pick(['shop', 'bank', 'kube-system']),
    name,
    uid,
    kubeletUid: uid,
    isStatic: false,
    qosClass: 'BestEffort',
    phase: 'Running',
    resizing: false,
    containers,
    cgroup: { weight: 0 },
    isPlanted: false,
  };
  const ofClass = shape === 'static' ? random.pick(node.asksWholeCpus ? staticShapes : staticShapes.slice(1)) : shape;
  if (random.chance(0.3)) containers.push(container(random, 'proxy'));
  // An init container of whole CPUs would own them for a while; no real pod is made so.
  if (shape !== 'pinned' && random.chance(0.2)) containers.unshift(container(random, 'prepare', 'init'));
  if (node.kubeletMinor >= 29 && random.chance(0.15)) containers.unshift(container(random, 'mesh', 'sidecar'));
  for (const each of containers) {
    if (ofClass === 'guaranteed') guaranteedAmounts(each, node, random);
    if (ofClass === 'pinned')
      equalAmounts(each, { cpuMillis: node.threadsPerCore * 1000, memoryBytes: random.pick(memories) }, random);
    if (['burstable', 'whole', 'padded', 'ended'].includes(ofClass)) burstableAmounts(each, random);
    if (each.role === 'init') trimInit(each);
    // Few of them: the node has a gibibyte for all.
    const mayHave = node.hugepages && each.role === 'container' && each.limits.memoryBytes !== undefined;
    if (mayHave && random.chance(0.2)) each.hugepageBytes = random.int(1, 8) * 2 * mebibyte;
  }
  if (shape === 'static') makeStatic(pod, node, random);
  if (shape === 'whole') makeWhole(pod, random);
  if (shape === 'padded')
    Object.assign(pod, { runtimeClassName: 'kata', overhead: { cpuMillis: 250, memoryBytes: 160 * mebibyte } });
  if (shape === 'ended') Object.assign(pod, { phase: 'Succeeded', owner: { kind: 'Job', name: `${name}-job` } });
  if (random.chance(0.1) && !pod.isStatic && shape !== 'ended')
    containers.push(container(random, 'debugger', 'ephemeral'));
  if (random.chance(0.1) && pod.namespace === 'kube-system') pod.priorityClassName = 'system-node-critical';
  pod.qosClass = qosClassOf(pod);
  if (shape === 'burstable' && node.kubeletMinor >= 33 && !node.swap && random.chance(0.1)) resize(pod, random);
  return pod;
}

/** In a Guaranteed pod an init container of whole CPUs would own them for a while. */
function trimInit(each: ContainerWorld): void {
  if ((each.limits.cpuMillis ?? 0) % 1000 !== 0 || each.limits.cpuMillis === undefined) return;
  each.limits.cpuMillis = 400;
  if (each.requests.cpuMillis !== undefined) each.requests.cpuMillis = 400;
}

/** The kubelet knows it by the hash of its manifest; the API has a mirror of it with a uid of its own. */
function makeStatic(pod: PodWorld, node: NodeWorld, random: Random): void {
  pod.namespace = 'kube-system';
  pod.name = `${pod.name}-${node.name}`;
  pod.isStatic = true;
  pod.kubeletUid = random.hex(32);
}

/** Resources of the pod as a whole (spec.resources), from 1.34 on. */
function makeWhole(pod: PodWorld, random: Random): void {
  pod.requests = { cpuMillis: 5000, memoryBytes: 2048 * mebibyte };
  pod.limits = random.chance(0.5) ? { cpuMillis: 10_000, memoryBytes: 4096 * mebibyte } : { ...pod.requests };
}

/** Asked for more CPU and did not get it yet: status and cgroup still have the old amount. */
function resize(pod: PodWorld, random: Random): void {
  const each = pod.containers.find(({ role }) => role === 'container');
  if (each?.requests.cpuMillis === undefined || each.limits.cpuMillis !== undefined) return;
  pod.resizing = true;
  each.actualRequests = { ...each.requests };
  each.requests = { ...each.requests, cpuMillis: each.requests.cpuMillis + random.pick([100, 400]) };
}

/** A pod that the kubelet or the admission refused; it never had a cgroup. */
export function makeRefused(
  node: NodeWorld,
  name: string,
  failure: { reason: string; message: string },
  random: Random,
): PodWorld {
  const pod = makePod('burstable', node, name, random);
  const containers = pod.containers.filter(({ role }) => role === 'container');
  return Object.assign(pod, {
    namespace: 'shop',
    phase: 'Failed',
    failure,
    resizing: false,
    containers,
    qosClass: qosClassOf({ ...pod, containers }),
  });
}

/** Equal pods of one ReplicaSet: as one, under names and ids of their own. */
export function makeSiblings(first: PodWorld, count: number, random: Random): PodWorld[] {
  const owner = { kind: 'ReplicaSet', name: `${first.name}-${random.hex(8)}` };
  return Array.from({ length: count }, () => {
    const uid = random.uuid();
    const containers = first.containers.map((each) => ({
      ...structuredClone(each),
      id: random.hex(64),
    }));
    return {
      ...first,
      name: `${owner.name}-${random.hex(5)}`,
      owner,
      uid,
      kubeletUid: uid,
      containers,
      cgroup: { weight: 0 },
    };
  });
}
