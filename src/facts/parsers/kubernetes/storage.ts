// Volumes of the cluster: claims, volumes, storage classes and attachments.
//
//   kind: PersistentVolumeClaim
//   spec: { storageClassName: gp3, accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } }
//   status: { phase: Pending }

import { bool, dyn, factType, int, list, map, optional, string, time } from '../../fact-type.ts';
import { wholeUnits } from '../../text/quantity.ts';
import { factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import {
  annotationsField,
  conditionPlaces,
  conditionsField,
  createdField,
  labelsField,
  readConditions,
} from './shapes.ts';
import { boolAt, hasTree, isTree, optionalBool, textAt, textMapAt, textsAt, timeAt, treeAt, valueAt } from './tree.ts';

const deletion = {
  deletedAt: optional(time('Set while it is being deleted.')),
  finalizers: list(string(), 'metadata.finalizers.'),
};

export const PersistentVolumeClaim = factType(
  'PersistentVolumeClaim',
  'One PersistentVolumeClaim.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    ...deletion,
    phase: string('Pending, Bound or Lost.'),
    volume: string('PersistentVolume it is bound to.'),
    storageClass: optional(string('Absent for the default class; empty for none.')),
    accessModes: list(string(), 'ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.'),
    volumeMode: string('Filesystem or Block.'),
    requestedBytes: optional(int('Size asked for.')),
    capacityBytes: optional(int('Of the bound volume.')),
    selectedNode: string('Node chosen by the scheduler.'),
    conditions: conditionsField,
  },
  { object: { kind: 'PersistentVolumeClaim', namespace: 'namespace', name: 'name' } },
);

export const PersistentVolume = factType(
  'PersistentVolume',
  'One PersistentVolume.',
  {
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    ...deletion,
    phase: string('Available, Bound, Released or Failed.'),
    reason: string('One word; empty where none is given.'),
    message: string('Text for people; empty where none is given.'),
    claimNamespace: string('Namespace of the claim.'),
    claim: string('Claim it is bound to.'),
    storageClass: string('Storage class; empty for none.'),
    reclaimPolicy: string('Delete, Retain or Recycle.'),
    accessModes: list(string(), 'ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.'),
    volumeMode: string('Filesystem or Block.'),
    capacityBytes: optional(int('Size.')),
    type: string('csi, nfs, local, hostPath, …'),
    driver: string('CSI driver.'),
    nodeAffinity: optional(dyn('spec.nodeAffinity.')),
    mountOptions: list(string(), 'Mount options.'),
  },
  { object: { kind: 'PersistentVolume', name: 'name' } },
);

export const StorageClass = factType(
  'StorageClass',
  'One StorageClass.',
  {
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    provisioner: string('Who makes the volumes.'),
    isDefault: bool('Annotated as the default class.'),
    reclaimPolicy: string('What becomes of a volume without claim: Delete or Retain.'),
    bindingMode: string('Immediate or WaitForFirstConsumer.'),
    allowVolumeExpansion: bool('Claims may grow.'),
    parameters: map(string(), 'Parameters of the provisioner.'),
    mountOptions: list(string(), 'Mount options.'),
  },
  { object: { kind: 'StorageClass', name: 'name' } },
);

export const VolumeAttachment = factType(
  'VolumeAttachment',
  'One VolumeAttachment.',
  {
    name: string('Name.'),
    createdAt: createdField,
    ...deletion,
    attacher: string('CSI driver.'),
    node: string('Node the volume is attached to.'),
    volume: string('PersistentVolume; empty for an inline volume.'),
    attached: bool('It is attached.'),
    attachError: string('Empty where there is none.'),
    detachError: string('Empty where there is none.'),
  },
  { object: { kind: 'VolumeAttachment', name: 'name', node: 'node' } },
);

