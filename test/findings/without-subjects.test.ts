// What is said of a rule without compiling it is what its evaluation would say.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FactStore } from '../../src/facts/store.ts';
import { evaluate } from '../../src/findings/evaluate.ts';
import { outcomeWithoutSubjects } from '../../src/findings/without-subjects.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

const { rules, vocabulary } = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const everyRule = compileRules(rules, vocabulary);

const store = (more: Partial<FactStore>): FactStore => ({
  types: [],
  read: () => [],
  logSources: () => 0,
  hits: () => [],
  ...more,
});
const stores: Readonly<Record<string, FactStore>> = {
  'an empty bundle': store({}),
  'logs without a hit': store({ logSources: () => 3, gatheredAt: '2026-01-01T00:00:00Z' }),
  'logs without a hit, gathered nobody knows when': store({ logSources: () => 3 }),
  'every fact type looked for, and no fact': store({ types: vocabulary.factTypes.map(({ name }) => name) }),
};

for (const [name, each] of Object.entries(stores)) {
  test(`${name}: all built-in rules say the same either way`, () => {
    const evaluated = evaluate(everyRule, each);
    let without = 0;
    for (const [index, rule] of rules.entries()) {
      const outcome = outcomeWithoutSubjects(rule, each);
      if (outcome) assert.equal(outcome, evaluated[index], rule.id);
      if (outcome) without += 1;
    }
    if (each === stores['an empty bundle']) assert.is(without, rules.length);
  });
}

test.run();
