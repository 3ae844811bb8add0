// Several runs of one cluster: what is new, and that lacking data, other times and other reports are never called a change.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareRuns } from '../../src/batch/compare-runs.ts';
import type { IndexEntry } from '../../src/report/render-index.ts';
import { indexEntry } from '../../src/report/render-index.ts';
import type { Report } from '../../src/report/report.ts';
import { renderJson } from '../../src/report/report-json.ts';
import { newFolder, write } from '../commands/drydock.ts';
import { healthyReport, sampleReport } from '../report/sample-report.ts';

const [finding] = sampleReport.findings;
const [outcome] = sampleReport.outcomes;
const node = { kind: 'Node', name: 'worker-1', node: 'worker-1' } as const;

/** A report of cluster `c` in which the rule `swap` fails on this node, passes, or lacks data. */
function run(day: number, verdict: 'fail' | 'pass' | 'no-data', bundle: Partial<Report['bundle']> = {}): Report {
  if (!finding || !outcome) throw new Error('the sample has nothing in it');
  const swap = {
    ...outcome,
    rule: 'swap',
    title: 'Swap',
    verdict,
    examined: verdict === 'no-data' ? 0 : 3,
    errors: [],
    hints: [],
  };
  return {
    ...healthyReport,
    bundle: {
      ...healthyReport.bundle,
      nodes: ['worker-1'],
      cluster: { id: 'c' },
      gatheredAt: `2026-01-0${day}T00:00:00Z`,
      ...bundle,
    },
    findings:
      verdict === 'fail' ? [{ ...finding, rule: 'swap', id: 'f1', subject: 'node worker-1', objects: [node] }] : [],
    outcomes: [{ ...swap, missing: verdict === 'no-data' ? ['SwapArea'] : [] }],
    coverage: { ...healthyReport.coverage, gaps: [] },
  };
}

async function compared(
  reports: Readonly<Record<string, Report>>,
  change?: (entries: IndexEntry[], folder: string) => void,
) {
  const texts = Object.entries(reports).map(([name, report]) => [`${name}/report.json`, renderJson(report)]);
  const folder = write(newFolder(), Object.fromEntries(texts));
  const entries = Object.entries(reports).map(([name, report]) => indexEntry(report, name));
  change?.(entries, folder);
  const [cluster] = await compareRuns(entries, folder, new Map());
  rmSync(folder, { recursive: true });
  return cluster?.runs.map(({ folder: name, names, since }) => ({ name, names, since })) ?? [];
}
const told = (since: { readonly why?: string; readonly new?: object; readonly fixed?: object } | undefined) =>
  JSON.stringify(since);

test('runs stand in the order of gathering, whatever the order of the folders, each against the one before', async () => {
  const runs = await compared({ a: run(3, 'pass'), b: run(1, 'pass'), c: run(2, 'fail') });
  assert.equal(
    runs.map(({ name }) => name),
    ['b', 'c', 'a'],
  );
  assert.is(runs[0]?.since, undefined);
  assert.is(runs[1]?.since?.folder, 'b');
  assert.is(runs[1]?.since?.new?.count, 1, told(runs[1]?.since));
  assert.equal(
    runs[1]?.since?.new?.findings.map(({ rule, subject }) => [rule, subject]),
    [['swap', 'node worker-1']],
  );
  assert.is(runs[2]?.since?.fixed?.count, 1, told(runs[2]?.since));
});

test('where the later run lacks the data nothing is fixed, and where the earlier lacked it nothing is new', async () => {
  const [, without, again] = await compared({ a: run(1, 'fail'), b: run(2, 'no-data'), c: run(3, 'fail') });
  for (const since of [without?.since, again?.since])
    assert.equal([since?.new?.count, since?.fixed?.count, since?.notComparable], [0, 0, 1], told(since));
});

test('other clusters, and bundles that name none, are no runs of this one', async () => {
  const one = run(1, 'fail');
  assert.equal(await compared({ a: one, b: run(2, 'pass', { cluster: { id: 'd' } }) }), []);
  assert.equal(
    await compared({ a: run(1, 'fail', { cluster: undefined }), b: run(2, 'pass', { cluster: undefined }) }),
    [],
  );
});

test('the same archive under two names is one run with two names', async () => {
  const runs = await compared({ a: run(1, 'fail'), b: run(2, 'pass') }, (entries) => {
    const [first] = entries;
    if (first) entries.push({ ...first, name: 'copy' });
  });
  assert.equal(
    runs.map(({ names }) => names.length),
    [2, 1],
  );
});

test('what cannot be compared says why: no time, one time, no report.json, or that of another run', async () => {
  const why = async (...words: Parameters<typeof compared>) => (await compared(...words)).at(-1)?.since?.why ?? '';
  const [a, b] = [run(1, 'fail'), run(2, 'pass')];
  assert.match(await why({ a: run(1, 'fail', { gatheredAt: undefined }), b }), 'nothing tells when');
  assert.match(await why({ a, b: run(1, 'pass') }), 'the same time');
  assert.match(await why({ a, b }, (_, folder) => rmSync(join(folder, 'b', 'report.json'))), 'no report.json');
  const stale = (_: unknown, folder: string) => void write(folder, { 'b/report.json': renderJson(run(2, 'fail')) });
  assert.match(await why({ a, b }, stale), 'no report.json');
});

test.run();
