// Compiles a rule: every expression checked against the types it meets, and made ready to run.

import { type CelProblem, type CelScope, type Compiled, createLanguage, isProblem, type Language } from './cel.ts';
import { typeText } from './cel-checks.ts';
import { lazily } from './cel-scope.ts';
import { readEvidence } from './compile-evidence.ts';
import { type CompiledBinding, compileBindings } from './compile-given.ts';
import { compileLets, mostNeeded, needsOf, scopeMaker } from './compile-lets.ts';
import { compileText } from './compile-text.ts';
import { conjuncts, type Read } from './expression-reads.ts';
import type { Rule, Severity, Vocabulary, Written } from './rule.ts';
import { oneLine } from './texts.ts';
import { factTypesOf } from './wanted.ts';

/** A condition, and how many of the bindings must be there before it can be decided. */
export interface Condition {
  readonly compiled: Compiled;
  readonly needs: number;
  /** True where it reads nothing but the first name: it can be decided before anything is made for the subject. */
  readonly isEarly: boolean;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly bindings: readonly [CompiledBinding, ...CompiledBinding[]];
  /** Makes the variables of one evaluation; names of `let` are computed at their first use. */
  newScope(known: { readonly now: Date | undefined }): Record<string, unknown>;
  /** The parts of `appliesWhen` that `&&` joins: each is decided as soon as its names are there. */
  readonly appliesWhen: readonly Condition[];
  readonly failsWhen: Compiled;
  readonly severityWhen: readonly { readonly severity: Severity; readonly when: Compiled }[];
  readonly usesNow: boolean;
  /** Names of the settings it reads. */
  readonly settings: readonly string[];
  /** Fields of each binding that the conditions read: where evidence is looked for; then those of the message. */
  readonly reads: readonly Read[];
  readonly messageReads: readonly Read[];
  /** Texts written in the conditions: `"Ready"` picks the place of that condition. */
  readonly literals: ReadonlySet<string>;
  readonly lets: readonly string[];
  /** Which bindings each name of `let` is made from. */
  readonly letOrigins: ReadonlyMap<string, readonly string[]>;
  /** What `evidence` names, and the binding that a name of `let` comes from. */
  readonly evidence: readonly (Read & { readonly binding: string })[] | undefined;
  readonly reconciles: CompiledReconciles | undefined;
  subject(scope: object): string;
  message(scope: object): string;
}

export interface CompiledReconciles {
  readonly asked: CompiledSide;
  readonly got: CompiledSide;
  of(scope: object): string;
}
export interface CompiledSide {
  /** Fields it reads: there its evidence lies. */
  readonly reads: readonly Read[];
  write(scope: object): string;
}

/** Something wrong in an expression of a rule. */
export interface CompileProblem extends CelProblem {
  readonly of: Written;
}

/** Throws where a rule does not compile: `loadRules` has told of it before. */
export function compileRules(
  rules: readonly Rule[],
  vocabulary: Vocabulary,
): { readonly language: Language; readonly rules: readonly CompiledRule[] } {
  const language = createLanguage(vocabulary);
  const compiled = rules.map((rule) => {
    const result = compileRule(rule, language);
    if ('compiled' in result) return result.compiled;
    throw new Error(`rule ${rule.id}: ${result.problems[0]?.message}`);
  });
  return { language, rules: compiled };
}

export function compileRule(
  rule: Rule,
  language: Language,
): { readonly compiled: CompiledRule } | { readonly problems: readonly CompileProblem[] } {
  const problems: CompileProblem[] = [];
  const compiled = compileWith(rule, language, problems, false);
  return problems.length > 0 || !compiled ? { problems } : { compiled };
}

/**
 * A rule that was compiled before without a problem. Most of its expressions never run in a bundle: each is parsed and
 * checked when it first does. Throws where the rule does not compile.
 */
export function openRule(rule: Rule, language: Language): CompiledRule {
  const problems: CompileProblem[] = [];
  const compiled = compileWith(rule, language, problems, true);
  if (compiled) return compiled;
  throw new Error(`rule ${rule.id}: ${problems[0]?.message}`);
}

