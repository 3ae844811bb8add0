import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildReport } from '../../src/report/build-report.ts';
import { excerptOf, maxExcerptLines, maxLineLength } from '../../src/report/excerpt.ts';
import { steady } from '../../src/report/finding-id.ts';
import { readReport, renderJson } from '../../src/report/report-json.ts';
import { healthyReport, sampleParts, sampleReport } from './sample-report.ts';

const schema = JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);

for (const report of [sampleReport, healthyReport]) {
  test(`the report of ${report.bundle.name} fits its schema`, () => {
    assert.ok(validate(JSON.parse(renderJson(report))), JSON.stringify(validate.errors?.slice(0, 3)));
  });
}

test('the schema refuses a key it does not know', () => {
  assert.not.ok(validate({ ...sampleReport, extra: 1 }));
});

test('the order of outcomes and findings that comes in does not reach the report', () => {
  const turned = sampleParts.outcomes
    .map((outcome) =>
      outcome.verdict === 'fail' ? { ...outcome, findings: [...outcome.findings].reverse() } : outcome,
    )
    .reverse() as typeof sampleParts.outcomes;
  const gaps = [...sampleParts.coverage.gaps].reverse();
  const again = buildReport({ ...sampleParts, outcomes: turned, coverage: { ...sampleParts.coverage, gaps } });
  assert.is(renderJson(again), renderJson(sampleReport));
});

test('findings come by severity, then pack, rule and subject', () => {
  const order = sampleReport.findings.map((finding) => finding.severity);
  assert.equal([...new Set(order)], ['critical', 'error', 'warning', 'info']);
  const subjects = sampleReport.findings.filter((finding) => finding.rule === 'odd-exclusive-cpus');
  assert.equal(
    subjects.map((finding) => finding.subject),
    [0, 1, 2].map((at) => `shop/pricing-${at}, container engine`),
  );
});

test('every finding has an id of its own', () => {
  assert.is(new Set(sampleReport.findings.map((finding) => finding.id)).size, sampleReport.findings.length);
});

test('the id knows neither line numbers nor paths', () => {
  const [outcome] = sampleParts.outcomes.filter(({ rule }) => rule === 'kubelet-clock-behind');
  const moved = JSON.parse(
    JSON.stringify(outcome).replaceAll('nodes/worker-1/', 'other/root/').replaceAll('[1,5]', '[11,15]'),
  );
  const idOf = (outcomes: typeof sampleParts.outcomes) =>
    buildReport({ ...sampleParts, outcomes, linesOf: () => ['Stratum : 3'] }).findings[0]?.id;
  assert.is(idOf([outcome!]), idOf([moved]));
});

test('times, uids and process ids do not count for the id, other numbers do', () => {
  assert.is(
    steady(
      'Aug 24 13:57:11 w1 kubelet[2211]: E0824 13:57:11.250000    2211 x.go:1] pod 6b7e4c1e-0000-1111-2222-3a4f5b6c7d8e',
    ),
    steady(
      'Aug 25 03:17:21 w1 kubelet[991]: E0825 03:17:21.750000     991 x.go:1] pod 7b7e4c1e-0000-1111-2222-3a4f5b6c7d8f',
    ),
  );
  assert.is.not(steady('quota 50000'), steady('quota 60000'));
});

test('secrets are out of excerpts, messages, gaps and errors', () => {
  const secret = 'https://me:hunter2@proxy/';
  const [outcome] = sampleParts.outcomes;
  if (outcome?.verdict !== 'fail') throw new Error('the sample begins with a finding');
  const report = buildReport({
    ...sampleParts,
    outcomes: [
      { ...outcome, findings: [{ ...outcome.findings[0], message: secret, subject: secret }], errors: [secret] },
    ],
    coverage: { ...sampleParts.coverage, gaps: [{ code: 'PARSE_ERROR', path: 'a', detail: secret }] },
    linesOf: () => [secret],
  });
  assert.not.ok(renderJson(report).includes('hunter2'));
  assert.not.ok(renderJson(sampleReport).includes('hunter2'));
});

test('a no-data outcome says which files would have answered', () => {
  const outcome = sampleReport.outcomes.find(({ rule }) => rule === 'mtu-mismatch');
  assert.equal(outcome?.hints, [{ missing: 'IpLink', files: ['sos_commands/networking/ip_-s_-d_link'] }]);
});

test('a rule nobody described keeps its findings', () => {
  const report = buildReport({ ...sampleParts, rules: new Map() });
  assert.is(report.findings.length, sampleReport.findings.length);
  assert.is(report.findings[0]?.title, 'etcd-member-unhealthy');
});

test('the timeline is in the order of time, with the clock of the node', () => {
  assert.equal(
    sampleReport.timeline.map(({ time, clock }) => [time, clock.split('/').at(-1)]),
    [
      ['2021-08-24T13:41:02Z', 'worker-1'],
      ['2021-08-24T13:52:07Z', 'endpoint_health.json'],
      ['2021-08-24T13:57:11.250Z', 'worker-1'],
    ],
  );
});

test('a long line is cut and says so', () => {
  const line = excerptOf('a', ['x'.repeat(5000)], 1).text;
  assert.ok(line.length <= maxLineLength && line.endsWith('…'));
});

test('a token at the edge of a long line does not survive in part', () => {
  const line = excerptOf('a', [`${'x'.repeat(200)} ${`eyJ${'h'.repeat(20)}.${'p'.repeat(5000)}`}`], 1).text;
  assert.not.ok(line.includes('ppp'), line);
});

test('a long span keeps its head and says that lines are left out', () => {
  const lines = excerptOf(
    'a',
    Array.from({ length: 100 }, (_, at) => `${at}`),
    100,
  ).text.split('\n');
  assert.is(lines.length, maxExcerptLines + 1);
  assert.is(lines.at(-1), '…');
});

test('a span of which only the first lines were kept says so', () => {
  assert.is(excerptOf('a', ['one'], 3).text, 'one\n…');
  assert.is(excerptOf('a', [], 3).text, '');
});

test('report.json holds no character that steers a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(renderJson(sampleReport), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.equal(readReport(renderJson(sampleReport)), JSON.parse(JSON.stringify(sampleReport)));
});

test('what is no report is refused with a word on what it is', () => {
  assert.throws(() => readReport('<html>'), /not JSON/);
  assert.throws(() => readReport('{"schema":"other/1"}'), /"schema" is "other\/1", expected "drydock.report\/1"/);
  assert.throws(() => readReport('null'), /"schema" is absent/);
  assert.throws(() => readReport('{"schema":"drydock.report/1"}'), /it has no tool/);
});

test('an outcome tells the severity of its rule, also where nothing was found', () => {
  const report = buildReport({
    tool: { name: 'drydock', version: '0', rulesDigest: 'sha256:0' },
    bundle: { name: 'b', kinds: [], nodes: [], inputs: [] },
    rules: new Map([
      [
        'told',
        { title: 't', catalog: [], pack: 'p', status: 'stable', severity: 'error', falsePositives: [], references: [] },
      ],
    ]),
    outcomes: ['told', 'untold'].map((rule) => ({
      rule,
      verdict: 'pass',
      examined: 1,
      missing: [],
      errors: [],
      findings: [],
    })),
    coverage: { entries: 0, analysed: 0, empty: 0, notRelevant: 0, gap: 0, gaps: [], infos: [] },
    linesOf: () => [],
    hints: () => [],
  });
  assert.equal(
    report.outcomes.map(({ rule, severity }) => [rule, severity]),
    [
      ['untold', undefined],
      ['told', 'error'],
    ],
  );
});

test.run();
