// The fact type of containers.

import { bool, factType, int, list, object, optional, string, time } from '../../fact-type.ts';
import { resourceList } from './shapes.ts';

const state = {
  waiting: optional(
    object(
      { reason: string('E.g. CrashLoopBackOff.'), message: string('Text for people; empty where none is given.') },
      'Set while waiting.',
    ),
  ),
  running: optional(object({ startedAt: optional(time('Start.')) }, 'Set while running.')),
  terminated: optional(
    object(
      {
        exitCode: int('Exit code; 128+N for signal N.'),
        signal: int('0 where none is given.'),
        reason: string('E.g. OOMKilled, Error, Completed.'),
        message: string('Text for people; empty where none is given.'),
        startedAt: optional(time('Start.')),
        finishedAt: optional(time('End.')),
        containerId: string('Bare id of the container that ended.'),
      },
      'Set when ended.',
    ),
  ),
};

const probe = object(
  {
    type: string('httpGet, tcpSocket, grpc or exec.'),
    path: string('Of httpGet.'),
    port: string('Number or name, as written; empty for exec.'),
    scheme: string('HTTP or HTTPS.'),
    host: string('Host of httpGet or tcpSocket; empty means the pod.'),
    service: string('Of grpc.'),
    command: list(string(), 'Of exec.'),
    initialDelaySeconds: int('0 where not set.'),
    timeoutSeconds: int('1 where not set, as Kubernetes does.'),
    periodSeconds: int('10 where not set.'),
    failureThreshold: int('3 where not set.'),
    successThreshold: int('1 where not set.'),
  },
  'Absent where there is no such probe.',
);

const port = object({
  name: string('Name.'),
  port: int('containerPort.'),
  hostPort: optional(int('Port on the node.')),
  hostIP: string('IP address of the node.'),
  protocol: string('tcp, udp or sctp.'),
});

const variable = object({
  name: string('Name.'),
  value: optional(string('Literal value.')),
  fieldPath: optional(string('Field of the pod, e.g. status.podIP.')),
  resource: optional(string('E.g. limits.cpu.')),
  divisor: optional(string('Unit of the resource.')),
  secretName: optional(string('Secret.')),
  secretKey: optional(string('Key in the Secret.')),
  configMapName: optional(string('ConfigMap.')),
  configMapKey: optional(string('Key in the ConfigMap.')),
  optional: bool('The Secret or ConfigMap may be missing.'),
});

const hook = object({
  type: string('exec, httpGet, tcpSocket or sleep.'),
  path: string('Path.'),
  port: string('Port.'),
});

export const Container = factType(
  'Container',
  'One container of a pod: regular, init, sidecar or ephemeral.',
  {
    namespace: string('Namespace of the pod.'),
    pod: string('Name of the pod.'),
    podUid: string('metadata.uid of the pod.'),
    kubeletUid: string(
      'As cgroup paths and checkpoints of the kubelet have it: metadata.uid, or of a static pod the hash of its manifest.',
    ),
    node: string('Node of the pod; empty while unscheduled.'),
    owner: string('What equal pods share: `ReplicaSet web-7d9c`; `Pod web-0` where nothing controls it.'),
    name: string('Name of the container.'),
    role: string('container, init, sidecar (restartable init) or ephemeral.'),
    index: int('Position in its list, from 0.'),
    image: string('As in the spec.'),
    imageId: string('As in the status; empty before the pull.'),
    imagePullPolicy: string('Always, IfNotPresent or Never.'),
    containerId: string('Bare id in the runtime; empty before it was created.'),
    runtime: string('Runtime of the id: cri-o, containerd or docker.'),
    qosClass: string('QoS class of the pod.'),
    command: list(string(), 'Replaces the entrypoint of the image.'),
    args: list(string(), 'Arguments.'),
    requests: resourceList,
    limits: resourceList,
    actualRequests: optional(resourceList),
    actualLimits: optional(resourceList),
    ports: list(port),
    livenessProbe: optional(probe),
    readinessProbe: optional(probe),
    startupProbe: optional(probe),
    postStart: optional(hook),
    preStop: optional(hook),
    env: list(variable),
    envFrom: list(
      object({
        type: string('secret or configMap.'),
        source: string('Name of the object it comes from.'),
        optional: bool('It may be missing.'),
      }),
    ),
    volumeMounts: list(
      object({
        name: string('Name.'),
        path: string('Path.'),
        readOnly: bool('Mounted read-only.'),
        subPath: string('Part of the volume; empty for all of it.'),
        propagation: string('Mount propagation; empty for none.'),
      }),
    ),
    securityContext: object({
      privileged: bool('Has all the rights of the node.'),
      runAsUser: optional(int('Of the container, else of the pod.')),
      runAsGroup: optional(int('Of the container, else of the pod.')),
      runAsNonRoot: optional(bool('Of the container, else of the pod.')),
      capabilitiesAdd: list(string(), 'Capabilities on top of the default.'),
      capabilitiesDrop: list(string(), 'Capabilities taken away.'),
      allowPrivilegeEscalation: optional(bool('May gain more rights than its parent; absent means yes.')),
      readOnlyRootFilesystem: optional(bool('Root filesystem is read-only.')),
      seccompType: string('Of the container, else of the pod; empty where not set.'),
    }),
    state: object(state, 'At most one of its fields is set.'),
    lastState: object(state, 'The run before this one.'),
    ready: bool('Ready.'),
    started: optional(bool('Startup probe passed.')),
    restartCount: int('Restarts so far.'),
    targetContainer: string('Container whose processes an ephemeral one sees.'),
  },
  { object: { kind: 'Pod', namespace: 'namespace', name: 'pod', node: 'node' } },
);
