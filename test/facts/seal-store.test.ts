// Sealing: the order of facts, the same object read twice, the node of a machine, and the time of gathering.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Source } from '../../src/bundle/source.ts';
import { type Fact, factType, node, string, time } from '../../src/facts/fact-type.ts';
import type { ParsedSource } from '../../src/facts/parse-source.ts';
import { encodeFacts } from '../../src/facts/parse-source.ts';
import { createStoreBuilder, openStore } from '../../src/facts/seal-store.ts';

const Swap = factType('Swap', '', { node: node(), device: string() });
const Pod = factType('Pod', '', { name: string(), phase: string() });
const Hostname = factType('Hostname', '', { node: node(), name: string() });
const KubernetesNode = factType('KubernetesNode', '', { name: string() });
const GatherTime = factType('GatherTime', '', { gatheredAt: time() });
const ClusterVersion = factType('ClusterVersion', '', { clusterId: string() });
const Event = factType('Event', '', { lastAt: time() });
const types = [Swap, Pod, Hostname, KubernetesNode, GatherTime, ClusterVersion, Event];

const source = (path: string, labels: Record<string, string> = {}): Source => ({
  path,
  kind: 'Any',
  layout: 'sosreport',
  root: path.split('/')[0] ?? '',
  labels,
});
const parsed = (facts: readonly Fact[]): ParsedSource => ({
  facts: encodeFacts(facts),
  problems: [],
  hits: [],
  kept: undefined,
  answered: [],
  hosts: [],
  logs: [],
});

function store(files: readonly (readonly [Source, readonly Fact[]])[], newestModified?: string) {
  const builder = createStoreBuilder(types);
  for (const [from, facts] of files) builder.add(from, 1, parsed(facts));
  return openStore(builder.seal(newestModified));
}

test('facts come in the order of paths, whatever order they arrived in', () => {
  const a = [source('a/swaps'), [Swap.fact([2, 2], { device: 'first' })]] as const;
  const b = [source('b/swaps'), [Swap.fact([1, 1], { device: 'second' })]] as const;
  const devices = (order: readonly (typeof a)[]) =>
    store(order)
      .read('Swap')
      .map(({ value }) => value.device);
  assert.equal(devices([a, b]), ['first', 'second']);
  assert.equal(devices([b, a]), ['first', 'second']);
});

test('the same object in a List and in a file of its own counts once, in its newer version', () => {
  const old = Pod.fact([1, 9], { name: 'p', phase: 'Pending' }, { key: 'Pod/p', version: 1 });
  const young = Pod.fact([5, 9], { name: 'p', phase: 'Running' }, { key: 'Pod/p', version: 2 });
  const read = store([
    [source('a/pods.yaml'), [old]],
    [source('a/p.yaml'), [young]],
  ]).read('Pod');
  assert.equal(
    read.map(({ value }) => value.phase),
    ['Running'],
  );
});

test('of two equal versions the first path is kept', () => {
  const pod = (phase: string) => Pod.fact([1, 1], { name: 'p', phase }, { key: 'Pod/p', version: 1 });
  const read = store([
    [source('z/p.yaml'), [pod('later')]],
    [source('a/p.yaml'), [pod('first')]],
  ]).read('Pod');
  assert.equal(
    read.map(({ value }) => value.phase),
    ['first'],
  );
});

test('a source of which every fact is read anew elsewhere takes no room', () => {
  const pod = (version: number) => Pod.fact([1, 9], { name: 'p', phase: 'Running' }, { key: 'Pod/p', version });
  const bytes = (versions: readonly number[]) => {
    const builder = createStoreBuilder(types);
    for (const version of versions) builder.add(source(`a/${version}.yaml`), 1, parsed([pod(version)]));
    return builder.seal().types.get('Pod')?.bytes.length;
  };
  assert.is(bytes([1, 2, 3]), bytes([3]));
});

test('an empty list answers for its type: there are none', () => {
  const builder = createStoreBuilder(types);
  builder.add(source('a/pods.yaml'), 1, { ...parsed([]), answered: ['Pod'] });
  const facts = openStore(builder.seal());
  assert.equal(facts.types, ['Pod']);
  assert.equal(facts.read('Pod'), []);
});

test('facts of a machine take the host name found under the same root, spelled as the cluster spells it', () => {
  const facts = store([
    [source('sos1/hostname'), [Hostname.fact([1, 1], { name: 'worker-1' })]],
    [source('sos1/proc/swaps'), [Swap.fact([2, 2], { device: 'x' })]],
    [source('sos1/nodes.json'), [KubernetesNode.fact([1, 1], { name: 'worker-1.example.com' })]],
    [source('sos2/proc/swaps'), [Swap.fact([2, 2], { device: 'y' })]],
  ]);
  assert.equal(
    facts.read('Swap').map(({ value }) => value.node),
    ['worker-1.example.com', undefined],
  );
});

