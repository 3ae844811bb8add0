import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildDiff } from '../../src/diff/build-diff.ts';
import type { Diff } from '../../src/diff/diff.ts';
import { renderDiff } from '../../src/diff/render-diff.ts';
import { diffSummary } from '../../src/diff/summary.ts';
import { loadTable } from '../../src/diff/table.ts';
import type { FactStore } from '../../src/facts/store.ts';
import type { Report, ReportFinding } from '../../src/report/report.ts';
import { hostileTexts, sampleReport } from '../report/sample-report.ts';

const table = loadTable();
const schema = JSON.parse(readFileSync(new URL('../../src/report/diff.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

const ofReports = (before: Report, after: Report): Diff =>
  buildDiff({
    tool: { name: 'drydock', version: '1' },
    before: { report: before, from: 'report' },
    after: { report: after, from: 'report' },
    rules: new Map(),
    table,
  });

const without = (report: Report, finding: ReportFinding | undefined): Report => ({
  ...report,
  findings: report.findings.filter((each) => each !== finding),
});
const [first] = sampleReport.findings;

/** Facts of one type, each on the line after the last. */
const storeOf = (type: string, values: readonly Readonly<Record<string, unknown>>[]): FactStore => ({
  types: [type],
  read: (name) =>
    name === type ? values.map((value, at) => ({ value, path: 'a/cm.yaml', span: [at + 1, at + 1] as const })) : [],
  logSources: () => 0,
  hits: () => [],
});

const ofValues = (before: string, after: string, fromBefore: 'bundle' | 'saved facts' = 'bundle'): Diff => {
  const side = (text: string, from: 'bundle' | 'saved facts' = 'bundle') => ({
    report: { ...sampleReport, findings: [] },
    from,
    facts: storeOf('KubeletFlags', [{ node: 'w', origin: 'process', flags: { 'node-labels': text } }]),
    lines: () => [`--node-labels=${text}`],
  });
  return buildDiff({
    tool: { name: 'drydock', version: '1' },
    before: side(before, fromBefore),
    after: side(after),
    rules: new Map(),
    table,
  });
};

test('two equal reports: what fails still fails, and objects are said not to be compared', () => {
  const diff = ofReports(sampleReport, sampleReport);
  const { still, ...others } = diff.findings;
  assert.is(still.length, sampleReport.findings.length);
  assert.equal(Object.values(others).flat(), []);
  assert.is(diff.settings.compared, false);
  for (const format of ['html', 'md'] as const)
    assert.match(renderDiff(diff, format), /[Oo]bjects and settings were not compared|Not compared/);
  assert.match(
    diff.warnings.join('\n'),
    /Objects and settings were not compared: of before and after there is only the report/,
  );
});

test('a report alone does not make a finding fixed when its object is named nowhere', () => {
  assert.ok(first);
  const bare: Report = { ...without(sampleReport, first), timeline: [], findings: [], nodes: [] };
  const { findings } = ofReports({ ...sampleReport, findings: [first] }, bare);
  assert.equal(findings.fixed, []);
  assert.is(findings.gone.length + findings.notComparable.length, 1);
});

test('a rule that did not run, broke or lacked data leaves its findings undecided', () => {
  assert.ok(first);
  const outcomes = sampleReport.outcomes.filter(({ rule }) => rule !== first.rule);
  const own = sampleReport.outcomes.find(({ rule }) => rule === first.rule);
  assert.ok(own);
  const gone = { ...without(sampleReport, first), findings: [] };
  const before = { ...sampleReport, findings: [first] };
  const cases: [Report, RegExp][] = [
    [{ ...gone, outcomes }, /the rule did not run after/],
    [
      { ...gone, outcomes: [...outcomes, { ...own, verdict: 'error', errors: ['no such key'] }] },
      /broke after: no such key/,
    ],
    [{ ...gone, outcomes: [...outcomes, { ...own, verdict: 'no-data', missing: ['Pod'] }] }, /Pod is missing after/],
  ];
  for (const [after, why] of cases) {
    const { fixed, notComparable } = ofReports(before, after).findings;
    assert.equal(fixed, []);
    assert.match(notComparable[0]?.why ?? '', why);
  }
});

test('other lines for the same trouble are a change, not one new and one fixed', () => {
  assert.ok(first);
  const other = { ...first, id: 'f'.repeat(64), message: 'Something else is said.' };
  const after = { ...sampleReport, findings: sampleReport.findings.map((each) => (each === first ? other : each)) };
  const { changed, ...others } = ofReports(sampleReport, after).findings;
  assert.equal([changed.length, others.new, others.fixed], [1, [], []]);
  assert.equal([changed[0]?.before?.message, changed[0]?.after?.message], [first.message, other.message]);
});

test('the JSON fits its schema', () => {
  const diffs = [
    ofReports(sampleReport, sampleReport),
    ofReports(sampleReport, without(sampleReport, first)),
    ofValues('a', 'b'),
  ];
  for (const diff of diffs) {
    assert.ok(validate(JSON.parse(renderDiff(diff, 'json'))), JSON.stringify(validate.errors));
  }
});

test('no text of a bundle becomes an element, an order to a terminal, or markup', () => {
  const expected = new Set(
    [...renderDiff(ofValues('a', 'b'), 'html').matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name),
  );
  for (const text of Object.values(hostileTexts).map(String)) {
    const diff = ofValues('a', text);
    assert.is(diff.settings.changes.length, 1);
    const page = renderDiff(diff, 'html');
    for (const [, name] of page.matchAll(/<([a-z][a-z0-9]*)/g)) assert.ok(expected.has(name), `${name} from ${text}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
    const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const out of [page, renderDiff(diff, 'md'), renderDiff(diff, 'json'), diffSummary(diff, { color: false })])
      assert.not.match(out, steering);
  }
});

test('a secret that changed is said to have changed, and not shown', () => {
  const diff = ofValues('password=hunter2hunter2', 'password=correcthorse9');
  assert.is(diff.settings.changes.length, 1);
  for (const format of ['html', 'md', 'json'] as const) {
    const text = renderDiff(diff, format);
    assert.not.match(text, /hunter2|correcthorse/);
    assert.match(text, /redacted/);
  }
});

test('a secret that was saved without its text is not said to have changed', () => {
  const changes = (before: string) =>
    ofValues(before, 'password=hunter2hunter2', 'saved facts').settings.changes.length;
  assert.is(changes('password=[redacted]'), 0);
  assert.is(changes('user=x password=[redacted]'), 1);
});

test('the page loads nothing and runs nothing', () => {
  const page = renderDiff(ofValues('a', 'b'), 'html');
  assert.match(
    page,
    /<head>\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/,
  );
  assert.not.match(page, /<script|\son\w+=|url\(|@import|<link|<img/);
});

test.run();
