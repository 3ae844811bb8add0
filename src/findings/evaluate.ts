// Rules meet facts: one evaluation per fact of a rule's first name, one outcome per rule.

import type { FactStore } from '../facts/store.ts';
import { absent, type Language, present, runError } from '../rules/cel.ts';
import type { CompiledRule } from '../rules/compile.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import { timeValue } from '../rules/fact-values.ts';
import type { Severity } from '../rules/rule.ts';
import { type Candidate, type Candidates, createCandidates } from './candidates.ts';
import { type Bound, evidenceOf } from './evidence.ts';
import { type Match, matchesOf, passes } from './joins.ts';
import { objectsOf, timesOf } from './objects.ts';
import { inOrder } from './order.ts';
import type { Finding, Outcome } from './outcome.ts';

export interface EvaluateOptions {
  /** Called when a rule begins; what it gives says whether the time of that rule is over. Without it none ends. */
  readonly startBudget?: () => () => boolean;
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
    return evaluateRule({ rule, language, store, candidates, now, expired });
  };
}

interface Work {
  readonly rule: CompiledRule;
  readonly language: Language;
  readonly store: FactStore;
  readonly candidates: Candidates;
  readonly now: Date | undefined;
  expired(): boolean;
}

/** What the subjects of a rule came to. */
interface Tally {
  examined: number;
  readonly missing: Set<string>;
  readonly errors: Set<string>;
  readonly findings: Finding[];
}

/** The variables of one evaluation. */
type Scope = Record<string, unknown>;

class OutOfTime extends Error {}

