// The only file that knows the CEL library: it declares our types and functions to it, checks expressions and runs them.

import { Environment, Optional } from '@marcbachmann/cel-js';
import type { Field, Fields } from '../facts/fact-type.ts';
import { countSteps, directFirst, mostNested, tooDeep, withinBudget } from './cel-budget.ts';
import { explainCelError } from './cel-errors.ts';
import { unanswered } from './direct-parts.ts';
import { directRun } from './direct-run.ts';
import { type Ast, adjust, type Read, type Reads, readsOf } from './expression-reads.ts';
import { timestampType, type ValueType, valueTypes } from './fact-values.ts';
import { addressFunctions } from './functions/addresses.ts';
import { cgroupFunctions } from './functions/cgroup.ts';
import type { CelFunction, FunctionTable } from './functions/function-table.ts';
import { kubernetesFunctions } from './functions/kubernetes.ts';
import { listFunctions } from './functions/lists.ts';
import { numberFunctions } from './functions/numbers.ts';
import { quantityFunctions } from './functions/quantity.ts';
import { matchesInside, patternFunctions, textFunctions } from './functions/texts.ts';
import { versionFunctions } from './functions/versions.ts';
import { acceptPattern, inspectPattern } from './patterns.ts';
import type { Vocabulary } from './rule.ts';
import { didYouMean } from './suggest.ts';

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

