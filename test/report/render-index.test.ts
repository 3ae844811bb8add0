// The index over several reports: what it counts, what it calls unusual, and that nobody's lack of data becomes health.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Verdict } from '../../src/findings/outcome.ts';
import type { FleetIndex, IndexCluster } from '../../src/report/fleet/fleet-index.ts';
import { unusual } from '../../src/report/fleet/outliers.ts';
import { type IndexEntry, indexEntry, renderIndex } from '../../src/report/render-index.ts';
import type { Report } from '../../src/report/report.ts';
import { largeFleet } from '../browser/large-fleet.ts';
import { healthyReport, sampleReport } from './sample-report.ts';

const [someFinding] = sampleReport.findings;
const [someOutcome] = sampleReport.outcomes;

/** A report in which these rules came to these verdicts. */
function entry(
  name: string,
  verdicts: Readonly<Record<string, Verdict>>,
  bundle: Partial<Report['bundle']> = {},
): IndexEntry {
  if (!someFinding || !someOutcome) throw new Error('the sample has nothing in it');
  const failing = Object.keys(verdicts).filter((rule) => verdicts[rule] === 'fail');
  const report: Report = {
    ...healthyReport,
    bundle: { ...healthyReport.bundle, name, ...bundle },
    findings: failing.map((rule) => ({
      ...someFinding,
      rule,
      id: rule.repeat(9),
      title: `${rule} is wrong`,
      severity: 'error',
    })),
    outcomes: Object.entries(verdicts).map(([rule, verdict]) => ({ ...someOutcome, rule, verdict })),
  };
  return indexEntry(report, name);
}

const indexOf = (...words: Parameters<typeof renderIndex>): FleetIndex => JSON.parse(renderIndex(...words).json);
const rows = (page: string) =>
  [...page.matchAll(/<tr data-r="[^"]*".*?<\/tr>/gs)].map(([row]) => row.replace(/<[^>]*>/g, ' '));

test('a rule is held against the bundles in which it could decide: no data, broken and not run are no pass', () => {
  const index = indexOf([
    entry('a', { swap: 'fail' }),
    entry('b', { swap: 'pass' }),
    entry('c', { swap: 'no-data' }),
    entry('d', { swap: 'error' }),
    entry('e', { swap: 'not-applicable' }),
    entry('f', { other: 'pass' }),
  ]);
  const [swap, ...more] = index.rules;
  assert.equal(more, [], 'a rule that fires nowhere is not listed');
  const { bundles, decided, share, noData, broken, notApplicable, notRun } = swap ?? ({} as never);
  assert.equal(
    { bundles, decided, share, noData, broken, notApplicable, notRun },
    {
      ...{ bundles: 1, decided: 2, share: 0.5, noData: 1, broken: 1, notApplicable: 1, notRun: 1 },
    },
  );
  const undecided = index.bundles.filter((bundle) => bundle.undecided.includes('swap')).map(({ name }) => name);
  assert.equal(undecided.sort(), ['c', 'd', 'f']);
  const { html } = renderIndex([
    entry('a', { swap: 'fail' }),
    entry('b', { swap: 'pass' }),
    entry('c', { swap: 'no-data' }),
  ]);
  assert.equal(
    [...html.matchAll(/<td class="heat h-(\w+)">(.*?)<\/td>/g)].map(([, level, text]) => [level, text]),
    [
      ['2', '1'],
      ['0', ''],
      ['unknown', '?'],
    ],
  );
});

test('the same archive under two names is listed twice, and the order of arrival decides nothing', () => {
  const one = indexEntry(sampleReport, 'sample');
  const entries = [one, { ...one, name: 'copy' }, indexEntry(healthyReport, 'a b')];
  const failures = [
    { name: 'z', reason: 'no archive' },
    { name: 'y', reason: 'cut' },
  ];
  const pages = renderIndex(entries, failures);
  assert.equal(renderIndex([...entries].reverse(), [...failures].reverse()), pages);
  const { bundles } = JSON.parse(pages.json) as FleetIndex;
  assert.equal(
    bundles.map(({ name, folder }) => [name, folder]),
    [
      ['copy', 'sample'],
      ['must-gather-checkout-slow', 'sample'],
      ['must-gather-healthy', 'a b'],
    ],
  );
  assert.is(rows(pages.html).length, 3);
  assert.match(pages.html, 'href="a%20b/report.html"');
});

test('a bundle of which nothing could be decided is no healthy one', () => {
  const { html, markdown } = renderIndex([entry('a', { swap: 'pass' }), entry('b', { swap: 'no-data' })]);
  assert.match(markdown, '1 with nothing wrong in what could be looked at and 1 of which nothing could be decided');
  const marks = [...html.matchAll(/<th scope="row"><svg class="mark s-(\w+)".*?>(\w+)<\/a>/g)].map(([, mark, name]) => [
    name,
    mark,
  ]);
  assert.equal(marks, [
    ['a', 'fine'],
    ['b', 'unknown'],
  ]);
});

test('where no page was asked for, the index leads to what there is', () => {
  const { html } = renderIndex([indexEntry(sampleReport, 'a?b', 'report.md')]);
  assert.match(html, 'href="a%3Fb/report.md"');
});

test('a bundle stands out by the median of its own kind, and where there are few, none does', () => {
  const rules = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`rule-${at}`, 'fail' as const]));
  const calm = Array.from({ length: 9 }, (_, at) => entry(`calm-${at}`, rules(2 + (at % 2))));
  const nodes = Array.from({ length: 9 }, (_, at) => entry(`node-${at}`, rules(12), { kinds: ['sosreport'] }));
  const named = (entries: readonly IndexEntry[]) =>
    indexOf(entries).bundles.flatMap(({ name, outlier }) => (outlier ? [[name, outlier.rules, outlier.median]] : []));
  assert.equal(named([...calm, ...nodes, entry('loud', rules(12))]), [['loud', 12, 2.5]]);
  assert.equal(named([...calm.slice(0, 3), entry('loud', rules(12))]), []);
  assert.match(
    renderIndex([...calm, entry('loud', rules(12))]).markdown,
    'Unusually many rules fire in `loud` (12, median 2.5)',
  );
});

