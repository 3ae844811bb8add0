// One subject on its way through the joins of a rule, to a finding or to none.

import type { FactStore } from '../facts/store.ts';
import { absent, type Language, present, runError } from '../rules/cel.ts';
import type { CompiledRule, CompiledSide } from '../rules/compile.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import type { Severity } from '../rules/rule.ts';
import type { Candidate, Candidates } from './candidates.ts';
import { type Bound, evidenceOf, sideEvidence } from './evidence.ts';
import { type Match, matchesOf } from './joins.ts';
import { creationsOf, objectsOf, timesOf } from './objects.ts';
import type { Finding, Reconciled, Side } from './outcome.ts';

/** A rule at work on a store. */
export interface Work {
  readonly rule: CompiledRule;
  readonly language: Language;
  readonly store: FactStore;
  readonly candidates: Candidates;
  readonly now: Date | undefined;
  readonly mostFindings: number;
  expired(): boolean;
}

/** What the subjects of a rule came to. */
export interface Tally {
  examined: number;
  readonly missing: Set<string>;
  readonly errors: Set<string>;
  readonly findings: Finding[];
  /** Findings past those that are listed. */
  unlisted: number;
}

/** The variables of one evaluation. */
export type Scope = Record<string, unknown>;

const longestError = 1000;

export class OutOfTime extends Error {}

/** Several matches of a join are several evaluations of the same subject. */
export class Subject {
  examined = false;
  readonly #work: Work;
  readonly #tally: Tally;
  /** What the names of `given` stand for, in their order, as far as the evaluation has come. */
  readonly #bound: (readonly Candidate[])[];

  constructor(work: Work, tally: Tally, held: readonly Candidate[]) {
    this.#work = work;
    this.#tally = tally;
    this.#bound = [held];
  }

  /** `errors` are those of conditions so far: another condition may still say that the rule does not apply. */
  evaluate(scope: Scope, errors: readonly string[]): void {
    const { rule } = this.#work;
    if (this.#work.expired()) throw new OutOfTime();
    const at = this.#bound.length;
    let broken = errors;
    for (const { compiled, needs, isEarly } of rule.appliesWhen) {
      if (needs !== at || isEarly) continue;
      const result = attempt(compiled, scope, 'appliesWhen');
      if (result === false) return;
      if (result !== true) broken = [...broken, result];
    }
    const next = rule.bindings[at];
    if (next) this.#join(next, scope, broken);
    else this.#decide(scope, broken);
  }

  #join(next: CompiledBinding, scope: Scope, errors: readonly string[]): void {
    let match: Match;
    try {
      match = matchesOf(next, scope, this.#work.candidates);
    } catch (error) {
      this.#break(scope, runError(error).message);
      return;
    }
    const { many, optional } = next.binding;
    const { found, answered } = match;
    if (many && (answered || optional)) {
      const values = this.#work.candidates.valuesOf(found);
      this.#goOn(next, scope, values, found, errors);
    } else if (found.length > 0) {
      for (const candidate of found) {
        // What one match makes of the names of `let` must not be seen by the next.
        const inner = found.length === 1 ? scope : (Object.create(scope) as Scope);
        this.#goOn(next, inner, optional ? present(candidate.value) : candidate.value, [candidate], errors);
      }
    } else if (optional) this.#goOn(next, scope, absent, [], errors);
    else if (answered && next.burst) {
      // The log was read and says nothing of this subject.
      this.examined = true;
    } else this.#tally.missing.add(next.source);
  }

  #goOn(
    { binding }: CompiledBinding,
    scope: Scope,
    value: unknown,
    picked: readonly Candidate[],
    errors: readonly string[],
  ): void {
    scope[binding.name] = value;
    this.#bound.push(picked);
    this.evaluate(scope, errors);
    this.#bound.pop();
  }

