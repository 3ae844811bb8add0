import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clocksView } from '../../../src/report/pictures/clocks.ts';
import { justBeforeView } from '../../../src/report/pictures/just-before.ts';
import { timelineView } from '../../../src/report/pictures/timeline.ts';
import { timelineDrawing } from '../../../src/report/pictures/timeline-drawing.ts';
import { tellingRange } from '../../../src/report/pictures/timeline-range.ts';
import { gatheredAt, smallFinding, smallMoment, smallReport } from './small-report.ts';

const at = (text: string) => Date.parse(`2024-03-05T${text}Z`);
const hour = { from: at('11:00:00'), to: at('12:00:00') };
const moment = (time: string, more = {}) => smallMoment(`2024-03-05T${time}Z`, more);

test('a moment stands where its time is between the ends of the stretch', () => {
  const { lanes, left, right } = timelineDrawing([moment('11:30:00')], hour, hour, Number.NaN);
  const [mark] = lanes[0]?.marks ?? [];
  assert.is(mark?.x, (left + right) / 2);
  assert.is(mark?.y, 60);
  assert.is(mark?.tip, '2024-03-05 11:30:00 UTC node w1: Ready became False');
});

test('moments that would touch are one mark with their number, and the worst tells its form', () => {
  const close = [moment('11:30:00', { tone: 'good' }), moment('11:30:30'), moment('11:31:00', { tone: 'plain' })];
  const { lanes } = timelineDrawing([...close, moment('11:50:00')], hour, hour, Number.NaN);
  assert.equal(
    lanes[0]?.marks.map(({ number, tone }) => `${number} ${tone}`),
    ['3 bad', ' bad'],
  );
  assert.match(lanes[0]?.marks[0]?.tip ?? '', /11:30:30 .*, and 2 others$/);
});

test('each kind has a lane, and what lies outside of the stretch no mark', () => {
  const moments = [moment('09:00:00', { kind: 'event' }), moment('11:10:00', { kind: 'change' })];
  const { lanes } = timelineDrawing(moments, hour, { from: at('08:00:00'), to: hour.to }, Number.NaN);
  assert.equal(
    lanes.map(({ kind, marks }) => `${kind} ${marks.length}`),
    ['change 1', 'event 0'],
  );
});

test('what lasts is a bar, cut at the ends of the stretch', () => {
  const { lanes, left } = timelineDrawing(
    [moment('10:00:00', { until: '2024-03-05T11:30:00Z' })],
    hour,
    hour,
    Number.NaN,
  );
  assert.equal(lanes[0]?.bars, [{ x: left, y: 69, width: 432 }]);
});

test('hours are written in UTC, days where a stretch has several', () => {
  const texts = (range: { from: number; to: number }) =>
    timelineDrawing([moment('11:00:00')], range, range, Number.NaN).ticks.map(({ text }) => text);
  assert.equal(texts(hour).slice(0, 3), ['11:05', '11:10', '11:15']);
  assert.equal(texts({ from: at('00:00:00') - 4 * 86_400_000, to: at('00:00:00') }).slice(0, 3), [
    '12:00',
    '03-02',
    '12:00',
  ]);
});

test('the stretch that is shown first holds what tells, not what happened months ago', () => {
  const old = Array.from({ length: 6 }, () => smallMoment('2023-06-01T08:00:00Z', { kind: 'change', tone: 'plain' }));
  const moments = [...old, moment('11:05:00', { finding: 'a' }), moment('11:50:00')];
  const { from, to } = tellingRange(moments, Date.parse(gatheredAt), () => 'critical');
  assert.is(new Date(from).toISOString(), '2024-03-05T11:04:00.000Z');
  assert.is(new Date(to).toISOString(), '2024-03-05T12:01:00.000Z');
});

test('the end of a certificate in the future does not widen that stretch', () => {
  const ends = smallMoment('2024-03-09T00:00:00Z', { kind: 'certificate' });
  const { to } = tellingRange([moment('11:50:00'), ends], Date.parse(gatheredAt), () => undefined);
  assert.ok(to < at('12:10:00'));
});

