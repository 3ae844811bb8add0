import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { value } from './read.ts';

test('a claim tells its phase, class and sizes', () => {
  const it = value(
    'PersistentVolumeClaim',
    `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data-0
  namespace: shop
  finalizers: [kubernetes.io/pvc-protection]
  annotations: { volume.kubernetes.io/selected-node: worker-1 }
spec: { storageClassName: "", accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } }
status: { phase: Pending }
`,
  );
  assert.equal([it.phase, it.storageClass, it.requestedBytes], ['Pending', '', 10737418240]);
  assert.equal([it.selectedNode, it.finalizers], ['worker-1', ['kubernetes.io/pvc-protection']]);
  assert.not.ok('capacityBytes' in it);
});

test('a claim for the default class has no class', () => {
  const it = value(
    'PersistentVolumeClaim',
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a, namespace: n }\nspec: {}\n',
  );
  assert.not.ok('storageClass' in it);
});

test('a volume tells its type, claim and node affinity', () => {
  const it = value(
    'PersistentVolume',
    `apiVersion: v1
kind: PersistentVolume
metadata: { name: pv-1 }
spec:
  capacity: { storage: 1Ti }
  claimRef: { namespace: shop, name: data-0 }
  csi: { driver: ebs.csi.aws.com, volumeHandle: vol-1 }
  nodeAffinity: { required: { nodeSelectorTerms: [] } }
  persistentVolumeReclaimPolicy: Retain
status: { phase: Released }
`,
  );
  assert.equal([it.type, it.driver, it.phase, it.reclaimPolicy], ['csi', 'ebs.csi.aws.com', 'Released', 'Retain']);
  assert.equal([it.claimNamespace, it.claim, it.capacityBytes], ['shop', 'data-0', 1099511627776]);
  assert.equal(it.nodeAffinity, { required: { nodeSelectorTerms: [] } });
});

test('storage classes and attachments are read', () => {
  const storageClass = value(
    'StorageClass',
    `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: gp3, annotations: { storageclass.kubernetes.io/is-default-class: "true" } }
provisioner: ebs.csi.aws.com
volumeBindingMode: WaitForFirstConsumer
`,
  );
  assert.equal(
    [storageClass.isDefault, storageClass.bindingMode, storageClass.reclaimPolicy],
    [true, 'WaitForFirstConsumer', 'Delete'],
  );
  const attachment = value(
    'VolumeAttachment',
    `apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: { name: va }
spec: { attacher: ebs.csi.aws.com, nodeName: worker-1, source: { persistentVolumeName: pv-1 } }
status: { attached: false, attachError: { message: timed out } }
`,
  );
  assert.equal(
    [attachment.node, attachment.volume, attachment.attached, attachment.attachError],
    ['worker-1', 'pv-1', false, 'timed out'],
  );
});

test('a quota lists limit and use of each resource in one unit', () => {
  const it = value(
    'ResourceQuota',
    `apiVersion: v1
kind: ResourceQuota
metadata: { name: q, namespace: n }
spec: { hard: { requests.cpu: "4", pods: "10" } }
status: { hard: { requests.cpu: "4", pods: "10" }, used: { requests.cpu: 3900m, pods: "10" } }
`,
  );
  assert.equal(it.entries, [
    { resource: 'requests.cpu', hard: '4', used: '3900m', hardAmount: 4000, usedAmount: 3900 },
    { resource: 'pods', hard: '10', used: '10', hardAmount: 10, usedAmount: 10 },
  ]);
});

test('a cluster quota reads like one of a namespace', () => {
  const it = value(
    'ResourceQuota',
    `apiVersion: quota.openshift.io/v1
kind: ClusterResourceQuota
metadata: { name: q }
spec: { quota: { hard: { pods: "10" } } }
status: { total: { used: { pods: "9" } } }
`,
  );
  assert.equal([it.kind, it.entries[0].hardAmount, it.entries[0].usedAmount], ['ClusterResourceQuota', 10, 9]);
});

test('a LimitRange tells its defaults', () => {
  const it = value(
    'LimitRange',
    `apiVersion: v1
kind: LimitRange
metadata: { name: l, namespace: n }
spec: { limits: [ { type: Container, default: { memory: 512Mi }, max: { cpu: "2" } } ] }
`,
  );
  assert.equal(
    [it.limits[0].type, it.limits[0].default.memoryBytes, it.limits[0].max.cpuMillis],
    ['Container', 536870912, 2000],
  );
});

test.run();
