// Nodes as the API server knows them: conditions, capacity, versions, taints.
//
//   kind: Node
//   metadata: { name: worker-1, labels: { node-role.kubernetes.io/worker: "" } }
//   status: { conditions: [ { type: Ready, status: "False", reason: KubeletNotReady } ], nodeInfo: { … } }

import { bool, factType, int, list, object, optional, string, time } from '../../fact-type.ts';
import { spanOf } from '../../text/documents.ts';
import { factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import {
  annotationsField,
  conditionPlaces,
  conditionsField,
  createdField,
  labelsField,
  readCondition,
  readConditions,
  readResourceList,
  resourceList,
} from './shapes.ts';
import { boolAt, intAt, type Tree, textAt, textsAt, timeAt, treeAt, treesAt } from './tree.ts';

export const KubernetesNode = factType(
  'KubernetesNode',
  'One Node object.',
  {
    name: string('Name of the node.'),
    uid: string('metadata.uid.'),
    labels: labelsField,
    annotations: annotationsField,
    roles: list(string(), 'From the labels node-role.kubernetes.io/…, sorted.'),
    createdAt: createdField,
    deletedAt: optional(time('Set while it is being deleted.')),
    podCIDRs: list(string(), 'Pod networks of the node.'),
    providerId: string('Empty on bare metal.'),
    unschedulable: bool('Cordoned.'),
    taints: list(
      object({
        key: string('Key.'),
        value: string('Value.'),
        effect: string('NoSchedule, PreferNoSchedule or NoExecute.'),
        addedAt: optional(time('When it was added (NoExecute only).')),
      }),
    ),
    ready: string('Status of condition Ready: True, False, Unknown; empty where it is missing.'),
    readyReason: string('Reason of condition Ready.'),
    readyMessage: string('Message of condition Ready.'),
    conditions: conditionsField,
    capacity: resourceList,
    allocatable: resourceList,
    addresses: list(object({ type: string('Type.'), address: string('Address.') })),
    internalIPs: list(string(), 'Addresses of type InternalIP.'),
    hostname: string('Address of type Hostname.'),
    kubeletVersion: string('E.g. v1.27.4.'),
    kernelVersion: string('Kernel release.'),
    osImage: string('Operating system as /etc/os-release names it.'),
    operatingSystem: string('linux or windows.'),
    architecture: string('E.g. amd64.'),
    runtimeName: string('containerd, cri-o or docker.'),
    runtimeVersion: string('Version of the container runtime.'),
    kubeProxyVersion: string('As the kubelet reports it; not what runs.'),
    machineId: string('Machine id.'),
    systemUuid: string('UUID of the hardware.'),
    bootId: string('Changes with every boot.'),
    kubeletPort: optional(int('Port of the kubelet API.')),
    volumesInUse: list(string(), 'Volumes the node uses.'),
    volumesAttached: list(string('Name.')),
  },
  { object: { kind: 'Node', name: 'name' } },
);

export const NodeCondition = factType(
  'NodeCondition',
  'One condition of a Node object.',
  {
    node: string('Name of the node.'),
    type: string('Ready, MemoryPressure, DiskPressure, …'),
    status: string('True, False or Unknown.'),
    reason: string('One word; empty where none is given.'),
    message: string('Text for people; empty where none is given.'),
    lastTransitionAt: optional(time('When the status last changed.')),
    lastHeartbeatAt: optional(time('When the kubelet last reported it.')),
  },
  { object: { kind: 'Node', name: 'node' } },
);

export const CsiNode = factType(
  'CsiNode',
  'CSI drivers registered on one node (CSINode).',
  {
    name: string('Name of the node.'),
    drivers: list(
      object({
        name: string('Name.'),
        nodeId: string('Name the driver has for the node.'),
        volumeLimit: optional(int('Most volumes it can attach.')),
      }),
    ),
  },
  { object: { kind: 'Node', name: 'name' } },
);

const fieldPlaces = {
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  podCIDRs: 'spec.podCIDRs',
  unschedulable: 'spec.unschedulable',
  taints: 'spec.taints',
  conditions: 'status.conditions',
  capacity: 'status.capacity',
  allocatable: 'status.allocatable',
  addresses: 'status.addresses',
  nodeInfo: 'status.nodeInfo',
  kubeletVersion: 'status.nodeInfo.kubeletVersion',
  kernelVersion: 'status.nodeInfo.kernelVersion',
  osImage: 'status.nodeInfo.osImage',
  architecture: 'status.nodeInfo.architecture',
  runtimeName: 'status.nodeInfo.containerRuntimeVersion',
  runtimeVersion: 'status.nodeInfo.containerRuntimeVersion',
  bootId: 'status.nodeInfo.bootID',
};

export const nodeReader: ObjectReader = {
  reads: ['/Node'],
  yields: [KubernetesNode, NodeCondition],
  read(object, wanted) {
    const nodes = wanted.has(KubernetesNode.name) ? [readNode(object)] : [];
    return wanted.has(NodeCondition.name) ? [...nodes, ...readNodeConditions(object)] : nodes;
  },
};

export const csiNodeReader: ObjectReader = {
  reads: ['storage.k8s.io/CSINode'],
  yields: [CsiNode],
  read(object) {
    const drivers = treesAt(object.spec, 'drivers').map((driver) => ({
      name: textAt(driver, 'name'),
      nodeId: textAt(driver, 'nodeID'),
      volumeLimit: intAt(driver, 'allocatable', 'count'),
    }));
    return [
      factOf(CsiNode, object, { name: object.name, drivers }, { at: places(object, { drivers: 'spec.drivers' }) }),
    ];
  },
};

function readNode(node: KubeObject) {
  const { spec, status } = node;
  const conditions = readConditions(status);
  const ready = conditions.find((one) => one.type === 'Ready');
  const addresses = treesAt(status, 'addresses').map((one) => ({
    type: textAt(one, 'type'),
    address: textAt(one, 'address'),
  }));
  const podCIDR = textAt(spec, 'podCIDR');
  const podCIDRs = textsAt(spec, 'podCIDRs');
  const value = {
    name: node.name,
    uid: textAt(node.metadata, 'uid'),
    labels: node.labels,
    annotations: node.annotations,
    roles: rolesOf(node.labels),
    createdAt: timeAt(node.metadata, 'creationTimestamp'),
    deletedAt: timeAt(node.metadata, 'deletionTimestamp'),
    podCIDRs: podCIDRs.length === 0 && podCIDR ? [podCIDR] : podCIDRs,
    providerId: textAt(spec, 'providerID'),
    unschedulable: boolAt(spec, 'unschedulable'),
    taints: treesAt(spec, 'taints').map((taint) => ({
      key: textAt(taint, 'key'),
      value: textAt(taint, 'value'),
      effect: textAt(taint, 'effect'),
      addedAt: timeAt(taint, 'timeAdded'),
    })),
    ready: ready?.status ?? '',
    readyReason: ready?.reason ?? '',
    readyMessage: ready?.message ?? '',
    conditions,
    capacity: readResourceList(treeAt(status, 'capacity')),
    allocatable: readResourceList(treeAt(status, 'allocatable')),
    addresses,
    internalIPs: addresses.filter((one) => one.type === 'InternalIP').map((one) => one.address),
    hostname: addresses.find((one) => one.type === 'Hostname')?.address ?? '',
    ...readVersions(treeAt(status, 'nodeInfo')),
    kubeletPort: intAt(status, 'daemonEndpoints', 'kubeletEndpoint', 'Port'),
    volumesInUse: textsAt(status, 'volumesInUse'),
    volumesAttached: treesAt(status, 'volumesAttached').map((one) => textAt(one, 'name')),
  };
  const conditionsAt = conditionPlaces(status);
  const readyAt = conditionsAt['conditions.Ready'];
  const at = {
    ...places(node, fieldPlaces),
    ...conditionsAt,
    ...(readyAt ? { ready: readyAt, readyReason: readyAt, readyMessage: readyAt } : {}),
  };
  return factOf(KubernetesNode, node, value, { at });
}

function readNodeConditions(node: KubeObject) {
  return treesAt(node.status, 'conditions').map((condition) => {
    const value = {
      node: node.name,
      ...readCondition(condition),
      lastHeartbeatAt: timeAt(condition, 'lastHeartbeatTime'),
    };
    return factOf(NodeCondition, node, value, { span: spanOf(condition), key: [node.name, value.type] });
  });
}

function readVersions(nodeInfo: Tree) {
  const [runtimeName = '', runtimeVersion = ''] = textAt(nodeInfo, 'containerRuntimeVersion').split('://');
  return {
    kubeletVersion: textAt(nodeInfo, 'kubeletVersion'),
    kernelVersion: textAt(nodeInfo, 'kernelVersion'),
    osImage: textAt(nodeInfo, 'osImage'),
    operatingSystem: textAt(nodeInfo, 'operatingSystem'),
    architecture: textAt(nodeInfo, 'architecture'),
    runtimeName,
    runtimeVersion,
    kubeProxyVersion: textAt(nodeInfo, 'kubeProxyVersion'),
    machineId: textAt(nodeInfo, 'machineID'),
    systemUuid: textAt(nodeInfo, 'systemUUID'),
    bootId: textAt(nodeInfo, 'bootID'),
  };
}

/** `node-role.kubernetes.io/worker: ""` and the older `kubernetes.io/role: worker`. */
function rolesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(labels).filter((label) => label.startsWith(prefix));
  const old = labels['kubernetes.io/role'];
  return [...new Set([...roles.map((label) => label.slice(prefix.length)), ...(old ? [old] : [])])].sort();
}
