// Runs all rules in worker threads; a rule that throws, hangs or eats memory costs its own verdict alone.

import type { SealedFacts } from '../facts/seal-store.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { createPool, type Pool, TaskError } from '../workers/pool.ts';
import type { EvaluateSetup } from './evaluate-task.ts';
import type { Outcome } from './outcome.ts';

/** Wall time that one rule may take over a whole bundle; the first one of a thread also reads the facts. */
const ruleTimeoutMillis = 10_000;
/** A further thread reads the shared facts anew: it pays off from about this many rules. */
const rulesPerThread = 8;

/** Outcomes in the order of the rules, whatever the number of threads. */
export async function evaluateRules(
  { rules, vocabulary }: Pick<Knowledge, 'rules' | 'vocabulary'>,
  facts: SealedFacts,
  jobs: number,
): Promise<Outcome[]> {
  const setup: EvaluateSetup = { rules, vocabulary: plain(vocabulary), facts };
  const pool: Pool<string, Outcome> = createPool(new URL('./evaluate-task.ts', import.meta.url), {
    size: Math.max(1, Math.min(jobs, Math.ceil(rules.length / rulesPerThread))),
    setup,
    timeoutMillis: ruleTimeoutMillis,
  });
  try {
    return await Promise.all(rules.map(({ id }) => pool.run(id).catch((error: unknown) => brokenOutcome(id, error))));
  } finally {
    await pool.close();
  }
}

function brokenOutcome(rule: string, error: unknown): Outcome {
  if (!(error instanceof TaskError)) throw error;
  const code = error.reason === 'timeout' ? 'RULE_TIMEOUT' : 'RULE_ERROR';
  const [message = ''] = error.message.split('\n');
  return { rule, verdict: 'error', examined: 0, missing: [], errors: [`${code}: ${message}`], findings: [] };
}

/** Without the functions of fact types, which cannot be posted. */
function plain(vocabulary: EvaluateSetup['vocabulary']): EvaluateSetup['vocabulary'] {
  return JSON.parse(JSON.stringify(vocabulary)) as EvaluateSetup['vocabulary'];
}
