// Effects stand under their likely cause: by declared relations, shared objects, severity and time.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groupByCause, type Stated } from '../../src/findings/grouping.ts';
import { operatorNamespaces } from '../../src/findings/operator-namespaces.ts';
import type { ObjectRef } from '../../src/findings/outcome.ts';
import type { Explains } from '../../src/rules/rule.ts';

const finding = (rule: string, objects: readonly ObjectRef[], more: Partial<Stated> = {}): Stated => ({
  rule,
  severity: 'error',
  subject: rule,
  message: '',
  objects,
  excerpts: [],
  times: [],
  ...more,
});
const explains = (effect: string, by: Explains['by'], more: Partial<Explains> = {}): Explains => ({
  rules: [{ id: effect, line: 1, column: 1 }],
  by,
  why: `${effect} follows.`,
  ...more,
});
const node = (name: string): ObjectRef => ({ kind: 'Node', name });
const pod = (name: string, on?: string): ObjectRef => ({
  kind: 'Pod',
  namespace: 'shop',
  name,
  ...(on && { node: on }),
});

/** `cause>effect` of every link, in the order given. */
function links(findings: readonly Stated[], relations: Readonly<Record<string, readonly Explains[]>>): string[] {
  const groups = groupByCause(findings, (rule) => relations[rule] ?? []);
  const name = (at: number) => findings[at]?.subject ?? '';
  return groups.flatMap((group) =>
    group.links.flatMap(({ cause, effects }) => effects.map((effect) => `${name(cause)}>${name(effect)}`)),
  );
}

test('a dead node explains its pods, and no pod of another node', () => {
  const findings = [
    finding('dead', [node('w1')]),
    finding('stuck', [pod('a', 'w1')], { subject: 'a' }),
    finding('stuck', [pod('b', 'w2')], { subject: 'b' }),
  ];
  assert.equal(links(findings, { dead: [explains('stuck', 'node')] }), ['dead>a']);
});

test('without a declared relation nothing is explained, whatever is shared', () => {
  assert.equal(links([finding('dead', [node('w1')]), finding('stuck', [pod('a', 'w1')])], {}), []);
});

test('a cause that is itself an effect brings its effects into the group of the deeper cause', () => {
  const findings = [finding('stuck', [pod('a', 'w1')]), finding('dead', [node('w1')]), finding('swap', [node('w1')])];
  const relations = { dead: [explains('stuck', 'node')], swap: [explains('dead', 'node')] };
  const groups = groupByCause(findings, (rule) => relations[rule as 'dead'] ?? []);
  assert.is(groups.length, 1);
  assert.is(groups[0]?.cause, 2);
  assert.equal(groups[0]?.links, [
    { cause: 2, effects: [1], why: 'dead follows.' },
    { cause: 1, effects: [0], why: 'stuck follows.' },
  ]);
});

test('two that explain each other make one link, not a circle', () => {
  const relations = { a: [explains('b', 'node')], b: [explains('a', 'node')] };
  assert.equal(links([finding('a', [node('w1')]), finding('b', [node('w1')])], relations), ['b>a']);
});

test('of several causes the one that shares more closely explains, and of equal ones the nearer', () => {
  const stuck = finding('stuck', [pod('a', 'w1')]);
  const others = [finding('swap', [node('w1')]), finding('dead', [node('w1')])];
  const relations = { swap: [explains('stuck', 'node'), explains('dead', 'node')], dead: [explains('stuck', 'node')] };
  assert.equal(links([stuck, ...others], relations), ['swap>dead', 'dead>stuck']);
  const own = { ...relations, image: [explains('stuck', 'pod')] };
  assert.equal(links([stuck, ...others, finding('image', [pod('a')])], own), ['swap>dead', 'image>stuck']);
});

test('a cause that began after its effect had ended is none', () => {
  const at = (time: string) => ({ times: [time] });
  const relations = { dead: [explains('stuck', 'node')] };
  const stuck = finding('stuck', [pod('a', 'w1')], at('2024-05-01T10:00:00Z'));
  assert.equal(links([finding('dead', [node('w1')], at('2024-05-01T10:20:00Z')), stuck], relations), []);
  assert.equal(links([finding('dead', [node('w1')], at('2024-05-01T10:10:00Z')), stuck], relations), ['dead>stuck']);
  assert.equal(links([finding('dead', [node('w1')]), stuck], relations), ['dead>stuck']);
});

test('a cause is at most one step milder than its effect', () => {
  const relations = { mild: [explains('stuck', 'node')] };
  const of = (severity: Stated['severity']) => [
    finding('mild', [node('w1')], { severity }),
    finding('stuck', [node('w1')], { severity: 'error' }),
  ];
  assert.equal(links(of('warning'), relations), ['mild>stuck']);
  assert.equal(links(of('info'), relations), []);
});

test('a relation holds only from the severity that it names', () => {
  const relations = { swap: [explains('dead', 'node', { atLeast: 'critical' })] };
  const of = (severity: Stated['severity']) => [
    finding('swap', [node('w1')], { severity }),
    finding('dead', [node('w1')]),
  ];
  assert.equal(links(of('error'), relations), []);
  assert.equal(links(of('critical'), relations), ['swap>dead']);
});

