// Random numbers that are the same for the same seed: what a fuzzer met once can be met again.

/** A whole number from 0, below the one given. */
export type Random = (below: number) => number;

/** Mulberry32, begun from all the numbers and words given. */
export function random(...seeds: readonly (number | string)[]): Random {
  let state = 0x9e3779b9;
  for (const seed of seeds) {
    for (const character of String(seed)) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
    state = Math.imul(state ^ 0x2f, 0x01000193);
  }
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function pick<T>(next: Random, from: readonly T[]): T {
  return from[next(from.length)]!;
}

/** True once in so many times. */
export const chance = (next: Random, times: number): boolean => next(times) === 0;
