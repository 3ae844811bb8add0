// Pods, and what all objects of a cluster have, in the form in which Kubernetes prints them.

import type { Pod, Workload } from './cluster.ts';
import type { Mapping, Value } from './print-yaml.ts';
import { type Random, seeded } from './random.ts';

/** Pods began here; the gathering was at 10:00. */
export const started = '2026-03-02T08:14:32Z';
export const gathered = '2026-03-04T10:00:00Z';
const registry = 'quay.io/openshift-release-dev/ocp-v4.0-art-dev';

export const imageOf = (container: string): string => `${registry}@sha256:${seeded(`image/${container}`).hex(64)}`;
export const ownRandom = (kind: string, namespace: string, name: string): Random =>
  seeded(`${kind}/${namespace}/${name}`);

export function metadata(kind: string, namespace: string, name: string, more: Mapping = {}): Mapping {
  const random = ownRandom(kind, namespace, name);
  return {
    creationTimestamp: started,
    name,
    namespace: namespace === '' ? undefined : namespace,
    resourceVersion: String(100_000 + random.below(90_000_000)),
    uid: random.uid(),
    ...more,
  };
}

/** Who wrote which field: some of the bulk of a real file, and nothing that any rule asks for. */
export function managedFields(manager: string, ...paths: readonly string[]): Value {
  const fields: Record<string, unknown> = {};
  for (const path of paths) {
    let at = fields;
    for (const step of path.split('/')) {
      const key = step === '.' || step.startsWith('k:') ? step : `f:${step}`;
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
  }
  const entry = { apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: fields as Value, manager, time: started };
  return [
    { ...entry, operation: 'Update' },
    { ...entry, fieldsV1: { 'f:status': fields as Value }, operation: 'Update', subresource: 'status' },
  ];
}

const podPaths = [
  'metadata/labels/.',
  'metadata/labels/app',
  'metadata/labels/pod-template-hash',
  'metadata/ownerReferences/.',
  'spec/containers/k:{"name":"main"}/.',
  'spec/containers/k:{"name":"main"}/image',
  'spec/containers/k:{"name":"main"}/resources/limits/memory',
  'spec/containers/k:{"name":"main"}/resources/requests/cpu',
  'spec/containers/k:{"name":"main"}/terminationMessagePath',
  'spec/dnsPolicy',
  'spec/enableServiceLinks',
  'spec/restartPolicy',
  'spec/schedulerName',
  'spec/terminationGracePeriodSeconds',
];

export function podOf(pod: Pod, withManagedFields: boolean): Mapping {
  const { workload, node, name } = pod;
  const { namespace, kind, hash } = workload;
  const owner = kind === 'Deployment' ? `${workload.name}-${hash}` : kind === 'Node' ? node?.name : workload.name;
  const ownerKind = kind === 'Deployment' ? 'ReplicaSet' : kind;
  const hashLabel = kind === 'Deployment' ? 'pod-template-hash' : 'controller-revision-hash';
  const network = `[{\n    "name": "ovn-kubernetes",\n    "interface": "eth0",\n    "ips": [\n        "${pod.address}"\n    ],\n    "default": true,\n    "dns": {}\n}]`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('Pod', namespace, name, {
      annotations: { 'k8s.v1.cni.cncf.io/network-status': network, 'openshift.io/scc': 'restricted-v2' },
      generateName: kind === 'Deployment' || kind === 'DaemonSet' ? `${owner}-` : undefined,
      labels: { app: workload.name, [hashLabel]: hash },
      managedFields: withManagedFields ? managedFields('kube-controller-manager', ...podPaths) : undefined,
      ownerReferences: [
        {
          apiVersion: kind === 'Node' ? 'v1' : 'apps/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: ownerKind,
          name: owner ?? '',
          uid: kind === 'Deployment' ? ownRandom('ReplicaSet', namespace, owner ?? '').uid() : workload.uid,
        },
      ],
      uid: pod.uid,
    }),
    spec: podSpec(workload, pod),
    status: podStatus(pod),
  };
}