test('what cause and effect must say is looked for in their texts', () => {
  const cause = finding('pressure', [node('w1')], { subject: 'node w1, DiskPressure' });
  const effect = finding('evicted', [pod('a', 'w1')], { subject: 'a', message: 'w1 was low on memory.' });
  const of = (causeSays: string, effectSays: string) =>
    links([cause, effect], { pressure: [explains('evicted', 'node', { causeSays, effectSays })] });
  assert.equal(of('DiskPressure', 'low on .*memory'), ['node w1, DiskPressure>a']);
  assert.equal(of('MemoryPressure', 'low on .*memory'), []);
  assert.equal(of('DiskPressure', 'low on .*nodefs'), []);
});

test('findings on two containers of one pod do not explain each other', () => {
  const of = (subject: string) => [
    finding('killed', [pod('a')], { subject: 'shop/a, container api' }),
    finding('restarts', [pod('a')], { subject }),
  ];
  const relations = { killed: [explains('restarts', 'pod')] };
  assert.is(links(of('shop/a, container api'), relations).length, 1);
  assert.is(links(of('shop/a, container api, memory'), relations).length, 1);
  assert.is(links(of('shop/a'), relations).length, 1);
  assert.is(links(of('shop/a, container proxy'), relations).length, 0);
});

test('a pod belongs to the workload whose name it has, and to no other', () => {
  const relations = { image: [explains('short', 'workload')], refused: [explains('short', 'workload')] };
  const of = (cause: Stated, kind: string, name: string) =>
    links([cause, finding('short', [{ kind, namespace: 'shop', name }])], relations).length;
  const named = (name: string) => finding('image', [pod(name)]);
  assert.is(of(named('cart-7d9c6bb54-q4t7n'), 'Deployment', 'cart'), 1);
  assert.is(of(named('cart-2'), 'StatefulSet', 'cart'), 1);
  assert.is(of(named('cart-q4t7n'), 'DaemonSet', 'cart'), 1);
  assert.is(of(named('cart-db-7d9c6bb54-q4t7n'), 'Deployment', 'cart'), 0);
  assert.is(of(named('cart-2'), 'Deployment', 'cart'), 0);
  const refused = finding('refused', [{ kind: 'ReplicaSet', namespace: 'shop', name: 'cart-7d9c6bb54' }]);
  assert.is(of(refused, 'Deployment', 'cart'), 1);
});

test('an effect that names an object names it as a whole word, in its namespace', () => {
  const relations = { bad: [explains('says', 'named-by-effect')] };
  const of = (object: ObjectRef, message: string) =>
    links([finding('bad', [object]), finding('says', [], { message })], relations).length;
  assert.is(of(node('worker-1'), 'node "worker-1" is not ready.'), 1);
  assert.is(of(node('worker-1'), 'node "worker-10" is not ready.'), 0);
  assert.is(of({ kind: 'Service', namespace: 'kube-system', name: 'metrics' }, 'service/metrics in "kube-system"'), 1);
  assert.is(of({ kind: 'Service', namespace: 'shop', name: 'metrics' }, 'service/metrics in "kube-system"'), 0);
});

test('a cause may name the object of its effect', () => {
  const relations = { request: [explains('dead', 'named-by-cause')] };
  const of = (message: string) =>
    links(
      [
        finding('request', [{ kind: 'CertificateSigningRequest', name: 'csr-1' }], { message }),
        finding('dead', [node('w1')]),
      ],
      relations,
    );
  assert.is(of('Denied for system:node:w1.').length, 1);
  assert.is(of('Denied for system:node:w12.').length, 0);
});

test('partitions of a disk are that disk, on that node', () => {
  const relations = { disk: [explains('shut', 'device')] };
  const of = (one: string, other: string, on = 'w1') =>
    links(
      [
        finding('disk', [node('w1')], { subject: `w1, ${one}` }),
        finding('shut', [node(on)], { subject: `${on}, ${other}` }),
      ],
      relations,
    ).length;
  assert.is(of('sdb', 'sdb1'), 1);
  assert.is(of('nvme0', 'nvme0n1p3'), 1);
  assert.is(of('sdb', 'sdc1'), 0);
  assert.is(of('sdb', 'sdb1', 'w2'), 0);
});

test('an operator looks after the namespaces of its name and those known beside them', () => {
  assert.equal(operatorNamespaces('image-registry'), ['openshift-image-registry', 'openshift-image-registry-operator']);
  assert.ok(operatorNamespaces('network').includes('openshift-ovn-kubernetes'));
  const relations = { bad: [explains('degraded', 'operator')] };
  const of = (namespace: string) =>
    links(
      [
        finding('bad', [{ kind: 'Pod', namespace, name: 'p' }]),
        finding('degraded', [{ kind: 'ClusterOperator', name: 'network' }]),
      ],
      relations,
    ).length;
  assert.is(of('openshift-multus'), 1);
  assert.is(of('openshift-dns'), 0);
});

test('a pod of the control plane lies on the node whose name it ends with', () => {
  const relations = { disk: [explains('slow', 'node')] };
  const etcd: ObjectRef = { kind: 'Pod', namespace: 'openshift-etcd', name: 'etcd-master-0' };
  assert.is(links([finding('disk', [node('master-0')]), finding('slow', [etcd])], relations).length, 1);
  assert.is(links([finding('disk', [node('master-1')]), finding('slow', [etcd])], relations).length, 0);
});

test.run();
