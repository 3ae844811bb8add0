// The task of a rule worker: the name of a rule comes in, its outcome goes back.

import { openStore, type SealedFacts } from '../facts/seal-store.ts';
import { createLanguage } from '../rules/cel.ts';
import { compileRule } from '../rules/compile.ts';
import { knowPatterns, type PatternFacts } from '../rules/patterns.ts';
import type { Rule, Vocabulary } from '../rules/rule.ts';
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

export default function setUp(setup: EvaluateSetup): (id: string) => Outcome {
  const byId = new Map(setup.rules.map((rule) => [rule.id, rule]));
  knowPatterns(setup.patterns);
  const language = createLanguage(setup.vocabulary);
  const evaluate = createEvaluator(language, openStore(setup.facts), { mostFindings: setup.mostFindings });
  return (id) => {
    const rule = byId.get(id);
    const result = rule && compileRule(rule, language);
    if (result && 'compiled' in result) return evaluate(result.compiled);
    throw new Error(`rule ${id}: ${result?.problems[0]?.message ?? 'is not known'}`);
  };
}