function compileWith(
  rule: Rule,
  language: Language,
  problems: CompileProblem[],
  trusts: boolean,
): CompiledRule | undefined {
  language.learn(factTypesOf(rule));
  const scope = language.newScope(trusts);
  const all: Compiled[] = [];
  const compile = (written: Written, type?: 'bool'): Compiled | undefined => {
    const result = scope.compile(written.text);
    if (isProblem(result)) return void problems.push({ of: written, ...result });
    if (type && !trusts && result.type !== 'bool' && !result.type.startsWith('dyn')) {
      return void problems.push({
        of: written,
        start: 0,
        message: `must be true or false, but gives ${typeText(result.type)}`,
      });
    }
    all.push(result);
    return result;
  };
  const bindings = compileBindings(rule, language, scope, compile, problems);
  const lets = compileLets(rule, scope, compile, problems);
  const needs = needsOf(rule, lets);
  const failsWhen = compile(rule.failsWhen, 'bool');
  const severityWhen = rule.severityWhen.flatMap(({ severity, when }) => {
    const compiled = compile(when, 'bool');
    return compiled ? [{ severity, when: compiled }] : [];
  });
  const appliesWhen = rule.appliesWhen && compile(rule.appliesWhen, 'bool');
  const subject = compileText(rule.subject, scope, problems);
  const message = compileText(rule.message, scope, problems);
  const asked = rule.reconciles && compileText(rule.reconciles.asked, scope, problems);
  const got = rule.reconciles && compileText(rule.reconciles.got, scope, problems);
  const of = rule.reconciles?.of ? compileText(rule.reconciles.of, scope, problems) : subject;
  for (const text of [subject, message, asked, got, of]) all.push(...(text?.expressions ?? []));
  const evidence = (rule.evidence ?? []).flatMap((each) => readEvidence(each, rule, language, problems) ?? []);
  const [first, ...others] = bindings;
  if (problems.length > 0 || !failsWhen || !first) return undefined;
  const deciding = lazily(() => [
    failsWhen,
    ...bindings.flatMap(({ where }) => where ?? []),
    ...lets.map((each) => each.value),
  ]);
  const originOf = (name: string) => lets.find((each) => each.name === name)?.value.reads.origin?.name;
  const parts = lazily(() => {
    const conditions = appliesWhen ? partsOf(appliesWhen, scope) : [];
    const alone = [first.binding.name, 'settings', 'now'];
    return conditions.map((compiled) => ({
      compiled,
      needs: mostNeeded(compiled, needs),
      isEarly: compiled.reads.names.every((name) => alone.includes(name)),
    }));
  });
  const reads = lazily(() => uniqueReads(deciding()));
  const messageReads = lazily(() => uniqueReads(message.expressions));
  const literals = lazily(() => new Set(deciding().flatMap((each) => each.reads.literals)));
  const letOrigins = lazily(() => new Map(lets.map(({ name }) => [name, [originOf(name) ?? []].flat()])));
  const shown = lazily(() => evidence.map((read) => ({ ...read, binding: originOf(read.name) ?? read.name })));
  return {
    rule,
    bindings: [first, ...others],
    newScope: scopeMaker(language, lets),
    get appliesWhen() {
      return parts();
    },
    failsWhen,
    severityWhen,
    get settings() {
      return [...new Set(all.flatMap(settingNames))].sort();
    },
    get usesNow() {
      return all.some(({ text, reads }) => /\bnow\b/.test(text) && reads.names.includes('now'));
    },
    get reads() {
      return reads();
    },
    get messageReads() {
      return messageReads();
    },
    get literals() {
      return literals();
    },
    lets: lets.map((each) => each.name),
    get letOrigins() {
      return letOrigins();
    },
    get evidence() {
      return rule.evidence && shown();
    },
    reconciles: asked && got && { asked: sideOf(asked), got: sideOf(got), of: (values) => oneLine(of.write(values)) },
    subject: (values) => oneLine(subject.write(values)),
    message: (values) => oneLine(message.write(values)),
  };
}

const sideOf = (text: ReturnType<typeof compileText>): CompiledSide => ({
  get reads() {
    return uniqueReads(text.expressions);
  },
  write: (values) => oneLine(text.write(values)),
});

/** The parts that `&&` joins, each ready to run; the whole where a part cannot stand alone. */
function partsOf(condition: Compiled, scope: CelScope): readonly Compiled[] {
  const parts = conjuncts(condition.ast).map(({ start, end }) => scope.compile(condition.text.slice(start, end)));
  return parts.every(standsAlone) ? parts : [condition];
}

function standsAlone(part: ReturnType<CelScope['compile']>): part is Compiled {
  try {
    return !isProblem(part) && part.ast !== undefined;
  } catch {
    return false;
  }
}

const settingNames = ({ reads }: Compiled): string[] =>
  reads.reads.flatMap(({ name, path: [first] }) => (name === 'settings' && first !== undefined ? [first] : []));

/** Each way once, the deciding ones first. */
function uniqueReads(expressions: readonly Compiled[]): Read[] {
  const reads = new Map<string, Read>();
  for (const { reads: found } of expressions) {
    for (const read of found.reads) reads.set([read.name, ...read.path].join('.'), read);
  }
  return [...reads.values()];
}
