// Groups in the report: their order, their reasons, and how each page shows them.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, ObjectRef, Outcome, Severity } from '../../src/findings/outcome.ts';
import { buildReport, type RuleOf } from '../../src/report/build-report.ts';
import { likelyCauses } from '../../src/report/likely-causes.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { renderSummary } from '../../src/report/render-summary.ts';
import type { Report } from '../../src/report/report.ts';
import type { Explains } from '../../src/rules/rule.ts';

const explains = (effect: string, by: Explains['by'], why: string): Explains => ({
  rules: [{ id: effect, line: 1, column: 1 }],
  by,
  why,
});
const rule = (title: string, relations: readonly Explains[] = []): RuleOf => ({
  title,
  pack: 'nodes',
  catalog: [],
  status: 'stable',
  falsePositives: [],
  references: [],
  explains: relations,
});
const rules = new Map([
  ['swap', rule('Swap is on', [explains('dead', 'node', 'The kubelet does not start with swap.')])],
  ['dead', rule('Node is dead', [explains('stuck', 'node', 'Its kubelet confirms nothing.')])],
  ['stuck', rule('Pod is stuck')],
  ['image', rule('Image is missing', [explains('waiting', 'pod', 'A container needs its image.')])],
  ['waiting', rule('Pod waits')],
]);

const finding = (id: string, severity: Severity, object: ObjectRef, more: Partial<Finding> = {}): Finding => ({
  rule: id,
  severity,
  subject: object.name ?? '',
  message: `${id} it is.`,
  objects: [object],
  evidence: [{ path: `${id}-${object.name}.yaml`, span: [1, 1], binding: 'a' }],
  times: [],
  ...more,
});
const node = (name: string): ObjectRef => ({ kind: 'Node', name });
const pod = (name: string, on: string): ObjectRef => ({ kind: 'Pod', namespace: 'shop', name, node: on });

function reportOf(findings: readonly Finding[], gatheredAt?: string): Report {
  const outcomes = findings.map(
    (each): Outcome => ({ rule: each.rule, verdict: 'fail', examined: 1, missing: [], errors: [], findings: [each] }),
  );
  return buildReport({
    tool: { name: 'drydock', version: '0', rulesDigest: 'sha256:0' },
    bundle: { name: 'b', kinds: [], nodes: [], inputs: [], ...(gatheredAt && { gatheredAt }) },
    rules,
    outcomes,
    coverage: { entries: 0, analysed: 0, empty: 0, notRelevant: 0, gap: 0, gaps: [], infos: [] },
    linesOf: (path) => [path],
    hints: () => [],
  });
}

const pods = ['p1', 'p2', 'p3', 'p4', 'p5'];
const report = reportOf([
  ...pods.map((name) => finding('stuck', 'error', pod(name, 'w1'))),
  finding('dead', 'error', node('w1')),
  finding('swap', 'critical', node('w1')),
  ...pods.flatMap((name) => [
    finding('image', 'error', pod(`${name}-image`, 'w2')),
    finding('waiting', 'error', pod(`${name}-image`, 'w2')),
  ]),
  finding('image', 'error', pod('alone', 'w3')),
]);

test('the report has each cause with all that follows, step by step, and keeps to its schema', () => {
  const [first, ...others] = report.groups;
  const subjectOf = (id: string) => report.findings.find((each) => each.id === id)?.subject;
  assert.is(subjectOf(first?.cause ?? ''), 'w1');
  assert.is(first?.effects.length, 6);
  assert.equal(
    first?.links.map(({ why, effects }) => [why, effects.length]),
    [
      ['The kubelet does not start with swap.', 1],
      ['Its kubelet confirms nothing.', 5],
    ],
  );
  assert.is(others.length, 5);
  const schema = JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  assert.ok(validate(report), JSON.stringify(validate.errors));
});

test('the worst group stands first, then the largest', () => {
  const worst = (of: Severity, name: string, count: number) => [
    finding('dead', of, node(name)),
    ...Array.from({ length: count }, (_, at) => finding('stuck', 'warning', pod(`${name}-${at}`, name))),
  ];
  const { groups, findings } = reportOf([
    ...worst('warning', 'small', 1),
    ...worst('warning', 'large', 3),
    ...worst('critical', 'worst', 1),
  ]);
  assert.equal(
    groups.map(({ cause }) => findings.find(({ id }) => id === cause)?.subject),
    ['worst', 'large', 'small'],
  );
});

test('the time of gathering and that of creation rule nothing out', () => {
  const late = (more: Partial<Finding>) =>
    reportOf(
      [
        finding('dead', 'error', node('w1'), { times: ['2024-05-01T11:00:00Z'] }),
        finding('stuck', 'error', pod('p1', 'w1'), more),
      ],
      '2024-05-01T12:00:00Z',
    ).groups.length;
  const created = '2024-05-01T08:00:00Z';
  assert.is(late({ times: [created] }), 0);
  assert.is(late({ times: [created], created: [created] }), 1);
  assert.is(late({ times: [created, '2024-05-01T12:00:00Z'] }), 0);
});

test('findings of one rule that explain alike are one cause for the reader', () => {
  const [swap, image, ...more] = likelyCauses(report);
  assert.equal(more, []);
  assert.is(swap?.explained, 6);
  assert.is(image?.findings.length, 5);
  assert.is(image?.alike, 1);
  assert.equal(
    image?.steps.map(({ why, effects }) => [why, effects[0]?.findings.length]),
    [['A container needs its image.', 5]],
  );
});

test('the page tells the causes first, with links that lead somewhere, and each effect links back', () => {
  const page = renderHtml(report);
  const block = page.slice(page.indexOf('<section id="causes"'), page.indexOf('<section class="glance"'));
  for (const text of ['Swap is on', 'Node is dead', 'explains 6 findings', 'and 2 further subjects']) {
    assert.ok(block.includes(text), text);
  }
  const targets = [...page.matchAll(/href="#(f-[0-9a-f]{12})"/g)].map(([, target]) => target ?? '');
  assert.ok(targets.length > 0);
  for (const target of targets) assert.ok(page.includes(`id="${target}"`), target);
  assert.is([...page.matchAll(/<p class="caused">Likely caused by/g)].length, 11);
});

test('a report without groups tells of no causes', () => {
  const alone = reportOf([finding('image', 'error', pod('alone', 'w3'))]);
  assert.not.ok(renderHtml(alone).includes('id="causes"'));
  assert.not.ok(renderMarkdown(alone).includes('Likely root causes'));
  assert.not.ok(renderSummary(alone, { color: false }).includes('Likely root'));
});

test('Markdown numbers the causes and says why', () => {
  const text = renderMarkdown(report);
  assert.ok(text.indexOf('## Likely root causes') < text.indexOf('## What is wrong'));
  assert.match(text, /1\. \*\*Swap is on\*\* \(`w1`\) explains 6 findings/);
  assert.match(text, /A container needs its image\. → «Pod waits» ×5/);
});

test('the terminal names at most three causes, each in a line', () => {
  const lines = renderSummary(report, { color: false }).split('\n');
  const at = lines.findIndex((line) => line.includes('Likely root causes'));
  assert.equal(lines.slice(at + 1, at + 4), [
    '    Swap is on: w1; explains 6 findings',
    '    Image is missing: 5 subjects; explains 5 findings',
    '',
  ]);
});

test.run();
