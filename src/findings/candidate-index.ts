// Finds candidates by the values of their fields, as joins do.

import type { Candidate } from './candidates.ts';

export type Fields = readonly (readonly string[])[];

export function indexBy(candidates: readonly Candidate[], fields: Fields): Map<string, Candidate[]> {
  const index = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = keyOf(candidate, fields);
    if (key === undefined) continue;
    const known = index.get(key);
    if (known) known.push(candidate);
    else index.set(key, [candidate]);
  }
  return index;
}

export const keyOf = (candidate: Candidate, fields: Fields): string | undefined =>
  joinKey(fields.map((field) => fieldAt(candidate.raw, field)));

/** The value at a dotted way; an own field only. */
function fieldAt(raw: unknown, way: readonly string[]): unknown {
  let value = raw;
  for (const part of way) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

/** Undefined where one of the values is absent: nothing joins by it. JSON's 5 and CEL's 5 are the same key. */
export function joinKey(values: readonly unknown[]): string | undefined {
  let joined = '';
  for (const value of values) {
    if (typeof value === 'string') joined += `\0s${value}`;
    else if (typeof value === 'number' || typeof value === 'bigint') joined += `\0n${value}`;
    else if (typeof value === 'boolean') joined += `\0b${value}`;
    else return undefined;
  }
  return joined;
}
