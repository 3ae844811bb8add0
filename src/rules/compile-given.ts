// Compiles what is under `given`: the keys of joins against the fields they meet, and the conditions of `where`.

import type { Field, Fields } from '../facts/fact-type.ts';
import type { Having } from '../facts/store.ts';
import { type CelScope, type Compiled, isProblem, type Language } from './cel.ts';
import { typeText } from './cel-checks.ts';
import { lazily } from './cel-scope.ts';
import type { CompileProblem } from './compile.ts';
import { type ValueType, valueTypes } from './fact-values.ts';
import { inspectPattern } from './patterns.ts';
import { logLabels } from './read-given.ts';
import { type Binding, type LogBinding, type Rule, sourceName, type Written } from './rule.ts';
import { didYouMean } from './suggest.ts';
import { logPatternId } from './wanted.ts';
import { textsOfWhere } from './where-texts.ts';

export interface CompiledBinding {
  readonly binding: Binding;
  /** What stands in `missing` when it is not there. */
  readonly source: string;
  readonly on: readonly { readonly field: readonly string[]; readonly key: Compiled }[];
  readonly where: Compiled | undefined;
  /** True where `where` reads nothing but the fact itself: it is then decided once per fact. */
  readonly whereAlone: boolean;
  /** Facts without these texts do not meet `where`. */
  readonly having: readonly Having[];
  readonly burst: CompiledBurst | undefined;
}

export interface CompiledBurst {
  readonly patternId: string;
  /** `groupBy`, and what it is joined by. */
  readonly groupBy: readonly string[];
  readonly timespanMillis: number | undefined;
  readonly ctor: ValueType['ctor'];
}

type Compile = (written: Written, type?: 'bool') => Compiled | undefined;

export function compileBindings(
  rule: Rule,
  language: Language,
  scope: CelScope,
  compile: Compile,
  problems: CompileProblem[],
): CompiledBinding[] {
  // A `where` sees one fact although the name later stands for a list: it needs a scope in which that is so.
  const earlier: ((other: CelScope) => void)[] = [];
  return rule.given.map((binding, index) => {
    const placed: Written = { text: binding.name, line: binding.line, column: binding.column };
    const complain = (of: Written, message: string, suggestion?: string) =>
      problems.push({ of, start: 0, message, ...(suggestion === undefined ? {} : { suggestion }) });
    const on = binding.on.flatMap(({ field, key }) => {
      const compiled = compile(key);
      const wrong = compiled && !scope.trusts && wrongKey(binding, field, compiled, language);
      if (wrong) complain(key, wrong.message, wrong.suggestion);
      return compiled ? [{ field: field.split('.'), key: compiled }] : [];
    });
    const type = binding.is === 'log' ? burstType(binding) : undefined;
    const single = binding.is === 'fact' ? binding.fact : (type?.name ?? 'dyn');
    const declareIn = (other: CelScope, celType: string): string | undefined => {
      if (type) other.declareType(type);
      return other.declareLater(binding.name, () => ({ type: celType, origin: { name: binding.name, path: [] } }));
    };
    const whole = binding.many ? `list<${single}>` : binding.optional ? `optional<${single}>` : single;
    let where: Compiled | undefined;
    if (binding.where && whole !== single) {
      const inner = language.newScope(scope.trusts);
      for (const declare of earlier) declare(inner);
      declareIn(inner, single);
      where = compileWhere(binding.where, inner, problems);
    }
    const wrong = declareIn(scope, whole);
    if (wrong !== undefined) complain(placed, `"${binding.name}": ${wrong}`, 'choose another name');
    earlier.push((other) => void declareIn(other, whole));
    if (binding.where && whole === single) where = compile(binding.where, 'bool');
    const whereAlone = lazily(
      () => where?.reads.names.every((name) => [binding.name, 'settings', 'now'].includes(name)) ?? true,
    );
    const having = lazily(() =>
      where && binding.is === 'fact' ? textsOfWhere(where.ast, binding.name, language.fieldsOf(single) ?? {}) : [],
    );
    if (binding.where && on.length === 0 && index > 0 && !whereAlone()) {
      complain(
        binding.where,
        `every ${sourceName(binding)} would be compared with every subject`,
        `give "${binding.name}" a key under "on", or take many: true and filter in failsWhen`,
      );
    }
    return {
      binding,
      source: sourceName(binding),
      on,
      where,
      get whereAlone() {
        return whereAlone();
      },
      get having() {
        return having();
      },
      burst: type && compiledBurst(binding as LogBinding, type),
    };
  });
}

