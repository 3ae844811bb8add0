// What lies beside the workloads in a namespace: services, claims, configuration, secrets and events.

import type { Pod, Workload } from './cluster.ts';
import { gathered, imageOf, managedFields, metadata, started } from './pods.ts';
import type { Mapping } from './print-yaml.ts';
import { seeded } from './random.ts';

const isServed = (pod: Pod): boolean => pod.node !== undefined && (pod.fault === undefined || pod.fault === 'Restarts');

export function serviceOf({ namespace, name }: Workload): Mapping {
  const random = seeded(`service/${namespace}/${name}`);
  const clusterIP = `172.30.${random.below(256)}.${1 + random.below(254)}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('Service', namespace, name, {
      labels: { app: name },
      managedFields: managedFields('cluster-operator', 'metadata/labels/app', 'spec/ports', 'spec/selector'),
    }),
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      selector: { app: name },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

const podReference = (pod: Pod): Mapping => ({
  kind: 'Pod',
  name: pod.name,
  namespace: pod.workload.namespace,
  uid: pod.uid,
});

export function endpointsOf({ namespace, name, pods }: Workload): Mapping {
  const addresses = pods.filter(isServed).map((pod) => ({
    ip: pod.address,
    nodeName: pod.node?.name,
    targetRef: podReference(pod),
  }));
  const ports = [{ name: 'http', port: 8080, protocol: 'TCP' }];
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadata('Endpoints', namespace, name, { labels: { app: name } }),
    subsets: addresses.length === 0 ? undefined : [{ addresses, ports }],
  };
}

export function endpointSliceOf({ namespace, name, pods }: Workload): Mapping {
  const random = seeded(`slice/${namespace}/${name}`);
  return {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints: pods
      .filter((pod) => pod.node !== undefined)
      .map((pod) => ({
        addresses: [pod.address],
        conditions: { ready: isServed(pod), serving: isServed(pod), terminating: false },
        nodeName: pod.node?.name,
        targetRef: podReference(pod),
        zone: 'us-east-1b',
      })),
    kind: 'EndpointSlice',
    metadata: metadata('EndpointSlice', namespace, `${name}-${random.suffix(5)}`, {
      generateName: `${name}-`,
      labels: { app: name, 'kubernetes.io/service-name': name },
    }),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}

const volumeOf = (pod: Pod): string => `pvc-${seeded(`pvc/${pod.uid}`).uid()}`;

export function claimOf(pod: Pod): Mapping {
  const { namespace, name, claim } = pod.workload;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata('PersistentVolumeClaim', namespace, `${claim}-${pod.name}`, {
      finalizers: ['kubernetes.io/pvc-protection'],
      labels: { app: name },
    }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '20Gi' } },
      storageClassName: 'gp3-csi',
      volumeMode: 'Filesystem',
      volumeName: volumeOf(pod),
    },
    status: { accessModes: ['ReadWriteOnce'], capacity: { storage: '20Gi' }, phase: 'Bound' },
  };
}

export function persistentVolumeOf(pod: Pod): Mapping {
  const { namespace, claim } = pod.workload;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: metadata('PersistentVolume', '', volumeOf(pod), { finalizers: ['kubernetes.io/pv-protection'] }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '20Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: `${claim}-${pod.name}`, namespace },
      csi: { driver: 'ebs.csi.aws.com', fsType: 'ext4', volumeHandle: `vol-${seeded(pod.uid).hex(17)}` },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'gp3-csi',
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound' },
  };
}

/** What indenting makes of a text in YAML. */
const indented = 1.22;

/** A bundle of certificates, a dashboard or a configuration: of about so many bytes. */
export function configMapOf(namespace: string, name: string, bytes: number): Mapping {
  const random = seeded(`configmap/${namespace}/${name}`);
  const texts: Record<string, string> = {};
  for (let left = bytes, at = 0; left > 0; at++) {
    const text = random.once(3)
      ? certificateText(random.base64(1200))
      : configText(random.below(40), Math.min(left, 6000));
    texts[at === 0 ? 'config.yaml' : `part-${at}.yaml`] = text;
    left -= text.length * indented;
  }
  return { apiVersion: 'v1', data: texts, kind: 'ConfigMap', metadata: metadata('ConfigMap', namespace, name) };
}

const certificateText = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;

function configText(seed: number, bytes: number): string {
  const random = seeded(`config/${seed}`);
  const words = 'cache client connection limit listen pool queue retry server session threshold timeout worker'.split(
    ' ',
  );
  let text = 'apiVersion: config.example/v1\nkind: ServerConfig\n';
  while (text.length < bytes) {
    const section = random.pick(words);
    text += `${section}:\n  ${random.pick(words)}Seconds: ${random.below(600)}\n  ${random.pick(words)}Enabled: true\n`;
    text += `  # ${random.pick(words)} of the ${section}, see the handbook\n  path: /var/lib/${section}/${random.pick(words)}\n`;
  }
  return text;
}

