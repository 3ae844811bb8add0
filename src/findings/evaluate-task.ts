// The task of a rule worker: the name of a rule comes in, its outcome goes back.

import { openStore, type SealedFacts } from '../facts/open-store.ts';
import { createLanguage } from '../rules/cel.ts';
import { openRule } from '../rules/compile.ts';
import { knowPatterns, type PatternFacts } from '../rules/patterns.ts';
import type { Rule, Vocabulary } from '../rules/rule.ts';
import { factTypesOf } from '../rules/wanted.ts';
import { measured } from '../workers/profile.ts';
import { createEvaluator } from './evaluate.ts';
import type { Outcome } from './outcome.ts';

export interface EvaluateSetup {
  readonly rules: readonly Rule[];
  readonly vocabulary: Vocabulary;
  /** What is known of the patterns of the rules. */
  readonly patterns: ReadonlyMap<string, PatternFacts>;
  readonly facts: SealedFacts;
  /** Of one rule. */
  readonly mostFindings: number;
}

export default function setUp(setup: EvaluateSetup, store = openStore(setup.facts)): (id: string) => Outcome {
  const byId = new Map(setup.rules.map((rule) => [rule.id, rule]));
  knowPatterns(setup.patterns);
  const language = createLanguage(setup.vocabulary);
  language.learn(setup.rules.flatMap(factTypesOf));
  const evaluate = createEvaluator(language, store, { mostFindings: setup.mostFindings });
  const run = (id: string): Outcome => {
    const rule = byId.get(id);
    if (!rule) throw new Error(`rule ${id}: is not known`);
    return evaluate(openRule(rule, language));
  };
  return (id) => measured('rule', id, () => run(id));
}
