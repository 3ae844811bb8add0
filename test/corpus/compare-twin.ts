// Compares facts with the parsed twin of an output, field by field; which field equals which value, a table tells.

import type { Fact } from '../../src/facts/fact-type.ts';

export type Entry = Readonly<Record<string, unknown>>;
/** Our field of the same value, or what our fields must be; `undefined` stands for a field that must be absent. */
export type Rule = string | ((value: unknown, entry: Entry, index: number) => Record<string, unknown>);

export interface Comparison {
  /** The raw output, by its path. */
  readonly files: RegExp;
  readonly kind: string;
  readonly fact: string;
  /** Entries of the JSON that must each be one fact, in this order. */
  entries?(json: unknown): readonly Entry[];
  /** Facts that are compared; all of the type otherwise. */
  keep?(value: Entry): boolean;
  /** What of a fact is compared, where it is not the fields as they are. */
  ours?(value: Entry): Entry;
  /** A name that pairs an entry with a fact; otherwise the place in the list does. */
  pair?(expected: Entry): string;
  readonly fields: Readonly<Record<string, Rule>>;
  readonly notRead?: readonly string[];
}

export function compareWithTwin(
  { fact, entries, keep, ours: read, pair, fields, notRead = [] }: Comparison,
  json: unknown,
  facts: readonly Fact[],
): { compared: number; differences: string[] } {
  const rows = entries ? entries(json) : ((Array.isArray(json) ? json : [json]) as Entry[]);
  const ours = facts.filter(({ type, value }) => type === fact && (keep?.(value as Entry) ?? true));
  const differences: string[] = [];
  let compared = 0;
  const unknown = new Set(rows.flatMap(Object.keys).filter((key) => !(key in fields) && !notRead.includes(key)));
  for (const key of unknown) differences.push(`: jc's ${key} is neither compared nor named as not read`);
  if (rows.length !== ours.length) differences.push(`: jc has ${rows.length} entries, we have ${ours.length} ${fact}`);
  const named = pair && new Map(ours.map((each) => [pair(each.value as Entry), each]));
  for (const [index, entry] of rows.entries()) {
    const expected: Record<string, unknown> = {};
    for (const [key, rule] of Object.entries(fields)) {
      if (!(key in entry)) continue;
      Object.assign(expected, typeof rule === 'string' ? { [rule]: entry[key] } : rule(entry[key], entry, index));
    }
    const found = named ? named.get(pair(expected)) : ours[index];
    if (!found) {
      differences.push(`: no ${fact} for ${JSON.stringify(expected).slice(0, 160)}`);
      continue;
    }
    const value = read ? read(found.value as Entry) : (found.value as Entry);
    for (const [field, want] of Object.entries(expected)) {
      compared++;
      if (!isSame(value[field], want)) {
        differences.push(`:${found.span[0]}: ${fact}.${field} is ${text(value[field])}, jc says ${text(want)}`);
      }
    }
  }
  return { compared, differences };
}

/** A size that jc cut to whole bytes, where we round. */
interface Near {
  readonly near: number;
}

function isSame(ours: unknown, want: unknown): boolean {
  const near = (want as Near | undefined)?.near;
  return near === undefined ? text(ours) === text(want) : Math.abs(Number(ours) - near) <= 1;
}

/** Objects by their keys, in order; absent is absent. */
function text(value: unknown): string {
  if (value === null || value === undefined) return 'absent';
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
