// A parser: the text of one source in, facts and problems out. It judges nothing and never throws on bad input.

import type { GapCode } from '../bundle/coverage.ts';
import type { Source, Span } from '../bundle/source.ts';
import type { Fact, FactType } from './fact-type.ts';

/** A place a parser could not read; it becomes a gap of the coverage. */
export interface Problem {
  readonly code: GapCode;
  readonly span?: Span;
  readonly detail: string;
}

export interface Parsed {
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  /** Fact types that the text answers for even when it holds none: an empty list of pods says that there are none. */
  readonly answered?: readonly string[];
}

export interface Parser {
  /** The source kinds it reads, words of `rules/sources`. */
  readonly reads: readonly string[];
  /** The fact types it can give. */
  readonly yields: readonly FactType[];
  /** `wanted` holds the names of the fact types somebody asked for: a parser may leave out the others. */
  parse(text: string, source: Source, wanted: Wanted): Parsed;
}

/** Words for what a parser threw, which it never should: they tell its fault from one of the text. */
export const brokenBy = (error: unknown): string =>
  `the parser broke on this text (${error instanceof Error ? `${error.name}: ${error.message}` : error}); please report it`;

export interface Wanted {
  has(factType: string): boolean;
  /** `group/Kind` of Kubernetes objects that rules read as they are; see `KubernetesObject`. */
  readonly objects: ReadonlySet<string> | 'all';
}

/** Declares a parser. */
export function parser(definition: {
  readonly reads: string | readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a fact type of any value; `never` would refuse them all
  readonly yields: FactType<any> | readonly FactType<any>[];
  parse(text: string, source: Source, wanted: Wanted): Parsed;
}): Parser {
  return {
    reads: typeof definition.reads === 'string' ? [definition.reads] : definition.reads,
    yields: (Array.isArray(definition.yields) ? definition.yields : [definition.yields]) as FactType[],
    parse: definition.parse,
  };
}
