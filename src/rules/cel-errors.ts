// Turns what the CEL checker says into a sentence for rule authors, with the nearest known word beside it.

import type { Fields } from '../facts/fact-type.ts';
import { typeText } from './cel-checks.ts';
import type { CelProblem } from './cel-scope.ts';
import { matchesInside } from './functions/texts.ts';
import { didYouMean } from './suggest.ts';

interface Known {
  readonly environment: { getDefinitions(): { readonly functions: readonly { name: string; signature: string }[] } };
  readonly names: readonly string[];
  fieldsOf(type: string): Fields | undefined;
}

interface RawError {
  readonly code?: string;
  readonly summary?: string;
  readonly message?: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly op?: string; readonly args?: unknown; readonly end?: number };
}

/** Macros of CEL, which the definitions do not list under a plain signature. */
const macros = ['has', 'all', 'exists', 'exists_one', 'map', 'filter', 'bind'];

export function explainCelError(error: unknown, known: Known): CelProblem {
  const raw = (error ?? {}) as RawError;
  const start = raw.range?.start ?? 0;
  const summary = (raw.summary ?? raw.message ?? String(error)).split('\n')[0] ?? '';
  if (raw.code === 'unknown_variable') {
    const name = summary.replace(/^Unknown variable: /, '');
    return problem(
      start,
      `unknown name "${name}"`,
      didYouMean(name, known.names) ?? `known: ${known.names.join(', ')}`,
    );
  }
  if (raw.code === 'no_such_key') return unknownFieldProblem(raw, start, summary, known);
  if (raw.code === 'no_matching_overload') return overloadProblem(start, summary, known);
  if (raw.code === 'no_such_overload' && / (==|!=) null|null (==|!=) /.test(summary)) {
    return problem(start, clean(summary), 'an absent field is never null: write has(x.field)');
  }
  if (raw.code === 'no_such_overload' && summary.includes('optional<')) {
    return problem(start, clean(summary), 'give an optional a value first: x.?field.orValue(0)');
  }
  return problem(start, clean(summary));
}

function unknownFieldProblem(raw: RawError, start: number, summary: string, known: Known): CelProblem {
  const field = summary.replace(/^No such key: /, '');
  const [left] = Array.isArray(raw.node?.args) ? (raw.node.args as readonly unknown[]) : [];
  const type = (left as { readonly checkedType?: { readonly name: string } } | undefined)?.checkedType?.name ?? '';
  const owner = /^optional<(.+)>$/.exec(type)?.[1] ?? type;
  const fields = Object.keys(known.fieldsOf(owner) ?? {});
  const at = raw.node?.end === undefined ? start : raw.node.end - field.length;
  const word = owner === 'Settings' ? 'setting' : 'field';
  const message = owner === 'Settings' ? `unknown setting "${field}"` : `${typeText(owner)} has no field "${field}"`;
  return problem(
    at,
    message,
    didYouMean(field, fields) ?? (fields.length > 0 ? `${word}s: ${fields.join(', ')}` : undefined),
  );
}

function overloadProblem(start: number, summary: string, known: Known): CelProblem {
  const call = clean(/'(.*)'/.exec(summary)?.[1] ?? summary);
  const name = /(?:^|\.)([A-Za-z_]\w*)\(/.exec(call)?.[1] ?? call;
  const definitions = known.environment.getDefinitions().functions;
  const shown = definitions.filter((each) => each.name === (name === 'matches' ? matchesInside : name));
  if (shown.length === 0 && !macros.includes(name)) {
    const names = new Set([
      ...definitions.map((each) => each.name).filter((each) => each !== matchesInside),
      'matches',
      ...macros,
    ]);
    return problem(start, `unknown function "${name}"`, didYouMean(name, names));
  }
  const signatures = [...new Set(shown.map((each) => clean(each.signature)))].slice(0, 6);
  return problem(start, `no form of "${name}" takes ${call}`, `known: ${signatures.join('; ')}`);
}

const clean = (text: string): string => typeText(text).replaceAll(matchesInside, 'matches');

function problem(start: number, message: string, suggestion?: string): CelProblem {
  return { start, message, ...(suggestion === undefined ? {} : { suggestion }) };
}
