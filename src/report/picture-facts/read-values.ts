// Reads facts for the pictures: the value with its shape, and the place it comes from.

import type { FactStore, StoredFact } from '../../facts/store.ts';
import type { Place } from '../report.ts';

export interface Told<T> {
  readonly value: T;
  readonly place: Place;
}

/** All facts of one type; `T` names the fields that are used, as FACTS.md has them. */
export function valuesOf<T>(store: FactStore, type: string): Told<T>[] {
  return store.read(type).map((fact) => ({ value: fact.value as T, place: placeOf(fact) }));
}

/** The whole span, or the lines of one field where the parser told them. */
export function placeOf(fact: StoredFact, field?: string): Place {
  const [first, last] = (field === undefined ? undefined : fact.at?.[field]) ?? fact.span;
  return { path: fact.path, first, last };
}
