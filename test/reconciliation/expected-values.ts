// The oracle: what kubelet, runtime and kernel make of requests and limits, written from the sources of Kubernetes and not
// from src/models, so that a mistake there is found here.

import type { Amounts, ContainerWorld, NodeWorld, PodWorld, QosClass } from './world.ts';

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

export const sharesOf = (millis: number): number =>
  millis === 0 ? 2 : clamp(Math.floor((millis * 1024) / 1000), 2, 262144);

export const linearWeight = (shares: number): number =>
  shares >= 262144 ? 10000 : 1 + Math.floor(((shares - 2) * 9999) / 262142);

/** Of runc since 1.3.2 and crun since 1.23. */
export function quadraticWeight(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= 262144) return 10000;
  const log = Math.log2(shares);
  return Math.ceil(10 ** ((log ** 2 + 125 * log) / 612 - 7 / 34));
}

export const quotaOf = (limitMillis: number, periodMicros = 100_000): number =>
  Math.max(Math.floor((limitMillis * periodMicros) / 1000), 1000);

/** systemd keeps whole percents of a CPU. */
export function systemdQuota(quotaMicros: number, periodMicros = 100_000): number {
  let perSecond = Math.floor((quotaMicros * 1_000_000) / periodMicros);
  if (perSecond % 10_000 !== 0) perSecond = (Math.floor(perSecond / 10_000) + 1) * 10_000;
  return Math.floor((perSecond * periodMicros) / 1_000_000);
}

export const wholePages = (bytes: number, page: number): number => Math.floor(bytes / page) * page;

type Resource = keyof Amounts;
type List = 'requests' | 'limits';

/** A limit without a request is the request too: the API server writes it there. */
export const requestOf = ({ requests, limits }: Pick<ContainerWorld, List>, resource: Resource): number =>
  requests[resource] ?? limits[resource] ?? 0;

const counted = (pod: PodWorld): readonly ContainerWorld[] => pod.containers.filter(({ role }) => role !== 'ephemeral');

function sumOf(pod: PodWorld, amountOf: (container: ContainerWorld) => number): number {
  const inOrder = pod.containers.filter(({ role }) => role === 'init' || role === 'sidecar');
  const regular = pod.containers.filter(({ role }) => role === 'container').map(amountOf);
  const sidecars = inOrder.filter(({ role }) => role === 'sidecar').map(amountOf);
  const total = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0);
  const starts = inOrder.flatMap((container, place) => {
    if (container.role === 'sidecar') return [];
    const before = inOrder.slice(0, place).filter(({ role }) => role === 'sidecar');
    return [total(before.map(amountOf)) + amountOf(container)];
  });
  return Math.max(total(regular) + total(sidecars), ...starts);
}

export function podRequest(pod: PodWorld, resource: Resource): number {
  const whole = pod.requests?.[resource];
  return (whole ?? sumOf(pod, (each) => requestOf(each, resource))) + (pod.overhead?.[resource] ?? 0);
}

/** Undefined where one container, init containers included, may use what it likes. */
export function podLimit(pod: PodWorld, resource: Resource): number | undefined {
  const overhead = pod.overhead?.[resource] ?? 0;
  const whole = pod.limits?.[resource];
  if (whole !== undefined) return whole + overhead;
  if (counted(pod).some(({ limits }) => limits[resource] === undefined)) return undefined;
  return sumOf(pod, ({ limits }) => limits[resource] ?? 0) + overhead;
}

export function qosClassOf(pod: Omit<PodWorld, 'qosClass'>): QosClass {
  const whole = pod.requests !== undefined || pod.limits !== undefined;
  const owners = whole
    ? [{ requests: pod.requests ?? {}, limits: pod.limits ?? {} }]
    : pod.containers.filter(({ role }) => role !== 'ephemeral');
  const resources = ['cpuMillis', 'memoryBytes'] as const;
  if (owners.every((each) => resources.every((resource) => requestOf(each, resource) === 0))) return 'BestEffort';
  const equal = resources.every((resource) => {
    const requests = owners.reduce((sum, each) => sum + requestOf(each, resource), 0);
    const limits = owners.reduce((sum, each) => sum + (each.limits[resource] ?? 0), 0);
    return requests === limits && owners.every((each) => each.limits[resource] !== undefined);
  });
  return equal ? 'Guaranteed' : 'Burstable';
}

/** CPUs that the static policy gives to a container alone. */
export function exclusiveCpus(container: ContainerWorld, pod: PodWorld): number {
  const millis = requestOf(container, 'cpuMillis');
  const isCounted = pod.qosClass === 'Guaranteed' && !pod.requests && !pod.limits;
  return isCounted && ['container', 'sidecar'].includes(container.role) && millis % 1000 === 0 ? millis / 1000 : 0;
}

/** DisableCPUQuotaWithExclusiveCPUs: from 1.33 on who is alone on its CPUs has no quota. */
export const leavesQuotaOut = ({ staticPolicy, kubeletMinor }: NodeWorld): boolean =>
  staticPolicy && kubeletMinor >= 33;

export function oomScoreOf(container: ContainerWorld, pod: PodWorld, nodeBytes: number): number {
  if (pod.priorityClassName === 'system-node-critical' || pod.qosClass === 'Guaranteed') return -997;
  if (pod.qosClass === 'BestEffort') return 1000;
  const scoreOf = (each: ContainerWorld): number =>
    clamp(1000 - Math.floor((1000 * requestOf(each, 'memoryBytes')) / nodeBytes), 3, 999);
  if (container.role !== 'sidecar') return scoreOf(container);
  const regular = pod.containers.filter(({ role }) => role === 'container');
  const [least] = regular.toSorted((a, b) => requestOf(a, 'memoryBytes') - requestOf(b, 'memoryBytes'));
  return Math.min(scoreOf(container), least ? scoreOf(least) : 999);
}

/** memory.swap.max of a container. */
export function swapOf(container: ContainerWorld, pod: PodWorld, node: NodeWorld): number {
  const request = requestOf(container, 'memoryBytes');
  const critical = pod.isStatic || (pod.priorityClassName ?? '').startsWith('system-');
  const eligible = node.swap?.behaviour === 'LimitedSwap' && pod.qosClass === 'Burstable' && !critical && request > 0;
  if (!node.swap || !eligible || container.limits.memoryBytes === request) return 0;
  return wholePages(Math.floor((request / node.memoryBytes) * node.swap.totalBytes), node.pageBytes);
}
