// Pods: where they run, what they ask of the node, and why they are in the phase they are in.
//
//   kind: Pod
//   metadata: { name: checkout-0, namespace: shop }
//   spec: { nodeName: worker-1, containers: [ … ] }
//   status: { phase: Failed, reason: SMTAlignmentError }

import { readContainers } from './container.ts';
import { Container } from './container-fields.ts';
import { controllerOf, factOf, type KubeObject, kubeletUidOf, type ObjectReader, places } from './kube-object.ts';
import { Pod } from './pod-fields.ts';
import { computeQosClass, isSidecar, podAmounts } from './pod-resources.ts';
import { readVolume } from './pod-volumes.ts';
import { annotationPlaces, conditionPlaces, readConditions, readResourceList } from './shapes.ts';
import {
  boolAt,
  hasTree,
  intAt,
  memberPlaces,
  optionalBool,
  type Tree,
  textAt,
  textMapAt,
  textsAt,
  timeAt,
  treeAt,
  treesAt,
} from './tree.ts';

const fieldPlaces = {
  phase: 'status.phase',
  reason: 'status.reason',
  message: 'status.message',
  qosClass: 'status.qosClass',
  podIPs: 'status.podIPs',
  hostIP: 'status.hostIP',
  conditions: 'status.conditions',
  startedAt: 'status.startTime',
  name: 'metadata.name',
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  createdAt: 'metadata.creationTimestamp',
  deletedAt: 'metadata.deletionTimestamp',
  finalizers: 'metadata.finalizers',
  ownerKind: 'metadata.ownerReferences',
  node: 'spec.nodeName',
  hostNetwork: 'spec.hostNetwork',
  hostPID: 'spec.hostPID',
  hostIPC: 'spec.hostIPC',
  nodeSelector: 'spec.nodeSelector',
  nodeAffinity: 'spec.affinity.nodeAffinity',
  tolerations: 'spec.tolerations',
  volumes: 'spec.volumes',
  dnsPolicy: 'spec.dnsPolicy',
  restartPolicy: 'spec.restartPolicy',
  serviceAccount: 'spec.serviceAccountName',
  schedulerName: 'spec.schedulerName',
  schedulingGates: 'spec.schedulingGates',
  priorityClassName: 'spec.priorityClassName',
  runtimeClassName: 'spec.runtimeClassName',
  effectiveRequests: 'spec.containers',
  effectiveLimits: 'spec.containers',
  overhead: 'spec.overhead',
  requests: 'spec.resources.requests',
  limits: 'spec.resources.limits',
  imagePullSecrets: 'spec.imagePullSecrets',
  terminationGracePeriodSeconds: 'spec.terminationGracePeriodSeconds',
  sysctls: 'spec.securityContext.sysctls',
  runAsUser: 'spec.securityContext.runAsUser',
  fsGroup: 'spec.securityContext.fsGroup',
  containers: 'spec.containers',
  initContainers: 'spec.initContainers',
  ephemeralContainers: 'spec.ephemeralContainers',
};

export const podReader: ObjectReader = {
  reads: ['/Pod'],
  yields: [Pod, Container],
  read(object, wanted) {
    const pods = wanted.has(Pod.name) ? [readPod(object)] : [];
    return wanted.has(Container.name) ? [...pods, ...readContainers(object)] : pods;
  },
};

