import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderSummary, severityLine } from '../../src/report/render-summary.ts';
import { healthyReport, sampleReport } from './sample-report.ts';

const plain = renderSummary(sampleReport, { color: false });

test('it counts severities and names the worst first', () => {
  assert.match(plain, /✖ critical +1 +1 subject\n/);
  assert.match(plain, /▲ warning +4 +211 subjects\n/);
  assert.ok(plain.indexOf('An etcd member') < plain.indexOf('Container has no memory limit ×200'));
});

test('it says what was not decided and not read', () => {
  assert.ok(plain.includes('6 passed, 7 failed, 2 did not apply, 5 lack data, 1 broke'));
  assert.ok(plain.includes('242 with a gap'));
});

test('without colour no byte steers the terminal, whatever the bundle holds', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(plain, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});

test('with colour there is nothing but colour', () => {
  const coloured = renderSummary(sampleReport, { color: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is taken away
  assert.is(coloured.replace(/\u001b\[\d+m/g, ''), plain);
});

test('no line of a bundle begins a line, so none can be a workflow command', () => {
  for (const line of plain.split('\n').slice(2)) assert.match(line, /^(?: {2}|$)/);
});

test('a healthy bundle is said to be so, with what lacks data', () => {
  const healthy = renderSummary(healthyReport, { color: false });
  assert.ok(healthy.includes('✔ Nothing wrong in what 14 rules looked at'));
  assert.ok(healthy.includes('5 lack data'));
});

test('counts of severities stand in one line, with their colours where there are any', () => {
  const counts = { critical: 2, error: 1, warning: 0, info: 3 };
  assert.is(severityLine(counts, { color: false }), '2 critical, 1 error, 3 notes');
  assert.is(
    severityLine(counts, { color: true }),
    '\u001b[35m2 critical\u001b[0m, \u001b[31m1 error\u001b[0m, \u001b[34m3 notes\u001b[0m',
  );
  assert.is(severityLine({ critical: 0, error: 0, warning: 0, info: 0 }, { color: true }), 'no findings');
});

test.run();
