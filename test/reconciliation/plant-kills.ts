// Plants kills for want of memory: at the limit of a container, of its pod, of all pods, of the node, and those that only one
// side tells of.

import { classPath, podPath } from './cgroup-paths.ts';
import { victimPath, writeKill } from './kernel-log.ts';
import {
  claim,
  containerSubject,
  livePods,
  type Planting,
  plainTargets,
  podSubject,
  type Target,
  take,
} from './planting.ts';
import type { Random } from './random.ts';
import type { ContainerWorld, NodeWorld } from './world.ts';

const tasks = ['java', 'python3', 'node', 'postgres: writer'];
const isLimited = ({ container }: Target): boolean =>
  container.limits.memoryBytes !== undefined && container.role !== 'ephemeral';
const isOldLog = (node: NodeWorld, random: Random): boolean => node.version === 'v1' && random.chance(0.4);

/** The container was started anew; what was killed is its run before this one. */
function endRun(container: ContainerWorld, random: Random): string {
  const id = random.hex(64);
  container.lastEnd = { reason: 'OOMKilled', exitCode: 137, id };
  container.restarts += 1;
  return id;
}

/** The kernel says that it is node-wide, and how little of a large node is kept from pods then. */
function ofNode(node: NodeWorld): { rule: string; subject: string }[] {
  const kept = node.reserved.memoryBytes + 100 * 1024 ** 2;
  const isSmall = node.memoryBytes > 16 * 1024 ** 3 && kept <= 1024 ** 3 + 100 * 1024 ** 2;
  return isSmall && claim(node, 'small reservation')
    ? [{ rule: 'small-reservation-on-large-node', subject: `node ${node.name}` }]
    : [];
}

const atContainerLimit: Planting = {
  kind: 'killed at the limit of its container',
  plant(node, _world, random) {
    const target = take(plainTargets(node, isLimited), random);
    if (!target) return undefined;
    const victim = victimPath(node, target.pod, target.container, endRun(target.container, random));
    writeKill(node, { bound: victim, victim, task: random.pick(tasks), isOld: isOldLog(node, random) }, random);
    return [{ rule: 'container-killed-at-its-limit', subject: containerSubject(target) }];
  },
};

const childKilled: Planting = {
  kind: 'a child killed, the container runs on',
  plant(node, _world, random) {
    const target = take(plainTargets(node, isLimited), random);
    if (!target) return undefined;
    const victim = victimPath(node, target.pod, target.container);
    writeKill(node, { bound: victim, victim, task: 'worker', isOld: isOldLog(node, random) }, random);
    target.container.cgroup.oomKills = 1;
    const subject = containerSubject(target);
    return [
      { rule: 'container-killed-at-its-limit', subject },
      { rule: 'unseen-oom-kill', subject },
    ];
  },
};

const atPodLimit: Planting = {
  kind: 'killed at the limit of its pod',
  plant(node, _world, random) {
    const fits = ({ pod }: Target): boolean => pod.cgroup.memoryBytes !== undefined;
    const target = take(plainTargets(node, fits), random);
    if (!target) return undefined;
    const victim = victimPath(node, target.pod, target.container);
    const bound = `/${podPath(node, target.pod)}`;
    writeKill(node, { bound, victim, task: random.pick(tasks), isOld: isOldLog(node, random) }, random);
    return [{ rule: 'pod-killed-at-its-limit', subject: podSubject(target.pod) }];
  },
};

const byNode: Planting = {
  kind: 'killed because the node was out of memory',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (!target) return undefined;
    const victim = victimPath(node, target.pod, target.container, endRun(target.container, random));
    writeKill(node, { bound: undefined, victim, task: random.pick(tasks), isOld: false }, random);
    return [{ rule: 'killed-by-node-out-of-memory', subject: containerSubject(target) }, ...ofNode(node)];
  },
};

const unseen: Planting = {
  kind: 'killed, and only the cgroup says so',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (target) target.container.cgroup.oomKills = random.int(1, 9);
    return target && [{ rule: 'unseen-oom-kill', subject: containerSubject(target) }];
  },
};

const statusOnly: Planting = {
  kind: 'killed, and only the status says so',
  plant(node, _world, random) {
    const target = take(plainTargets(node, isLimited), random);
    if (target) endRun(target.container, random);
    return target && [{ rule: 'oom-killed-container', subject: containerSubject(target) }];
  },
};

const atAllPods: Planting = {
  kind: 'killed at the bound of all pods',
  plant(node, _world, random) {
    const pods = livePods(node).filter(({ runtimeClassName }) => runtimeClassName === undefined);
    const [pod] = random.shuffled(pods);
    const container = pod?.containers.find(({ role }) => role === 'container');
    if (!pod || !container || !claim(node, 'bound')) return undefined;
    const qosClass = pod.qosClass === 'Guaranteed' || random.chance(0.5) ? undefined : pod.qosClass;
    const bound = `/${classPath(node, qosClass)}`;
    writeKill(
      node,
      { bound, victim: victimPath(node, pod, container), task: random.pick(tasks), isOld: false },
      random,
    );
    return [{ rule: 'killed-at-the-bound-of-all-pods', subject: `${node.name}, ${bound}` }];
  },
};

const service: Planting = {
  kind: 'killed system service',
  plant(node, _world, random) {
    if (!claim(node, 'service')) return undefined;
    const unit = random.pick(['chronyd.service', 'crio.service', 'kubelet.service']);
    const bound = random.chance(0.5) ? '/system.slice' : undefined;
    writeKill(
      node,
      { bound, victim: `/system.slice/${unit}`, task: unit.replace('.service', ''), isOld: false },
      random,
    );
    const more = bound === undefined ? ofNode(node) : [];
    return [{ rule: 'killed-system-service', subject: `${node.name}, ${unit}` }, ...more];
  },
};

const refusedFork: Planting = {
  kind: 'refused fork',
  plant(node, _world, random) {
    const target = take(plainTargets(node), random);
    if (!target) return undefined;
    node.kernelLog.push(
      `cgroup: fork rejected by pids controller in ${victimPath(node, target.pod, target.container)}`,
    );
    return [{ rule: 'refused-fork', subject: podSubject(target.pod) }];
  },
};

export const killPlantings: readonly Planting[] = [
  atContainerLimit,
  childKilled,
  atPodLimit,
  byNode,
  unseen,
  statusOnly,
  atAllPods,
  service,
  refusedFork,
];
