// Pools of nodes and the kubelet settings asked for them.
//
//   kind: MachineConfigPool
//   spec: { paused: false, nodeSelector: { matchLabels: { node-role.kubernetes.io/worker: "" } } }
//   status: { machineCount: 3, updatedMachineCount: 2, conditions: [ { type: Degraded, status: "True" } ] }

import { bool, dyn, factType, int, list, optional, string } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import {
  conditionPlaces,
  conditionsField,
  createdField,
  labelSelector,
  labelsField,
  readConditions,
  readSelector,
} from '../shapes.ts';
import { boolAt, countAt, textAt, textsAt, timeAt, treeAt } from '../tree.ts';

export const MachineConfigPool = factType(
  'MachineConfigPool',
  'One MachineConfigPool.',
  {
    name: string('Name.'),
    labels: labelsField,
    createdAt: createdField,
    paused: bool('Changes are held back.'),
    nodeSelector: labelSelector,
    machineConfigSelector: labelSelector,
    maxUnavailable: string('Number or percentage; 1 where not set.'),
    desiredConfig: string('Rendered configuration it should have (spec.configuration).'),
    currentConfig: string('Rendered configuration it has (status.configuration).'),
    machines: int('Nodes in the pool.'),
    readyMachines: int('Updated and ready nodes.'),
    updatedMachines: int('Nodes with the desired configuration.'),
    unavailableMachines: int('Nodes that are not available.'),
    degradedMachines: int('Nodes on which the configuration failed.'),
    updated: string('Status of condition Updated; empty where it is missing.'),
    updating: string('Status of condition Updating.'),
    degraded: string('Status of condition Degraded.'),
    conditions: conditionsField,
  },
  { object: { kind: 'MachineConfigPool', name: 'name' } },
);

export const KubeletConfigResource = factType(
  'KubeletConfigResource',
  'One KubeletConfig object: what is asked for, which a node may not have yet.',
  {
    name: string('Name.'),
    createdAt: createdField,
    poolSelector: labelSelector,
    kubeletConfig: dyn('KubeletConfiguration as written.'),
    autoSizingReserved: bool('Reserved resources are sized by the node.'),
    allowedUnsafeSysctls: list(string(), 'Sysctls pods may set beyond the safe ones; `*` at the end matches the rest.'),
    cpuManagerPolicy: string('Empty where not set.'),
    topologyManagerPolicy: string('Empty where not set.'),
    conditions: conditionsField,
  },
  { object: { kind: 'KubeletConfig', name: 'name' } },
);

export const PerformanceProfile = factType(
  'PerformanceProfile',
  'One PerformanceProfile of the Node Tuning Operator.',
  {
    name: string('Name.'),
    createdAt: createdField,
    isolatedCpus: string('CPU list.'),
    reservedCpus: string('CPU list.'),
    offlinedCpus: string('CPU list; empty where not set.'),
    topologyPolicy: string('NUMA topology policy; empty where not set.'),
    realTimeKernel: bool('Runs the real-time kernel.'),
    globallyDisableIrqLoadBalancing: bool('No interrupts on isolated CPUs.'),
    additionalKernelArgs: list(string(), 'Kernel arguments.'),
    nodeSelector: dyn('spec.nodeSelector.'),
    hugepages: optional(dyn('spec.hugepages.')),
    workloadHints: optional(dyn('spec.workloadHints.')),
    conditions: conditionsField,
  },
  { object: { kind: 'PerformanceProfile', name: 'name' } },
);

