import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { overviewView } from '../../../src/report/pictures/overview.ts';
import { smallFinding, smallOutcome, smallReport } from './small-report.ts';

const outcomes = [
  smallOutcome('passes'),
  smallOutcome('waits', { verdict: 'no-data' }),
  smallOutcome('node-not-ready', { verdict: 'fail' }),
  smallOutcome('broke', { verdict: 'error', pack: 'etcd' }),
  smallOutcome('fine', { pack: 'swap' }),
];

test('each rule is one mark of its pack, what fails first', () => {
  const findings = [smallFinding({ severity: 'warning' }), smallFinding({ id: 'b', severity: 'critical' })];
  const view = overviewView(smallReport({ outcomes, findings }));
  const [first, second] = view.packs;
  assert.is(first?.sentence, '1 critical, 1 no data, 1 pass');
  assert.equal(
    first?.marks.map(({ state, x, y }) => ({ state, x, y })),
    [{ state: 'critical', x: 0, y: 0 }],
  );
  assert.equal(first?.paths, [
    { state: 'no-data', d: 'M16 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0' },
    { state: 'pass', d: 'M30 6l3 3 5-6' },
  ]);
  assert.is(second?.sentence, '1 broken');
  assert.equal(
    view.quiet.map(({ name }) => name),
    ['swap'],
  );
  assert.is(view.quietTitle, '1 other pack, where nothing fails');
});

test('marks go on in the next row after 24', () => {
  const many = Array.from({ length: 50 }, (_, at) => smallOutcome(`r${at}`));
  const [pack] = overviewView(smallReport({ outcomes: many })).quiet;
  assert.is(pack?.width, 336);
  assert.is(pack?.height, 42);
  assert.ok(pack?.paths[0]?.d.endsWith('M16 34l3 3 5-6'));
});

test('the legend holds only what is drawn', () => {
  const view = overviewView(smallReport({ outcomes, findings: [smallFinding()] }));
  assert.equal(
    view.legend.map(({ word }) => word),
    ['errors', 'broken', 'no data', 'pass'],
  );
});

test('without rules there is no picture', () => {
  assert.not.ok(overviewView(smallReport()).any);
});

test.run();
