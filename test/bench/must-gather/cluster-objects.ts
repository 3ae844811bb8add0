// What belongs to the whole cluster: its nodes, its operators, its version and its network.

import { type Node, operators } from './cluster.ts';
import { gathered, imageOf, managedFields, metadata, started } from './pods.ts';
import type { Mapping } from './print-yaml.ts';
import { seeded } from './random.ts';

const version = '4.18.12';

const conditionOf = (type: string, status: string, reason: string, message: string): Mapping => ({
  lastHeartbeatTime: gathered,
  lastTransitionTime: started,
  message,
  reason,
  status,
  type,
});

export function nodeOf(node: Node): Mapping {
  const { name, role, address } = node;
  const random = seeded(`node/${name}`);
  const config = `rendered-${role}-${seeded(role).hex(32)}`;
  const calm = node.isReady ? 'False' : 'Unknown';
  const lost = ['NodeStatusUnknown', 'Kubelet stopped posting node status.'] as const;
  const said = (reason: string, message: string) => (node.isReady ? ([reason, message] as const) : lost);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata('Node', '', name, {
      annotations: {
        'machine.openshift.io/machine': `openshift-machine-api/bench-${role}-${node.index}`,
        'machineconfiguration.openshift.io/currentConfig': config,
        'machineconfiguration.openshift.io/desiredConfig': config,
        'machineconfiguration.openshift.io/state': 'Done',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        [`node-role.kubernetes.io/${role}`]: '',
        'topology.kubernetes.io/zone': 'us-east-1b',
      },
      managedFields: managedFields(
        'kubelet',
        'metadata/labels/.',
        'status/capacity',
        'status/conditions',
        'status/images',
      ),
    }),
    spec: {
      providerID: `aws:///us-east-1b/i-${random.hex(17)}`,
      taints: role === 'master' ? [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/master' }] : undefined,
    },
    status: {
      addresses: [
        { address, type: 'InternalIP' },
        { address: name, type: 'Hostname' },
      ],
      allocatable: { cpu: '15500m', 'ephemeral-storage': '115470533646', memory: '63250432Ki', pods: '250' },
      capacity: { cpu: '16', 'ephemeral-storage': '125293548Ki', memory: '64401408Ki', pods: '250' },
      conditions: [
        conditionOf(
          'MemoryPressure',
          calm,
          ...said('KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        ),
        conditionOf('DiskPressure', calm, ...said('KubeletHasNoDiskPressure', 'kubelet has no disk pressure')),
        conditionOf('PIDPressure', calm, ...said('KubeletHasSufficientPID', 'kubelet has sufficient PID available')),
        conditionOf(
          'Ready',
          node.isReady ? 'True' : 'Unknown',
          ...said('KubeletReady', 'kubelet is posting ready status'),
        ),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      images: Array.from({ length: 50 }, (_, at) => ({
        names: [imageOf(`node/${at}`)],
        sizeBytes: 900_000_000 - at * 12_345_678,
      })),
      nodeInfo: {
        architecture: 'amd64',
        bootID: random.uid(),
        containerRuntimeVersion: 'cri-o://1.31.6-2.rhaos4.18.git1f2a3b4.el9',
        kernelVersion: '5.14.0-427.57.1.el9_4.x86_64',
        kubeProxyVersion: 'v1.31.6',
        kubeletVersion: 'v1.31.6',
        machineID: random.hex(32),
        operatingSystem: 'linux',
        osImage: 'Red Hat Enterprise Linux CoreOS 418.94.202503121207-0',
        systemUUID: random.uid(),
      },
    },
  };
}

export function clusterOperatorOf(name: string): Mapping {
  const isDegraded = name === 'image-registry';
  const condition = (type: string, status: string, reason: string, message: string) => ({
    lastTransitionTime: started,
    message,
    reason,
    status,
    type,
  });
  return {
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterOperator',
    metadata: metadata('ClusterOperator', '', name, {
      managedFields: managedFields('cluster-version-operator', 'status/conditions', 'status/relatedObjects'),
    }),
    spec: {},
    status: {
      conditions: [
        condition('Available', 'True', 'AsExpected', `${name} is available.`),
        condition('Progressing', 'False', 'AsExpected', 'desired and current number of operands are equal'),
        isDegraded
          ? condition(
              'Degraded',
              'True',
              'ProgressDeadlineExceeded',
              'Degraded: Registry deployment has timed out progressing',
            )
          : condition('Degraded', 'False', 'AsExpected', 'All is well'),
        condition('Upgradeable', 'True', 'AsExpected', 'All is well'),
      ],
      extension: null,
      relatedObjects: [{ group: '', name: `openshift-${name}`, resource: 'namespaces' }],
      versions: [{ name: 'operator', version }],
    },
  };
}

export const clusterOperators: readonly Mapping[] = operators.map(clusterOperatorOf);

export function clusterVersion(): Mapping {
  const image = imageOf('release');
  return {
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterVersion',
    metadata: metadata('ClusterVersion', '', 'version', { generation: 3 }),
    spec: { channel: 'stable-4.18', clusterID: seeded('cluster').uid() },
    status: {
      availableUpdates: null,
      conditions: [
        { lastTransitionTime: started, message: `Done applying ${version}`, status: 'True', type: 'Available' },
        { lastTransitionTime: started, message: `Cluster version is ${version}`, status: 'False', type: 'Progressing' },
        { lastTransitionTime: started, message: '', status: 'False', type: 'Failing' },
      ],
      desired: { image, version },
      history: [{ completionTime: started, image, startedTime: started, state: 'Completed', verified: true, version }],
      observedGeneration: 3,
    },
  };
}

export function machineConfigPool(role: string, size: number): Mapping {
  const name = `rendered-${role}-${seeded(role).hex(32)}`;
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    metadata: metadata('MachineConfigPool', '', role, { generation: 2 }),
    spec: {
      configuration: { name },
      nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${role}`]: '' } },
      paused: false,
    },
    status: {
      conditions: [
        {
          lastTransitionTime: started,
          message: `All nodes are updated with ${name}`,
          reason: '',
          status: 'True',
          type: 'Updated',
        },
      ],
      configuration: { name },
      degradedMachineCount: 0,
      machineCount: size,
      observedGeneration: 2,
      readyMachineCount: size,
      unavailableMachineCount: 0,
      updatedMachineCount: size,
    },
  };
}

export const storageClass: Mapping = {
  allowVolumeExpansion: true,
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: metadata('StorageClass', '', 'gp3-csi', {
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  }),
  provisioner: 'ebs.csi.aws.com',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

export const network: Mapping = {
  apiVersion: 'config.openshift.io/v1',
  kind: 'Network',
  metadata: metadata('Network', '', 'cluster'),
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/10', hostPrefix: 23 }],
    networkType: 'OVNKubernetes',
    serviceNetwork: ['172.30.0.0/16'],
  },
  status: { clusterNetworkMTU: 8901, networkType: 'OVNKubernetes', serviceNetwork: ['172.30.0.0/16'] },
};