function readPod(pod: KubeObject) {
  const { spec, status, annotations } = pod;
  const volumes = treesAt(spec, 'volumes');
  const value = {
    namespace: pod.namespace,
    name: pod.name,
    uid: textAt(pod.metadata, 'uid'),
    kubeletUid: kubeletUidOf(pod),
    labels: pod.labels,
    annotations,
    ...controllerOf(pod),
    createdAt: timeAt(pod.metadata, 'creationTimestamp'),
    deletedAt: timeAt(pod.metadata, 'deletionTimestamp'),
    deletionGraceSeconds: intAt(pod.metadata, 'deletionGracePeriodSeconds'),
    finalizers: textsAt(pod.metadata, 'finalizers'),
    ...readStatus(status),
    ...readPlacement(spec),
    ...readSecurity(spec),
    computedQosClass: computeQosClass(spec),
    effectiveRequests: podAmounts(spec, 'requests'),
    effectiveLimits: podAmounts(spec, 'limits'),
    requests: optionalResources(spec, 'resources', 'requests'),
    limits: optionalResources(spec, 'resources', 'limits'),
    overhead: optionalResources(spec, 'overhead'),
    volumes: volumes.map(readVolume),
    dnsPolicy: textAt(spec, 'dnsPolicy'),
    restartPolicy: textAt(spec, 'restartPolicy'),
    terminationGracePeriodSeconds: intAt(spec, 'terminationGracePeriodSeconds'),
    activeDeadlineSeconds: intAt(spec, 'activeDeadlineSeconds'),
    imagePullSecrets: treesAt(spec, 'imagePullSecrets').map((secret) => textAt(secret, 'name')),
    scc: annotations['openshift.io/scc'] ?? '',
    static: ['file', 'http'].includes(annotations['kubernetes.io/config.source'] ?? ''),
    mirror: 'kubernetes.io/config.mirror' in annotations,
    ...readNames(spec),
  };
  const at = {
    ...places(pod, fieldPlaces),
    ...annotationPlaces(pod.metadata),
    ...conditionPlaces(status),
    ...memberPlaces('volumes', volumes, (one) => textAt(one, 'name')),
  };
  return factOf(Pod, pod, value, { at });
}

function readStatus(status: Tree) {
  const conditions = readConditions(status);
  const podIPs = treesAt(status, 'podIPs').map((one) => textAt(one, 'ip'));
  const podIP = textAt(status, 'podIP');
  return {
    phase: textAt(status, 'phase'),
    reason: textAt(status, 'reason'),
    message: textAt(status, 'message'),
    ready: conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    conditions,
    qosClass: textAt(status, 'qosClass'),
    nominatedNode: textAt(status, 'nominatedNodeName'),
    startedAt: timeAt(status, 'startTime'),
    podIPs: podIPs.length === 0 && podIP ? [podIP] : podIPs,
    hostIP: textAt(status, 'hostIP'),
  };
}

function readPlacement(spec: Tree) {
  return {
    node: textAt(spec, 'nodeName'),
    priorityClassName: textAt(spec, 'priorityClassName'),
    priority: intAt(spec, 'priority'),
    runtimeClassName: textAt(spec, 'runtimeClassName'),
    schedulerName: textAt(spec, 'schedulerName'),
    nodeSelector: textMapAt(spec, 'nodeSelector'),
    nodeAffinity: hasTree(spec, 'affinity', 'nodeAffinity') ? treeAt(spec, 'affinity', 'nodeAffinity') : undefined,
    tolerations: treesAt(spec, 'tolerations').map((one) => ({
      key: textAt(one, 'key'),
      operator: textAt(one, 'operator') || 'Equal',
      value: textAt(one, 'value'),
      effect: textAt(one, 'effect'),
      seconds: intAt(one, 'tolerationSeconds'),
    })),
    schedulingGates: treesAt(spec, 'schedulingGates').map((gate) => textAt(gate, 'name')),
  };
}

function readSecurity(spec: Tree) {
  const context = treeAt(spec, 'securityContext');
  return {
    hostNetwork: boolAt(spec, 'hostNetwork'),
    hostPID: boolAt(spec, 'hostPID'),
    hostIPC: boolAt(spec, 'hostIPC'),
    shareProcessNamespace: boolAt(spec, 'shareProcessNamespace'),
    serviceAccount: textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount'),
    automountServiceAccountToken: optionalBool(spec, 'automountServiceAccountToken'),
    sysctls: treesAt(context, 'sysctls').map((one) => ({ name: textAt(one, 'name'), value: textAt(one, 'value') })),
    runAsUser: intAt(context, 'runAsUser'),
    runAsNonRoot: optionalBool(context, 'runAsNonRoot'),
    fsGroup: intAt(context, 'fsGroup'),
    fsGroupChangePolicy: textAt(context, 'fsGroupChangePolicy'),
  };
}

function readNames(spec: Tree) {
  const nameOf = (one: Tree) => textAt(one, 'name');
  const initial = treesAt(spec, 'initContainers');
  return {
    containers: treesAt(spec, 'containers').map(nameOf),
    initContainers: initial.filter((one) => !isSidecar(one)).map(nameOf),
    sidecars: initial.filter(isSidecar).map(nameOf),
    ephemeralContainers: treesAt(spec, 'ephemeralContainers').map(nameOf),
  };
}

function optionalResources(spec: Tree, ...path: readonly string[]) {
  return hasTree(spec, ...path) ? readResourceList(treeAt(spec, ...path)) : undefined;
}
