import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value, values } from './read.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: checkout-0
  namespace: shop
  uid: 769ba6ff
  creationTimestamp: "2024-05-01T12:00:00Z"
  deletionTimestamp: "2024-05-01T12:30:00+02:00"
  deletionGracePeriodSeconds: 30
  annotations:
    openshift.io/scc: anyuid
    kubernetes.io/config.source: file
  ownerReferences:
  - { kind: Other, name: o }
  - { kind: StatefulSet, name: checkout, controller: true }
spec:
  nodeName: worker-1
  hostNetwork: true
  tolerations:
  - key: node.kubernetes.io/not-ready
    operator: Exists
    effect: NoExecute
    tolerationSeconds: 30
  securityContext:
    sysctls:
    - name: kernel.sem
      value: "250 32000 32 128"
  containers:
  - name: api
    resources: { limits: { cpu: "1", memory: 1Gi } }
  initContainers:
  - name: migrate
  - name: proxy
    restartPolicy: Always
  volumes:
  - name: cache
    emptyDir:
      medium: Memory
      sizeLimit: 1Gi
  - name: sock
    hostPath: { path: /var/run/crio/crio.sock, type: Socket }
  - name: token
    projected:
      sources:
      - configMap: { name: kube-root-ca.crt }
      - downwardAPI:
          items:
          - path: cpu
            resourceFieldRef: { containerName: api, resource: limits.cpu }
  - name: plain
    emptyDir: {}
status:
  phase: Failed
  reason: SMTAlignmentError
  message: requested 5 cpus
  qosClass: Burstable
  podIP: 10.0.0.1
  conditions:
  - type: Ready
    status: "False"
    reason: PodFailed
    lastTransitionTime: "2024-05-01T12:00:05Z"
`;

test('a pod tells why it is in its phase, with the lines of each field', () => {
  const [fact] = facts('Pod', pod);
  const it = value('Pod', pod);
  assert.equal([it.phase, it.reason, it.message], ['Failed', 'SMTAlignmentError', 'requested 5 cpus']);
  const at = (words: string) => lineOf(pod, words);
  assert.equal(fact?.span, [1, at('2024-05-01T12:00:05Z')]);
  assert.equal(fact?.at?.phase, [at('phase:'), at('phase:')]);
  assert.equal(fact?.at?.reason, [at('SMTAlignmentError'), at('SMTAlignmentError')]);
  assert.equal(fact?.at?.['conditions.Ready'], [at('type: Ready'), at('2024-05-01T12:00:05Z')]);
  assert.equal(fact?.at?.['volumes.cache'], [at('name: cache'), at('sizeLimit')]);
  assert.equal(fact?.at?.sysctls, [at('sysctls:'), at('250 32000')]);
});

test('the controller is the owner, and times are UTC', () => {
  const it = value('Pod', pod);
  assert.equal([it.ownerKind, it.ownerName], ['StatefulSet', 'checkout']);
  assert.equal([it.createdAt, it.deletedAt], ['2024-05-01T12:00:00Z', '2024-05-01T10:30:00Z']);
});

test('what is not set is empty or absent', () => {
  const it = value('Pod', 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: n }\n');
  assert.equal([it.node, it.phase, it.reason, it.scc, it.ownerKind], ['', '', '', '', '']);
  assert.equal([it.hostNetwork, it.ready, it.static, it.mirror], [false, false, false, false]);
  assert.not.ok('deletedAt' in it || 'runAsUser' in it || 'overhead' in it);
});

test('volumes tell their type and source', () => {
  const { volumes } = value('Pod', pod);
  assert.equal(
    volumes.map((one: Record<string, unknown>) => [one.name, one.type, one.hostPath, one.medium, one.sizeLimitBytes]),
    [
      ['cache', 'emptyDir', '', 'Memory', 1073741824],
      ['sock', 'hostPath', '/var/run/crio/crio.sock', '', undefined],
      ['token', 'projected', '', '', undefined],
      ['plain', 'emptyDir', '', '', undefined],
    ],
  );
  assert.equal(volumes[2].downward, [{ path: 'cpu', fieldPath: '', resource: 'limits.cpu', container: 'api' }]);
  assert.equal(volumes[2].projected[0], { type: 'configMap', source: 'kube-root-ca.crt', optional: false });
});

test('tolerations, sysctls and the kinds of containers are listed', () => {
  const it = value('Pod', pod);
  assert.equal(it.tolerations, [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', value: '', effect: 'NoExecute', seconds: 30 },
  ]);
  assert.equal(it.sysctls, [{ name: 'kernel.sem', value: '250 32000 32 128' }]);
  assert.equal([it.containers, it.initContainers, it.sidecars], [['api'], ['migrate'], ['proxy']]);
  assert.equal([it.scc, it.static, it.hostNetwork, it.podIPs], ['anyuid', true, true, ['10.0.0.1']]);
});

test('the kubelet knows a static pod by the hash of its manifest, and others by their uid', () => {
  const mirror = pod.replace('kubernetes.io/config.source: file', 'kubernetes.io/config.hash: 5f1b');
  for (const type of ['Pod', 'Container']) {
    assert.is(values(type, pod)[0].kubeletUid, '769ba6ff');
    assert.is(values(type, mirror)[0].kubeletUid, '5f1b');
  }
});

test.run();
