import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reportNodes } from '../../../src/report/picture-facts/nodes.ts';
import { nodeFact, smallStore } from './small-store.ts';

const gibibyte = 1024 ** 3;
const pod = (name: string, node: string, phase: string, cpuMillis: number) => ({
  namespace: 'shop',
  name,
  node,
  phase,
  effectiveRequests: { cpuMillis, memoryBytes: gibibyte },
});
const container = (pod: string, limits: object, role = 'container') => ({
  namespace: 'shop',
  pod,
  node: 'w1',
  role,
  limits,
});

test('requests and limits of a node count the pods on it that have not ended', () => {
  const [node] = reportNodes(
    smallStore({
      KubernetesNode: [nodeFact('w1')],
      Pod: [pod('a', 'w1', 'Running', 500), pod('b', 'w1', 'Succeeded', 9000), pod('c', '', 'Pending', 100)],
      Container: [
        container('a', { cpuMillis: 1000, memoryBytes: 2 * gibibyte }),
        container('a', {}),
        container('a', { cpuMillis: 7000 }, 'init'),
        container('b', { cpuMillis: 5000 }),
      ],
    }),
  );
  assert.equal(node?.requested, { cpuMillis: 500, memoryBytes: gibibyte, pods: 1 });
  assert.equal(node?.limit, { cpuMillis: 1000, memoryBytes: 2 * gibibyte, withoutCpu: 1, withoutMemory: 1 });
  assert.equal(node?.allocatable, { cpuMillis: 4000, memoryBytes: 8 * gibibyte, pods: 250 });
});

test('only conditions that are not as they should be are kept', () => {
  const condition = (type: string, status: string) => ({
    node: 'w1',
    type,
    status,
    reason: 'R',
    lastTransitionAt: '2024-03-05T10:00:00Z',
  });
  const [node] = reportNodes(
    smallStore({
      KubernetesNode: [nodeFact('w1', { ready: 'False' })],
      NodeCondition: [
        condition('Ready', 'False'),
        condition('DiskPressure', 'False'),
        condition('MemoryPressure', 'True'),
      ],
    }),
  );
  assert.equal(
    node?.conditions.map(({ type, status }) => `${type} ${status}`),
    ['MemoryPressure True', 'Ready False'],
  );
  assert.is(node?.ready, 'False');
});

test('a machine without a Node object is a node whose state nobody told', () => {
  const [node] = reportNodes(
    smallStore({
      Hostname: [{ node: 'w7', name: 'w7.example' }],
      NodeMemory: [{ node: 'w7', totalBytes: 100, availableBytes: 40 }],
    }),
  );
  assert.equal(node, {
    name: 'w7',
    roles: [],
    gathered: true,
    conditions: [],
    used: { memoryBytes: 60, totalBytes: 100, evidence: { path: 'mg/NodeMemory.yaml', first: 1, last: 10 } },
  });
});

test('nodes come in the order of their names, whatever the order of the files', () => {
  const names = (facts: readonly string[]) =>
    reportNodes(smallStore({ KubernetesNode: facts.map((name) => nodeFact(name)) })).map(({ name }) => name);
  assert.equal(names(['w10', 'w1', 'w2']), ['w1', 'w10', 'w2']);
  assert.equal(names(['w2', 'w10', 'w1']), ['w1', 'w10', 'w2']);
});

test.run();