/** `oc adm inspect` writes how long a value was in place of it. */
export function secretOf(namespace: string, name: string): Mapping {
  const random = seeded(`secret/${namespace}/${name}`);
  const length = (bytes: number) => Buffer.from(`${bytes} bytes long`).toString('base64');
  return {
    apiVersion: 'v1',
    data: {
      'ca.crt': Buffer.from(certificateText(seeded(`ca/${random.below(8)}`).base64(1200))).toString('base64'),
      namespace: length(namespace.length),
      'service-ca.crt': Buffer.from(certificateText(seeded('service-ca').base64(1600))).toString('base64'),
      token: length(900 + random.below(80)),
    },
    kind: 'Secret',
    metadata: metadata('Secret', namespace, name, {
      annotations: { 'kubernetes.io/service-account.name': name.replace(/-token.*/, '') },
    }),
    type: 'kubernetes.io/service-account-token',
  };
}

const reasons = [
  ['Scheduled', 'Successfully assigned {pod} to {node}'],
  ['AddedInterface', 'Add eth0 [{address}/23] from ovn-kubernetes'],
  ['Pulled', 'Container image "{image}" already present on machine'],
  ['Created', 'Created container {container}'],
  ['Started', 'Started container {container}'],
] as const;

export function eventOf(pod: Pod, at: number): Mapping {
  const { namespace, containers } = pod.workload;
  const random = seeded(`${pod.uid}/event/${at}`);
  const container = containers[at % containers.length]!;
  const isBackOff = pod.fault === 'CrashLoopBackOff' && at % 2 === 1;
  const [reason, text] = isBackOff
    ? ['BackOff', 'Back-off restarting failed container {container} in pod {pod}']
    : reasons[at % reasons.length]!;
  const message = text
    .replace('{pod}', `${namespace}/${pod.name}`)
    .replace('{node}', pod.node?.name ?? '')
    .replace('{address}', pod.address)
    .replace('{image}', imageOf(container))
    .replace('{container}', container);
  return {
    apiVersion: 'v1',
    count: isBackOff ? 212 : 1,
    eventTime: null,
    firstTimestamp: started,
    involvedObject: {
      apiVersion: 'v1',
      fieldPath: `spec.containers{${container}}`,
      kind: 'Pod',
      name: pod.name,
      namespace,
      resourceVersion: String(random.below(90_000_000)),
      uid: pod.uid,
    },
    kind: 'Event',
    lastTimestamp: isBackOff ? gathered : started,
    message,
    metadata: metadata('Event', namespace, `${pod.name}.${random.hex(16)}`),
    reason,
    reportingComponent: 'kubelet',
    reportingInstance: pod.node?.name ?? '',
    source: { component: 'kubelet', host: pod.node?.name },
    type: isBackOff ? 'Warning' : 'Normal',
  };
}

export function namespaceOf(name: string): Mapping {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata('Namespace', '', name, {
      annotations: { 'openshift.io/sa.scc.mcs': 's0:c24,c4', 'openshift.io/sa.scc.uid-range': '1000560000/10000' },
      labels: { 'kubernetes.io/metadata.name': name, 'pod-security.kubernetes.io/enforce': 'restricted' },
    }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
