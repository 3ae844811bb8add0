// Plants differences between requests and limits of containers and the files of their cgroups.

import {
  exclusiveCpus,
  linearWeight,
  quadraticWeight,
  quotaOf,
  requestOf,
  sharesOf,
  systemdQuota,
} from './expected-values.ts';
import {
  byVersion,
  claim,
  containerSubject,
  type Planting,
  plainTargets,
  podSubject,
  type Target,
  take,
} from './planting.ts';
import type { Cgroup, NodeWorld } from './world.ts';

const found = (rule: string, target: Target | undefined) => target && [{ rule, subject: containerSubject(target) }];

/** Another number of shares, or a weight that no formula gives. */
function spoilWeight(cgroup: Cgroup, rightMillis: number, node: NodeWorld): void {
  const shares = sharesOf(rightMillis);
  const right = node.version === 'v1' ? [shares] : [linearWeight(shares), quadraticWeight(shares)];
  const wrong = [cgroup.weight * 2 + 7, cgroup.weight + 5, 1024].find((each) =>
    right.every((one) => Math.abs(one - each) > 3),
  );
  cgroup.weight = wrong ?? 777;
}

const otherQuota: Planting = {
  kind: 'CPU quota of a container',
  plant(node, _world, random) {
    const target = take(
      plainTargets(node, ({ container }) => container.role !== 'ephemeral'),
      random,
    );
    if (!target) return undefined;
    const { container } = target;
    const right = container.limits.cpuMillis === undefined ? [] : [quotaOf(container.limits.cpuMillis)];
    const alsoRight = right.map((quota) => systemdQuota(quota));
    container.cgroup.quotaMicros = [50_000, 70_000, 1_000_000].find((each) => ![...right, ...alsoRight].includes(each));
    return found('cpu-quota-unlike-limit', target);
  },
};

const missingQuota: Planting = {
  kind: 'no CPU quota',
  plant(node, _world, random) {
    // With whole CPUs in a Guaranteed pod the quota may be left out on purpose.
    const fits = ({ pod, container }: Target): boolean =>
      container.limits.cpuMillis !== undefined &&
      !(pod.qosClass === 'Guaranteed' && container.limits.cpuMillis % 1000 === 0);
    const target = take(plainTargets(node, fits), random);
    if (target) target.container.cgroup.quotaMicros = undefined;
    return found('cpu-limit-not-enforced', target);
  },
};

const otherWeight: Planting = {
  kind: 'CPU weight of a container',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (target) spoilWeight(target.container.cgroup, requestOf(target.container, 'cpuMillis'), node);
    return found(byVersion(node, 'cpu-shares-unlike-request', 'cpu-weight-unlike-request'), target);
  },
};

const otherMemory: Planting = {
  kind: 'memory limit of a container',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (!target) return undefined;
    const { cgroup, limits } = target.container;
    const isMissing = limits.memoryBytes !== undefined && random.chance(0.3);
    cgroup.memoryBytes = isMissing ? undefined : (limits.memoryBytes ?? 0) + 64 * 65_536;
    cgroup.usageBytes = 1_000_000;
    return found('memory-limit-unlike-spec', target);
  },
};

const throttled: Planting = {
  kind: 'throttled container',
  plant(node, _world, random) {
    const fits = ({ pod, container }: Target): boolean =>
      container.cgroup.quotaMicros !== undefined && !(node.staticPolicy && exclusiveCpus(container, pod) > 0);
    const target = take(plainTargets(node, fits), random);
    if (target) target.container.cgroup.throttled = { periods: 40_000, throttledPeriods: random.int(10_000, 39_000) };
    return found('throttled-container', target);
  },
};

const nearMemoryLimit: Planting = {
  kind: 'working set near the limit',
  plant(node, _world, random) {
    const target = take(
      plainTargets(node, ({ container }) => container.cgroup.memoryBytes !== undefined),
      random,
    );
    if (target) target.container.cgroup.usageBytes = Math.floor((target.container.cgroup.memoryBytes ?? 0) * 0.98);
    return found('container-near-memory-limit', target);
  },
};

const nearTaskLimit: Planting = {
  kind: 'tasks near pids.max',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (!target) return undefined;
    target.container.cgroup.tasks = { now: 4090, most: 4096 };
    return [{ rule: 'process-limit-nearly-reached', subject: `${podSubject(target.pod)}, container cgroup` }];
  },
};

const stalled: Planting = {
  kind: 'stalled container',
  only: 'v2',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (target) target.container.cgroup.stalledPercent = random.int(6, 60);
    return target && [{ rule: 'container-stalled', subject: `${containerSubject(target)}, memory` }];
  },
};

const oomScore: Planting = {
  kind: 'oom_score_adj',
  plant(node, _world, random) {
    const target = take(
      plainTargets(node, ({ container }) => container.process !== undefined),
      random,
    );
    if (!target?.container.process) return undefined;
    target.container.process.oomScoreAdj += target.container.process.oomScoreAdj > 0 ? -900 : 997;
    return found('process-oom-score-unlike-qos-class', target);
  },
};

const runtimeScore: Planting = {
  kind: 'oom_score_adj of the runtime',
  plant(node, _world, random) {
    const target = take(
      plainTargets(node, ({ container }) => container.inspectedScore !== undefined),
      random,
    );
    if (target?.container.inspectedScore === undefined) return undefined;
    target.container.inspectedScore += target.container.inspectedScore > 0 ? -900 : 997;
    return found('oom-score-unlike-qos-class', target);
  },
};

const hugepageLimit: Planting = {
  kind: 'huge pages of a container',
  wish: { hasHugepages: true },
  plant(node, _world, random) {
    const target = take(
      plainTargets(node, ({ container }) => container.cgroup.hugepageBytes !== undefined),
      random,
    );
    if (!target) return undefined;
    const { cgroup } = target.container;
    cgroup.hugepageBytes = cgroup.hugepageBytes === 0 ? 64 * 1024 ** 2 : 0;
    return found('hugepages-limit-unlike-spec', target);
  },
};

const nodeHugepages: Planting = {
  kind: 'huge pages of a node',
  wish: { hasHugepages: true },
  plant(node) {
    if (!node.hugepages || !claim(node, 'hugepages')) return undefined;
    node.hugepages.onMachine -= 16;
    return [{ rule: 'hugepages-unlike-node-capacity', subject: `node ${node.name}, 2Mi` }];
  },
};

const swapLimit: Planting = {
  kind: 'swap of a container',
  only: 'v2',
  wish: { swap: 'LimitedSwap', version: 'v2' },
  plant(node, _world, random) {
    if (!node.swap || node.version !== 'v2') return undefined;
    const target = take(
      plainTargets(node, ({ container }) => container.role !== 'ephemeral'),
      random,
    );
    if (!target) return undefined;
    const { cgroup } = target.container;
    cgroup.swapBytes = random.chance(0.3) ? undefined : (cgroup.swapBytes ?? 0) + 256 * 1024 ** 2;
    return [{ rule: 'swap-limit-unlike-request', subject: `pod ${containerSubject(target)}` }];
  },
};

export const containerPlantings: readonly Planting[] = [
  otherQuota,
  missingQuota,
  otherWeight,
  otherMemory,
  throttled,
  nearMemoryLimit,
  nearTaskLimit,
  stalled,
  oomScore,
  runtimeScore,
  hugepageLimit,
  nodeHugepages,
  swapLimit,
];
