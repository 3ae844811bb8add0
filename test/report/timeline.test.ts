import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ToldFinding, timelineOf } from '../../src/report/timeline.ts';
import { smallMoment } from './pictures/small-report.ts';

const time = '2024-03-05T10:00:00Z';
const told = (times: readonly string[], more: Partial<ToldFinding> = {}): ToldFinding => ({
  id: 'f1',
  title: 'Node is not ready',
  kind: 'finding',
  rule: 'node-not-ready',
  severity: 'error',
  subject: 'node w1',
  message: '',
  objects: [{ kind: 'Node', name: 'w1' }],
  evidence: [{ path: 'mg/nodes/w1.yaml', span: [5, 8], binding: 'node' }],
  times,
  ...more,
});

test('what an object and a finding say of the same lines and time is one moment, in the words of the finding', () => {
  const [moment, ...rest] = timelineOf([told([time])], [smallMoment(time, { clock: 'kube-controller-manager' })]);
  assert.equal(rest, []);
  assert.is(moment?.text, 'Node is not ready');
  assert.is(moment?.kind, 'condition');
  assert.is(moment?.clock, 'kube-controller-manager');
  assert.is(moment?.finding, 'f1');
});

test('a time at which all was well is no moment of a finding that only measured from it', () => {
  const joined = smallMoment(time, { text: 'Node joined the cluster', tone: 'plain', kind: 'change' });
  const moments = timelineOf([told([time])], [joined]);
  assert.equal(
    moments.map(({ text }) => text),
    ['Node joined the cluster'],
  );
});

test('the time of gathering, from which ages are measured, is no moment', () => {
  const moments = timelineOf([told([time, '2024-03-05T12:00:00.902Z'])], [], '2024-03-05T12:00:00.902113118Z');
  assert.equal(
    moments.map((moment) => moment.time),
    [time],
  );
});

test('moments of other lines stay beside it, in the order of time', () => {
  const other = smallMoment('2024-03-05T09:59:59.5Z', { evidence: { path: 'mg/nodes/w1.yaml', first: 9, last: 9 } });
  const moments = timelineOf([told([time])], [other]);
  assert.equal(
    moments.map(({ text }) => text),
    ['Ready became False', 'Node is not ready'],
  );
});

test.run();
