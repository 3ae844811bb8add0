import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { workloadOf } from '../../src/diff/derived.ts';
import { leafPlace } from '../../src/diff/leaf-place.ts';
import { leavesOf } from '../../src/diff/leaves.ts';
import { steadyPaths } from '../../src/diff/steady-path.ts';
import { loadTable } from '../../src/diff/table.ts';

const texts = (value: unknown) => leavesOf(value).map(({ path, text }) => `${path}=${text}`);

test('a list is taken apart by the names of its entries, in whatever order they stand', () => {
  const api = { name: 'api', image: 'a:1', args: ['-v', '-a'] };
  const log = { name: 'log', image: 'l:2' };
  assert.equal(texts({ containers: [api, log] }).sort(), texts({ containers: [log, api] }).sort());
  assert.equal(texts({ containers: [api] }), ['containers[api].image=a:1', 'containers[api].args=-v, -a']);
});

test('a list of words is a set, but for arguments', () => {
  assert.equal(texts({ groups: ['b', 'a'], command: ['b', 'a'] }), ['groups=a, b', 'command=b, a']);
});

test('entries without a name of their own are held as they are, whatever the order of their keys', () => {
  assert.equal(texts({ from: [{ a: 1, b: 2 }, { a: 1 }] }), texts({ from: [{ a: 1 }, { b: 2, a: 1 }] }));
});

test('what is not set and what is empty is the same', () => {
  assert.equal(texts({ a: null, b: {}, c: [], d: 0, e: false, f: '' }), ['d=0', 'e=false', 'f=']);
});

const lines = `- apiVersion: apps/v1
  spec:
    containers:
    - image: "a:1"
      name: api
      resources:
        limits:
          memory: 1Gi
    - name: log
      resources:
        limits:
          memory: 1Gi
    tolerations:
    - key: x
    paused: true`.split('\n');

const placeOf = (path: string, text: string) => {
  const object = {
    spec: {
      containers: [
        { image: 'a:1', name: 'api', resources: { limits: { memory: '1Gi' } } },
        { name: 'log', resources: { limits: { memory: '1Gi' } } },
      ],
      paused: true,
    },
  };
  const leaf = leavesOf(object).find((each) => each.path === path);
  return leaf && leafPlace(lines, 101, leaf.steps, text);
};

test('a leaf is found on its own line, not on that of its neighbour', () => {
  assert.equal(placeOf('spec.containers[api].resources.limits.memory', '1Gi'), [108, 108]);
  assert.equal(placeOf('spec.containers[log].resources.limits.memory', '1Gi'), [112, 112]);
  assert.equal(placeOf('spec.containers[api].image', 'a:1'), [104, 104]);
  assert.equal(placeOf('spec.paused', 'true'), [115, 115]);
});

test('a line that says something else is not shown as the place', () => {
  assert.is(placeOf('spec.containers[api].image', 'a:2'), undefined);
});

test('the path of a file is the same in another bundle', () => {
  const steady = steadyPaths(['must-gather/quay-io-sha256-1', 'sosreport-a-2024-09-03-x', '']);
  assert.is(steady('must-gather/quay-io-sha256-1/namespaces/a/a.yaml'), 'namespaces/a/a.yaml');
  assert.is(steady('sosreport-a-2024-09-03-x/proc/cmdline'), 'proc/cmdline');
  assert.is(steadyPaths(undefined)('x/sosreport-b-2024-09-03-x/proc/sys/kernel/panic'), 'proc/sys/kernel/panic');
  assert.is(steadyPaths(undefined)('pods.yaml'), 'pods.yaml');
});

test('pods are known by what makes them anew', () => {
  assert.is(workloadOf('ReplicaSet web-6c9f7d5b8', 'web-6c9f7d5b8-4xk2p'), 'Deployment web');
  assert.is(workloadOf('ReplicaSet own', 'own-4xk2p'), 'ReplicaSet own');
  assert.is(workloadOf('Job sync-28391200', 'sync-28391200-abcde'), 'Job sync');
  assert.is(workloadOf('StatefulSet db', 'db-0'), 'StatefulSet db');
});

test('the table of what is compared names facts and fields that there are', () => {
  assert.ok(loadTable().compared.length > 80);
  const wrong = (fact: string) =>
    `volatile: []\nfacts:\n  - { group: G, kind: K, fact: ${fact}, key: [name], fields: [colour] }\nobjects: []\n`;
  assert.throws(() => loadTable(wrong('Podd')), 'rules/diff.yaml: there is no fact type Podd');
  assert.throws(() => loadTable(wrong('Pod')), 'rules/diff.yaml: Pod has no field colour');
});

test.run();