function compileWhere(written: Written, scope: CelScope, problems: CompileProblem[]): Compiled | undefined {
  const result = scope.compile(written.text);
  if (isProblem(result)) return void problems.push({ of: written, ...result });
  if (scope.trusts || result.type === 'bool' || result.type.startsWith('dyn')) return result;
  return void problems.push({
    of: written,
    start: 0,
    message: `must be true or false, but gives ${typeText(result.type)}`,
  });
}

/** What is wrong with a key of a join, if anything. */
function wrongKey(
  binding: Binding,
  field: string,
  key: Compiled,
  language: Language,
): { readonly message: string; readonly suggestion?: string | undefined } | undefined {
  const type = /^(?:optional|dyn)<(.+)>$/.exec(key.type)?.[1] ?? key.type;
  if (!['string', 'int', 'double', 'bool', 'dyn'].includes(type)) {
    return { message: `a key of a join cannot be ${typeText(key.type)}` };
  }
  if (binding.is === 'object') return undefined;
  if (binding.is === 'log') {
    const known = [...inspectPattern(binding.pattern.text).groups, ...logLabels];
    if (known.includes(field)) return undefined;
    return {
      message: `"${field}" is neither a capture nor a label`,
      suggestion: didYouMean(field, known) ?? `known: ${known.join(', ')}`,
    };
  }
  let fields: Fields | undefined = language.fieldsOf(binding.fact);
  let shape: Field | undefined;
  for (const part of field.split('.')) {
    if (!fields || !Object.hasOwn(fields, part)) {
      return {
        message: `${binding.fact} has no field "${field}"`,
        suggestion: didYouMean(part, Object.keys(fields ?? {})),
      };
    }
    shape = plain(fields[part]);
    fields = shape?.is === 'object' ? shape.fields : undefined;
  }
  const known = shape?.is === 'node' ? 'string' : shape?.is;
  if (!known || !['string', 'int', 'double', 'bool', 'dyn'].includes(known)) {
    return { message: `"${field}" of ${binding.fact} is ${known}: nothing can be joined by it` };
  }
  const numbers = ['int', 'double'];
  const fits =
    known === type || known === 'dyn' || type === 'dyn' || (numbers.includes(known) && numbers.includes(type));
  return fits ? undefined : { message: `"${field}" of ${binding.fact} is ${known}, but the key is ${typeText(type)}` };
}

const plain = (shape: Field | undefined): Field | undefined => (shape?.is === 'optional' ? shape.of : shape);

/** The object a burst is in CEL: how many, from when to when, and what told its hits apart. */
function burstType(binding: LogBinding): ValueType {
  const text: Field = { is: 'optional', of: { is: 'string', doc: '' }, doc: '' };
  const time: Field = { is: 'optional', of: { is: 'time', doc: '' }, doc: '' };
  const fields: Record<string, Field> = { count: { is: 'int', doc: 'Number of lines.' }, first: time, last: time };
  for (const name of logLabels) fields[name] = text;
  for (const name of inspectPattern(binding.pattern.text).groups) fields[name] = text;
  return valueTypes(`Burst_${binding.name}`, fields).at(-1) as ValueType;
}

function compiledBurst(binding: LogBinding, type: ValueType): CompiledBurst {
  const groupBy = new Set([...binding.groupBy, ...binding.on.map(({ field }) => field)]);
  return {
    patternId: logPatternId(binding.log, binding.pattern.text),
    groupBy: [...groupBy].sort(),
    timespanMillis: binding.timespanMillis,
    ctor: type.ctor,
  };
}
