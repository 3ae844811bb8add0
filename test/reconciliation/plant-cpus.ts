// Plants differences between what the CPU manager wrote down and what containers, kernel and configuration have.

import { exclusiveCpus } from './expected-values.ts';
import { cpuList } from './grants.ts';
import { claim, containerSubject, type Planting, take } from './planting.ts';
import type { NodeWorld } from './world.ts';

type Owned = NodeWorld['state']['owned'][number];

/** Containers with CPUs of their own in pods that nothing was planted in. */
const ownedTargets = (node: NodeWorld): Owned[] => node.state.owned.filter(({ pod }) => !pod.isPlanted);

const rising = (cpus: readonly number[]): number[] => cpus.toSorted((a, b) => a - b);

const otherCpuset: Planting = {
  kind: 'CPU set of a container',
  wish: { staticPolicy: true },
  plant(node, _world, random) {
    const target = take(ownedTargets(node), random);
    if (!target) return undefined;
    target.container.cgroup.cpus = cpuList(node.state.pool);
    return [{ rule: 'cpuset-unlike-assignment', subject: `pod ${containerSubject(target)}` }];
  },
};

const unpinned: Planting = {
  kind: 'container without CPUs of its own',
  wish: { staticPolicy: true },
  plant(node, _world, random) {
    const target = take(ownedTargets(node), random);
    if (!target) return undefined;
    const { state } = node;
    const { cpus } = state.owned.find(({ container }) => container === target.container) ?? { cpus: [] };
    state.owned = state.owned.filter(({ container }) => container !== target.container);
    state.pool = rising([...state.pool, ...cpus]);
    target.container.cgroup.cpus = cpuList(state.pool);
    return [{ rule: 'unpinned-guaranteed-container', subject: `pod ${containerSubject(target)}` }];
  },
};

const throttledPinned: Planting = {
  kind: 'throttled on its own CPUs',
  wish: { staticPolicy: true, kubeletMinor: 30 },
  plant(node, _world, random) {
    const target = node.kubeletMinor < 33 ? take(ownedTargets(node), random) : undefined;
    if (!target) return undefined;
    target.container.cgroup.throttled = { periods: 50_000, throttledPeriods: 4_000 };
    return [{ rule: 'throttled-pinned-container', subject: `pod ${containerSubject(target)}` }];
  },
};

const splitCore: Planting = {
  kind: 'exclusive CPUs that split a core',
  wish: { staticPolicy: true, threadsPerCore: 2, wholeCores: false },
  plant(node, _world, random) {
    if (node.threadsPerCore !== 2 || node.wholeCores) return undefined;
    const { state } = node;
    const free = node.cores.find((core) =>
      core.every((cpu) => state.pool.includes(cpu) && !node.reservedCpus.includes(cpu)),
    );
    const inPool = free?.[0];
    const target = inPool !== undefined && claim(node, 'core') ? take(ownedTargets(node), random) : undefined;
    if (inPool === undefined || !target) return undefined;
    const [given = 0, ...others] = target.cpus;
    target.cpus = rising([...others, inPool]);
    state.pool = rising([...state.pool.filter((cpu) => cpu !== inPool), given]);
    target.container.cgroup.cpus = cpuList(target.cpus);
    return [{ rule: 'exclusive-cpus-splitting-a-core', subject: `node ${node.name}` }];
  },
};

const doublyOwned: Planting = {
  kind: 'CPUs in the pool and owned',
  wish: { staticPolicy: true },
  plant(node, _world, random) {
    const owned = claim(node, 'core') ? take(ownedTargets(node), random) : undefined;
    if (!owned) return undefined;
    node.state.pool = rising([...node.state.pool, ...owned.cpus]);
    return [{ rule: 'doubly-owned-cpus', subject: `node ${node.name}` }];
  },
};

const otherPolicy: Planting = {
  kind: 'state of another CPU policy',
  wish: { staticPolicy: false, asksWholeCpus: false },
  plant(node) {
    const hasOwners = node.pods.some((pod) => pod.containers.some((each) => exclusiveCpus(each, pod) > 0));
    if (node.staticPolicy || hasOwners || !claim(node, 'policy')) return undefined;
    node.saysPolicy = true;
    node.state.policyName = 'static';
    node.state.pool = node.cores.flat();
    return [{ rule: 'cpu-manager-state-of-another-policy', subject: `node ${node.name}` }];
  },
};

const otherAffinity: Planting = {
  kind: 'services on other CPUs than reserved',
  wish: { staticPolicy: true, reservesByNumber: true },
  plant(node) {
    const [first] = node.reservedCpus;
    if (first === undefined || !claim(node, 'boot')) return undefined;
    node.bootWords.push(`systemd.cpu_affinity=${first},${node.cpus - 1}`);
    return [{ rule: 'system-affinity-unlike-reservation', subject: `node ${node.name}` }];
  },
};

const isolatedReserved: Planting = {
  kind: 'reserved CPUs that are isolated',
  wish: { staticPolicy: true, reservesByNumber: true },
  plant(node) {
    if (node.reservedCpus.length === 0 || !claim(node, 'boot')) return undefined;
    node.bootWords.push(`isolcpus=${node.reservedCpus[0]},${node.cpus - 1}`);
    return [{ rule: 'isolated-reserved-cpus', subject: `node ${node.name}` }];
  },
};

const looseCpus: Planting = {
  kind: 'CPUs neither isolated nor reserved',
  wish: { staticPolicy: true, reservesByNumber: true },
  plant(node) {
    const others = rising(node.cores.flat()).filter((cpu) => !node.reservedCpus.includes(cpu));
    if (node.reservedCpus.length === 0 || others.length < 2 || !claim(node, 'boot')) return undefined;
    node.bootWords.push(`tuned.non_isolcpus=00000003`, `nohz_full=${cpuList(others.slice(1))}`);
    return [{ rule: 'cpus-neither-isolated-nor-reserved', subject: `node ${node.name}` }];
  },
};

export const cpuPlantings: readonly Planting[] = [
  otherCpuset,
  unpinned,
  throttledPinned,
  splitCore,
  doublyOwned,
  otherPolicy,
  otherAffinity,
  isolatedReserved,
  looseCpus,
];