test('what hardly varies does not stand out by one', () => {
  const judge = unusual([4, 4, 4, 4, 4, 4, 4, 4]);
  assert.equal(
    [4, 5, 8, 9].map((count) => judge?.standsOut(count)),
    [false, false, false, true],
  );
});

test('a rule that fires in one of many bundles is called rare', () => {
  const many = Array.from({ length: 30 }, (_, at) =>
    entry(`b-${at}`, { odd: at === 3 ? 'fail' : 'pass', usual: at % 2 ? 'fail' : 'pass' }),
  );
  assert.equal(
    indexOf(many).rules.map(({ rule, rare = false }) => [rule, rare]),
    [
      ['usual', false],
      ['odd', true],
    ],
  );
  const unsure = many.map((each, at) => (at === 3 ? each : entry(each.name, { odd: 'no-data' })));
  assert.is(indexOf(unsure).rules.find(({ rule }) => rule === 'odd')?.rare, undefined, 'nobody knows of the others');
});

const cluster: IndexCluster = {
  id: 'c-1',
  runs: [
    { folder: 'one', page: 'report.html', names: ['one'], gatheredAt: '2026-01-01T00:00:00Z' },
    {
      folder: 'two',
      page: 'report.html',
      names: ['two'],
      gatheredAt: '2026-01-02T00:00:00Z',
      since: {
        folder: 'one',
        new: {
          count: 7,
          findings: [{ id: 'i', rule: 'swap', title: 'Swap <b>is</b> on', severity: 'error', subject: 'node w|1' }],
        },
        ...{ changed: 1, still: 2, fixed: { count: 3, findings: [] }, gone: 4, notComparable: 5 },
      },
    },
    {
      folder: 'three',
      page: 'report.html',
      names: ['three'],
      since: { folder: 'two', why: 'not compared: nothing tells when' },
    },
  ],
};

test('what is new since the run before stands at the cluster and at the bundle, and what is unknown is said to be', () => {
  const entries = ['one', 'two', 'three'].map((name) => entry(name, { swap: 'pass' }));
  const { html, markdown } = renderIndex(entries, [], [{ ...cluster, runs: cluster.runs.slice(0, 2) }]);
  assert.match(html, 'Swap &lt;b&gt;is&lt;/b&gt; on');
  assert.match(markdown, '| `c-1` | `two`  | 7 | 3 | 3 | 4 | 5 |');
  assert.match(markdown, '- New, Error: Swap `<b>is</b>` on `node w\\|1`');
  assert.match(renderIndex(entries, [], [cluster]).markdown, '`three` not compared: nothing tells when');
  const last = (page: string) => rows(page).map((row) => row.trim().split(/\s+/).at(-1));
  assert.equal(last(renderIndex(entries, [], [cluster]).html).sort(), ['7', 'first', 'unknown']);
});

test('index.json is valid against its schema, and nothing in it is unknown there', () => {
  const schema = JSON.parse(readFileSync(new URL('../../src/report/index.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const samples = [
    renderIndex(
      [indexEntry(sampleReport, 'a'), indexEntry(healthyReport, 'b')],
      [{ name: 'x', reason: 'y' }],
      [cluster],
    ),
    largeFleet(40),
  ];
  for (const { json } of samples) assert.ok(validate(JSON.parse(json)), JSON.stringify(validate.errors));
});

test('of 2,000 bundles and 100 rules the page stays below 5 MB, and the page for a ticket is short', () => {
  const { html, markdown } = largeFleet(2000);
  assert.is(rows(html).length, 2000);
  assert.ok(Buffer.byteLength(html) < 5_000_000, `${Buffer.byteLength(html)}`);
  assert.ok(Buffer.byteLength(markdown) < 40_000, `${Buffer.byteLength(markdown)}`);
  assert.match(markdown, '1,960 further bundles in index.json.');
});

test.run();
