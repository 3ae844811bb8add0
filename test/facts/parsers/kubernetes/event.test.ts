import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value } from './read.ts';

const event = `apiVersion: v1
kind: Event
metadata: { name: checkout-0.17a, namespace: shop, creationTimestamp: "2024-05-01T12:00:00Z" }
involvedObject:
  kind: Pod
  namespace: shop
  name: checkout-0
  uid: u1
  fieldPath: spec.containers{api}
reason: Unhealthy
message: 'Liveness probe failed: context deadline exceeded'
source: { component: kubelet, host: worker-1 }
firstTimestamp: "2024-05-01T12:00:00Z"
lastTimestamp: "2024-05-01T12:10:00Z"
count: 12
type: Warning
`;

test('an event tells what happened to what, how often and when', () => {
  assert.equal(value('Event', event), {
    namespace: 'shop',
    name: 'checkout-0.17a',
    reason: 'Unhealthy',
    type: 'Warning',
    message: 'Liveness probe failed: context deadline exceeded',
    count: 12,
    firstAt: '2024-05-01T12:00:00Z',
    lastAt: '2024-05-01T12:10:00Z',
    involvedKind: 'Pod',
    involvedNamespace: 'shop',
    involvedName: 'checkout-0',
    involvedUid: 'u1',
    fieldPath: 'spec.containers{api}',
    container: 'api',
    component: 'kubelet',
    host: 'worker-1',
  });
  const line = lineOf(event, 'Liveness');
  assert.equal(facts('Event', event)[0]?.at?.message, [line, line]);
});

test('an event of events.k8s.io reads the same', () => {
  const it = value(
    'Event',
    `apiVersion: events.k8s.io/v1
kind: Event
metadata: { name: e, namespace: n }
eventTime: "2024-05-01T12:00:00.123456Z"
reportingController: default-scheduler
regarding: { kind: Pod, namespace: n, name: p }
reason: FailedScheduling
note: 0/3 nodes are available
series: { count: 7, lastObservedTime: "2024-05-01T12:05:00.000001Z" }
deprecatedFirstTimestamp: null
`,
  );
  assert.equal([it.message, it.count, it.component], ['0/3 nodes are available', 7, 'default-scheduler']);
  assert.equal([it.firstAt, it.lastAt], ['2024-05-01T12:00:00.123456Z', '2024-05-01T12:05:00.000001Z']);
  assert.equal([it.involvedKind, it.involvedName], ['Pod', 'p']);
});

test('an event without times happened when it was written', () => {
  const it = value(
    'Event',
    'apiVersion: v1\nkind: Event\nmetadata: { name: e, namespace: n, creationTimestamp: "2024-05-01T12:00:00Z" }\nfirstTimestamp: null\nlastTimestamp: null\n',
  );
  assert.equal([it.firstAt, it.lastAt, it.count], ['2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z', 1]);
});

test.run();
