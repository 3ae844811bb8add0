// The task of a rule worker: the name of a rule comes in, its outcome goes back.

import { openStore, type SealedFacts } from '../facts/seal-store.ts';
import { createLanguage } from '../rules/cel.ts';
import { compileRule } from '../rules/compile.ts';
import type { Rule, Vocabulary } from '../rules/rule.ts';
import { createEvaluator } from './evaluate.ts';
import type { Outcome } from './outcome.ts';

export interface EvaluateSetup {
  readonly rules: readonly Rule[];
  readonly vocabulary: Vocabulary;
  readonly facts: SealedFacts;
  /** Of one rule. */
  readonly mostFindings: number;
}

export default function setUp({ rules, vocabulary, facts, mostFindings }: EvaluateSetup): (id: string) => Outcome {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const language = createLanguage(vocabulary);
  const evaluate = createEvaluator(language, openStore(facts), { mostFindings });
  return (id) => {
    const rule = byId.get(id);
    const result = rule && compileRule(rule, language);
    if (result && 'compiled' in result) return evaluate(result.compiled);
    throw new Error(`rule ${id}: ${result?.problems[0]?.message ?? 'is not known'}`);
  };
}
