// Plants differences in the cgroups above containers: of a pod, of a QoS class, of all pods of a node.

import { byVersion, claim, livePods, type Planting, podSubject, takePod } from './planting.ts';

const podQuota: Planting = {
  kind: 'CPU quota of a pod',
  plant(node, _world, random) {
    const pods = livePods(node).filter(({ resizing, cgroup }) => !resizing && cgroup.quotaMicros !== undefined);
    const pod = takePod(pods, random);
    if (!pod) return undefined;
    const isWhole =
      pod.qosClass === 'Guaranteed' && pod.containers.some(({ limits }) => (limits.cpuMillis ?? 1) % 1000 === 0);
    const isMissing = !isWhole && random.chance(0.4);
    pod.cgroup.quotaMicros = isMissing ? undefined : (pod.cgroup.quotaMicros ?? 0) + 30_000;
    return [{ rule: 'pod-cpu-quota-unlike-limits', subject: podSubject(pod) }];
  },
};

const podWeight: Planting = {
  kind: 'CPU weight of a pod',
  plant(node, _world, random) {
    const pod = takePod(
      livePods(node).filter(({ resizing }) => !resizing),
      random,
    );
    if (!pod) return undefined;
    pod.cgroup.weight += random.pick([3, 40]);
    return [
      {
        rule: byVersion(node, 'pod-cpu-shares-unlike-requests', 'pod-cpu-weight-unlike-requests'),
        subject: podSubject(pod),
      },
    ];
  },
};

const podMemory: Planting = {
  kind: 'memory limit of a pod',
  plant(node, _world, random) {
    const pod = takePod(
      livePods(node).filter(({ resizing }) => !resizing),
      random,
    );
    if (!pod) return undefined;
    const isMissing = pod.cgroup.memoryBytes !== undefined && random.chance(0.4);
    pod.cgroup.memoryBytes = isMissing ? undefined : (pod.cgroup.memoryBytes ?? 0) + 9 * 65_536;
    return [{ rule: 'pod-memory-limit-unlike-limits', subject: podSubject(pod) }];
  },
};

const qosWeight: Planting = {
  kind: 'CPU weight of a QoS class',
  plant(node, _world, random) {
    const burstable = node.pods.filter(({ phase, qosClass }) => phase === 'Running' && qosClass === 'Burstable');
    const isKnown = burstable.length > 0 && burstable.every(({ resizing }) => !resizing);
    const qosClass = isKnown && random.chance(0.6) ? 'Burstable' : 'BestEffort';
    if (!claim(node, qosClass)) return undefined;
    (qosClass === 'Burstable' ? node.burstable : node.bestEffort).weight += 5;
    const rule = byVersion(node, 'qos-cpu-shares-unlike-pods', 'qos-cpu-weight-unlike-pods');
    return [{ rule, subject: `node ${node.name}, ${qosClass} pods` }];
  },
};

const nodeWeight: Planting = {
  kind: 'CPU weight of all pods',
  plant(node) {
    if (!claim(node, 'weight')) return undefined;
    node.all.weight = Math.floor(node.all.weight / 2);
    const rule = byVersion(node, 'all-pods-cpu-shares-unlike-allocatable', 'all-pods-cpu-weight-unlike-allocatable');
    return [{ rule, subject: `node ${node.name}` }];
  },
};

const nodeMemory: Planting = {
  kind: 'memory limit of all pods',
  wish: { enforced: true },
  plant(node, _world, random) {
    if (!node.enforced || !claim(node, 'memory')) return undefined;
    node.all.memoryBytes = random.chance(0.5) ? undefined : Math.floor((node.all.memoryBytes ?? 0) / 2);
    return [{ rule: 'all-pods-memory-below-allocatable', subject: `node ${node.name}` }];
  },
};

export const podPlantings: readonly Planting[] = [podQuota, podWeight, podMemory, qosWeight, nodeWeight, nodeMemory];
