// Compiles what is under `let`, and makes the variables of one evaluation.

import type { CelScope, Compiled, Language } from './cel.ts';
import type { CompiledRule, CompileProblem } from './compile.ts';
import type { Rule, Written } from './rule.ts';

export interface CompiledLet {
  readonly name: string;
  readonly value: Compiled;
}

export function compileLets(
  rule: Rule,
  scope: CelScope,
  compile: (written: Written) => Compiled | undefined,
  problems: CompileProblem[],
): CompiledLet[] {
  return rule.let.flatMap(({ name, value }) => {
    const compiled = compile(value);
    const wrong = scope.declareLater(name, () => ({ type: compiled?.type ?? 'dyn', origin: compiled?.reads.origin }));
    if (wrong !== undefined) problems.push({ of: value, start: 0, message: `let "${name}": ${wrong}` });
    return compiled ? [{ name, value: compiled }] : [];
  });
}

/** How many bindings each name needs, from the first on; what a name of `let` needs is what it is made of. */
export function needsOf(rule: Rule, lets: readonly CompiledLet[]): (name: string) => number {
  const known = new Map(rule.given.map(({ name }, index) => [name, index + 1]));
  const of = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const value = lets.find((each) => each.name === name)?.value;
    const needs = value ? mostNeeded(value, of) : 0;
    known.set(name, needs);
    return needs;
  };
  return of;
}

export const mostNeeded = (compiled: Compiled, needs: (name: string) => number): number =>
  Math.max(1, ...compiled.reads.names.map(needs));

/** A class whose instances hold the variables of one evaluation; a `let` runs once, and only if it is read. */
export function scopeMaker(language: Language, lets: readonly CompiledLet[]): CompiledRule['newScope'] {
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