test('what came before a finding is of its node, its namespace or the whole, and not older than 15 minutes', () => {
  const finding = smallFinding({ objects: [{ kind: 'Pod', namespace: 'shop', name: 'api-0', node: 'w1' }] });
  const pod = (namespace: string) => ({ kind: 'Pod', namespace, name: 'x' });
  const timeline = [
    moment('11:40:00', { text: 'too old' }),
    moment('11:46:00', { text: 'same node' }),
    moment('11:50:00', { text: 'same namespace', object: pod('shop') }),
    moment('11:51:00', { text: 'elsewhere', object: pod('other') }),
    moment('11:52:00', { text: 'other node', object: { kind: 'Node', name: 'w2' } }),
    moment('11:53:00', { text: 'cluster', object: { kind: 'ClusterVersion' }, kind: 'change' }),
    moment('11:58:30', { text: 'the finding', finding: finding.id }),
    moment('11:59:00', { text: 'later' }),
  ];
  const { entries } = justBeforeView(smallReport({ findings: [finding], timeline }));
  assert.equal(
    entries[0]?.moments.map(({ lag, text, place }) => `${lag} ${text} ${place}`),
    [
      '12:30 same node mg/nodes/w1.yaml:4-9',
      '8:30 same namespace mg/nodes/w1.yaml:4-9',
      '5:30 cluster mg/nodes/w1.yaml:4-9',
    ],
  );
  assert.is(entries[0]?.href, `#f-${'a'.repeat(12)}`);
});

test('a warning asks for nothing before it, and a finding with nothing before it is counted', () => {
  const told = (severity: 'warning' | 'error') =>
    justBeforeView(
      smallReport({
        findings: [smallFinding({ severity })],
        timeline: [moment('11:00:00', { finding: 'a'.repeat(64) })],
      }),
    );
  assert.not.ok(told('warning').any);
  assert.equal(told('error').entries, []);
  assert.match(told('error').silent, /^Before 1 timed finding /);
});

test('of too many moments those of findings stay, in the order of time, and the rest is counted', () => {
  const finding = smallFinding();
  const timeline = Array.from({ length: 500 }, (_, index) =>
    smallMoment(
      new Date(at('00:00:00') + index * 60_000).toISOString(),
      index === 3 ? { finding: finding.id } : { tone: 'good' },
    ),
  );
  const view = timelineView(
    smallReport({
      findings: [finding],
      timeline,
      timelineLeftOut: [{ hour: '2024-03-05T10', kind: 'event', moments: 7 }],
    }),
  );
  const shown = view.days.flatMap(({ moments }) => moments);
  assert.is(shown.length, 400);
  assert.is(shown.filter(({ href }) => href !== '').length, 1);
  assert.equal(
    [...shown].sort((a, b) => a.at - b.at),
    shown,
  );
  assert.equal(view.more, [
    '100 less telling moments not shown here; all are in report.json.',
    'Of the busiest hours 7 more moments were left out, counted by hour and kind in report.json.',
  ]);
});

test('a moment whose time nobody can read is not drawn, and a report without moments has no picture', () => {
  const view = timelineView(smallReport({ timeline: [smallMoment('yesterday')] }));
  assert.not.ok(view.any);
  assert.equal(view.drawing, []);
});

test('a moment of an older report, without its kind, stands among the findings', () => {
  const { time, clock, subject, text, evidence } = moment('11:00:00');
  const view = timelineView(smallReport({ timeline: [{ time, clock, subject, text, evidence }] }));
  assert.is(view.drawing[0]?.lanes[0]?.word, 'Findings');
});

test('the drawing is the same for the same report', () => {
  const report = smallReport({ timeline: [moment('11:00:00'), moment('11:00:01')] });
  assert.is(JSON.stringify(timelineView(report)), JSON.stringify(timelineView(structuredClone(report))));
});

test('clocks that are off are named with their place, the others counted', () => {
  const evidence = { path: 'sos/chronyc', first: 5, last: 5 };
  const view = clocksView(
    smallReport({
      clocks: [
        { node: 'w1', offsetSeconds: -0.213402, synchronized: true, evidence },
        { node: 'w2', behindApiSeconds: 7, evidence },
        { node: 'w3', offsetSeconds: 0.00001, synchronized: true, evidence },
        { node: 'w4', synchronized: false, evidence },
      ],
    }),
  );
  assert.equal(
    view.off.map(({ node, text, place }) => `${node} ${text} ${place}`),
    [
      'w1 0.213 s behind its reference sos/chronyc:5',
      'w2 at least 7 seconds behind the API server: a pod was started before it was made sos/chronyc:5',
      'w4 not in step with any reference sos/chronyc:5',
    ],
  );
  assert.is(view.fine, '1 node within 0.1 s of the reference.');
});

test.run();
