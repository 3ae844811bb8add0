// The rules that a command line of `analyze` asks for; loads all that reads rules.

import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import type { Plan } from './plan.ts';
import { UsageError } from './terminal.ts';

export interface KnowledgeWords {
  readonly 'no-builtin-rules': boolean;
  readonly rules: readonly string[];
  readonly pack: readonly string[];
  readonly settings?: string | undefined;
}

/** Throws a `UsageError` when none is left to run. */
export function loadFor(values: KnowledgeWords, plan: Plan): Knowledge {
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: values.pack,
    settingsFile: values.settings,
    everything: plan.saveFacts,
  });
  for (const pack of values.pack) {
    if (!knowledge.rules.some((rule) => rule.pack === pack))
      throw new UsageError(`--pack ${pack}: no pack of this name has a rule; \`drydock rules list\` names them`);
  }
  if (knowledge.rules.length > 0) return knowledge;
  const problems = knowledge.problems.map((problem) => `${problemText(problem)}\n`).join('');
  throw new UsageError(
    `${problems}no rule is left to run: mend the rule files named above, or drop --no-builtin-rules`,
  );
}
