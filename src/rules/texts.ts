// Texts with `{{ CEL }}` inside: cutting them apart, and writing values so that people read them.

import { humanDuration, shortNumber } from './functions/texts.ts';
import { type CelMap, entriesOf, isCelMap } from './map-values.ts';

export type TextPart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'cel'; readonly text: string; readonly start: number };

/** Cuts a text at its `{{ … }}`; an error names the place of one that does not end. */
export function textParts(text: string): readonly TextPart[] | { readonly start: number; readonly message: string } {
  const parts: TextPart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    if (open < 0) break;
    const close = endOf(text, open + 2);
    if (close < 0) return { start: open, message: '"{{" without "}}"' };
    if (open > at) parts.push({ is: 'text', text: text.slice(at, open) });
    const inner = text.slice(open + 2, close);
    const start = open + 2 + (inner.length - inner.trimStart().length);
    if (inner.trim() === '') return { start: open, message: '"{{ }}" is empty' };
    parts.push({ is: 'cel', text: inner.trim(), start });
    at = close + 2;
  }
  if (at < text.length) parts.push({ is: 'text', text: text.slice(at) });
  return parts;
}

/** Where the `}}` stands that ends an expression: outside its strings and its own braces. */
function endOf(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
    else if (character === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

const longestList = 20;
const longestText = 2000;
/** What a text may be cut to before it is looked at: line breaks and blanks take room too. */
const longestRaw = 4 * longestText;

/** One line: line breaks of what a bundle says become spaces, a long text ends in `…`. */
export function oneLine(long: string): string {
  const text = long.length > longestRaw ? `${long.slice(0, longestRaw)}…` : long;
  const line = text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}

/** A value of CEL as it stands in a message. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return shortNumber(value, 2);
  if (value === null || value === undefined) return 'none';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (Array.isArray(value) || value instanceof Set) return listText([...value]);
  if ('getMilliseconds' in value && 'nanos' in value) return humanDuration(Number(value) / 1000);
  if (isCelMap(value) || value.constructor === Object) {
    const entries = [...entriesOf(value as CelMap)].sort(([a], [b]) => (a < b ? -1 : 1));
    return listText(entries.map(([key, each]) => `${key}=${valueText(each)}`));
  }
  return String(value);
}

function listText(values: readonly unknown[]): string {
  const shown = values.slice(0, longestList).map(valueText).join(', ');
  return values.length > longestList ? `${shown} and ${values.length - longestList} more` : shown;
}

const plainTypes = new Set([
  'string',
  'int',
  'uint',
  'double',
  'bool',
  'dyn',
  'null',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'Quantity',
  'IP',
  'CIDR',
  'Semver',
  'list',
  'map',
]);

/** Whether values of a CEL type can stand in a message. */
export function isWritable(type: string): boolean {
  const inner = /^(?:list|dyn)<(.+)>$/.exec(type)?.[1] ?? /^map<[^,]+, (.+)>$/.exec(type)?.[1];
  return inner === undefined ? plainTypes.has(type) || /^[A-Z]$/.test(type) : isWritable(inner);
}
