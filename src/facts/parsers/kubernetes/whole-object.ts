// Tells whether one printed API object is there to its end: a file that was cut at a line end is still good YAML.
//
//   apiVersion: v1
//   kind: Pod
//   metadata: …          `creationTimestamp` set by a server, but no `uid`: cut in here
//   spec: …              no `status` behind it: cut in here
//   status:
//     containerStatuses: …
//     qosClass: Burstable   the server sets it on every Pod, so without it the status is cut

import { isTree, type Tree, textAt, treeAt } from './tree.ts';

/** Fields, by dots, that the server always prints and that stand behind what rules read; keys are printed sorted. */
const lastFields: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec', 'status.qosClass'],
  Node: ['spec', 'status.nodeInfo'],
  Namespace: ['spec', 'status.phase'],
  Service: ['spec', 'status.loadBalancer'],
  PersistentVolume: ['spec', 'status.phase'],
  PersistentVolumeClaim: ['spec', 'status.phase'],
  CustomResourceDefinition: ['spec', 'status.storedVersions'],
  ClusterVersion: ['spec', 'status.history'],
  ClusterOperator: ['spec', 'status.extension'],
  MachineConfigPool: ['spec', 'status.updatedMachineCount'],
  PodDisruptionBudget: ['spec', 'status.expectedPods'],
  DaemonSet: ['spec', 'status.numberReady'],
  ReplicaSet: ['spec', 'status.replicas'],
  Deployment: ['spec', 'status'],
  StatefulSet: ['spec', 'status.replicas'],
  Job: ['spec', 'status'],
  CronJob: ['spec', 'status'],
  Ingress: ['spec', 'status'],
  HorizontalPodAutoscaler: ['spec', 'status'],
  ResourceQuota: ['spec', 'status'],
  APIService: ['spec', 'status'],
  CertificateSigningRequest: ['spec', 'status'],
  ReplicationController: ['spec', 'status'],
  ImageStream: ['spec', 'status'],
  APIRequestCount: ['spec', 'status.requestCount'],
  ClusterServiceVersion: ['spec', 'status'],
  ServiceMonitor: ['spec'],
  PrometheusRule: ['spec'],
  MachineConfig: ['spec'],
  CSINode: ['spec'],
  Role: ['rules'],
  ClusterRole: ['rules'],
  RoleBinding: ['roleRef.name'],
  ClusterRoleBinding: ['roleRef.name'],
  StorageClass: ['provisioner'],
  Secret: ['type'],
};

/** What is missing of an object that some server made; undefined when nothing tells. */
export function missingEnd(object: Tree): string | undefined {
  const metadata = treeAt(object, 'metadata');
  if (Object.keys(object).at(-1) === 'metadata') {
    if (isNameless(metadata)) return 'metadata.name';
    if (typeof metadata.creationTimestamp === 'string' && !('uid' in metadata)) return 'metadata.uid';
  }
  // What a person wrote or shortened may lack anything.
  if (!('creationTimestamp' in metadata && 'resourceVersion' in metadata && 'uid' in metadata)) return undefined;
  const kind = textAt(object, 'kind');
  const fields = Object.hasOwn(lastFields, kind) ? lastFields[kind]! : [];
  return fields.find((field) => endsBefore(object, field.split('.')));
}

const isNameless = (metadata: Tree): boolean =>
  Object.keys(metadata).length > 0 && !('name' in metadata) && !('generateName' in metadata);

/** Whether the last key stands before the one of that path, so that a cut explains why it is not there. */
function endsBefore(tree: Tree, [key = '', ...rest]: readonly string[]): boolean {
  const last = Object.keys(tree).at(-1) ?? '';
  if (last !== key) return last < key;
  const below = tree[key];
  return rest.length > 0 && (isTree(below) ? endsBefore(below, rest) : below === null);
}
