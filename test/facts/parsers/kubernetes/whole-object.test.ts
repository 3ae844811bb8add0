// An object whose file was cut at a line end must not be taken for one that lacks what was not written.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from './read.ts';

const pod = `---
apiVersion: v1
kind: Pod
metadata:
  annotations:
    note: x
  creationTimestamp: "2024-05-01T10:00:00Z"
  name: checkout-0
  namespace: shop
  resourceVersion: "7"
  uid: 5ab09ac8-2d5a-4a5c-9a0e-1d1f2d3c4b5a
spec:
  containers:
  - image: shop/checkout
    name: api
  nodeName: worker-1
status:
  phase: Running
  qosClass: BestEffort
  startTime: "2024-05-01T10:00:05Z"
`;
const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  creationTimestamp: "2024-05-01T10:00:00Z"
  name: readers
  resourceVersion: "9"
  uid: 5ab09ac8-2d5a-4a5c-9a0e-1d1f2d3c4b5b
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
`;

const codes = (text: string): readonly string[] => parse(text).problems.map(({ code }) => code);

test('a Pod cut at any line end is told of, and left out', () => {
  const lines = pod.trimEnd().split('\n');
  assert.equal(codes(pod), []);
  assert.ok(parse(pod).facts.length > 0);
  // Without its start time it says all that a rule asks for.
  for (let count = 2; count < lines.length - 1; count++) {
    const text = `${lines.slice(0, count).join('\n')}\n`;
    assert.is(codes(text).length, 1, text);
    assert.equal(parse(text).facts, [], text);
  }
});

test('what cannot be missing of other kinds is known too', () => {
  assert.equal(codes(role), []);
  assert.equal(codes(role.replace('  name: reader\n', '')), ['YAML_TRUNCATED']);
});

test('only the last object of a file can be cut, and only one that a server made', () => {
  const cut = pod.slice(0, pod.indexOf('status:'));
  assert.equal(codes(cut), ['YAML_TRUNCATED']);
  assert.equal(codes(cut + role.replace('apiVersion', '---\napiVersion')), []);
  assert.equal(codes(cut.replace(/ {2}creationTimestamp.*\n/, '')), []);
  assert.equal(codes('apiVersion: v1\nkind: PodList\nitems: null\nmetadata:\n  resourceVersion: "7"\n'), []);
  assert.equal(codes('{"kind":"Pod","apiVersion":"v1","metadata":{"creationTimestamp":"2024-05-01T10:00:00Z"}}'), []);
});

test.run();
