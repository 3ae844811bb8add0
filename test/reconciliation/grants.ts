// Fills in what kubelet and runtime write for the pods of a node, choosing among the variants that are all right.

import {
  exclusiveCpus,
  leavesQuotaOut,
  linearWeight,
  oomScoreOf,
  podLimit,
  podRequest,
  quadraticWeight,
  quotaOf,
  requestOf,
  sharesOf,
  swapOf,
  systemdQuota,
  wholePages,
} from './expected-values.ts';
import type { Random } from './random.ts';
import type { Cgroup, ContainerWorld, NodeWorld, PodWorld } from './world.ts';

const gibibyte = 1024 ** 3;

export function grantAll(node: NodeWorld, random: Random): void {
  assignCpus(node);
  const live = node.pods.filter(({ phase }) => phase === 'Running');
  for (const pod of live) {
    pod.cgroup = podCgroup(pod, node);
    for (const container of pod.containers) container.cgroup = containerCgroup(container, pod, node, random);
    giveProcesses(pod, node, random);
  }
  const burstable = live.filter(({ qosClass }) => qosClass === 'Burstable');
  const millis = burstable.reduce((sum, pod) => sum + askedInForce(pod), 0);
  node.burstable = { weight: kubeletWeight(millis, node) };
  node.bestEffort = { weight: kubeletWeight(0, node) };
  // The threshold of eviction is kept from the scheduler, and not taken off here.
  node.all = {
    weight: kubeletWeight(node.cpus * 1000 - node.reserved.cpuMillis, node),
    memoryBytes: node.enforced ? wholePages(node.memoryBytes - node.reserved.memoryBytes, node.pageBytes) : undefined,
  };
}

/** Whole cores, from the last on; what is left is the pool of all others. */
function assignCpus(node: NodeWorld): void {
  if (!node.staticPolicy) return;
  const free = node.cores.flat().filter((cpu) => !node.reservedCpus.includes(cpu));
  const taken = new Set<number>();
  for (const pod of node.pods.filter(({ phase }) => phase === 'Running')) {
    for (const container of pod.containers) {
      const count = exclusiveCpus(container, pod);
      if (count === 0) continue;
      const cpus = free
        .filter((cpu) => !taken.has(cpu))
        .slice(-count)
        .sort((a, b) => a - b);
      if (cpus.length < count) throw new Error(`${node.name} is too small`);
      for (const cpu of cpus) taken.add(cpu);
      node.state.owned.push({ pod, container, cpus });
    }
  }
  node.state.pool = node.cores
    .flat()
    .filter((cpu) => !taken.has(cpu))
    .sort((a, b) => a - b);
}

export function kubeletWeight(millis: number, { version }: NodeWorld): number {
  return version === 'v1' ? sharesOf(millis) : linearWeight(sharesOf(millis));
}

function askedInForce(pod: PodWorld): number {
  const containers = pod.containers.map((each) => ({ ...each, requests: each.actualRequests ?? each.requests }));
  return podRequest({ ...pod, containers }, 'cpuMillis');
}

function podCgroup(pod: PodWorld, node: NodeWorld): Cgroup {
  if (pod.qosClass === 'BestEffort') return { weight: kubeletWeight(0, node) };
  const limitMillis = podLimit(pod, 'cpuMillis');
  const limitBytes = podLimit(pod, 'memoryBytes');
  const isAlone = leavesQuotaOut(node) && pod.containers.some((each) => exclusiveCpus(each, pod) > 0);
  return {
    weight: kubeletWeight(askedInForce(pod), node),
    quotaMicros: limitMillis === undefined || isAlone ? undefined : quotaOf(limitMillis),
    memoryBytes: limitBytes === undefined ? undefined : wholePages(limitBytes, node.pageBytes),
  };
}

function containerCgroup(container: ContainerWorld, pod: PodWorld, node: NodeWorld, random: Random): Cgroup {
  const { limits, actualRequests } = container;
  const millis = requestOf({ limits, requests: actualRequests ?? container.requests }, 'cpuMillis');
  const isAlone = leavesQuotaOut(node) && exclusiveCpus(container, pod) > 0;
  const quota = limits.cpuMillis === undefined || isAlone ? undefined : quotaOf(limits.cpuMillis);
  const own = node.state.owned.find((each) => each.container === container)?.cpus;
  const weightOf = node.hasQuadraticWeight ? quadraticWeight : linearWeight;
  const allowed = own ?? (node.staticPolicy ? node.state.pool : []);
  const memoryBytes = limits.memoryBytes === undefined ? undefined : wholePages(limits.memoryBytes, node.pageBytes);
  const periods = random.int(0, 90_000);
  const throttledPeriods = own ? 0 : Math.floor(periods * random.pick([0, 0.01, 0.2]));
  return {
    weight: node.version === 'v1' ? sharesOf(millis) : weightOf(sharesOf(millis)),
    // The runtime asks systemd, which rounds up.
    quotaMicros: quota !== undefined && node.driver === 'systemd' && random.chance(0.7) ? systemdQuota(quota) : quota,
    memoryBytes,
    swapBytes: swapOf(container, pod, node),
    ...((own || random.chance(0.3)) && { cpus: cpuList(allowed) }),
    // 0 for each size that it does not ask for.
    ...(node.hugepages && random.chance(0.8) && { hugepageBytes: container.hugepageBytes ?? 0 }),
    // Not every gatherer takes every file.
    ...(random.chance(0.4) && { throttled: { periods, throttledPeriods } }),
    ...(random.chance(0.4) && { oomKills: 0 }),
    ...(random.chance(0.4) && { usageBytes: Math.floor((memoryBytes ?? gibibyte) * random.pick([0.1, 0.5, 0.8])) }),
    ...(random.chance(0.2) && { tasks: { now: random.int(1, 200), most: 4096 } }),
    ...(random.chance(0.2) && { stalledPercent: random.int(0, 4) }),
  };
}

/** Some containers were looked at, in the runtime or by their first process. */
function giveProcesses(pod: PodWorld, node: NodeWorld, random: Random): void {
  for (const container of pod.containers) {
    if (container.role !== 'container' && container.role !== 'sidecar') continue;
    const oomScoreAdj = oomScoreOf(container, pod, node.memoryBytes);
    if (node.hasMounts && random.chance(0.3)) container.process = { pid: random.int(2, 4_000_000), oomScoreAdj };
    if (pod.runtimeClassName === undefined && random.chance(0.2)) container.inspectedScore = oomScoreAdj;
  }
}

/** `0-2,8`. */
export function cpuList(cpus: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const cpu of cpus) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === cpu) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