/** Something wrong in an expression, at characters of its text. */
export interface CelProblem {
  readonly start: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** An expression that passed the check. Variables are read from `scope` by name, when they are needed. */
export interface Compiled {
  readonly text: string;
  /** CEL type of the result. */
  readonly type: string;
  readonly ast: Ast;
  readonly reads: Reads;
  run(scope: object): unknown;
}

export interface CelScope {
  /** Makes a name known; says what is wrong with it. */
  declare(name: string, type: string, origin?: Read): string | undefined;
  /** A typed object made for this scope alone, e.g. a burst. */
  declareType(type: ValueType): void;
  compile(text: string): Compiled | CelProblem;
  readonly names: readonly string[];
}

export interface Language {
  readonly vocabulary: Vocabulary;
  /** A stored value as its fact type makes it. */
  valueOf(factType: string, raw: Readonly<Record<string, unknown>>): object;
  /** Fields of a type by its CEL name. */
  fieldsOf(type: string): Fields | undefined;
  readonly settings: object;
  newScope(): CelScope;
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
  return {
    vocabulary,
    valueOf: (name, raw) => new (typeNamed(name).ctor)(raw),
    fieldsOf: (name) => groups.named(name)?.fields,
    settings: new (typeNamed('Settings').ctor)(values),
    newScope: () => createScope(environment.clone(), groups, isDirect),
  };
}

/** The types of a fact type: its nested objects, then itself. Made when a rule uses them: a rule uses few of them. */
interface TypeGroups {
  of(factType: string): readonly ValueType[];
  /** `Container`, `Container_limits`. */
  named(type: string): ValueType | undefined;
}

function typeGroups(vocabulary: Vocabulary): TypeGroups {
  const fields = new Map(vocabulary.factTypes.map((type) => [type.name, type.fields]));
  fields.set('Settings', settingFields(vocabulary));
  const made = new Map<string, readonly ValueType[]>();
  const types = new Map<string, ValueType>();
  const of = (factType: string): readonly ValueType[] => {
    const known = made.get(factType);
    if (known) return known;
    const shape = fields.get(factType);
    const group = shape ? valueTypes(factType, shape) : [];
    made.set(factType, group);
    for (const type of group) types.set(type.name, type);
    return group;
  };
  return {
    of,
    named(type) {
      of(factTypeOf(type));
      return types.get(type);
    },
  };
}

const factTypeOf = (type: string): string => type.split('_')[0] ?? type;

function registerType(environment: Environment, { name, ctor, celFields }: ValueType): void {
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

function settingFields(vocabulary: Vocabulary): Fields {
  const fields: Record<string, Field> = {};
  for (const [name, { type, doc }] of Object.entries(vocabulary.settings)) {
    fields[name] = type === 'list' ? { is: 'list', of: { is: 'string', doc }, doc } : { is: type, doc };
  }
  return fields;
}

function createScope(environment: Environment, groups: TypeGroups, isDirect: boolean): CelScope {
  const names = ['settings', 'now'];
  const origins = new Map<string, Read | undefined>();
  const own = new Map<string, ValueType>();
  const fieldsOf = (type: string): Fields | undefined => (own.get(type) ?? groups.named(type))?.fields;
  const registered = new Set(['Settings']);
  const registerTypesOf = (celType: string) => {
    for (const [word] of celType.matchAll(/[A-Z]\w*/g)) {
      const factType = factTypeOf(word);
      if (registered.has(factType)) continue;
      registered.add(factType);
      for (const type of groups.of(factType)) registerType(environment, type);
    }
  };
  return {
    names,
    declare(name, type, origin) {
      try {
        registerTypesOf(type);
        environment.registerVariable(name, type.replace(/\b[A-Z]\b/g, 'dyn'));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return message.replace(/^Invalid variable declaration: /, '');
      }
      names.push(name);
      // A name of `given` reads itself; a name of `let` leads back to one.
      if (origin?.name !== name) origins.set(name, origin);
      return undefined;
    },
    declareType(type) {
      own.set(type.name, type);
      registerType(environment, type);
    },
    compile(text) {
      try {
        const run = environment.parse(text);
        const ast = run.ast as unknown as Ast;
        adjust(ast, matchesInside);
        const checked = run.check();
        if (!checked.valid) return explainCelError(checked.error, { environment, names, fieldsOf });
        const reads = readsOf(ast, origins, patternFunctions);
        const problem = refusedPattern(reads) ?? unknownField(reads, fieldsOf) ?? nestedLoops(ast);
        if (problem) return problem;
        countSteps(ast);
        for (const { pattern } of reads.patterns) acceptPattern(pattern);
        const direct = isDirect ? directRun(ast, { unwrap, isLet: (name) => origins.has(name) }) : undefined;
        const inCel = (scope: object) => run(scope as Record<string, unknown>);
        const inScope = (scope: object) =>
          withinBudget(() =>
            direct
              ? directFirst(
                  () => direct(scope),
                  unanswered,
                  () => inCel(scope),
                )
              : inCel(scope),
          );
        return { text, type: checked.type ?? 'dyn', ast, reads, run: inScope };
      } catch (error) {
        return explainCelError(error, { environment, names, fieldsOf });
      }
    },
  };
}

function refusedPattern(reads: Reads): CelProblem | undefined {
  for (const { pattern, node } of reads.patterns) {
    const { refused } = inspectPattern(pattern);
    if (refused !== undefined) return { start: node.start, message: `RE2 refuses the pattern: ${refused}` };
  }
  return undefined;
}

function nestedLoops(ast: Ast): CelProblem | undefined {
  const loop = tooDeep(ast);
  return loop && { start: loop.start, message: `loops more than ${mostNested} deep inside of each other` };
}

/** The checker lets a wrong field pass in `has(a.b)` and `a.?b`; a rule that names none is wrong. */
function unknownField(reads: Reads, fieldsOf: (type: string) => Fields | undefined): CelProblem | undefined {
  for (const access of reads.accesses) {
    const [left, field] = access.args as [Ast, string];
    const type = typeOf(left, fieldsOf);
    const fields = type === undefined ? undefined : fieldsOf(type);
    if (!fields || Object.hasOwn(fields, field)) continue;
    const suggestion = didYouMean(field, Object.keys(fields));
    const message = `${typeText(type ?? '')} has no field "${field}"`;
    return { start: access.end - field.length, message, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  return undefined;
}

/** The typed object that a node gives, by name, where the checker or the fields before it tell. */
function typeOf(node: Ast, fieldsOf: (type: string) => Fields | undefined): string | undefined {
  const checked = (node as { readonly checkedType?: { readonly name: string } }).checkedType?.name;
  if (checked !== undefined) return /^optional<(.+)>$/.exec(checked)?.[1] ?? checked;
  if (node.op !== '.' && node.op !== '.?') return undefined;
  const [left, field] = node.args as [Ast, string];
  const owner = typeOf(left, fieldsOf);
  const shape = owner === undefined ? undefined : fieldsOf(owner)?.[field];
  const plain = shape?.is === 'optional' ? shape.of : shape;
  return plain?.is === 'object' ? `${owner}_${field}` : undefined;
}

/** CEL type names as rules write them: `Container_limits` → `Container.limits`. */
export function typeText(type: string): string {
  return type
    .replaceAll('google.protobuf.Timestamp', 'timestamp')
    .replaceAll('google.protobuf.Duration', 'duration')
    .replace(/(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])/g, '.');
}

export const isProblem = (result: Compiled | CelProblem): result is CelProblem => !('run' in result);

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
