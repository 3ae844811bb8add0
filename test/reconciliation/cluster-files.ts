// Writes the must-gather of a case: nodes, pods, runtime classes, and on OpenShift its version and cgroup mode.

import type { Random } from './random.ts';
import type { Amounts, ContainerWorld, NodeWorld, PodWorld, World } from './world.ts';
import { type Plain, writeYaml } from './write-yaml.ts';

const mebibyte = 1024 ** 2;
const started = '2026-02-02T08:00:00Z';

export function clusterFiles(world: World, random: Random): Record<string, string> {
  const files: Record<string, string> = { 'must-gather/timestamp': `${world.gatheredAt}\n${world.gatheredAt}\n` };
  for (const node of world.nodes) {
    files[`must-gather/cluster-scoped-resources/core/nodes/${node.name}.yaml`] = writeYaml(nodeObject(node));
  }
  for (const { name, overhead } of world.runtimeClasses) {
    const object = {
      apiVersion: 'node.k8s.io/v1',
      handler: name,
      kind: 'RuntimeClass',
      metadata: { name },
      overhead: { podFixed: amounts(overhead) },
    };
    files[`must-gather/cluster-scoped-resources/node.k8s.io/runtimeclasses/${name}.yaml`] = writeYaml(object);
  }
  if (world.openshift) Object.assign(files, openshiftFiles(world.openshift));
  return { ...files, ...podFiles(world, random) };
}

/** One file for each pod, or a list of all pods of a namespace: gatherers do the one or the other. */
function podFiles(world: World, random: Random): Record<string, string> {
  const files: Record<string, string> = {};
  const pods = world.nodes.flatMap((node) => node.pods.map((pod) => ({ node, pod })));
  for (const [namespace, group] of Map.groupBy(pods, ({ pod }) => pod.namespace)) {
    const objects = group.map(({ node, pod }) => podObject(pod, node));
    if (random.chance(0.5)) {
      const list = { apiVersion: 'v1', items: objects, kind: 'PodList' };
      files[`must-gather/namespaces/${namespace}/core/pods.yaml`] = writeYaml(list);
      continue;
    }
    for (const [index, { pod }] of group.entries()) {
      files[`must-gather/namespaces/${namespace}/pods/${pod.name}/${pod.name}.yaml`] = writeYaml(objects[index] ?? {});
    }
  }
  return files;
}

function openshiftFiles({ version, cgroupMode }: NonNullable<World['openshift']>): Record<string, string> {
  const folder = 'must-gather/cluster-scoped-resources/config.openshift.io';
  const of = (kind: string, name: string, more: Plain) =>
    writeYaml({ apiVersion: 'config.openshift.io/v1', kind, metadata: { name }, ...(more as object) });
  return {
    [`${folder}/clusterversions/version.yaml`]: of('ClusterVersion', 'version', { status: { desired: { version } } }),
    [`${folder}/nodes/cluster.yaml`]: of('Node', 'cluster', { spec: cgroupMode === undefined ? {} : { cgroupMode } }),
  };
}

function nodeObject(node: NodeWorld): Plain {
  const eviction = 100 * mebibyte;
  const memory = (bytes: number): string => (bytes % 1024 === 0 ? `${bytes / 1024}Ki` : `${bytes}`);
  const huge = (node.hugepages?.offered ?? 0) * 2 * mebibyte;
  // Huge pages are no memory that anybody else could be given.
  const left = node.memoryBytes - node.reserved.memoryBytes - eviction - huge;
  const hugepages = node.hugepages && { 'hugepages-1Gi': '0', 'hugepages-2Mi': memory(huge) };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { labels: { 'kubernetes.io/hostname': node.name }, name: node.name },
    status: {
      addresses: [{ address: node.name, type: 'Hostname' }],
      allocatable: {
        cpu: cpu(node.cpus * 1000 - node.reserved.cpuMillis),
        ...hugepages,
        memory: memory(left),
        pods: '110',
      },
      capacity: { cpu: `${node.cpus}`, ...hugepages, memory: memory(node.memoryBytes), pods: '110' },
      conditions: [{ lastHeartbeatTime: started, reason: 'KubeletReady', status: 'True', type: 'Ready' }],
      nodeInfo: {
        architecture: node.pageBytes === 4096 ? 'amd64' : 'arm64',
        containerRuntimeVersion: `${node.runtime}://${node.runtimeVersion}`,
        kernelVersion: node.kernel,
        kubeletVersion: `v1.${node.kubeletMinor}.3`,
        machineID: node.machineId,
        operatingSystem: 'linux',
        systemUUID: node.systemUuid,
      },
    },
  };
}

