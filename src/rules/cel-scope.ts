// The names that an expression may speak of, and expressions over them: parsed, checked and made ready to run.

import type { Fields } from '../facts/fact-type.ts';
import { countSteps, directFirst, withinBudget } from './cel-budget.ts';
import { alsoWrong } from './cel-checks.ts';
import { explainCelError } from './cel-errors.ts';
import { unanswered } from './direct-parts.ts';
import { directRun } from './direct-run.ts';
import { type Ast, adjust, type Read, type Reads, readsOf } from './expression-reads.ts';
import type { ValueType } from './fact-values.ts';
import { matchesInside, patternFunctions } from './functions/texts.ts';
import { factTypeOf, type TypeGroups } from './type-groups.ts';

/** Something wrong in an expression, at characters of its text. */
export interface CelProblem {
  readonly start: number;
  readonly message: string;
  readonly suggestion?: string;
}

/**
 * An expression that passed the check. Variables are read from `scope` by name, when they are needed. One of a scope
 * that trusts what it is given is parsed when it is first looked at, and checked when it first runs.
 */
export interface Compiled {
  readonly text: string;
  /** CEL type of the result. */
  readonly type: string;
  readonly ast: Ast;
  readonly reads: Reads;
  run(scope: object): unknown;
}

export interface CelScope {
  /** True where all that comes was found to be without a problem before. */
  readonly trusts: boolean;
  /** Makes a name known; says what is wrong with it. */
  declare(name: string, type: string, origin?: Read): string | undefined;
  /** The same, where it costs something to know what it means: a scope that trusts asks for it when it is named. */
  declareLater(name: string, meaning: () => Meaning): string | undefined;
  /** A typed object made for this scope alone, e.g. a burst. */
  declareType(type: ValueType): void;
  compile(text: string): Compiled | CelProblem;
  readonly names: readonly string[];
}

/** CEL type of a name, and where its value comes from. */
export interface Meaning {
  readonly type: string;
  readonly origin?: Read | undefined;
}

/** What a scope needs of the CEL library. */
export interface CelEnvironment {
  registerType(
    name: string,
    type: { readonly ctor: ValueType['ctor']; readonly fields: ValueType['celFields'] },
  ): unknown;
  registerVariable(name: string, type: string): unknown;
  getDefinitions(): { readonly functions: readonly { name: string; signature: string }[] };
  parse(text: string): {
    (scope: Record<string, unknown>): unknown;
    readonly ast: unknown;
    check(): { readonly valid: boolean; readonly type?: string | undefined; readonly error?: unknown };
  };
}

export interface ScopeParts {
  /** The environment of this scope alone, and the fact types that it knows. */
  open(): { readonly environment: CelEnvironment; readonly registered: Set<string> };
  registerType(environment: CelEnvironment, type: ValueType): void;
  unwrap(value: unknown): unknown;
  readonly groups: TypeGroups;
  readonly isDirect: boolean;
  readonly trusts: boolean;
}

export const isProblem = (result: Compiled | CelProblem): result is CelProblem => !('run' in result);

export function createScope({ open, registerType, unwrap, groups, isDirect, trusts }: ScopeParts): CelScope {
  const names = ['settings', 'now'];
  const origins = new Map<string, Read | undefined>();
  const own = new Map<string, ValueType>();
  let placed = 0;
  const later = new Map<string, { readonly place: number; readonly meaning: () => Meaning }>();
  const fieldsOf = (type: string): Fields | undefined => (own.get(type) ?? groups.named(type))?.fields;
  const getterOf = (type: string, field: string): (() => unknown) | undefined =>
    Object.getOwnPropertyDescriptor((own.get(type) ?? groups.named(type))?.ctor.prototype ?? {}, field)?.get;
  const opened = lazily(open);

  function registerTypesOf(celType: string): void {
    const { environment, registered } = opened();
    for (const [word] of celType.matchAll(/[A-Z]\w*/g)) {
      const type = own.get(word);
      const name = type ? word : factTypeOf(word);
      if (registered.has(name)) continue;
      registered.add(name);
      for (const each of type ? [type] : groups.of(name)) registerType(environment, each);
    }
  }

  function declare(name: string, type: string, origin?: Read): string | undefined {
    try {
      registerTypesOf(type);
      opened().environment.registerVariable(name, type.replace(/\b[A-Z]\b/g, 'dyn'));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return message.replace(/^Invalid variable declaration: /, '');
    }
    names.push(name);
    // A name of `given` reads itself; a name of `let` leads back to one.
    if (origin?.name !== name) origins.set(name, origin);
    return undefined;
  }

  /** Declares what a text names, of what was there when the text was. */
  function settle(text: string, place: number): void {
    for (const [name] of later.size > 0 ? text.matchAll(/\w+/g) : []) {
      const found = later.get(name);
      if (!found || found.place >= place) continue;
      later.delete(name);
      const { type, origin } = found.meaning();
      declare(name, type, origin);
    }
  }

  function parse(text: string, place: number) {
    settle(text, place);
    const run = opened().environment.parse(text);
    const ast = run.ast as unknown as Ast;
    adjust(ast, matchesInside);
    return { run, ast, reads: lazily(() => readsOf(ast, origins, patternFunctions)) };
  }

  function check(text: string, { run, ast, reads }: ReturnType<typeof parse>): Compiled | CelProblem {
    const checked = run.check();
    if (!checked.valid) return explain(checked.error);
    const problem = trusts ? undefined : alsoWrong(ast, reads(), fieldsOf);
    if (problem) return problem;
    countSteps(ast);
    const inCel = (scope: object) => run(scope as Record<string, unknown>);
    const evaluate = lazily(() => {
      const direct = isDirect && directRun(ast, { unwrap, getterOf, isLet: (name) => origins.has(name) });
      return direct ? directFirst(direct, unanswered, inCel) : inCel;
    });
    return { text, type: checked.type ?? 'dyn', ast, reads: reads(), run: (scope) => withinBudget(evaluate(), scope) };
  }

  const explain = (error: unknown) => explainCelError(error, { environment: opened().environment, names, fieldsOf });

  function defer(text: string): Compiled {
    const place = placed++;
    const parsed = lazily(() => parse(text, place));
    const compiled = lazily(() => {
      const result = check(text, parsed());
      if (isProblem(result)) throw new Error(result.message);
      return result;
    });
    return {
      text,
      get type() {
        return compiled().type;
      },
      get ast() {
        return parsed().ast;
      },
      get reads() {
        return parsed().reads();
      },
      run: (scope) => compiled().run(scope),
    };
  }

  return {
    names,
    trusts,
    declare,
    declareLater(name, meaning) {
      if (trusts) return void later.set(name, { place: placed++, meaning });
      const { type, origin } = meaning();
      return declare(name, type, origin);
    },
    declareType: (type) => void own.set(type.name, type),
    compile(text) {
      if (trusts) return defer(text);
      try {
        return check(text, parse(text, 0));
      } catch (error) {
        return explain(error);
      }
    },
  };
}

/** Made at the first call. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
