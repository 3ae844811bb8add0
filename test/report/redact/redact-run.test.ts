import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formats } from '../../../src/report/formats.ts';
import { spellingsOf } from '../../../src/report/redact/identifier-gate.ts';
import { keyOfText } from '../../../src/report/redact/key.ts';
import { type RedactedRun, redactRun } from '../../../src/report/redact/redact-run.ts';
import { readMap } from '../../../src/report/redact/redaction-map.ts';
import type { Report } from '../../../src/report/report.ts';
import { sampleReport } from '../sample-report.ts';

const map = { key: keyOfText('the key of these tests'), entries: [] };

/** Each wherever a report holds text of a bundle. */
const planted = [
  'harbour-gw-07',
  'mooring-22',
  'pier-9.docks.acme.com',
  'docks.acme.com',
  '10.99.187.218',
  'fd01:db8:77::5',
  '52:54:00:ab:cd:ef',
  'anna.smith@acme.com',
  'i-0123456789abcdef0',
  'ae0b8a2e-6b7e-4c1e-9d0e-3a4f5b6c7d8e',
] as const;
const said = `said of ${planted.join(', ')}: ip-10-99-187-218 52-54-00-AB-CD-EF https://api.docks.acme.com:6443 end`;

function withPlanted(): Report {
  const [finding, ...others] = sampleReport.findings;
  const [evidence] = finding?.evidence ?? [];
  const [path] = sampleReport.paths;
  const [moment] = sampleReport.timeline;
  if (!finding || !evidence || !path || !moment) throw new Error('the sample is too small');
  return {
    ...sampleReport,
    bundle: {
      ...sampleReport.bundle,
      name: 'sosreport-harbour-gw-07-2024',
      nodes: ['harbour-gw-07', 'pier-9.docks.acme.com'],
      inputs: [{ path: '/mnt/docks.acme.com/sosreport-harbour-gw-07.tar', sha256: 'a1'.repeat(32), bytes: 1 }],
    },
    findings: [
      {
        ...finding,
        subject: said,
        message: said,
        objects: [
          { kind: 'Node', name: 'mooring-22' },
          { kind: 'Pod', name: 'a', node: 'harbour-gw-07' },
        ],
        evidence: [{ ...evidence, path: 'nodes/harbour-gw-07/10.99.187.218.yaml', excerpt: `a\n${said}\nb` }],
      },
      ...others,
    ],
    timeline: [{ ...moment, clock: 'harbour-gw-07', subject: said, text: said }],
    paths: [{ ...path, title: said }],
    outcomes: sampleReport.outcomes.map((outcome, at) => (at === 0 ? { ...outcome, errors: [said] } : outcome)),
    coverage: { ...sampleReport.coverage, gaps: [{ code: 'FILE_NUL', path: 'etc/harbour-gw-07.conf', detail: said }] },
  };
}

const run = (report: Report): RedactedRun => redactRun({ map, keywords: [], report });

test('no planted name is in any format, in any spelling', () => {
  const redacted = run(withPlanted());
  for (const format of formats) {
    const text = redacted.render(format);
    for (const spelling of spellingsOf(text)) {
      const lower = spelling.toLowerCase();
      for (const name of [...planted, 'harbour-gw', 'acme', 'anna', '10-99-187-218', '54-00-ab-cd', 'a1a1a1a1'])
        assert.not.ok(lower.includes(name.toLowerCase()), `${name} in ${format}`);
    }
  }
});

test('a name that is left in shows in the error and nothing comes out', () => {
  const report = withPlanted();
  const [finding, ...others] = report.findings;
  if (!finding) throw new Error('the sample has no finding');
  // The texts of rules are not looked through, so a name there gets past everything but the gate.
  const leaking = { ...report, findings: [{ ...finding, meaning: 'As on harbour-gw-07.' }, ...others] };
  const redacted = run(leaking);
  assert.throws(() => redacted.check('report.md', 'As on harbour-gw-07.'), /a name \(host\) was left in it/);
});

test('a machine that is called like a word of the report costs nobody the report', () => {
  const report = { ...withPlanted(), bundle: { ...sampleReport.bundle, nodes: ['outcomes', 'polite'] } };
  const redacted = run(report);
  for (const format of formats) assert.ok(redacted.render(format).length > 0);
  assert.equal(
    redacted.report.bundle.nodes.filter((name) => !/^host-\w{6}$/.test(name)),
    [],
  );
});

test('what the rules say stays word for word, links included; excerpts keep their lines', () => {
  const before = withPlanted();
  const { report } = run(before);
  for (const [at, finding] of report.findings.entries()) {
    const other = before.findings[at];
    const own = ['rule', 'title', 'severity', 'meaning', 'impact', 'diagnosis', 'remediation', 'references'] as const;
    for (const key of own) assert.equal(finding[key], other?.[key]);
    for (const [which, { excerpt, first, last }] of finding.evidence.entries()) {
      const was = other?.evidence[which];
      assert.equal([first, last, excerpt.split('\n').length], [was?.first, was?.last, was?.excerpt.split('\n').length]);
    }
  }
  assert.equal(report.tool, before.tool);
  assert.equal(
    report.outcomes.map(({ hints }) => hints),
    before.outcomes.map(({ hints }) => hints),
  );
});

test('ids of findings are made anew with the key, alike wherever they stand, and the map tells the old ones', () => {
  const before = withPlanted();
  const redacted = run(before);
  const old = new Set(before.findings.map(({ id }) => id));
  const ids = new Set(redacted.report.findings.map(({ id }) => id));
  assert.is(ids.size, old.size);
  assert.equal(
    [...ids].filter((id) => old.has(id)),
    [],
  );
  for (const { findings } of redacted.report.paths) for (const id of findings) assert.ok(ids.has(id), id);
  const { entries } = readMap(redacted.map());
  const known = new Map(
    entries.filter(({ kind }) => kind === 'finding').map((entry) => [entry.pseudonym, entry.original]),
  );
  for (const id of ids) assert.ok(old.has(known.get(id) ?? ''));
});

test('the same key gives the same bytes, and the map is in none of the formats', () => {
  const [one, other] = [run(withPlanted()), run(withPlanted())];
  for (const format of formats) assert.ok(one.render(format) === other.render(format), format);
  assert.ok(one.map() === other.map());
  const key = Buffer.from(map.key).toString('hex');
  for (const format of formats) {
    assert.not.ok(one.render(format).includes(key));
    assert.not.ok(one.render(format).includes('redaction-map'));
  }
});

test.run();
