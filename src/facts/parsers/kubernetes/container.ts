// Containers of a pod: what the spec asks for, joined with what the status says of each.
//
//   spec:   { containers: [ { name: api, resources: { limits: { memory: 1Gi } } } ] }
//   status: { containerStatuses: [ { name: api, restartCount: 4, lastState: { terminated: { reason: OOMKilled } } } ] }

import type { Fact } from '../../fact-type.ts';
import { spanOf } from '../../text/documents.ts';
import { Container } from './container-fields.ts';
import { controllerOf, factOf, type KubeObject, kubeletUidOf } from './kube-object.ts';
import { computeQosClass, isSidecar } from './pod-resources.ts';
import { readHook, readProbe } from './probe.ts';
import { readResourceList } from './shapes.ts';
import {
  boolAt,
  countAt,
  hasTree,
  intAt,
  optionalBool,
  optionalText,
  placesOf,
  type Tree,
  textAt,
  textsAt,
  timeAt,
  treeAt,
  treesAt,
} from './tree.ts';

const lists = [
  { specs: 'containers', statuses: 'containerStatuses' },
  { specs: 'initContainers', statuses: 'initContainerStatuses' },
  { specs: 'ephemeralContainers', statuses: 'ephemeralContainerStatuses' },
] as const;

export function readContainers(pod: KubeObject): readonly Fact[] {
  return lists.flatMap(({ specs, statuses }) => {
    const known = treesAt(pod.status, statuses);
    return treesAt(pod.spec, specs).map((spec, index) => {
      const status = known.find((one) => one.name === spec.name) ?? {};
      return readContainer(pod, spec, status, roleOf(specs, spec), index);
    });
  });
}

function roleOf(specs: (typeof lists)[number]['specs'], spec: Tree): string {
  if (specs === 'containers') return 'container';
  if (specs === 'ephemeralContainers') return 'ephemeral';
  return isSidecar(spec) ? 'sidecar' : 'init';
}

const specPlaces = {
  name: ['name'],
  image: ['image'],
  command: ['command'],
  args: ['args'],
  resources: ['resources'],
  requests: ['resources', 'requests'],
  limits: ['resources', 'limits'],
  ports: ['ports'],
  livenessProbe: ['livenessProbe'],
  readinessProbe: ['readinessProbe'],
  startupProbe: ['startupProbe'],
  postStart: ['lifecycle', 'postStart'],
  preStop: ['lifecycle', 'preStop'],
  env: ['env'],
  envFrom: ['envFrom'],
  volumeMounts: ['volumeMounts'],
  securityContext: ['securityContext'],
  targetContainer: ['targetContainerName'],
};
const statusPlaces = {
  state: ['state'],
  lastState: ['lastState'],
  restartCount: ['restartCount'],
  ready: ['ready'],
  started: ['started'],
  containerId: ['containerID'],
  imageId: ['imageID'],
  actualRequests: ['resources', 'requests'],
  actualLimits: ['resources', 'limits'],
};

/** The node owns a static pod, but does not make it equal to another. */
function ownerOf(pod: KubeObject): string {
  const { ownerKind, ownerName } = controllerOf(pod);
  return ownerName === '' || ownerKind === 'Node' ? `Pod ${pod.name}` : `${ownerKind} ${ownerName}`;
}

function readContainer(pod: KubeObject, spec: Tree, status: Tree, role: string, index: number): Fact {
  const [runtime = '', containerId = ''] = splitId(textAt(status, 'containerID'));
  const value = {
    namespace: pod.namespace,
    pod: pod.name,
    podUid: textAt(pod.metadata, 'uid'),
    kubeletUid: kubeletUidOf(pod),
    node: textAt(pod.spec, 'nodeName'),
    owner: ownerOf(pod),
    name: textAt(spec, 'name'),
    role,
    index,
    image: textAt(spec, 'image'),
    imageId: textAt(status, 'imageID'),
    imagePullPolicy: textAt(spec, 'imagePullPolicy'),
    containerId,
    runtime,
    qosClass: textAt(pod.status, 'qosClass') || computeQosClass(pod.spec),
    command: textsAt(spec, 'command'),
    args: textsAt(spec, 'args'),
    requests: readResourceList(treeAt(spec, 'resources', 'requests')),
    limits: readResourceList(treeAt(spec, 'resources', 'limits')),
    actualRequests: actual(status, 'requests'),
    actualLimits: actual(status, 'limits'),
    ports: treesAt(spec, 'ports').map(readPort),
    livenessProbe: readProbe(spec, 'livenessProbe'),
    readinessProbe: readProbe(spec, 'readinessProbe'),
    startupProbe: readProbe(spec, 'startupProbe'),
    postStart: readHook(spec, 'postStart'),
    preStop: readHook(spec, 'preStop'),
    env: treesAt(spec, 'env').map(readVariable),
    envFrom: treesAt(spec, 'envFrom').map(readEnvFrom),
    volumeMounts: treesAt(spec, 'volumeMounts').map(readMount),
    securityContext: readSecurityContext(treeAt(spec, 'securityContext'), treeAt(pod.spec, 'securityContext')),
    state: readState(treeAt(status, 'state')),
    lastState: readState(treeAt(status, 'lastState')),
    ready: boolAt(status, 'ready'),
    started: optionalBool(status, 'started'),
    restartCount: countAt(status, 'restartCount'),
    targetContainer: textAt(spec, 'targetContainerName'),
  };
  const statusSpan = spanOf(status);
  const at = {
    ...placesOf(spec, specPlaces),
    ...placesOf(status, statusPlaces),
    ...(statusSpan ? { status: statusSpan } : {}),
  };
  return factOf(Container, pod, value, { span: spanOf(spec), at, key: [pod.namespace, pod.name, role, value.name] });
}

