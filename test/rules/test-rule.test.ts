// The tests beside a rule: what they can say, and what they must not leave out.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluate } from '../../src/findings/evaluate.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { problemText } from '../../src/rules/rule.ts';
import { type TestKit, testRule } from '../../src/rules/test-rule.ts';
import { api, check, ruleText, storeOf, vocabulary } from './small-world.ts';

/** In this world a file `containers` holds a number of restarts a line, a file `memory` a number of bytes. */
const kit: TestKit = {
  evaluate,
  factsOf: async (files, _rules, gatheredAt) =>
    storeOf({
      facts: {
        Container: (files.containers ?? '').split('\n').flatMap((line, index) =>
          line === ''
            ? []
            : [
                {
                  ...api({ name: `c${index}`, restarts: Number(line) }),
                  path: 'containers',
                  span: [index + 1, index + 1] as const,
                },
              ],
        ),
        NodeMemory: files.memory === undefined ? [] : [{ value: { node: 'w1', totalBytes: Number(files.memory) } }],
      },
      ...(gatheredAt === undefined ? {} : { gatheredAt }),
    }),
};
const rule = `
given:
  container: Container
  memory: { fact: NodeMemory, on: { node: container.node } }
failsWhen: container.restarts > 5
message: '{{ container.restarts }} restarts'
evidence: [container]
`;

async function run(text: string | undefined) {
  const compiled = compileRules(check(ruleText(rule)).rules, vocabulary);
  const [first] = compiled.rules;
  if (!first) throw new Error('no rule');
  const { cases, problems } = await testRule(first, compiled.language, { file: 'some-rule.test.yaml', text }, kit);
  return { differences: cases.map((each) => each.differences), problems: problems.map(problemText) };
}

const good = `
files:
  memory: '100'
cases:
  - name: too many restarts
    files: { containers: "1\\n9" }
    expect:
      verdict: fail
      findings: [{ subject: c1, message: 9 restarts, severity: warning, evidence: ['containers:2'] }]
  - name: few restarts
    files: { containers: '1' }
    expect: { verdict: pass }
  - name: no memory
    files: { containers: '9', memory: null }
    expect: { verdict: no-data, missing: [NodeMemory] }
`;

test('cases that hold have no differences, and files are shared, replaced and taken away', async () => {
  assert.equal(await run(good), { differences: [[], [], []], problems: [] });
});

test('each difference is a sentence', async () => {
  const text = good
    .replace('9 restarts', '8 restarts')
    .replace('containers:2', 'containers:1-2')
    .replace('verdict: pass', 'verdict: not-applicable')
    .replace('[NodeMemory]', '[Node]');
  assert.equal((await run(text)).differences, [
    ['c1: expected message 8 restarts, got 9 restarts', 'c1: expected evidence containers:1-2, got containers:2-2'],
    ['expected not-applicable, got pass'],
    ['expected Node to be missing, missing is: NodeMemory'],
  ]);
});

test('a finding too many and one too few are told', async () => {
  assert.equal((await run(good.replace('subject: c1', 'subject: c7'))).differences[0], [
    'expected a finding about "c7"',
    'unexpected finding about "c1": 9 restarts [containers:2-2]',
  ]);
});

test('a rule needs a case that fails, one that passes, and one without data for each join', async () => {
  const { problems } = await run(
    "cases:\n  - { name: a, files: { memory: '1', containers: '1' }, expect: { verdict: pass } }\n",
  );
  assert.equal(problems, [
    'some-rule.test.yaml:1:1: the test of some-rule lacks a case that fails, with subject and evidence of its findings',
    'some-rule.test.yaml:1:1: the test of some-rule lacks a no-data case in which NodeMemory is missing',
  ]);
  assert.equal((await run(undefined)).problems, ['some-rule.test.yaml:1:1: rule some-rule has no test']);
});

test('a wrong key in a test file is named', async () => {
  const { problems } = await run(good.replace('verdict: pass', 'verdict: pas').replace('evidence:', 'evidenz:'));
  assert.equal(problems.slice(0, 2), [
    'some-rule.test.yaml:9:73: unknown key "evidenz" in the finding (did you mean "evidence"?)',
    'some-rule.test.yaml:12:24: unknown verdict "pas" (did you mean "pass"?)',
  ]);
});

test.run();
