// The only file that knows the CEL library: it declares our types and functions to it, checks expressions and runs them.

import { Environment, Optional } from '@marcbachmann/cel-js';
import type { Fields } from '../facts/fact-type.ts';
import { type CelEnvironment, type CelScope, createScope } from './cel-scope.ts';
import { timestampType, type ValueType } from './fact-values.ts';
import { addressFunctions } from './functions/addresses.ts';
import { cgroupFunctions } from './functions/cgroup.ts';
import type { CelFunction, FunctionTable } from './functions/function-table.ts';
import { kubernetesFunctions } from './functions/kubernetes.ts';
import { listFunctions } from './functions/lists.ts';
import { numberFunctions } from './functions/numbers.ts';
import { quantityFunctions } from './functions/quantity.ts';
import { textFunctions } from './functions/texts.ts';
import { versionFunctions } from './functions/versions.ts';
import type { Vocabulary } from './rule.ts';
import { typeGroups } from './type-groups.ts';

export { type CelProblem, type CelScope, type Compiled, isProblem } from './cel-scope.ts';

const tables: readonly FunctionTable[] = [
  textFunctions,
  listFunctions,
  numberFunctions,
  quantityFunctions,
  addressFunctions,
  versionFunctions,
  kubernetesFunctions,
  cgroupFunctions,
];

/** Own functions, for `rules docs`. */
export const ownFunctions: readonly CelFunction[] = tables.flatMap((table) => table.functions);

export interface Language {
  readonly vocabulary: Vocabulary;
  /** A stored value as its fact type makes it. */
  valueOf(factType: string, raw: Readonly<Record<string, unknown>>): object;
  /** Fields of a type by its CEL name. */
  fieldsOf(type: string): Fields | undefined;
  readonly settings: object;
  /** Makes fact types known once for all scopes to come; one that was not is learned by each scope that meets it. */
  learn(factTypes: readonly string[]): void;
  newScope(trusts?: boolean): CelScope;
}

/** Of one expression, as it is written; the longest of a rule in use has some 300 nodes. */
const limits = { maxAstNodes: 10_000, maxDepth: 100, maxListElements: 1000, maxMapEntries: 1000 };

export interface LanguageOptions {
  /** False leaves every expression to CEL, as a test does that compares. */
  readonly isDirect?: boolean;
}

/** Declares settings and functions once; each rule gets a scope of it, with the fact types that it uses. */
export function createLanguage(vocabulary: Vocabulary, { isDirect = true }: LanguageOptions = {}): Language {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits });
  const groups = typeGroups(vocabulary);
  registerFunctions(environment);
  for (const type of groups.of('Settings')) registerType(environment, type);
  environment.registerVariable('settings', 'Settings');
  environment.registerVariable('now', timestampType);
  const values = Object.fromEntries(Object.entries(vocabulary.settings).map(([name, { value }]) => [name, value]));
  const typeNamed = (name: string): ValueType => {
    const type = groups.named(name);
    if (!type) throw new Error(`unknown fact type ${name}`);
    return type;
  };
  let base = environment;
  const known = new Set(['Settings']);
  return {
    vocabulary,
    valueOf: (name, raw) => new (typeNamed(name).ctor)(raw),
    fieldsOf: (name) => groups.named(name)?.fields,
    settings: new (typeNamed('Settings').ctor)(values),
    learn(factTypes) {
      const missing = new Set(factTypes.filter((each) => !known.has(each)));
      // An environment that was cloned takes nothing more.
      if (missing.size > 0) base = base.clone();
      for (const factType of missing) {
        known.add(factType);
        for (const type of groups.of(factType)) registerType(base, type);
      }
    },
    newScope(trusts = false) {
      const open = () => ({ environment: base.clone(), registered: new Set(known) });
      return createScope({ open, registerType, unwrap, groups, isDirect, trusts });
    },
  };
}

function registerType(environment: CelEnvironment, { name, ctor, celFields }: ValueType): void {
  environment.registerType(name, { ctor, fields: celFields });
}

function registerFunctions(environment: Environment): void {
  const sync = { async: false };
  for (const { types = [], functions, operators = [] } of tables) {
    for (const { name, ctor, constant } of types) {
      environment.registerType(name, { ctor, fields: {} });
      if (constant) environment.registerConstant(constant.name, name, constant.value);
    }
    for (const { signature, handler } of functions) environment.registerFunction(signature, handler, sync);
    for (const { signature, handler } of operators) environment.registerOperator(signature, handler);
  }
}

/** An optional value with something in it, or without. */
export const present = (value: unknown): unknown => Optional.of(value);
export const absent: unknown = Optional.none();
/** The value inside an optional, else the value itself; undefined for an empty optional. */
export function unwrap(value: unknown): unknown {
  return value instanceof Optional ? (value.hasValue() ? value.value() : undefined) : value;
}

/** What went wrong while an expression ran, on one line; `noSuchKey` where a field was absent. */
export function runError(error: unknown): { readonly message: string; readonly noSuchKey: boolean } {
  const { code, summary } = (error ?? {}) as { readonly code?: unknown; readonly summary?: unknown };
  const message = typeof summary === 'string' ? summary : error instanceof Error ? error.message : String(error);
  return { message: message.split('\n')[0] ?? '', noSuchKey: code === 'no_such_key' };
}
