// Runs all rules in worker threads; a rule that throws, hangs or eats memory costs its own verdict alone.

import { type Limits, limitText } from '../bundle/limits.ts';
import { openStore, type SealedFacts } from '../facts/open-store.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { knownPatterns } from '../rules/patterns.ts';
import { createPool, type Pool, TaskError } from '../workers/pool.ts';
import { unlessStopped } from '../workers/unless-stopped.ts';
import type { EvaluateSetup } from './evaluate-task.ts';
import type { Outcome } from './outcome.ts';
import { outcomeWithoutSubjects } from './without-subjects.ts';

/** A further thread starts, and reads the shared facts anew: it pays off from about so many rules, and so many facts. */
const rulesPerThread = 8;
const bytesPerThread = 1024 * 1024;

export interface EvaluateOptions {
  readonly limits: Limits;
  /** Number of worker threads; it never changes an outcome. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
}

/** More that is asked of the facts: the threads of the rules have them at hand. */
export interface Further<Task extends object, T> {
  /** What the threads run: `evaluate-task.ts`, and what answers `Task`. */
  readonly module: URL;
  ask(run: (task: Task) => Promise<unknown>, outcomes: Promise<readonly Outcome[]>): Promise<T>;
}

/** Outcomes in the order of the rules. */
export async function evaluateRules(
  knowledge: Pick<Knowledge, 'rules' | 'vocabulary'>,
  facts: SealedFacts,
  options: EvaluateOptions,
): Promise<Outcome[]> {
  const module = new URL('./evaluate-task.ts', import.meta.url);
  return (await evaluateWith(knowledge, facts, options, { module, ask: async () => undefined })).outcomes;
}

/** Outcomes in the order of the rules, and what else was asked. */
export async function evaluateWith<Task extends object, T>(
  { rules, vocabulary }: Pick<Knowledge, 'rules' | 'vocabulary'>,
  facts: SealedFacts,
  { limits, jobs, signal }: EvaluateOptions,
  further: Further<Task, T>,
): Promise<{ readonly outcomes: Outcome[]; readonly answer: T }> {
  const store = openStore(facts);
  const without = new Map(rules.map((rule) => [rule.id, outcomeWithoutSubjects(rule, store)]));
  const meant = rules.filter(({ id }) => !without.get(id));
  const setup: EvaluateSetup = {
    rules: meant,
    vocabulary: plain(vocabulary),
    patterns: knownPatterns(),
    facts,
    mostFindings: limits.findings,
  };
  const pool: Pool<string | Task, unknown> = createPool(further.module, {
    size: Math.max(
      1,
      Math.min(jobs, Math.ceil(meant.length / rulesPerThread), Math.ceil(bytesOf(facts) / bytesPerThread)),
    ),
    setup,
    // The first rule of a thread also reads the facts.
    cpuMillis: limits.ruleMillis,
    memoryBytes: limits.workerBytes,
  });
  const late = new TaskError('timeout', limitText('rulesMillis', limits.rulesMillis));
  const timer = setTimeout(() => pool.abandon(late), limits.rulesMillis);
  try {
    const { promise: outcomes, resolve } = Promise.withResolvers<Outcome[]>();
    // Asked first: it takes longer than a rule, and what begins last may keep one thread alone at work.
    const asked = further.ask((task) => pool.run(task), outcomes);
    const judged = rules.map(
      ({ id }) => without.get(id) ?? pool.run(id).catch((error: unknown) => brokenOutcome(id, error, limits)),
    ) as Promise<Outcome>[];
    const [answer] = await unlessStopped(Promise.all([asked, Promise.all(judged).then(resolve)]), signal);
    return { outcomes: await outcomes, answer };
  } finally {
    clearTimeout(timer);
    await pool.close();
  }
}

const bytesOf = ({ types }: SealedFacts): number =>
  types.values().reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

const codes = {
  threw: 'RULE_ERROR',
  exited: 'WORKER_CRASH',
  timeout: 'RULE_TIMEOUT',
  'out-of-memory': 'WORKER_OOM',
} as const;
const limitOf = { timeout: 'ruleMillis', 'out-of-memory': 'workerBytes' } as const;

function brokenOutcome(rule: string, error: unknown, limits: Limits): Outcome {
  if (!(error instanceof TaskError)) throw error;
  const { reason, message } = error;
  const key = reason === 'timeout' || reason === 'out-of-memory' ? limitOf[reason] : undefined;
  const told = key && !message.includes('--limit') ? `${message}; ${limitText(key, limits[key])}` : message;
  return { rule, verdict: 'error', examined: 0, missing: [], errors: [`${codes[reason]}: ${told}`], findings: [] };
}

/** Without the functions of fact types, which cannot be posted. */
function plain(vocabulary: EvaluateSetup['vocabulary']): EvaluateSetup['vocabulary'] {
  return JSON.parse(JSON.stringify(vocabulary)) as EvaluateSetup['vocabulary'];
}
