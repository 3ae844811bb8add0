// All files of a generated must-gather, one after the other: nothing is held but the plan of the cluster.

import { type Cluster, planCluster, type Workload } from './cluster.ts';
import * as clusterWide from './cluster-objects.ts';
import { controllerOf } from './controllers.ts';
import { customResourceDefinition } from './custom-resources.ts';
import { alertRules, etcdFiles } from './gathered-files.ts';
import { gatherLogs, shareLogs } from './logs.ts';
import * as beside from './namespace-objects.ts';
import { podOf } from './pods.ts';
import { type Mapping, printDocument, printItem } from './print-yaml.ts';
import { seeded } from './random.ts';
import type { Shape } from './shape.ts';
import type { TarFile } from './tar.ts';

const top = 'must-gather.local.5163487520917731460';

/** What the objects of a pod, of a node and of any cluster come to, measured; the rest is filled up. */
const podBytes = 22_000;
const nodeBytes = 32_000;
const fixedBytes = 3_000_000;
/** Of what is filled up: an overview for people, twice as in life, and configuration. */
const overviewShare = 0.3;

export function* mustGather(seed: string, shape: Shape): Generator<TarFile> {
  const cluster = planCluster(seed, shape.nodes, shape.pods);
  const root = `${top}/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-${seeded(seed).hex(64)}`;
  const fill = Math.max(0, shape.bytes - shape.logBytes - shape.pods * podBytes - shape.nodes * nodeBytes - fixedBytes);
  const file = (path: string, text: string): TarFile => ({ path: `${root}/${path}`, chunks: [Buffer.from(text)] });

  yield file(
    'timestamp',
    '2026-03-04 09:58:12.016988581 +0000 UTC m=+0.380233555\n2026-03-04 10:00:00.345495 +0000 UTC m=+108.3\n',
  );
  yield file('version', 'openshift/must-gather\n4.18.0-202503121206\n');
  const overview = overviewOf(cluster, (fill * overviewShare) / 2);
  yield { path: `${top}/event-filter.html`, chunks: overview };
  yield { path: `${root}/event-filter.html`, chunks: overview };
  for (const [path, value] of clusterScoped(cluster))
    yield file(`cluster-scoped-resources/${path}`, printDocument(value));
  for (const [path, text] of etcdFiles(cluster)) yield file(path, text);
  yield file('monitoring/alerts.json', alertRules());
  const share = shareLogs(cluster, shape.logBytes);
  const configBytes = (fill * (1 - overviewShare)) / cluster.namespaces.size;
  for (const [namespace, workloads] of cluster.namespaces) {
    const folder = `namespaces/${namespace}`;
    yield file(`${folder}/${namespace}.yaml`, printDocument(beside.namespaceOf(namespace)));
    for (const [path, kind, items] of lists(namespace, workloads, configBytes)) {
      yield file(`${folder}/${path}`, printList(kind, items));
    }
    for (const pod of workloads.flatMap((workload) => workload.pods)) {
      const at = `${folder}/pods/${pod.name}`;
      yield file(`${at}/${pod.name}.yaml`, printDocument(podOf(pod, true)));
      for (const { path, chunks } of share.ofPod(pod)) yield { path: `${root}/${at}/${path}`, chunks };
    }
  }
  for (const { path, chunks } of gatherLogs(cluster, shape.logBytes)) yield { path: `${root}/${path}`, chunks };
}

function* clusterScoped(cluster: Cluster): Generator<readonly [path: string, value: Mapping]> {
  const [masters, workers] = [cluster.masters.length, cluster.nodes.length - cluster.masters.length];
  for (const node of cluster.nodes) yield [`core/nodes/${node.name}.yaml`, clusterWide.nodeOf(node)];
  yield ['config.openshift.io/clusterversions/version.yaml', clusterWide.clusterVersion()];
  yield ['config.openshift.io/networks/cluster.yaml', clusterWide.network];
  for (const each of clusterWide.clusterOperators)
    yield [`config.openshift.io/clusteroperators/${nameOf(each)}.yaml`, each];
  for (const [role, size] of [
    ['master', masters],
    ['worker', workers],
  ] as const) {
    yield [
      `machineconfiguration.openshift.io/machineconfigpools/${role}.yaml`,
      clusterWide.machineConfigPool(role, size),
    ];
  }
  yield ['storage.k8s.io/storageclasses/gp3-csi.yaml', clusterWide.storageClass];
  for (let index = 0; index < Math.min(60, cluster.nodes.length * 2); index++) {
    const each = customResourceDefinition(index);
    yield [`apiextensions.k8s.io/customresourcedefinitions/${nameOf(each)}.yaml`, each];
  }
  for (const workload of [...cluster.namespaces.values()].flat()) {
    if (workload.claim === undefined) continue;
    for (const pod of workload.pods) {
      const volume = beside.persistentVolumeOf(pod);
      yield [`core/persistentvolumes/${nameOf(volume)}.yaml`, volume];
    }
  }
}