/** `cri-o://9f67…` and, from the first dockershims, `docker://…`. */
function splitId(id: string): readonly string[] {
  return id.includes('://') ? id.split('://') : ['', id];
}

function actual(status: Tree, list: string) {
  return hasTree(status, 'resources', list) ? readResourceList(treeAt(status, 'resources', list)) : undefined;
}

function readState(state: Tree) {
  const waiting = treeAt(state, 'waiting');
  const running = treeAt(state, 'running');
  const ended = treeAt(state, 'terminated');
  return {
    waiting: hasTree(state, 'waiting')
      ? { reason: textAt(waiting, 'reason'), message: textAt(waiting, 'message') }
      : undefined,
    running: hasTree(state, 'running') ? { startedAt: timeAt(running, 'startedAt') } : undefined,
    terminated: hasTree(state, 'terminated')
      ? {
          exitCode: countAt(ended, 'exitCode'),
          signal: countAt(ended, 'signal'),
          reason: textAt(ended, 'reason'),
          message: textAt(ended, 'message'),
          startedAt: timeAt(ended, 'startedAt'),
          finishedAt: timeAt(ended, 'finishedAt'),
          containerId: splitId(textAt(ended, 'containerID'))[1] ?? '',
        }
      : undefined,
  };
}

function readPort(port: Tree) {
  return {
    name: textAt(port, 'name'),
    port: countAt(port, 'containerPort'),
    hostPort: intAt(port, 'hostPort') || undefined,
    hostIP: textAt(port, 'hostIP'),
    protocol: (textAt(port, 'protocol') || 'TCP').toLowerCase(),
  };
}

function readVariable(one: Tree) {
  const from = treeAt(one, 'valueFrom');
  return {
    name: textAt(one, 'name'),
    // `- name: DEBUG` without a value sets it to the empty string.
    value: optionalText(one, 'value') ?? (hasTree(one, 'valueFrom') ? undefined : ''),
    fieldPath: optionalText(from, 'fieldRef', 'fieldPath'),
    resource: optionalText(from, 'resourceFieldRef', 'resource'),
    divisor: optionalText(from, 'resourceFieldRef', 'divisor'),
    secretName: optionalText(from, 'secretKeyRef', 'name'),
    secretKey: optionalText(from, 'secretKeyRef', 'key'),
    configMapName: optionalText(from, 'configMapKeyRef', 'name'),
    configMapKey: optionalText(from, 'configMapKeyRef', 'key'),
    optional: boolAt(from, 'secretKeyRef', 'optional') || boolAt(from, 'configMapKeyRef', 'optional'),
  };
}

function readEnvFrom(one: Tree) {
  const type = hasTree(one, 'secretRef') ? 'secret' : 'configMap';
  return { type, source: textAt(one, `${type}Ref`, 'name'), optional: boolAt(one, `${type}Ref`, 'optional') };
}

function readMount(mount: Tree) {
  return {
    name: textAt(mount, 'name'),
    path: textAt(mount, 'mountPath'),
    readOnly: boolAt(mount, 'readOnly'),
    subPath: textAt(mount, 'subPath') || textAt(mount, 'subPathExpr'),
    propagation: textAt(mount, 'mountPropagation'),
  };
}

function readSecurityContext(own: Tree, ofPod: Tree) {
  return {
    privileged: boolAt(own, 'privileged'),
    runAsUser: intAt(own, 'runAsUser') ?? intAt(ofPod, 'runAsUser'),
    runAsGroup: intAt(own, 'runAsGroup') ?? intAt(ofPod, 'runAsGroup'),
    runAsNonRoot: optionalBool(own, 'runAsNonRoot') ?? optionalBool(ofPod, 'runAsNonRoot'),
    capabilitiesAdd: textsAt(own, 'capabilities', 'add'),
    capabilitiesDrop: textsAt(own, 'capabilities', 'drop'),
    allowPrivilegeEscalation: optionalBool(own, 'allowPrivilegeEscalation'),
    readOnlyRootFilesystem: optionalBool(own, 'readOnlyRootFilesystem'),
    seccompType: textAt(own, 'seccompProfile', 'type') || textAt(ofPod, 'seccompProfile', 'type'),
  };
}
