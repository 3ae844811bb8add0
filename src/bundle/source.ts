// What the rest of the program knows of one file of a bundle: where it lay, what it is, and what its path says.

/** One file of a bundle that some layout of `rules/sources` knows. Plain data: it travels to workers as it is. */
export interface Source {
  /** As it lies in the input, with `/`; a step into an archive inside is `!` (`nodes/w1/sysinfo.tgz!proc/cmdline`). */
  readonly path: string;
  /** What the file is, e.g. `IptablesSave`; one word of `rules/sources`. */
  readonly kind: string;
  /** The layout that claimed it, e.g. `must-gather`. */
  readonly layout: string;
  /** The folder that layout begins at, as a prefix of `path` without a final slash; empty at the top. */
  readonly root: string;
  /** What the path says: `{ namespace: 'shop', pod: 'checkout-0' }`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A whole file, or the next piece of a long log, cut at a line end. */
export interface Piece {
  readonly source: Source;
  readonly bytes: Uint8Array;
  /** Line number of the first line of `bytes`, from 1. */
  readonly firstLine: number;
  /** True for the last (mostly the only) piece of its file. */
  readonly last: boolean;
  /** Which entry of this path it is of, where an archive has several: absent for the first, then from 1. */
  readonly edition?: number;
}

/** Where something stands: first and last line, both from 1. */
export type Span = readonly [first: number, last: number];
