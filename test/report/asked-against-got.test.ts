// The section "Asked against got": what is compared, equal siblings in one row, and both sides with their lines.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askedAgainstGot } from '../../src/report/asked-against-got.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import type { Report, ReportFinding, ReportOutcome } from '../../src/report/report.ts';
import { healthyReport } from './sample-report.ts';

const evidence = (path: string, excerpt: string) => ({ path, first: 7, last: 7, excerpt, binding: 'x' });
const difference = (pod: string, node: string, got: string, owner = 'ReplicaSet web-7d9c'): ReportFinding => ({
  id: `${pod}${node}`.padEnd(64, '0'),
  rule: 'memory-limit-unlike-spec',
  title: 'Memory limit',
  catalog: [],
  pack: 'resources-cgroup',
  status: 'stable',
  falsePositives: [],
  references: [],
  severity: 'error',
  subject: `shop/${pod}, container api`,
  message: 'differs',
  objects: [{ kind: 'Pod', namespace: 'shop', name: pod, node }],
  evidence: [evidence('pods.yaml', 'memory: 512Mi')],
  reconciles: {
    what: 'memory limit',
    event: false,
    of: `${owner}, container api`,
    asked: { text: 'limit 512 MiB', evidence: evidence('pods.yaml', '            memory: 512Mi') },
    got: { text: got, evidence: evidence(`${pod}/memory.max`, '268435456') },
  },
});
const outcome = (rule: string, what: string | undefined, examined: number): ReportOutcome => ({
  rule,
  title: rule,
  pack: 'resources-cgroup',
  ...(what && { reconciles: what }),
  verdict: 'pass',
  examined,
  missing: [],
  errors: [],
  hints: [],
});
const reportOf = (findings: readonly ReportFinding[], outcomes: readonly ReportOutcome[]): Report => ({
  ...healthyReport,
  findings,
  outcomes,
});

test('equal siblings are one row with a count and their nodes; another value is a row of its own', () => {
  const siblings = Array.from({ length: 200 }, (_, at) => difference(`web-${at}`, `w${at % 2}`, '256 MiB'));
  const report = reportOf(
    [...siblings, difference('web-x', 'w1', '128 MiB')],
    [outcome('memory-limit-unlike-spec', 'memory limit', 230)],
  );
  const { differences, comparisons } = askedAgainstGot(report);
  assert.equal(
    differences.map(({ node, siblings: count }) => [node, count]),
    [
      ['w0\nw1', 200],
      ['w1', 1],
    ],
  );
  assert.equal(comparisons, [{ what: 'memory limit', compared: 230, differing: 201 }]);
});

test('pods of two namespaces are no siblings, whatever their workloads are called', () => {
  const other = difference('web-1', 'w1', '256 MiB');
  const elsewhere = { ...other, objects: [{ kind: 'Pod', namespace: 'bank', name: 'web-1', node: 'w1' }] };
  assert.is(askedAgainstGot(reportOf([other, elsewhere], [])).differences.length, 2);
});

test('rules that compare one thing are counted together; rules that compare nothing are not counted', () => {
  const outcomes = [
    outcome('a', 'CPU limit', 3),
    outcome('b', 'CPU limit', 4),
    outcome('c', undefined, 9),
    outcome('d', 'swap', 0),
  ];
  assert.equal(askedAgainstGot(reportOf([], outcomes)).comparisons, [{ what: 'CPU limit', compared: 7, differing: 0 }]);
});

test('page and ticket show both sides with place and lines, and link to the finding', () => {
  const report = reportOf(
    [difference('web-1', 'w1', '256 MiB')],
    [outcome('memory-limit-unlike-spec', 'memory limit', 5)],
  );
  const html = renderHtml(report);
  const section = /<section id="asked"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
  for (const text of ['limit 512 MiB', '256 MiB', '>memory: 512Mi\n<', '268435456', 'memory.max', '#f-web-1w1'])
    assert.match(section, text, text);
  assert.match(section, '5 comparisons of what was asked for with what the machines have: 1 difference.');
  const markdown = renderMarkdown(report);
  assert.match(
    markdown,
    '| `w1` | `shop/web-1, container api` | memory limit | limit 512 MiB `pods.yaml:7` | 256 MiB `…/memory.max:7` |',
  );
});

test('what happened is told beside what differs, and is no comparison', () => {
  const killed = difference('web-1', 'w1', 'killed at it', 'Pod web-1');
  const event = { ...killed, reconciles: { ...killed.reconciles!, what: 'memory kills', event: true } };
  const report = reportOf([event], [outcome('container-killed-at-its-limit', undefined, 12)]);
  assert.equal(askedAgainstGot(report).comparisons, []);
  assert.match(renderHtml(report), 'Nothing could be compared; 1 killed or throttled.');
  assert.match(renderMarkdown(report), 'Compared: nothing; 1 killed or throttled.');
});

test('where nothing was compared there is no such section, and where all agree it says so', () => {
  assert.not.match(renderHtml(reportOf([], [])), 'Asked against got');
  const agreeing = renderHtml(reportOf([], [outcome('a', 'CPU limit', 3)]));
  assert.match(agreeing, '3 comparisons of what was asked for with what the machines have: all agree.');
});

test.run();
