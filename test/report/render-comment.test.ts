import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderReport } from '../../src/report/formats.ts';
import { renderComment } from '../../src/report/render-comment.ts';
import type { Report, ReportFinding } from '../../src/report/report.ts';
import { checkMarkdown } from '../torture/rendered.ts';
import { healthyReport, hostileTexts, sampleReport } from './sample-report.ts';

const [head] = sampleReport.findings as readonly [ReportFinding];
const saying = (findings: readonly ReportFinding[], change: Partial<Report> = {}): Report => ({
  ...sampleReport,
  findings,
  groups: [],
  ...change,
});
const text = renderComment(sampleReport);

test('what is wrong, why, where it is written and what to do first, in this order', () => {
  const [sentence, cause, finding, rest, undecided, made] = [
    '## `must-gather-checkout-slow`: 1 critical, ',
    '## Critical and errors',
    '- 🛑 critical: **An etcd member does not answer**',
    'Also 4 warnings ',
    '## What could not be looked at',
    'All with its lines: `report.html`, `report.md`.',
  ].map((part) => text.indexOf(part));
  const places = [sentence, cause, finding, rest, undecided, made] as number[];
  assert.ok(!places.includes(-1), text);
  assert.equal(
    [...places].sort((a, b) => a - b),
    places,
  );
  assert.match(text, /^ {2}- written in `.*:\d+(?:-\d+)?`$/m);
  assert.match(text, /^ {2}- to do \(1 of 3\): See whether the node is up and the disk is not full\.$/m);
});

test('likely root causes come first', () => {
  const [cause, effect] = sampleReport.findings as readonly [ReportFinding, ReportFinding];
  const links = [{ cause: cause.id, effects: [effect.id], why: 'The one leads to the other.' }];
  const comment = renderComment({ ...sampleReport, groups: [{ cause: cause.id, effects: [effect.id], links }] });
  assert.ok(comment.indexOf('## Likely root causes') < comment.indexOf('## Critical and errors'));
  assert.match(comment, 'The one leads to the other. → ');
});

test('where nothing is serious it tells what there is, and a healthy bundle what it could not see', () => {
  assert.match(renderComment(saying([{ ...head, severity: 'info' }])), '## What was found\n\n- ℹ️ note: **An etcd');
  const healthy = renderComment(healthyReport);
  assert.match(healthy, ': Nothing wrong in what ');
  assert.match(healthy, /- no `IptablesChain`, 2 rules wait: `network_logs/);
});

test('what is missing comes with the command that gathers it', () => {
  const [outcome] = sampleReport.outcomes.filter(({ verdict }) => verdict === 'no-data');
  const bundle = { ...sampleReport.bundle, kinds: ['must-gather'] };
  const hints = [
    { missing: 'KernelLog', files: ['must-gather: nodes/{node}/dmesg', 'sosreport: sos_commands/kernel/dmesg'] },
  ];
  const outcomes = [{ ...outcome!, missing: ['KernelLog'], hints }];
  assert.match(
    renderComment({ ...sampleReport, bundle, outcomes }),
    '- no `KernelLog`, 1 rule waits: gather with `sos report` or `oc adm must-gather`',
  );
});

test('what does not fit is left out by whole entries, and their number is said', () => {
  const many = Array.from({ length: 60 }, (_, at) => ({ ...head, rule: `rule-${at}`, id: String(at) }));
  const comment = renderComment(saying(many));
  const shown = comment.match(/^- 🛑 critical: /gm)?.length ?? 0;
  assert.ok(shown > 5, String(shown));
  assert.match(comment, `\n${60 - shown} more serious findings: in \`report.html\`.\n`);
  assert.is(comment.match(/^ {2}- written in /gm)?.length, shown);
});

// Reproducible, and every run sees the same: a linear congruential generator.
function randomWords(seed: number): () => string {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const alphabet = [
    'a',
    ' ',
    '`',
    '\n',
    '|',
    '*',
    '{code}',
    '<b>',
    '\u202e',
    '\ud83d\ude00',
    '\ud800',
    '漢',
    '://u:p@[',
    '@x',
    'é',
    '\u0000',
  ];
  return () =>
    Array.from({ length: next(4) === 0 ? next(6000) : next(60) }, () => alphabet[next(alphabet.length)]).join('');
}

test('under 8,000 characters and bytes, however long and strange the names are', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const word = randomWords(seed);
    const findings = Array.from({ length: seed % 40 }, (_, at) => ({
      ...head,
      id: String(at),
      rule: word(),
      severity: (['critical', 'error', 'warning', 'info'] as const)[at % 4]!,
      title: word(),
      subject: word(),
      message: word(),
      remediation: word(),
      evidence: [{ path: word(), first: 1, last: 2 ** 31, excerpt: '', binding: '' }],
    }));
    const [cause, ...effects] = findings.map(({ id }) => id);
    const groups = cause && effects.length > 0 ? [{ cause, effects, links: [{ cause, effects, why: word() }] }] : [];
    const bundle = {
      ...sampleReport.bundle,
      name: word(),
      kinds: [word(), word()],
      gatheredAt: word(),
      cluster: { version: word() },
    };
    const outcomes = sampleReport.outcomes.map((outcome) => ({
      ...outcome,
      missing: outcome.verdict === 'no-data' ? [word()] : [],
      hints: [],
    }));
    const gaps = Array.from({ length: seed }, () => ({ code: word() as 'YAML_TAG', path: word(), detail: word() }));
    const tool = { name: word(), version: word(), rulesDigest: word() };
    const comment = renderReport(
      { ...sampleReport, tool, bundle, outcomes, findings, groups, coverage: { ...sampleReport.coverage, gaps } },
      'summary',
    );
    assert.ok(comment.length < 8000 && Buffer.byteLength(comment) < 8000, `${seed}: ${Buffer.byteLength(comment)}`);
    assert.equal(checkMarkdown(comment).complaints, [], String(seed));
  }
});

test('hostile words stay words', () => {
  for (const hostile of hostileTexts) {
    const finding = { ...head, title: hostile, subject: hostile, message: hostile };
    assert.equal(checkMarkdown(renderComment(saying([finding]))).complaints, []);
  }
});

test('it folds nothing and has no HTML: a tracker that does not know it would show the tags', () => {
  assert.not.match(text.replace(/`[^`]*`/g, ''), /<\/?[a-z]/i);
});

test.run();
