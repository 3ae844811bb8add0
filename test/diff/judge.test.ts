import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createJudge } from '../../src/diff/judge.ts';
import { openSide } from '../../src/diff/side.ts';
import type { FactStore } from '../../src/facts/store.ts';
import type { Report, ReportFinding } from '../../src/report/report.ts';
import type { Binding, Rule } from '../../src/rules/rule.ts';
import { sampleReport } from '../report/sample-report.ts';

const store = (types: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>): FactStore => ({
  types: Object.keys(types).sort(),
  read: (type) =>
    (types[type] ?? []).map((value, at) => ({
      value,
      path: 'namespaces/a/core/pods.yaml',
      span: [at + 1, at + 1] as const,
    })),
  logSources: (_, labels) => (labels?.node === 'w1' ? 1 : 0),
  hits: () => [],
});

const [model] = sampleReport.findings as [ReportFinding];
const finding: ReportFinding = {
  ...model,
  rule: 'own-rule',
  objects: [{ kind: 'Pod', namespace: 'a', name: 'p1' }],
  evidence: [{ path: 'namespaces/a/core/pods.yaml', first: 1, last: 1, excerpt: 'x', binding: 'it' }],
};
const report = (over: Partial<Report['outcomes'][number]> = {}, gaps: Report['coverage']['gaps'] = []): Report => ({
  ...sampleReport,
  findings: [],
  outcomes: [
    {
      rule: 'own-rule',
      title: '',
      pack: '',
      verdict: 'pass',
      examined: 2,
      missing: [],
      errors: [],
      hints: [],
      ...over,
    },
  ],
  coverage: { ...sampleReport.coverage, gaps },
});
const pods = (...names: string[]) => names.map((name) => ({ namespace: 'a', name, node: 'w1' }));

interface Asked {
  readonly binding?: Partial<Binding> & Record<string, unknown>;
  readonly facts?: FactStore;
  readonly report?: Report;
  readonly paths?: readonly string[];
}
function judged(asked: Asked) {
  const place = (paths: readonly string[]) => paths.map((path) => ({ path, node: undefined }));
  const from = openSide({
    which: 'before',
    report: report({ verdict: 'fail' }),
    from: 'bundle',
    facts: store({ Pod: pods('p1', 'p2') }),
    sources: place(['namespaces/a/core/pods.yaml']),
    roots: [''],
  });
  const to = openSide({
    which: 'after',
    report: asked.report ?? report(),
    from: 'bundle',
    facts: asked.facts ?? store({ Pod: pods('p1', 'p2') }),
    sources: place(asked.paths ?? ['namespaces/a/core/pods.yaml']),
    roots: [''],
  });
  const given = [{ name: 'it', is: 'fact', fact: 'Pod', ...asked.binding }];
  const rules = new Map([['own-rule', { given } as unknown as Rule]]);
  return createJudge(from, to, rules, false)(finding);
}

test('the object is there, its file was read and the rule looked at it: examined', () => {
  assert.equal(judged({}), { state: 'examined', why: '' });
});

test('the object is not in the list that was read: gone', () => {
  assert.equal(judged({ facts: store({ Pod: pods('p2') }) }), { state: 'gone', why: 'Pod a/p1 is not there after' });
});

test('the list was not read: unknown', () => {
  const { state, why } = judged({
    facts: store({ Pod: [{ namespace: 'b', name: 'p9' }] }),
    paths: ['namespaces/b/core/pods.yaml'],
  });
  assert.equal([state, why], ['unknown', 'namespace a was not gathered after']);
});

test('the list has a gap, or the whole archive is cut: unknown', () => {
  const gap = { code: 'YAML_TRUNCATED', path: 'namespaces/a/core/pods.yaml', detail: '' } as const;
  assert.is(judged({ report: report({}, [gap]) }).state, 'unknown');
  const cut = { code: 'ARCHIVE_TRUNCATED', path: 'b.tar', detail: '' } as const;
  assert.is(judged({ report: report({}, [cut]), facts: store({ Pod: pods('p2') }) }).state, 'unknown');
});

test('a type that some subject lacked is unknown, unless it is there where the finding lies', () => {
  const missing = { missing: ['Service'] };
  assert.is(judged({ report: report(missing) }).state, 'unknown');
  const facts = store({ Pod: pods('p1'), Service: [{ namespace: 'a', name: 's' }] });
  assert.is(judged({ report: report(missing), facts }).state, 'examined');
});

test('a rule with nothing to look at does not call anything fixed', () => {
  assert.is(judged({ report: report({ verdict: 'not-applicable', examined: 0 }) }).state, 'gone');
});

test('an event that is not said again is gone; a log that is silent is said to be the witness', () => {
  const facts = store({ Pod: pods('p1'), Event: [{ namespace: 'a', name: 'e' }] });
  assert.is(judged({ binding: { fact: 'Event' }, facts }).state, 'gone');
  const log = judged({ binding: { is: 'log', log: 'KubeletLog' } });
  assert.equal(log, { state: 'examined', why: 'its log was read after, and does not say it' });
});

test.run();
