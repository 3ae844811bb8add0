// Finds candidates by the values of their fields, as joins do.

import type { Candidate } from './candidates.ts';

export type Fields = readonly (readonly string[])[];

/** One map for each field: a text of a fact knows its hash, texts joined to one key would have to be hashed anew. */
export class CandidateIndex {
  readonly #root = new Map<Key, Level>();

  /** The list of a key, once something was put there. */
  get(keys: readonly Key[]): Candidate[] | undefined {
    let level: Level | undefined = this.#root;
    for (const key of keys) level = level instanceof Map ? level.get(key) : undefined;
    return Array.isArray(level) ? level : undefined;
  }

  /** The list of a key, to put something there. */
  at(keys: readonly Key[]): Candidate[] {
    let level = this.#root;
    const last = keys.length - 1;
    for (const key of keys.slice(0, last)) {
      const below = level.get(key) ?? new Map<Key, Level>();
      level.set(key, below);
      level = below as Map<Key, Level>;
    }
    const list = (level.get(keys[last] as Key) ?? []) as Candidate[];
    level.set(keys[last] as Key, list);
    return list;
  }
}

type Key = string | number | boolean;
type Level = Map<Key, Level> | Candidate[];

export function indexBy(candidates: readonly Candidate[], fields: Fields): CandidateIndex {
  const index = new CandidateIndex();
  for (const candidate of candidates) {
    const keys = keysOf(candidate, fields);
    if (keys) index.at(keys).push(candidate);
  }
  return index;
}

export const keysOf = (candidate: Candidate, fields: Fields): readonly Key[] | undefined =>
  joinKeys(fields.map((field) => fieldAt(candidate.raw, field)));

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
export function joinKeys(values: readonly unknown[]): readonly Key[] | undefined {
  const keys: Key[] = [];
  for (const value of values) {
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') keys.push(value);
    else if (typeof value === 'bigint') keys.push(Number(value));
    else return undefined;
  }
  return keys;
}
