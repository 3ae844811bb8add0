import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderCsv } from '../../src/report/render-csv.ts';
import type { Report } from '../../src/report/report.ts';
import { checkCsv } from '../torture/rendered-exports.ts';
import { isFormula, readCsv } from './read-csv.ts';
import { healthyReport, sampleReport } from './sample-report.ts';

/** The cells of the one finding, by column, when its message and the name of its pod are this. */
function saying(text: string): Readonly<Record<string, string>> {
  const found = sampleReport.findings.find(({ rule }) => rule === 'odd-exclusive-cpus');
  if (!found) throw new Error('the sample has no such finding');
  const finding = { ...found, message: text, objects: [{ kind: 'Pod', name: text }] };
  const [names = [], cells = []] = readCsv(renderCsv({ ...sampleReport, findings: [finding] } satisfies Report));
  return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
}

test('each finding is one row under the names of the columns', () => {
  const rows = readCsv(renderCsv(sampleReport));
  assert.is(
    rows[0]?.join(),
    'severity,rule,catalog,pack,title,subject,message,namespace,kind,name,node,path,first,last,id',
  );
  assert.is(rows.length, sampleReport.findings.length + 1);
  assert.equal(rows[2], [
    'error',
    'odd-exclusive-cpus',
    'CPU-001 CPU-017',
    'cpu-topology',
    'Exclusive CPUs split a physical core between two containers',
    'shop/pricing-0, container engine',
    '3 exclusive CPUs on worker-1, 2 threads a core: CPU 13 shares its core with another container.',
    'shop',
    'Pod',
    'pricing-0',
    'worker-1',
    'must-gather/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-eede85/namespaces/shop/pods/pricing-0/pricing-0.yaml',
    '61',
    '67',
    sampleReport.findings[1]?.id,
  ]);
});

test('a report without findings is the names of the columns alone', () => {
  assert.is(readCsv(renderCsv(healthyReport)).length, 1);
});

test('quotes are doubled, and commas and lines stay within the cell', () => {
  assert.is(saying('a "b", c\nd\te').message, 'a "b", c d e');
});

test('what a spreadsheet would calculate becomes text', () => {
  assert.is(saying('=1+1').message, "'=1+1");
  assert.is(saying('=1+1').name, "'=1+1");
  for (const text of [
    '+1',
    '-1',
    '@SUM(A1)',
    '  =1',
    '\u00a0=1',
    '\t=1',
    '\r=1',
    '"=1',
    '＝1+1',
    'a\n=1',
    'a;=1',
    'a; "=1',
  ])
    assert.not.ok(isFormula(saying(text).message ?? ''), JSON.stringify(text));
});

test('signs inside a cell stay as they are', () => {
  for (const text of ['10.0.0.1 -> 10.0.0.2', 'a=b; c=d', 'core@worker-1', '5-7', "it's"])
    assert.is(saying(text).message, text);
});

test('the rich sample, hostile names included, has no formula and no character that steers', () => {
  assert.equal(checkCsv(renderCsv(sampleReport)), []);
});

test.run();
