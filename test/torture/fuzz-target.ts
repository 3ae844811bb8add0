// What a fuzzer's target is: it makes an input from random numbers and says what is wrong with what came of it.

import type { Random } from './fuzz-random.ts';

export interface FuzzInput {
  readonly bytes: Buffer;
  /** How the input is to be taken: the name of a file, a kind of source. */
  readonly label: string;
}

export interface Seen {
  /** A sentence on what is wrong. */
  readonly fault?: string | undefined;
  /** All that came out, shortened: the same input must give the same. */
  readonly digest: string;
}

export interface Target {
  readonly name: string;
  make(next: Random): FuzzInput;
  check(input: FuzzInput): Seen | Promise<Seen>;
}
