// Plans the cluster that a generated must-gather shows: nodes, workloads and pods, each named by the others as in life.

import { type Random, seeded } from './random.ts';

export interface Node {
  readonly name: string;
  readonly index: number;
  readonly address: string;
  readonly role: 'master' | 'worker';
  readonly isReady: boolean;
}

export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'Deployment' | 'DaemonSet' | 'StatefulSet' | 'Node';
  readonly uid: string;
  /** Of its pod template. */
  readonly hash: string;
  readonly containers: readonly string[];
  readonly claim: string | undefined;
  readonly pods: Pod[];
}

export type Fault = 'CrashLoopBackOff' | 'OOMKilled' | 'ImagePullBackOff' | 'Unschedulable' | 'Restarts';

export interface Pod {
  readonly workload: Workload;
  readonly name: string;
  readonly uid: string;
  /** Absent while it waits for one. */
  readonly node: Node | undefined;
  readonly address: string;
  readonly fault: Fault | undefined;
}

export interface Cluster {
  readonly nodes: readonly Node[];
  readonly masters: readonly Node[];
  /** In the order of their names. */
  readonly namespaces: ReadonlyMap<string, readonly Workload[]>;
}

const everyNode: readonly (readonly [namespace: string, name: string, ...containers: string[]])[] = [
  ['openshift-cluster-csi-drivers', 'aws-ebs-csi-driver-node', 'csi-driver', 'csi-node-driver-registrar'],
  ['openshift-dns', 'dns-default', 'dns', 'kube-rbac-proxy'],
  ['openshift-machine-config-operator', 'machine-config-daemon', 'machine-config-daemon', 'kube-rbac-proxy'],
  ['openshift-monitoring', 'node-exporter', 'node-exporter', 'kube-rbac-proxy'],
  ['openshift-multus', 'multus', 'kube-multus'],
  ['openshift-ovn-kubernetes', 'ovnkube-node', 'ovn-controller', 'ovnkube-controller', 'kube-rbac-proxy-node'],
];
const everyMaster = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'openshift-kube-scheduler'];
export const operators =
  'authentication cluster-storage config console dns etcd image-registry ingress insights kube-apiserver kube-controller-manager kube-scheduler machine-api marketplace network node-tuning openshift-apiserver operator-lifecycle-manager service-ca storage'.split(
    ' ',
  );
const teams = 'billing catalog checkout identity ledger orders payments search shipping stock'.split(' ');
const services = 'api cache db frontend gateway indexer jobs mailer queue worker'.split(' ');
const podsPerNamespace = 40;

export function planCluster(seed: string, nodeCount: number, podCount: number): Cluster {
  const nodes = Array.from({ length: nodeCount }, (_, index) => planNode(seed, index));
  const masters = nodes.filter((node) => node.role === 'master');
  const workers = nodes.length > masters.length ? nodes.slice(masters.length) : masters;
  const namespaces = new Map<string, Workload[]>();
  let planned = 0;
  function add(
    namespace: string,
    name: string,
    kind: Workload['kind'],
    containers: readonly string[],
    on: readonly Node[],
  ) {
    const workload = planWorkload(seed, namespace, name, kind, containers);
    for (const [at, node] of on.entries()) workload.pods.push(planPod(seed, workload, node, at));
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), workload]);
    planned += on.length;
  }
  for (const name of everyMaster) add(`openshift-${name.replace('openshift-', '')}`, name, 'Node', [name], masters);
  for (const name of operators.slice(0, podCount / 10)) {
    const of = name.startsWith('openshift-') ? `${name}-operator` : `openshift-${name}-operator`;
    add(of, `${name}-operator`, 'Deployment', [`${name}-operator`], masters.slice(0, 1));
  }
  const daemons = everyNode.slice(0, podCount / (3 * nodeCount));
  for (const [namespace, name, ...containers] of daemons) add(namespace, name, 'DaemonSet', containers, nodes);
  let turn = 0;
  for (let index = 0; planned < podCount; index++) {
    const namespace = `${teams[index % teams.length]}-${String(Math.floor(index / teams.length)).padStart(3, '0')}`;
    const random = seeded(`${seed}/${namespace}`);
    const until = Math.min(podCount, planned + podsPerNamespace);
    for (const service of services) {
      if (planned >= until) break;
      const kind = service === 'db' || service === 'queue' ? 'StatefulSet' : 'Deployment';
      const size = Math.min(until - planned, kind === 'StatefulSet' ? 3 : 1 + random.below(8));
      const on = Array.from({ length: size }, () => workers[turn++ % workers.length]!);
      add(namespace, service, kind, random.once(3) ? [service, 'proxy'] : [service], on);
    }
  }
  return { nodes, masters, namespaces: new Map([...namespaces].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function planNode(seed: string, index: number): Node {
  const random = seeded(`${seed}/node/${index}`);
  const role = index < 3 ? 'master' : 'worker';
  const address = `10.0.${128 + (index >> 7)}.${(index & 127) + 10}`;
  return {
    name: `ip-${address.replaceAll('.', '-')}.ec2.internal`,
    index,
    address,
    role,
    isReady: role === 'master' || !random.once(100),
  };
}

function planWorkload(
  seed: string,
  namespace: string,
  name: string,
  kind: Workload['kind'],
  containers: readonly string[],
): Workload {
  const random = seeded(`${seed}/${namespace}/${name}`);
  const claim = kind === 'StatefulSet' ? 'data' : undefined;
  return { namespace, name, kind, uid: random.uid(), hash: random.suffix(10), containers, claim, pods: [] };
}

function planPod(seed: string, workload: Workload, node: Node, at: number): Pod {
  const { namespace, name, kind, hash } = workload;
  const random = seeded(`${seed}/${namespace}/${name}/${at}`);
  const names = {
    Deployment: () => `${name}-${hash}-${random.suffix(5)}`,
    DaemonSet: () => `${name}-${random.suffix(5)}`,
    StatefulSet: () => `${name}-${at}`,
    Node: () => `${name}-${node.name}`,
  };
  const fault = kind === 'Node' || kind === 'DaemonSet' ? undefined : planFault(random);
  return {
    workload,
    name: names[kind](),
    uid: random.uid(),
    node: fault === 'Unschedulable' ? undefined : node,
    address: `10.${128 + (node.index >> 7)}.${(node.index & 127) * 2}.${5 + ((workload.uid.charCodeAt(0) * 7 + at) % 240)}`,
    fault,
  };
}

/** Mostly healthy. */
function planFault(random: Random): Fault | undefined {
  const dice = random.below(2400);
  if (dice < 6) return 'CrashLoopBackOff';
  if (dice < 10) return 'OOMKilled';
  if (dice < 13) return 'ImagePullBackOff';
  if (dice < 15) return 'Unschedulable';
  return dice < 30 ? 'Restarts' : undefined;
}
