// Runs one node parser over literal text, for the tests beside it.

import type { Source } from '../../../../src/bundle/source.ts';
import type { Fact } from '../../../../src/facts/fact-type.ts';
import type { Parser, Problem } from '../../../../src/facts/parser.ts';

export interface Reading {
  readonly facts: readonly Fact[];
  readonly problems: readonly Problem[];
  /** Values of the facts of one type. */
  of(type: string): readonly Record<string, unknown>[];
  /** `first-last` of the facts of one type. */
  spans(type: string): readonly string[];
}

export function read(parser: Parser, text: string, path = 'file', labels: Record<string, string> = {}): Reading {
  const source: Source = { path, kind: parser.reads[0] ?? '', layout: 'test', root: '', labels };
  const { facts, problems } = parser.parse(text, source, { has: () => true, objects: 'all' });
  const named = (type: string) => facts.filter((fact) => fact.type === type);
  return {
    facts,
    problems,
    of: (type) => named(type).map(({ value }) => value as Record<string, unknown>),
    spans: (type) => named(type).map(({ span }) => span.join('-')),
  };
}