test('what the path says of the node wins over the host name', () => {
  const facts = store([
    [source('b/hostname'), [Hostname.fact([1, 1], { name: 'bastion' })]],
    [source('b/nodes/w1/swaps', { node: 'w1' }), [Swap.fact([2, 2], { device: 'x' })]],
  ]);
  assert.equal(
    facts.read('Swap').map(({ value }) => value.node),
    ['w1'],
  );
});

test('an object of the cluster never takes the name of the machine it was collected on', () => {
  const facts = store([
    [source('b/hostname'), [Hostname.fact([1, 1], { name: 'w1' })]],
    [source('b/pods.json'), [Pod.fact([1, 1], { name: 'p', phase: 'Pending' })]],
  ]);
  assert.is(facts.read('Pod')[0]?.value.node, undefined);
});

test('the bundle was gathered when its own files say so, else at its newest entry', () => {
  const said = [source('a/timestamp'), [GatherTime.fact([1, 1], { gatheredAt: '2024-05-01T12:00:00Z' })]] as const;
  assert.is(store([said], '2024-06-01T00:00:00Z').gatheredAt, '2024-05-01T12:00:00Z');
  assert.is(store([], '2024-06-01T00:00:00Z').gatheredAt, '2024-06-01T00:00:00Z');
  assert.is(store([]).gatheredAt, undefined);
});

test('entries more than a day newer than the newest event were packed anew, and the event tells the time', () => {
  const events = [source('a/events.yaml'), [Event.fact([1, 1], { lastAt: '2024-05-01T12:00:00Z' })]] as const;
  assert.is(store([events], '2024-05-02T09:00:00Z').gatheredAt, '2024-05-02T09:00:00Z');
  assert.is(store([events], '2024-06-13T09:00:00Z').gatheredAt, '2024-05-01T12:00:00Z');
  assert.is(store([events]).gatheredAt, '2024-05-01T12:00:00Z');
});

test('objects of two clusters are told, though only one of each name is kept', () => {
  const seal = (...ids: readonly string[]) => {
    const builder = createStoreBuilder(types);
    for (const [index, clusterId] of ids.entries())
      builder.add(
        source(`${index}/version.yaml`),
        1,
        parsed([{ ...ClusterVersion.fact([1, 1], { clusterId }), key: 'version' }]),
      );
    return builder.seal();
  };
  assert.is(openStore(seal('a', 'b')).read('ClusterVersion').length, 1);
  assert.equal(
    seal('a', 'b').joins.gaps.map(({ code, path }) => [code, path]),
    [['CLUSTERS_MIXED', '1/version.yaml']],
  );
  assert.equal(seal('a', 'a').joins.gaps, []);
});

/** Enough for several blocks. */
const manyPods = Array.from({ length: 6000 }, (_, at) =>
  Pod.fact([at + 1, at + 1], { name: `pod-${at}`, phase: 'x'.repeat(600) }, { key: `Pod/${at}` }),
);

test('asked for a name, the store leaves out blocks without it and loses no fact that has it', () => {
  const many = store([[source('a/pods.yaml'), manyPods]]);
  for (const name of ['pod-0', 'pod-2999', 'pod-5999']) {
    const some = many.read('Pod', [{ field: 'name', texts: [name, 'nobody'] }]);
    assert.ok(some.length < 4000, `${some.length} facts`);
    assert.is(some.filter(({ value }) => value.name === name).length, 1);
  }
  assert.equal(many.read('Pod', [{ field: 'name', texts: ['nobody'] }]), []);
  assert.is(many.read('Pod').length, 6000);
});

test('a fact is one object, however it was asked for', () => {
  const many = store([[source('a/pods.yaml'), manyPods]]);
  const of = (facts: readonly { readonly value: object }[]) =>
    facts.find(({ value }) => 'name' in value && value.name === 'pod-3000');
  const asked = of(many.read('Pod', [{ field: 'name', texts: ['pod-3000'] }]));
  assert.is(of(many.read('Pod')), asked);
  assert.is(of(many.read('Pod', [{ field: 'name', texts: ['pod-3000'] }])), asked);
});

test('the node that the store fills in is found though no file says it', () => {
  const swaps = Array.from({ length: 3000 }, (_, at) => Swap.fact([1, 1], { device: `${at}${'y'.repeat(600)}` }));
  const files = [
    [source('sos/etc/hostname'), [Hostname.fact([1, 1], { name: 'w1' })]],
    [source('sos/swaps'), swaps],
    [source('k8s/nodes.yaml'), [KubernetesNode.fact([1, 1], { name: 'w1' })]],
  ] as const;
  assert.is(store(files).read('Swap', [{ field: 'node', texts: ['w1'] }]).length, 3000);
});

test('in many facts too the newer of two with one key is kept', () => {
  const young = Pod.fact([9, 9], { name: 'young', phase: '' }, { key: 'Pod/3000', version: 5 });
  const many = store([
    [source('a/pods.yaml'), manyPods],
    [source('b/pods.yaml'), [young]],
  ]).read('Pod');
  assert.is(many.length, 6000);
  assert.equal([many.some(({ value }) => value.name === 'pod-3000'), many.at(-1)?.value.name], [false, 'young']);
});

test.run();
