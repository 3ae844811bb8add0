// Rules meet facts: one evaluation per fact of a rule's first name, one outcome per rule.

import { defaultLimits } from '../bundle/limits.ts';
import type { FactStore } from '../facts/store.ts';
import { type Language, runError } from '../rules/cel.ts';
import type { CompiledRule } from '../rules/compile.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import { timeValue } from '../rules/fact-values.ts';
import { type Candidate, createCandidates } from './candidates.ts';
import { passes } from './joins.ts';
import { inOrder } from './order.ts';
import type { Outcome } from './outcome.ts';
import { early, OutOfTime, Subject, type Tally, type Work } from './subject.ts';

export interface EvaluateOptions {
  /** Called when a rule begins; what it gives says whether the time of that rule is over. Without it none ends. */
  readonly startBudget?: () => () => boolean;
  /** Findings of one rule that are listed; the others are counted. */
  readonly mostFindings?: number;
}

const mostErrors = 10;

/** Outcomes in the order of the rules. Pure: the same store gives the same outcomes. */
export function evaluate(
  compiled: { readonly language: Language; readonly rules: readonly CompiledRule[] },
  store: FactStore,
  options: EvaluateOptions = {},
): Outcome[] {
  return compiled.rules.map(createEvaluator(compiled.language, store, options));
}

/** Evaluates rules one by one over the same facts; what one rule indexed serves the next. */
export function createEvaluator(
  language: Language,
  store: FactStore,
  options: EvaluateOptions = {},
): (rule: CompiledRule) => Outcome {
  const candidates = createCandidates(store, language);
  const now = timeValue(store.gatheredAt);
  return (rule) => {
    const expired = options.startBudget?.() ?? (() => false);
    const { mostFindings = defaultLimits.findings } = options;
    return evaluateRule({ rule, language, store, candidates, now, expired, mostFindings });
  };
}

function evaluateRule(work: Work): Outcome {
  const { rule, candidates } = work;
  const tally: Tally = { examined: 0, missing: new Set(), errors: new Set(), findings: [], unlisted: 0 };
  const [first] = rule.bindings;
  const subjects = candidates.of(first);
  if (!candidates.wasRead(first, {})) tally.missing.add(first.source);
  else if (!work.now && rule.usesNow) tally.missing.add('GatherTime');
  else {
    try {
      evaluateSubjects(work, first, subjects, tally);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      // What was found so far depends on the speed of the machine: it is not told.
      const errors = [`RULE_TIMEOUT: the rule took too long (${subjects.length} × ${first.source})`];
      return { rule: rule.rule.id, examined: 0, missing: [], errors, verdict: 'error', findings: [] };
    }
  }
  return outcomeOf(rule, tally);
}

function evaluateSubjects(work: Work, first: CompiledBinding, subjects: readonly Candidate[], tally: Tally): void {
  const { rule, now } = work;
  const { binding } = first;
  const alone = rule.newScope({ now });
  const meetsWhere = (candidate: Candidate): boolean => {
    if (work.expired()) throw new OutOfTime();
    try {
      return passes(first, candidate, alone);
    } catch (error) {
      tally.errors.add(`${candidate.path}:${candidate.span[0]}: ${runError(error).message}`);
      return false;
    }
  };
  const meant = first.where ? subjects.filter(meetsWhere) : subjects;
  if (meant.length === 0) {
    // A log that was scanned and holds no such line is an answer.
    if (binding.is === 'log') tally.examined = work.store.logSources(binding.log);
    return;
  }
  const listed = binding.many ? [meant] : meant.map((each) => [each]);
  let scope = rule.newScope({ now });
  for (const held of listed) {
    if (work.expired()) throw new OutOfTime();
    scope[binding.name] = binding.many ? held.map(({ value }) => value) : held[0]?.value;
    const errors = early(rule, scope);
    if (!errors) continue;
    const subject = new Subject(work, tally, held);
    subject.evaluate(scope, errors);
    if (subject.examined) tally.examined += 1;
    scope = rule.newScope({ now });
  }
}

/** Any finding → fail; else any error → error; else anything examined → pass; else missing → no-data. */
function outcomeOf(rule: CompiledRule, tally: Tally): Outcome {
  const all = [...tally.errors].sort();
  const more = all.length > mostErrors ? [`and ${all.length - mostErrors} more`] : [];
  const common = {
    rule: rule.rule.id,
    examined: tally.examined,
    missing: [...tally.missing].sort(),
    errors: [...all.slice(0, mostErrors), ...more],
  };
  const [first, ...others] = inOrder(tally.findings);
  if (first) {
    const { unlisted } = tally;
    return { ...common, verdict: 'fail', findings: [first, ...others], ...(unlisted > 0 && { unlisted }) };
  }
  if (all.length > 0) return { ...common, verdict: 'error', findings: [] };
  if (tally.examined > 0) return { ...common, verdict: 'pass', findings: [] };
  return { ...common, verdict: tally.missing.size > 0 ? 'no-data' : 'not-applicable', findings: [] };
}