  #decide(scope: Scope, errors: readonly string[]): void {
    const { rule } = this.#work;
    const result = errors[0] ?? attempt(rule.failsWhen, scope, 'failsWhen');
    if (typeof result === 'string') {
      this.#break(scope, result);
      return;
    }
    this.examined = true;
    if (!result) return;
    if (this.#tally.findings.length < this.#work.mostFindings) this.#tally.findings.push(this.#finding(scope));
    else this.#tally.unlisted += 1;
  }

  #finding(scope: Scope): Finding {
    const { rule, candidates, language } = this.#work;
    const bound: Bound = new Map(rule.bindings.map(({ binding }, index) => [binding.name, this.#bound[index] ?? []]));
    const { evidence, candidates: shown } = evidenceOf(rule, bound, scope, candidates);
    const subject = this.#name(scope);
    const reconciles = this.#reconciled(scope, bound, subject);
    const created = creationsOf(bound);
    return {
      rule: rule.rule.id,
      severity: this.#severity(scope),
      subject,
      message: this.#message(scope),
      objects: objectsOf([...(this.#bound[0] ?? []).slice(0, 1), ...shown]),
      evidence,
      ...(reconciles && { reconciles }),
      times: timesOf(rule, bound, language),
      ...(created.length > 0 && { created }),
    };
  }

  /** A text that fails costs the comparison its place in the table, not the finding. */
  #reconciled(scope: Scope, bound: Bound, subject: string): Reconciled | undefined {
    const { rule, candidates } = this.#work;
    const { reconciles } = rule;
    const said = rule.rule.reconciles;
    if (!reconciles || !said) return undefined;
    const { what, event } = said;
    const side = ({ reads, write }: CompiledSide): Side => {
      const evidence = sideEvidence(rule, reads, bound, scope, candidates);
      return { text: write(scope), ...(evidence && { evidence }) };
    };
    try {
      const of = reconciles.of(scope);
      return { what, event, of: of === '' ? subject : of, asked: side(reconciles.asked), got: side(reconciles.got) };
    } catch (error) {
      this.#break(scope, `reconciles: ${runError(error).message}`);
      return undefined;
    }
  }

  #severity(scope: Scope): Severity {
    const { rule } = this.#work;
    for (const { severity, when } of rule.severityWhen) {
      const result = attempt(when, scope, `severity.${severity}`);
      if (result === true) return severity;
      if (result !== false) this.#break(scope, result);
    }
    return rule.rule.severity;
  }

  /** A text that fails costs no finding: what was found is told with the rule's title. */
  #message(scope: Scope): string {
    try {
      return this.#work.rule.message(scope);
    } catch (error) {
      this.#break(scope, `message: ${runError(error).message}`);
      return this.#work.rule.rule.title;
    }
  }

  #name(scope: Scope): string {
    try {
      return this.#work.rule.subject(scope);
    } catch {
      const first = this.#bound[0]?.[0];
      return first ? `${first.path}:${first.span[0]}` : this.#work.rule.rule.title;
    }
  }

  #break(scope: Scope, message: string): void {
    this.#tally.errors.add(`${this.#name(scope)}: ${message}`.slice(0, longestError));
  }
}

/**
 * What went wrong in the conditions that look at the subject alone; undefined where one of them says that the rule does
 * not apply to it. Most subjects of most rules come no further.
 */
export function early({ appliesWhen }: CompiledRule, scope: Scope): readonly string[] | undefined {
  let broken = noErrors;
  for (const { compiled, isEarly } of appliesWhen) {
    const result = isEarly && attempt(compiled, scope, 'appliesWhen');
    if (isEarly && result === false) return undefined;
    if (typeof result === 'string') broken = [...broken, result];
  }
  return broken;
}

const noErrors: readonly string[] = [];

/** True or false, or what went wrong. */
function attempt(condition: { run(scope: object): unknown }, scope: Scope, name: string): boolean | string {
  try {
    const value = condition.run(scope);
    return typeof value === 'boolean' ? value : `${name} is not true or false`;
  } catch (error) {
    return `${name}: ${runError(error).message}`;
  }
}