function podObject(pod: PodWorld, node: NodeWorld): Plain {
  const { owner, phase, failure } = pod;
  const inSpec = (roles: readonly string[]) => pod.containers.filter(({ role }) => roles.includes(role));
  const specs = (roles: readonly string[]) => inSpec(roles).map(containerSpec);
  const statuses = (roles: readonly string[]) =>
    phase === 'Failed' ? undefined : inSpec(roles).map((each) => containerStatus(each, pod, node));
  const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined => (list?.length ? list : undefined);
  const annotations = pod.isStatic
    ? {
        'kubernetes.io/config.hash': pod.kubeletUid,
        'kubernetes.io/config.mirror': pod.kubeletUid,
        'kubernetes.io/config.source': 'file',
      }
    : undefined;
  const controller = pod.isStatic ? { kind: 'Node', name: node.name } : owner;
  const resources =
    pod.requests || pod.limits
      ? { limits: amounts(pod.limits ?? {}), requests: amounts(pod.requests ?? {}) }
      : undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations,
      name: pod.name,
      namespace: pod.namespace,
      ownerReferences: controller && [{ apiVersion: 'apps/v1', controller: true, ...controller }],
      uid: pod.uid,
    },
    spec: {
      containers: specs(['container']),
      ephemeralContainers: some(specs(['ephemeral'])),
      initContainers: some(specs(['init', 'sidecar'])),
      nodeName: node.name,
      overhead: pod.overhead && amounts(pod.overhead),
      priority: pod.priorityClassName === undefined ? undefined : 2_000_001_000,
      priorityClassName: pod.priorityClassName,
      resources,
      restartPolicy: phase === 'Succeeded' ? 'Never' : 'Always',
      runtimeClassName: pod.runtimeClassName,
      securityContext: pod.sysctls && { sysctls: pod.sysctls },
    },
    status: {
      conditions: pod.resizing
        ? [{ reason: 'Deferred', status: 'True', type: 'PodResizePending' }]
        : [{ status: phase === 'Running' ? 'True' : 'False', type: 'Ready' }],
      containerStatuses: some(statuses(['container'])),
      ephemeralContainerStatuses: some(statuses(['ephemeral'])),
      initContainerStatuses: some(statuses(['init', 'sidecar'])),
      ...failure,
      phase,
      qosClass: pod.qosClass,
      startTime: started,
    },
  };
}

function containerSpec({ name, role, requests, limits, hugepageBytes }: ContainerWorld): Plain {
  const huge = hugepageBytes === undefined ? undefined : memoryText(hugepageBytes);
  const resources = { limits: someAmounts(limits, huge), requests: someAmounts(requests, huge) };
  const restartPolicy = role === 'sidecar' ? 'Always' : undefined;
  return { image: `registry.example.com/shop/${name}:1.4`, name, resources, restartPolicy };
}

function containerStatus(container: ContainerWorld, pod: PodWorld, { runtime, kubeletMinor }: NodeWorld): Plain {
  const { name, role, id, lastEnd, restarts, requests, actualRequests, limits } = container;
  const containerID = `${runtime}://${id}`;
  const ended = (end: { reason: string; exitCode: number; id: string }): Plain => ({
    terminated: {
      containerID: `${runtime}://${end.id}`,
      exitCode: end.exitCode,
      finishedAt: '2026-02-03T09:12:11Z',
      reason: end.reason,
      startedAt: started,
    },
  });
  const isOver = role === 'init' || pod.phase === 'Succeeded';
  const tells = kubeletMinor >= 33 && role !== 'ephemeral' && !isOver;
  return {
    containerID,
    lastState: lastEnd ? ended(lastEnd) : {},
    name,
    ready: !isOver,
    resources: tells ? { limits: someAmounts(limits), requests: someAmounts(actualRequests ?? requests) } : undefined,
    restartCount: restarts,
    state: isOver ? ended({ reason: 'Completed', exitCode: 0, id }) : { running: { startedAt: started } },
  };
}

const cpu = (millis: number): string =>
  millis % 1000 === 0 ? `${millis / 1000}` : millis % 500 === 0 ? `${millis / 1000}` : `${millis}m`;

function memoryText(bytes: number): string {
  if (bytes % mebibyte === 0)
    return bytes % (1024 * mebibyte) === 0 ? `${bytes / mebibyte / 1024}Gi` : `${bytes / mebibyte}Mi`;
  return bytes % 1_000_000 === 0 ? `${bytes / 1_000_000}M` : `${bytes}`;
}

function amounts({ cpuMillis, memoryBytes }: Amounts): { [key: string]: string | undefined } {
  return {
    cpu: cpuMillis === undefined ? undefined : cpu(cpuMillis),
    memory: memoryBytes === undefined ? undefined : memoryText(memoryBytes),
  };
}

const someAmounts = (list: Amounts, huge?: string) =>
  Object.keys(list).length === 0 && huge === undefined ? undefined : { ...amounts(list), 'hugepages-2Mi': huge };