const nameOf = (value: Mapping): string => (value.metadata as { readonly name: string }).name;

function lists(
  namespace: string,
  workloads: readonly Workload[],
  configBytes: number,
): readonly (readonly [path: string, kind: string, items: readonly Mapping[]])[] {
  const pods = workloads.flatMap((workload) => workload.pods);
  const controllers = (kind: string, from = kind) =>
    workloads.filter((workload) => workload.kind === from).map((workload) => controllerOf(workload, kind));
  const maps = workloads.map((workload) =>
    beside.configMapOf(namespace, `${workload.name}-config`, configBytes / workloads.length),
  );
  return [
    ['apps/daemonsets.yaml', 'DaemonSetList', controllers('DaemonSet')],
    ['apps/deployments.yaml', 'DeploymentList', controllers('Deployment')],
    ['apps/replicasets.yaml', 'ReplicaSetList', controllers('ReplicaSet', 'Deployment')],
    ['apps/statefulsets.yaml', 'StatefulSetList', controllers('StatefulSet')],
    ['autoscaling/horizontalpodautoscalers.yaml', 'HorizontalPodAutoscalerList', []],
    ['batch/cronjobs.yaml', 'CronJobList', []],
    ['batch/jobs.yaml', 'JobList', []],
    ['core/configmaps.yaml', 'ConfigMapList', maps],
    ['core/endpoints.yaml', 'EndpointsList', workloads.map(beside.endpointsOf)],
    ['core/events.yaml', 'EventList', pods.flatMap((pod) => [0, 1, 2, 3, 4].map((at) => beside.eventOf(pod, at)))],
    [
      'core/persistentvolumeclaims.yaml',
      'PersistentVolumeClaimList',
      pods.filter((pod) => pod.workload.claim !== undefined).map(beside.claimOf),
    ],
    ['core/pods.yaml', 'PodList', pods.map((pod) => podOf(pod, false))],
    ['core/replicationcontrollers.yaml', 'ReplicationControllerList', []],
    ['core/secrets.yaml', 'SecretList', workloads.map(({ name }) => beside.secretOf(namespace, `${name}-token-x7k2p`))],
    ['core/services.yaml', 'ServiceList', workloads.map(beside.serviceOf)],
    ['discovery.k8s.io/endpointslices.yaml', 'EndpointSliceList', workloads.map(beside.endpointSliceOf)],
    ['policy/poddisruptionbudgets.yaml', 'PodDisruptionBudgetList', []],
    ['route.openshift.io/routes.yaml', 'RouteList', []],
  ];
}

function printList(kind: string, items: readonly Mapping[]): string {
  const isCore = !/Set|Deployment|Slice|Job|Route|Budget|Scaler/i.test(kind);
  const body = items.length === 0 ? 'items: []\n' : `items:\n${items.map((item) => printItem(item)).join('')}`;
  const version = isCore ? 'v1' : kind.startsWith('EndpointSlice') ? 'discovery.k8s.io/v1' : 'apps/v1';
  return `---\napiVersion: ${version}\n${body}kind: ${kind}\nmetadata:\n  resourceVersion: "91042032"\n`;
}

/** A table of events for a browser, which nothing here reads. */
function overviewOf(cluster: Cluster, bytes: number): Uint8Array[] {
  const pods = [...cluster.namespaces.values()].flat().flatMap((workload) => workload.pods);
  const chunks: Uint8Array[] = [Buffer.from('<!DOCTYPE html><html><body><table>\n')];
  for (let at = 0, written = 0; written < bytes; at++) {
    const pod = pods[at % pods.length]!;
    const cells = [
      '2026-03-04T09:12:44Z',
      pod.workload.namespace,
      pod.name,
      'Started',
      `Started container ${pod.workload.containers[0]}`,
    ];
    const row = Buffer.from(
      `<tr class="normal">${cells.map((cell) => `<td class="align-top">${cell}</td>`).join('')}</tr>\n`,
    );
    chunks.push(row);
    written += row.length;
  }
  return [Buffer.concat([...chunks, Buffer.from('</table></body></html>\n')])];
}