export const machineConfigPoolReader: ObjectReader = {
  reads: ['machineconfiguration.openshift.io/MachineConfigPool'],
  yields: [MachineConfigPool],
  read(object) {
    const { spec, status } = object;
    const conditions = readConditions(status);
    const statusOf = (type: string) => conditions.find((one) => one.type === type)?.status ?? '';
    const value = {
      name: object.name,
      labels: object.labels,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      paused: boolAt(spec, 'paused'),
      nodeSelector: readSelector(spec, 'nodeSelector'),
      machineConfigSelector: readSelector(spec, 'machineConfigSelector'),
      maxUnavailable: textAt(spec, 'maxUnavailable') || '1',
      desiredConfig: textAt(spec, 'configuration', 'name'),
      currentConfig: textAt(status, 'configuration', 'name'),
      machines: countAt(status, 'machineCount'),
      readyMachines: countAt(status, 'readyMachineCount'),
      updatedMachines: countAt(status, 'updatedMachineCount'),
      unavailableMachines: countAt(status, 'unavailableMachineCount'),
      degradedMachines: countAt(status, 'degradedMachineCount'),
      updated: statusOf('Updated'),
      updating: statusOf('Updating'),
      degraded: statusOf('Degraded'),
      conditions,
    };
    const conditionsAt = conditionPlaces(status);
    const short = ['Updated', 'Updating', 'Degraded'].flatMap((type) => {
      const span = conditionsAt[`conditions.${type}`];
      return span ? [[type.toLowerCase(), span] as const] : [];
    });
    const at = places(object, {
      paused: 'spec.paused',
      machines: 'status.machineCount',
      readyMachines: 'status.readyMachineCount',
      updatedMachines: 'status.updatedMachineCount',
      unavailableMachines: 'status.unavailableMachineCount',
      degradedMachines: 'status.degradedMachineCount',
      maxUnavailable: 'spec.maxUnavailable',
      nodeSelector: 'spec.nodeSelector',
    });
    return [factOf(MachineConfigPool, object, value, { at: { ...at, ...conditionsAt, ...Object.fromEntries(short) } })];
  },
};

export const kubeletConfigReader: ObjectReader = {
  reads: ['machineconfiguration.openshift.io/KubeletConfig'],
  yields: [KubeletConfigResource],
  read(object) {
    const { spec, status } = object;
    const config = treeAt(spec, 'kubeletConfig');
    const value = {
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      poolSelector: readSelector(spec, 'machineConfigPoolSelector'),
      kubeletConfig: config,
      autoSizingReserved: boolAt(spec, 'autoSizingReserved'),
      allowedUnsafeSysctls: textsAt(config, 'allowedUnsafeSysctls'),
      cpuManagerPolicy: textAt(config, 'cpuManagerPolicy'),
      topologyManagerPolicy: textAt(config, 'topologyManagerPolicy'),
      conditions: readConditions(status),
    };
    const at = places(object, {
      kubeletConfig: 'spec.kubeletConfig',
      poolSelector: 'spec.machineConfigPoolSelector',
      allowedUnsafeSysctls: 'spec.kubeletConfig.allowedUnsafeSysctls',
      cpuManagerPolicy: 'spec.kubeletConfig.cpuManagerPolicy',
      topologyManagerPolicy: 'spec.kubeletConfig.topologyManagerPolicy',
    });
    return [factOf(KubeletConfigResource, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};

export const performanceProfileReader: ObjectReader = {
  reads: ['performance.openshift.io/PerformanceProfile'],
  yields: [PerformanceProfile],
  read(object) {
    const { spec, status } = object;
    const given = (key: string) => (key in spec ? treeAt(spec, key) : undefined);
    const value = {
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      isolatedCpus: textAt(spec, 'cpu', 'isolated'),
      reservedCpus: textAt(spec, 'cpu', 'reserved'),
      offlinedCpus: textAt(spec, 'cpu', 'offlined'),
      topologyPolicy: textAt(spec, 'numa', 'topologyPolicy'),
      realTimeKernel: boolAt(spec, 'realTimeKernel', 'enabled'),
      globallyDisableIrqLoadBalancing: boolAt(spec, 'globallyDisableIrqLoadBalancing'),
      additionalKernelArgs: textsAt(spec, 'additionalKernelArgs'),
      nodeSelector: treeAt(spec, 'nodeSelector'),
      hugepages: given('hugepages'),
      workloadHints: given('workloadHints'),
      conditions: readConditions(status),
    };
    const at = places(object, {
      isolatedCpus: 'spec.cpu.isolated',
      reservedCpus: 'spec.cpu.reserved',
      topologyPolicy: 'spec.numa',
      hugepages: 'spec.hugepages',
    });
    return [factOf(PerformanceProfile, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};
