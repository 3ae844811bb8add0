// Compiles a rule: every expression checked against the types it meets, and made ready to run.

import {
  type CelProblem,
  type CelScope,
  type Compiled,
  createLanguage,
  isProblem,
  type Language,
  typeText,
} from './cel.ts';
import { type CompiledBinding, compileBindings } from './compile-given.ts';
import { compileText } from './compile-text.ts';
import { conjuncts, type Read } from './expression-reads.ts';
import type { Rule, Severity, Vocabulary, Written } from './rule.ts';
import { didYouMean } from './suggest.ts';
import { oneLine } from './texts.ts';

/** A condition, and how many of the bindings must be there before it can be decided. */
export interface Condition {
  readonly compiled: Compiled;
  readonly needs: number;
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
  const scope = language.newScope();
  const problems: CompileProblem[] = [];
  const all: Compiled[] = [];
  const compile = (written: Written, type?: 'bool'): Compiled | undefined => {
    const result = scope.compile(written.text);
    if (isProblem(result)) return void problems.push({ of: written, ...result });
    if (type && result.type !== 'bool' && !result.type.startsWith('dyn')) {
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
  const needs = new Map(rule.given.map(({ name }, index) => [name, index + 1]));
  const lets = compileLets(rule, scope, compile, problems, needs);
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
  const evidence = rule.evidence?.flatMap((each) => {
    const read = readEvidence(each, rule, language, problems);
    const origin = lets.find(({ name }) => name === read?.name)?.value.reads.origin;
    return read ? [{ ...read, binding: origin?.name ?? read.name }] : [];
  });
  const [first, ...others] = bindings;
  if (problems.length > 0 || !failsWhen || !first) return { problems };
  const conditions = appliesWhen ? partsOf(appliesWhen, scope) : [];
  const wheres = bindings.flatMap(({ where }) => where ?? []);
  const deciding = [failsWhen, ...wheres, ...lets.map((each) => each.value)];
  return {
    compiled: {
      rule,
      bindings: [first, ...others],
      newScope: scopeMaker(language, lets),
      appliesWhen: conditions.map((compiled) => ({ compiled, needs: mostNeeded(compiled, needs) })),
      failsWhen,
      severityWhen,
      settings: [...new Set(all.flatMap(settingNames))].sort(),
      usesNow: all.some((each) => each.reads.names.includes('now')),
      reads: uniqueReads(deciding),
      messageReads: uniqueReads(message.expressions),
      literals: new Set(deciding.flatMap(({ reads }) => reads.literals)),
      lets: lets.map((each) => each.name),
      letOrigins: new Map(lets.map(({ name, value }) => [name, value.reads.origin ? [value.reads.origin.name] : []])),
      evidence,
      reconciles: asked && got && { asked: sideOf(asked), got: sideOf(got), of: (values) => oneLine(of.write(values)) },
      subject: (values) => oneLine(subject.write(values)),
      message: (values) => oneLine(message.write(values)),
    },
  };
}

const sideOf = (text: ReturnType<typeof compileText>): CompiledSide => ({
  reads: uniqueReads(text.expressions),
  write: (values) => oneLine(text.write(values)),
});

/** The parts that `&&` joins, each ready to run; the whole where a part cannot stand alone. */
function partsOf(condition: Compiled, scope: CelScope): readonly Compiled[] {
  const parts = conjuncts(condition.ast).map(({ start, end }) => scope.compile(condition.text.slice(start, end)));
  const compiled = parts.filter((part): part is Compiled => !isProblem(part));
  return compiled.length === parts.length ? compiled : [condition];
}

interface CompiledLet {
  readonly name: string;
  readonly value: Compiled;
}

function compileLets(
  rule: Rule,
  scope: CelScope,
  compile: (written: Written) => Compiled | undefined,
  problems: CompileProblem[],
  needs: Map<string, number>,
): CompiledLet[] {
  return rule.let.flatMap(({ name, value }) => {
    const compiled = compile(value);
    const wrong = scope.declare(name, compiled?.type ?? 'dyn', compiled?.reads.origin);
    if (wrong !== undefined) problems.push({ of: value, start: 0, message: `let "${name}": ${wrong}` });
    if (!compiled) return [];
    needs.set(name, mostNeeded(compiled, needs));
    return [{ name, value: compiled }];
  });
}

/** How many bindings an expression needs, from the first on. */
function mostNeeded(compiled: Compiled, needs: ReadonlyMap<string, number>): number {
  return Math.max(1, ...compiled.reads.names.map((name) => needs.get(name) ?? 0));
}

/** A class whose instances hold the variables of one evaluation; a `let` runs once, and only if it is read. */
function scopeMaker(language: Language, lets: readonly CompiledLet[]): CompiledRule['newScope'] {
  class Scope {
    readonly settings = language.settings;
  }
  Object.setPrototypeOf(Scope.prototype, null);
  for (const { name, value } of lets) {
    const kept = Symbol(name);
    const get = function (this: Record<symbol, unknown>) {
      const known = this[kept];
      if (known !== undefined) return known;
      const result = value.run(this);
      this[kept] = result;
      return result;
    };
    Object.defineProperty(Scope.prototype, name, { get });
  }
  return ({ now }) => {
    const scope: Record<string, unknown> = new Scope() as never;
    if (now) scope.now = now;
    return scope;
  };
}

/** `binding`, `binding.field` or a name of `let`. */
function readEvidence(written: Written, rule: Rule, language: Language, problems: CompileProblem[]): Read | undefined {
  const [name = '', ...path] = written.text.trim().split('.');
  const binding = rule.given.find((each) => each.name === name);
  const known = [...rule.given, ...rule.let].map((each) => each.name);
  if (!known.includes(name)) {
    const suggestion = didYouMean(name, known) ?? `known: ${known.join(', ')}`;
    problems.push({ of: written, start: 0, message: `evidence names "${name}", which nothing binds`, suggestion });
    return undefined;
  }
  const fields = binding?.is === 'fact' ? language.fieldsOf(binding.fact) : undefined;
  const [field] = path;
  if (fields && field !== undefined && !Object.hasOwn(fields, field)) {
    const suggestion = didYouMean(field, Object.keys(fields));
    const message = `${sourceType(binding)} has no field "${field}"`;
    problems.push({
      of: written,
      start: name.length + 1,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  return { name, path };
}

const sourceType = (binding: Rule['given'][number] | undefined): string => (binding?.is === 'fact' ? binding.fact : '');

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
