// The samples: each says what it said, the healthy one is healthy, and nothing but the bundle decides a byte.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../src/bundle/limits.ts';
import { analyze } from '../src/pipeline.ts';
import { formats, renderReport } from '../src/report/formats.ts';
import type { Report } from '../src/report/report.ts';
import { loadKnowledge } from '../src/rules/knowledge.ts';
import { filesIn, newFolder } from './commands/drydock.ts';
import { fleetName, fleetSamples, goldenIndex, goldenOf, goldenText, reportOf, samples } from './golden.ts';
import { junitComplaints } from './report/junit-schemas.ts';
import { readPage } from './report/read-page.ts';
import type { SarifRun } from './report/sarif-schema.ts';
import { viewerComplaints } from './report/sarif-viewers.ts';
import { checkMarkdown, steeringIn } from './torture/rendered.ts';
import { checkExports } from './torture/rendered-exports.ts';

const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const root = new URL('..', import.meta.url).pathname;
const storyNames = samples.filter((sample) => sample !== 'healthy');
const reports = new Map<string, Report>();
for (const sample of samples) reports.set(sample, await reportOf(sample, knowledge));
const reportNamed = (sample: string): Report => reports.get(sample) as Report;

for (const sample of samples) {
  test(`${sample}: the report is the golden one (npm run golden writes it anew)`, () => {
    assert.fixture(goldenText(reportNamed(sample)), goldenOf(sample));
  });

  test(`${sample}: every excerpt equals the lines of its file`, () => {
    for (const { rule, evidence } of reportNamed(sample).findings) {
      for (const { path, first, last, excerpt } of evidence) {
        const lines = readFileSync(join(root, 'samples', sample, path), 'utf8')
          .split('\n')
          .slice(first - 1, last);
        if (!excerpt.includes('[redacted]') && !excerpt.includes('…')) {
          assert.is(excerpt, lines.join('\n'), `${rule} ${path}:${first}-${last}`);
        }
      }
    }
  });

  test(`${sample}: no rule breaks, and the coverage adds up`, () => {
    const { outcomes, coverage } = reportNamed(sample);
    assert.equal(
      outcomes.filter(({ verdict }) => verdict === 'error').map(({ rule, errors }) => [rule, errors]),
      [],
    );
    assert.is(coverage.entries, coverage.analysed + coverage.empty + coverage.notRelevant + coverage.gap);
  });
}

test('the index over four samples is the golden one (npm run golden writes it anew)', () => {
  assert.fixture(goldenIndex(fleetSamples.map(reportNamed)), goldenOf(fleetName));
});

for (const sample of samples) {
  test(`${sample}: other programs can read it, and the comment for the ticket fits`, () => {
    const report = reportNamed(sample);
    const { runs } = JSON.parse(renderReport(report, 'sarif')) as { runs: readonly SarifRun[] };
    assert.equal([...checkExports(report), ...runs.flatMap(viewerComplaints)], []);
    const xml = renderReport(report, 'junit').replace(/^<\?xml[^>]*\?>\n/, '');
    assert.equal(junitComplaints(readPage(xml), report.bundle.gatheredAt !== undefined), []);
    const [comment, whole] = [renderReport(report, 'summary'), renderReport(report, 'md')];
    assert.ok(Buffer.byteLength(comment) < 8000, String(Buffer.byteLength(comment)));
    assert.equal([...checkMarkdown(comment).complaints, ...steeringIn('md', whole)], []);
  });
}

test('there are at least eight stories', () => assert.ok(storyNames.length >= 8));

test('every story has a finding of warning or worse', () => {
  const quiet = storyNames.filter((sample) =>
    reportNamed(sample).findings.every(({ severity }) => severity === 'info'),
  );
  assert.equal(quiet, []);
});

test('no stable rule finds anything in the healthy sample', () => {
  const found = reportNamed('healthy').findings.filter(({ status }) => status === 'stable');
  assert.equal(
    found.map(({ rule, subject }) => `${rule}: ${subject}`),
    [],
  );
});

const bytesOf = (report: Report): string => formats.map((format) => renderReport(report, format)).join('\0');

for (const sample of ['healthy', storyNames[0] ?? 'healthy']) {
  test(`${sample}: one worker and four workers give the same bytes`, async () => {
    assert.is(bytesOf(await reportOf(sample, knowledge, 1)), bytesOf(await reportOf(sample, knowledge, 4)));
  });

  test(`${sample}: the order of the archive's entries changes no byte of findings, outcomes and coverage`, async () => {
    const folder = newFolder();
    const names = Object.keys(filesIn(join(root, 'samples', sample)));
    const read = async (order: readonly string[], name: string): Promise<Report> => {
      const archive = join(folder, name, 'bundle.tar');
      execFileSync('mkdir', ['-p', join(folder, name)]);
      const common = ['--mtime=2024-01-01', '--owner=0', '--group=0', '-C', join(root, 'samples', sample)];
      execFileSync('tar', ['-cf', archive, ...common, ...order]);
      return (await analyze(archive, knowledge, { limits: defaultLimits, jobs: 2, version: 'golden' })).report;
    };
    const inOrder = await read(names, 'in-order');
    const shuffled = await read([...names].reverse(), 'shuffled');
    // Only the digest of the archive itself may differ.
    const { inputs } = inOrder.bundle;
    assert.is(bytesOf({ ...shuffled, bundle: { ...shuffled.bundle, inputs } }), bytesOf(inOrder));
  });
}

test.run();
