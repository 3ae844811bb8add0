// What rules and reports ask of the facts of one bundle. `seal-store.ts` makes one; tests make a small one by hand.

import type { Span } from '../bundle/source.ts';
import type { Places } from './fact-type.ts';

/** One fact as it comes out of the store: plain JSON, with its place. */
export interface StoredFact {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly span: Span;
  readonly at?: Places | undefined;
}

/** A field of a fact whose text is one of these. */
export interface Having {
  readonly field: string;
  readonly texts: readonly string[];
  /** True where facts without the field (as text) are wanted too. */
  readonly orNone?: boolean;
}

/** A log line (or several equal ones within a minute) that a pattern of some rule hit. */
export interface LogHit {
  readonly path: string;
  /** First and last line of the hits. */
  readonly span: Span;
  readonly count: number;
  /** RFC 3339 UTC; absent where the line has no time that can be read. */
  readonly firstTime?: string | undefined;
  readonly lastTime?: string | undefined;
  /** Named groups of the pattern. */
  readonly captures: Readonly<Record<string, string>>;
  /** Labels of the source, and `node` where it is known. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface FactStore {
  /** Names of the fact types that the bundle answers for: nearly always with at least one fact. */
  readonly types: readonly string[];
  /**
   * Facts of one type, in the order of path and line; decoded at the first call. With `having` it may leave out facts
   * that lack it, and then need not decode them.
   */
  read(type: string, having?: readonly Having[]): readonly StoredFact[];
  /** How many sources of a log (`KubeletLog`), of those with these labels, were scanned; 0 means the bundle has none. */
  logSources(log: string, labels?: Readonly<Record<string, string>>): number;
  /** Hits of one pattern (`logPatternId`), in the order of path and line. */
  hits(patternId: string): readonly LogHit[];
  /** When the bundle was gathered, RFC 3339 UTC; absent where nothing says so. */
  readonly gatheredAt?: string | undefined;
}
