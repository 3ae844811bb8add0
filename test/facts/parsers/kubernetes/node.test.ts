import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value } from './read.ts';

const node = `apiVersion: v1
kind: Node
metadata:
  name: worker-1
  labels:
    node-role.kubernetes.io/worker: ""
    node-role.kubernetes.io/app: ""
spec:
  podCIDR: 10.244.1.0/24
  unschedulable: true
  taints:
  - { key: node.kubernetes.io/unreachable, effect: NoExecute, timeAdded: "2024-05-01T12:00:00Z" }
status:
  allocatable: { cpu: 3500m, memory: 7Gi, pods: "110" }
  capacity: { cpu: "4" }
  addresses:
  - { type: InternalIP, address: 10.0.0.5 }
  - { type: Hostname, address: worker-1 }
  conditions:
  - type: MemoryPressure
    status: "False"
  - type: Ready
    status: Unknown
    reason: NodeStatusUnknown
    message: Kubelet stopped posting node status.
    lastHeartbeatTime: "2024-05-01T11:59:00Z"
  nodeInfo:
    containerRuntimeVersion: cri-o://1.25.2
    kubeletVersion: v1.25.4
    bootID: b1
`;

test('a node tells its readiness, resources and versions', () => {
  const it = value('KubernetesNode', node);
  assert.equal([it.name, it.ready, it.readyReason], ['worker-1', 'Unknown', 'NodeStatusUnknown']);
  assert.equal([it.roles, it.unschedulable, it.podCIDRs], [['app', 'worker'], true, ['10.244.1.0/24']]);
  assert.equal([it.allocatable.cpuMillis, it.allocatable.pods, it.capacity.cpuMillis], [3500, 110, 4000]);
  assert.equal([it.runtimeName, it.runtimeVersion, it.kubeletVersion], ['cri-o', '1.25.2', 'v1.25.4']);
  assert.equal([it.internalIPs, it.hostname], [['10.0.0.5'], 'worker-1']);
  assert.is(it.taints[0].addedAt, '2024-05-01T12:00:00Z');
});

test('each condition is a fact on its own lines', () => {
  const conditions = facts('NodeCondition', node);
  assert.equal(
    conditions.map((fact) => fact.key),
    ['NodeCondition/worker-1/MemoryPressure', 'NodeCondition/worker-1/Ready'],
  );
  assert.equal(conditions[1]?.span, [lineOf(node, 'type: Ready'), lineOf(node, 'lastHeartbeatTime')]);
  assert.equal(facts('KubernetesNode', node)[0]?.at?.ready, conditions[1]?.span);
});

test('a time that no calendar has is none', () => {
  const at = (time: string) => value('KubernetesNode', node.replace('2024-05-01T12:00:00Z', time)).taints[0].addedAt;
  for (const time of ['2024-18-01T12:00:00Z', '2024-05-32T12:00:00Z', '2024-05-01T25:61:61Z']) {
    assert.is(at(time), undefined, time);
  }
  assert.is(at('2024-05-01T23:59:59.123456Z'), '2024-05-01T23:59:59.123456Z');
});

test('a node without a status has no readiness', () => {
  const it = value('KubernetesNode', 'apiVersion: v1\nkind: Node\nmetadata: { name: w }\n');
  assert.equal([it.ready, it.conditions, it.allocatable], ['', [], { hugepages: {}, extended: {}, raw: {} }]);
});

test('a CSINode lists drivers and how many volumes they attach', () => {
  const text = `apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: { name: w }
spec: { drivers: [ { name: ebs.csi.aws.com, nodeID: i-0, allocatable: { count: 25 } }, { name: efs, nodeID: i-0 } ] }
`;
  assert.equal(value('CsiNode', text).drivers, [
    { name: 'ebs.csi.aws.com', nodeId: 'i-0', volumeLimit: 25 },
    { name: 'efs', nodeId: 'i-0' },
  ]);
});

test.run();
