// Walks the bytes of a log from one line worth a look to the next, with the patterns that may hit it.

import type { LiteralSearch, Place } from './literal-search.ts';

export interface LineToTry {
  readonly start: number;
  /** Where its line end stands, or where the bytes end. */
  readonly end: number;
  /** Places in the list of patterns, in order. */
  readonly tried: readonly number[];
}

/** What is looked for: patterns by their places in a list, and names that are only noted. */
export type Wanted = number | string;

const newline = 0x0a;

/** `always`: patterns that each line is tried with. The names found go into `seen`. */
export function* linesToTry(
  bytes: Buffer,
  search: LiteralSearch<Wanted> | undefined,
  always: readonly number[],
  seen: Set<string>,
): Generator<LineToTry> {
  function nextPatterns(from: number): Place<number> | undefined {
    for (let at = from; ; ) {
      const place = search?.next(bytes, at);
      if (!place) return undefined;
      const owners: number[] = [];
      for (const owner of place.owners) {
        if (typeof owner === 'string') seen.add(owner);
        else owners.push(owner);
      }
      if (owners.length > 0) return { at: place.at, owners };
      at = place.at + 1;
    }
  }

  let place = nextPatterns(0);
  for (let start = 0; start < bytes.length; ) {
    if (always.length === 0) {
      if (!place) return;
      start = bytes.lastIndexOf(newline, place.at) + 1;
    }
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const tried = [...always];
    for (; place && place.at < end; place = nextPatterns(place.at + 1)) {
      for (const owner of place.owners) if (!tried.includes(owner)) tried.push(owner);
    }
    if (end > start) yield { start, end, tried: tried.sort((a, b) => a - b) };
    start = end + 1;
  }
}