/** Of the template where no pod is given. */
export function podSpec(workload: Workload, pod?: Pod): Mapping {
  const { namespace, containers, kind } = workload;
  const isSystem = namespace.startsWith('openshift-');
  const suffix = pod === undefined ? 'token' : seeded(pod.uid).suffix(5);
  const volumes: Mapping[] = [
    { configMap: { defaultMode: 420, name: `${workload.name}-config` }, name: 'config-volume' },
    {
      name: `kube-api-access-${suffix}`,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
          {
            downwardAPI: {
              items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
            },
          },
        ],
      },
    },
  ];
  if (workload.claim !== undefined && pod !== undefined)
    volumes.push({ name: 'data', persistentVolumeClaim: { claimName: `${workload.claim}-${pod.name}` } });
  return {
    containers: containers.map((name, at) => containerOf(workload, name, at, suffix)),
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    hostNetwork: kind === 'Node' ? true : undefined,
    nodeName: pod?.node?.name,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    preemptionPolicy: 'PreemptLowerPriority',
    priority: isSystem ? 2_000_001_000 : 0,
    priorityClassName: isSystem ? 'system-node-critical' : undefined,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: isSystem ? {} : { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    serviceAccount: workload.name,
    serviceAccountName: workload.name,
    terminationGracePeriodSeconds: 30,
    tolerations: [
      { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
      { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      { effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
    ],
    volumes,
  };
}

function containerOf(workload: Workload, name: string, at: number, suffix: string): Mapping {
  const isSystem = workload.namespace.startsWith('openshift-');
  const port = 8080 + at;
  const probe = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 5 };
  return {
    args: ['--config=/etc/config/config.yaml', '--v=2', `--listen=:${port}`],
    command: [`/usr/bin/${name}`],
    env: [
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'RELEASE_VERSION', value: '4.18.12' },
      { name: 'OPERAND_TIMEOUT_SECONDS', value: '30' },
    ],
    image: imageOf(name),
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: { ...probe, httpGet: { path: '/healthz', port, scheme: 'HTTP' }, initialDelaySeconds: 30 },
    name,
    ports: [{ containerPort: port, name: `http-${at}`, protocol: 'TCP' }],
    readinessProbe: { ...probe, httpGet: { path: '/ready', port, scheme: 'HTTP' } },
    resources: isSystem
      ? { requests: { cpu: '10m', memory: '70Mi' } }
      : { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { mountPath: '/etc/config', name: 'config-volume' },
      { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: `kube-api-access-${suffix}`, readOnly: true },
      ...(at === 0 && workload.claim !== undefined ? [{ mountPath: '/var/lib/data', name: workload.claim }] : []),
    ],
  };
}

function podStatus(pod: Pod): Mapping {
  const { node, fault, workload } = pod;
  if (node === undefined) {
    const message = '0/6 nodes are available: 3 Insufficient memory, 3 node(s) had untolerated taint.';
    const condition = { lastProbeTime: null, lastTransitionTime: started, message, reason: 'Unschedulable' };
    return {
      conditions: [{ ...condition, status: 'False', type: 'PodScheduled' }],
      phase: 'Pending',
      qosClass: 'Burstable',
    };
  }
  const isDown = fault === 'CrashLoopBackOff' || fault === 'ImagePullBackOff';
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
    lastProbeTime: null,
    lastTransitionTime: started,
    status: isDown && type.endsWith('Ready') ? 'False' : 'True',
    type,
  }));
  return {
    conditions,
    containerStatuses: workload.containers.map((name, at) => containerStatus(pod, name, at === 0 ? fault : undefined)),
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    phase: fault === 'ImagePullBackOff' ? 'Pending' : 'Running',
    podIP: pod.address,
    podIPs: [{ ip: pod.address }],
    qosClass: 'Burstable',
    startTime: started,
  };
}

function containerStatus(pod: Pod, name: string, fault: Pod['fault']): Mapping {
  const random = seeded(`${pod.uid}/${name}`);
  const containerID = `cri-o://${random.hex(64)}`;
  const image = imageOf(name);
  const running = { running: { startedAt: started } };
  const base = { containerID, image, imageID: image, lastState: {}, name, ready: true, restartCount: 0, started: true };
  const ended = (reason: string, exitCode: number): Mapping => ({
    terminated: { containerID, exitCode, finishedAt: gathered, reason, startedAt: started },
  });
  if (fault === 'CrashLoopBackOff') {
    const message = `back-off 5m0s restarting failed container=${name} pod=${pod.name}_${pod.workload.namespace}(${pod.uid})`;
    const state = { waiting: { message, reason: fault } };
    return { ...base, lastState: ended('Error', 1), ready: false, restartCount: 40, started: false, state };
  }
  if (fault === 'ImagePullBackOff') {
    const state = { waiting: { message: `Back-off pulling image "${image}"`, reason: fault } };
    return { ...base, containerID: undefined, imageID: '', ready: false, started: false, state };
  }
  if (fault === 'OOMKilled') return { ...base, lastState: ended('OOMKilled', 137), restartCount: 4, state: running };
  if (fault === 'Restarts')
    return { ...base, lastState: ended('Completed', 0), restartCount: 3 + random.below(9), state: running };
  return { ...base, state: running };
}