function evaluateRule(work: Work): Outcome {
  const { rule, candidates } = work;
  const tally: Tally = { examined: 0, missing: new Set(), errors: new Set(), findings: [] };
  const [first] = rule.bindings;
  const subjects = candidates.of(first);
  if (!candidates.wasRead(first, {})) tally.missing.add(first.source);
  else if (rule.usesNow && !work.now) tally.missing.add('GatherTime');
  else if (subjects.length === 0 && first.binding.is === 'log') {
    // A log that was scanned and holds no such line is an answer.
    tally.examined = work.store.logSources(first.binding.log);
  } else {
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
  const { rule, now, candidates } = work;
  const { binding } = first;
  const meetsWhere = (candidate: Candidate): boolean => {
    if (work.expired()) throw new OutOfTime();
    try {
      return passes(first, candidate, rule.newScope({ now }), candidates);
    } catch (error) {
      tally.errors.add(`${candidate.path}:${candidate.span[0]}: ${runError(error).message}`);
      return false;
    }
  };
  const meant = first.where ? subjects.filter(meetsWhere) : subjects;
  for (const held of binding.many ? (meant.length > 0 ? [meant] : []) : meant.map((each) => [each])) {
    const scope = rule.newScope({ now });
    scope[binding.name] = binding.many ? held.map(({ value }) => value) : held[0]?.value;
    const subject = new Subject(work, tally);
    subject.evaluate(1, scope, new Map([[binding.name, held]]), []);
    if (subject.examined) tally.examined += 1;
  }
}

/** One subject on its way through the joins; several matches of a join are several evaluations. */
class Subject {
  examined = false;
  readonly #work: Work;
  readonly #tally: Tally;

  constructor(work: Work, tally: Tally) {
    this.#work = work;
    this.#tally = tally;
  }

  evaluate(at: number, scope: Scope, bound: Bound, earlier: readonly string[]): void {
    const { rule } = this.#work;
    if (this.#work.expired()) throw new OutOfTime();
    const errors = [...earlier];
    for (const { compiled, needs } of rule.appliesWhen) {
      if (needs !== at) continue;
      const result = attempt(() => compiled.run(scope), 'appliesWhen');
      if ('error' in result) errors.push(result.error);
      else if (!result.value) return;
    }
    const next = rule.bindings[at];
    if (next) this.#join(next, at, scope, bound, errors);
    else this.#decide(scope, bound, errors);
  }

  #join(next: CompiledBinding, at: number, scope: Scope, bound: Bound, errors: readonly string[]): void {
    let match: Match;
    try {
      match = matchesOf(next, scope, this.#work.candidates);
    } catch (error) {
      this.#break(scope, bound, runError(error).message);
      return;
    }
    const { name, many, optional } = next.binding;
    const { found, answered } = match;
    const go = (value: unknown, picked: readonly Candidate[]): void => {
      const inner = Object.create(scope) as Scope;
      inner[name] = value;
      this.evaluate(at + 1, inner, new Map(bound).set(name, picked), errors);
    };
    if (many && (answered || optional)) {
      const values = found.map(({ value }) => value);
      go(values, found);
    } else if (found.length > 0) {
      for (const candidate of found) go(optional ? present(candidate.value) : candidate.value, [candidate]);
    } else if (optional) go(absent, []);
    else if (answered && next.burst) {
      // The log was read and says nothing of this subject.
      this.examined = true;
    } else this.#tally.missing.add(next.source);
  }

  #decide(scope: Scope, bound: Bound, errors: readonly string[]): void {
    const { rule } = this.#work;
    const result =
      errors[0] === undefined ? attempt(() => rule.failsWhen.run(scope), 'failsWhen') : { error: errors[0] };
    if ('error' in result) {
      this.#break(scope, bound, result.error);
      return;
    }
    this.examined = true;
    if (result.value) this.#tally.findings.push(this.#finding(scope, bound));
  }

  #finding(scope: Scope, bound: Bound): Finding {
    const { rule, candidates, language } = this.#work;
    const { evidence, candidates: shown } = evidenceOf(rule, bound, scope, candidates);
    return {
      rule: rule.rule.id,
      severity: this.#severity(scope, bound),
      subject: this.#subject(scope, bound),
      message: this.#message(scope, bound),
      objects: objectsOf([...([...bound.values()][0] ?? []).slice(0, 1), ...shown]),
      evidence,
      times: timesOf(rule, bound, language),
    };
  }

  #severity(scope: Scope, bound: Bound): Severity {
    const { rule } = this.#work;
    for (const { severity, when } of rule.severityWhen) {
      const result = attempt(() => when.run(scope), `severity.${severity}`);
      if ('error' in result) this.#break(scope, bound, result.error);
      else if (result.value) return severity;
    }
    return rule.rule.severity;
  }

  /** A text that fails costs no finding: what was found is told with the rule's title. */
  #message(scope: Scope, bound: Bound): string {
    try {
      return this.#work.rule.message(scope);
    } catch (error) {
      this.#break(scope, bound, `message: ${runError(error).message}`);
      return this.#work.rule.rule.title;
    }
  }

  #subject(scope: Scope, bound: Bound): string {
    try {
      return this.#work.rule.subject(scope);
    } catch {
      const first = [...bound.values()][0]?.[0];
      return first ? `${first.path}:${first.span[0]}` : this.#work.rule.rule.title;
    }
  }

  #break(scope: Scope, bound: Bound, message: string): void {
    this.#tally.errors.add(`${this.#subject(scope, bound)}: ${message}`);
  }
}

function attempt(run: () => unknown, name: string): { readonly value: boolean } | { readonly error: string } {
  try {
    const value = run();
    return typeof value === 'boolean' ? { value } : { error: `${name} is not true or false` };
  } catch (error) {
    return { error: `${name}: ${runError(error).message}` };
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
  if (first) return { ...common, verdict: 'fail', findings: [first, ...others] };
  if (all.length > 0) return { ...common, verdict: 'error', findings: [] };
  if (tally.examined > 0) return { ...common, verdict: 'pass', findings: [] };
  return { ...common, verdict: tally.missing.size > 0 ? 'no-data' : 'not-applicable', findings: [] };
}