export const claimReader: ObjectReader = {
  reads: ['/PersistentVolumeClaim'],
  yields: [PersistentVolumeClaim],
  read(object) {
    const { spec, status } = object;
    const storageClass = valueAt(spec, 'storageClassName');
    const value = {
      namespace: object.namespace,
      ...readCommon(object),
      phase: textAt(status, 'phase'),
      volume: textAt(spec, 'volumeName'),
      storageClass: typeof storageClass === 'string' ? storageClass : undefined,
      accessModes: textsAt(spec, 'accessModes'),
      volumeMode: textAt(spec, 'volumeMode') || 'Filesystem',
      requestedBytes: wholeUnits(valueAt(spec, 'resources', 'requests', 'storage')),
      capacityBytes: wholeUnits(valueAt(status, 'capacity', 'storage')),
      selectedNode: object.annotations['volume.kubernetes.io/selected-node'] ?? '',
      conditions: readConditions(status),
    };
    const at = places(object, {
      phase: 'status.phase',
      volume: 'spec.volumeName',
      storageClass: 'spec.storageClassName',
      accessModes: 'spec.accessModes',
      requestedBytes: 'spec.resources',
      capacityBytes: 'status.capacity',
      finalizers: 'metadata.finalizers',
      deletedAt: 'metadata.deletionTimestamp',
    });
    return [factOf(PersistentVolumeClaim, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};

const notTypes = new Set(['capacity', 'claimRef', 'nodeAffinity']);

export const volumeReader: ObjectReader = {
  reads: ['/PersistentVolume'],
  yields: [PersistentVolume],
  read(object) {
    const { spec, status } = object;
    const value = {
      ...readCommon(object),
      phase: textAt(status, 'phase'),
      reason: textAt(status, 'reason'),
      message: textAt(status, 'message'),
      claimNamespace: textAt(spec, 'claimRef', 'namespace'),
      claim: textAt(spec, 'claimRef', 'name'),
      storageClass: textAt(spec, 'storageClassName'),
      reclaimPolicy: textAt(spec, 'persistentVolumeReclaimPolicy'),
      accessModes: textsAt(spec, 'accessModes'),
      volumeMode: textAt(spec, 'volumeMode') || 'Filesystem',
      capacityBytes: wholeUnits(valueAt(spec, 'capacity', 'storage')),
      type: Object.keys(spec).find((key) => isTree(spec[key]) && !notTypes.has(key)) ?? '',
      driver: textAt(spec, 'csi', 'driver'),
      nodeAffinity: hasTree(spec, 'nodeAffinity') ? treeAt(spec, 'nodeAffinity') : undefined,
      mountOptions: textsAt(spec, 'mountOptions'),
    };
    const at = places(object, {
      phase: 'status.phase',
      reason: 'status.reason',
      message: 'status.message',
      claim: 'spec.claimRef',
      reclaimPolicy: 'spec.persistentVolumeReclaimPolicy',
      nodeAffinity: 'spec.nodeAffinity',
      storageClass: 'spec.storageClassName',
    });
    return [factOf(PersistentVolume, object, value, { at })];
  },
};

const defaultClass = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const storageClassReader: ObjectReader = {
  reads: ['storage.k8s.io/StorageClass'],
  yields: [StorageClass],
  read(object) {
    const { whole } = object;
    const value = {
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      provisioner: textAt(whole, 'provisioner'),
      isDefault: defaultClass.some((name) => object.annotations[name] === 'true'),
      reclaimPolicy: textAt(whole, 'reclaimPolicy') || 'Delete',
      bindingMode: textAt(whole, 'volumeBindingMode') || 'Immediate',
      allowVolumeExpansion: optionalBool(whole, 'allowVolumeExpansion') ?? false,
      parameters: textMapAt(whole, 'parameters'),
      mountOptions: textsAt(whole, 'mountOptions'),
    };
    return [factOf(StorageClass, object, value, { at: places(object, { isDefault: 'metadata.annotations' }) })];
  },
};

export const volumeAttachmentReader: ObjectReader = {
  reads: ['storage.k8s.io/VolumeAttachment'],
  yields: [VolumeAttachment],
  read(object) {
    const { name, createdAt, deletedAt, finalizers } = readCommon(object);
    const value = {
      name,
      createdAt,
      deletedAt,
      finalizers,
      attacher: textAt(object.spec, 'attacher'),
      node: textAt(object.spec, 'nodeName'),
      volume: textAt(object.spec, 'source', 'persistentVolumeName'),
      attached: boolAt(object.status, 'attached'),
      attachError: textAt(object.status, 'attachError', 'message'),
      detachError: textAt(object.status, 'detachError', 'message'),
    };
    const at = places(object, {
      attachError: 'status.attachError',
      detachError: 'status.detachError',
      attached: 'status.attached',
      node: 'spec.nodeName',
    });
    return [factOf(VolumeAttachment, object, value, { at })];
  },
};

function readCommon(object: KubeObject) {
  return {
    name: object.name,
    labels: object.labels,
    annotations: object.annotations,
    createdAt: timeAt(object.metadata, 'creationTimestamp'),
    deletedAt: timeAt(object.metadata, 'deletionTimestamp'),
    finalizers: textsAt(object.metadata, 'finalizers'),
  };
}
