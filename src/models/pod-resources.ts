// What a pod as a whole asks for and may use, and what the kubelet writes into its cgroup and into those above it.

import { defaultPeriodMicros, effectiveRequest, quotaMicrosOf, sharesOf } from './cgroup-values.ts';

/** An absent amount is one that was not given. */
export interface Amounts {
  readonly cpuMillis?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

export interface ContainerAmounts {
  /** `sidecar`: an init container that is restarted (restartPolicy Always). Init containers in the order they run. */
  readonly role: 'container' | 'init' | 'sidecar';
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export interface PodAmounts {
  readonly qosClass: 'Guaranteed' | 'Burstable' | 'BestEffort';
  readonly containers: readonly ContainerAmounts[];
  readonly overhead?: Amounts | undefined;
  /** spec.resources, beta since 1.34: overrides the sums, resource by resource. */
  readonly podRequests?: Amounts | undefined;
  readonly podLimits?: Amounts | undefined;
}

type Resource = keyof Amounts;

/** Containers run together, after init containers that ran one by one beside the sidecars started before them. */
export function podRequest(pod: PodAmounts, resource: Resource): number {
  const given = pod.podRequests?.[resource] ?? pod.podLimits?.[resource];
  const amount =
    given ?? together(pod.containers, (each) => effectiveRequest(each.requests[resource], each.limits[resource]));
  return amount + (pod.overhead?.[resource] ?? 0);
}

/** The limit enforced on the pod: only when the pod has one, or every one of its containers. */
export function podLimit(pod: PodAmounts, resource: Resource): number | undefined {
  const overhead = pod.overhead?.[resource] ?? 0;
  const given = pod.podLimits?.[resource];
  if (given !== undefined) return given + overhead;
  if (pod.containers.length === 0 || pod.containers.some((each) => !each.limits[resource])) return undefined;
  return together(pod.containers, (each) => each.limits[resource] ?? 0) + overhead;
}

function together(containers: readonly ContainerAmounts[], amountOf: (each: ContainerAmounts) => number): number {
  let sidecars = 0;
  let mostAtStart = 0;
  for (const each of containers) {
    if (each.role === 'sidecar') sidecars += amountOf(each);
    if (each.role === 'sidecar') mostAtStart = Math.max(mostAtStart, sidecars);
    if (each.role === 'init') mostAtStart = Math.max(mostAtStart, sidecars + amountOf(each));
  }
  const running = containers.filter(({ role }) => role === 'container').reduce((sum, each) => sum + amountOf(each), 0);
  return Math.max(running + sidecars, mostAtStart);
}

/** Absent: no limit is written. */
export interface CgroupAmounts {
  readonly shares: number;
  readonly quotaMicros?: number;
  readonly memoryLimitBytes?: number;
}

/** What the kubelet writes into the cgroup of a pod. With exclusive CPUs, 1.33 and later leave the quota out. */
export function podCgroup(pod: PodAmounts, periodMicros = defaultPeriodMicros): CgroupAmounts {
  if (pod.qosClass === 'BestEffort') return { shares: 2 };
  const quotaMicros = quotaMicrosOf(podLimit(pod, 'cpuMillis'), periodMicros);
  const memoryLimitBytes = podLimit(pod, 'memoryBytes');
  return {
    shares: sharesOf(podRequest(pod, 'cpuMillis')),
    ...(quotaMicros === undefined ? {} : { quotaMicros }),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
  };
}

/** cpu.shares of a QoS class: the sum of its pods' requests, which the kubelet renews each minute. */
export function qosShares(qosClass: 'Burstable' | 'BestEffort', requestsMillis: readonly number[]): number {
  return qosClass === 'BestEffort' ? 2 : sharesOf(requestsMillis.reduce((sum, each) => sum + each, 0));
}

/** What is written for all pods together: capacity less reservations; eviction thresholds are not taken off here. */
export function nodeCgroup(
  capacity: Required<Amounts>,
  reserved: readonly Amounts[],
): Required<Omit<CgroupAmounts, 'quotaMicros'>> {
  const left = (resource: Resource): number =>
    Math.max(0, (capacity[resource] ?? 0) - reserved.reduce((sum, each) => sum + (each[resource] ?? 0), 0));
  return { shares: sharesOf(left('cpuMillis')), memoryLimitBytes: left('memoryBytes') };
}
