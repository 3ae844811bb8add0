// Every rule file loads, and every case of every test beside a rule gives what it expects.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleTestKit } from '../../src/findings/rule-test-kit.ts';
import { runRuleTests } from '../../src/rules/author/run-tests.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { problemText } from '../../src/rules/rule.ts';

const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const kit = ruleTestKit(knowledge.catalogue);
const { results } = await runRuleTests(knowledge.rules, knowledge.vocabulary, kit);

test('every rule file can be used', () => {
  assert.is(knowledge.problems.map(problemText).join('\n'), '');
  assert.ok(knowledge.rules.length >= 45, `${knowledge.rules.length} rules`);
});

for (const { rule, cases, problems } of results) {
  test(`${rule}: has the cases it needs`, () => assert.is(problems.map(problemText).join('\n'), ''));
  for (const { name, line, differences } of cases) {
    test(`${rule}: ${name} (line ${line})`, () => assert.is(differences.join('\n'), ''));
  }
}

test.run();
