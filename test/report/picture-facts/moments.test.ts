import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addedUp, boundedFindings, boundedMoments } from '../../../src/report/picture-facts/bounded-moments.ts';
import { joinedMoments } from '../../../src/report/picture-facts/joined-moments.ts';
import { eventMoments } from '../../../src/report/picture-facts/moments-of-events.ts';
import { objectMoments } from '../../../src/report/picture-facts/moments-of-objects.ts';
import type { Moment } from '../../../src/report/report.ts';
import { eventFact, nodeFact, smallStore } from './small-store.ts';

const eventsOf = (events: readonly object[]) => eventMoments(smallStore({ Event: events as never }));
const objectsOf = (facts: Parameters<typeof smallStore>[0], gatheredAt?: string) =>
  objectMoments(smallStore(facts, gatheredAt), []);

test('equal events within five minutes are one moment with their number and the last time', () => {
  const [first, second, ...rest] = eventsOf([
    eventFact({ count: 300, lastAt: '2024-03-05T10:04:00Z' }),
    eventFact({ involvedName: 'api-1', count: 12, firstAt: '2024-03-05T10:08:00Z', lastAt: '2024-03-05T10:09:00Z' }),
    eventFact({ involvedName: 'api-2', firstAt: '2024-03-05T10:30:00Z', lastAt: '2024-03-05T10:30:00Z' }),
  ]);
  assert.is(first?.count, 312);
  assert.is(first?.until, '2024-03-05T10:09:00Z');
  assert.is(first?.subject, 'Pod shop/api-0 and 1 other');
  assert.is(first?.clock, 'worker-1');
  assert.is(second?.time, '2024-03-05T10:30:00Z');
  assert.is(second?.count, undefined);
  assert.equal(rest, []);
});

test('a normal event is told only where something is different after it', () => {
  const normal = (reason: string, involvedKind = 'Pod') =>
    eventFact({ type: 'Normal', reason, involvedKind, host: '' });
  assert.equal(eventsOf([normal('Pulled'), normal('Started'), normal('Starting')]), []);
  const told = eventsOf([normal('Rebooted', 'Node'), normal('NodeNotReady', 'Node')]);
  assert.equal(
    told.map(({ kind, tone }) => `${kind} ${tone}`),
    ['change plain', 'condition bad'],
  );
});

test('the status event of an operator names the operator and says whether it got worse', () => {
  const [moment] = eventsOf([
    eventFact({
      type: 'Normal',
      reason: 'OperatorStatusChanged',
      message: 'Status for clusteroperator/etcd changed: Degraded changed from False to True ("x")',
    }),
  ]);
  assert.is(moment?.subject, 'operator etcd');
  assert.is(moment?.tone, 'bad');
  assert.equal(moment?.object, { kind: 'ClusterOperator', name: 'etcd' });
});

test('an event without a time is no moment', () => {
  assert.equal(eventsOf([eventFact({ firstAt: undefined, lastAt: undefined })]), []);
});

test('the conditions of a node that turn together are one moment', () => {
  const condition = (type: string) => ({
    node: 'w1',
    type,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    lastTransitionAt: '2024-03-05T10:00:00Z',
  });
  const moments = joinedMoments(
    objectsOf({ NodeCondition: ['MemoryPressure', 'Ready', 'PIDPressure'].map(condition) }),
  );
  assert.equal(
    moments.map(({ text, tone, clock }) => ({ text, tone, clock })),
    [
      {
        text: 'Ready became Unknown: NodeStatusUnknown; MemoryPressure became Unknown, PIDPressure became Unknown',
        tone: 'bad',
        clock: 'kube-controller-manager',
      },
    ],
  );
});

test('a container that ran out of memory is a kill, one that ended with an error a restart', () => {
  const ended = (reason: string, exitCode: number) => ({
    namespace: 'shop',
    pod: 'api-0',
    node: 'w1',
    name: 'api',
    role: 'container',
    restartCount: 1,
    state: {},
    lastState: { terminated: { reason, exitCode, finishedAt: '2024-03-05T10:00:00Z' } },
  });
  const moments = objectsOf({ Container: [ended('OOMKilled', 137), ended('Error', 1)] });
  assert.equal(
    moments.map(({ kind, text }) => `${kind}: ${text}`),
    ['oom: Killed: out of memory, restarted once so far', 'restart: Ended: Error, exit code 1, restarted once so far'],
  );
});

test('the start of a machine is counted back from when its files were read', () => {
  const uptime = { Uptime: [{ node: 'w1', seconds: 3600 }] };
  assert.equal(objectsOf(uptime), []);
  const [moment] = objectsOf({ ...uptime, GatherTime: [{ node: 'w1', gatheredAt: '2024-03-05T10:00:00Z' }] });
  assert.is(moment?.time, '2024-03-05T09:00:00Z');
});

test('a taint that an administrator sets is a change, one of a lost node a failure', () => {
  const taint = (key: string) => ({ key, effect: 'NoExecute', addedAt: '2024-03-05T10:00:00Z' });
  const keys = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/unschedulable', 'dedicated'];
  const moments = objectsOf({ KubernetesNode: [nodeFact('w1', { taints: keys.map(taint) })] });
  assert.equal(
    moments.map(({ tone }) => tone),
    ['bad', 'plain', 'plain'],
  );
});

const many = (count: number, more: Partial<Moment> = {}): Moment[] =>
  Array.from({ length: count }, (_, at) => ({
    time: `2024-03-05T10:${String(at % 60).padStart(2, '0')}:00Z`,
    clock: 'API',
    subject: `pod ${at}`,
    text: 'FailedMount',
    kind: 'event',
    tone: 'plain',
    evidence: { path: 'mg/events.yaml', first: at + 1, last: at + 1 },
    ...more,
  }));

test('of a busy hour the most telling moments stay, and the others are counted', () => {
  const moments = [...many(100), ...many(3, { tone: 'bad', text: 'Evicted' })];
  const { kept, leftOut } = boundedMoments(moments);
  assert.is(kept.length, 24);
  assert.is(kept.filter(({ tone }) => tone === 'bad').length, 3);
  assert.equal(leftOut, [{ hour: '2024-03-05T10', kind: 'event', moments: 79 }]);
});

test('what stays does not hang on the order that comes in', () => {
  const moments = many(100);
  const texts = (given: readonly Moment[]) =>
    boundedMoments(given)
      .kept.map(({ subject }) => subject)
      .sort();
  assert.equal(texts([...moments].reverse()), texts(moments));
});

test('of the moments of findings so many of each hour and rule stay, and no other is touched', () => {
  const moments = [
    ...many(40, { finding: 'a', text: 'One rule' }),
    ...many(2, { finding: 'b', text: 'Another' }),
    ...many(50),
  ];
  const { kept, leftOut } = boundedFindings(moments);
  assert.is(kept.length, 24 + 2 + 50);
  assert.equal(leftOut, [{ hour: '2024-03-05T10', kind: 'event', moments: 16 }]);
  assert.equal(addedUp([leftOut, leftOut]), [{ hour: '2024-03-05T10', kind: 'event', moments: 32 }]);
});

test.run();
