// Runs one network parser over literal text, and gives its facts by type.

import type { Fact } from '../../../../src/facts/fact-type.ts';
import type { Parser } from '../../../../src/facts/parser.ts';

export interface Read {
  readonly facts: readonly Fact[];
  /** Values of one type, in order. */
  of(type: string): Record<string, unknown>[];
  readonly codes: readonly string[];
}

export function read(parser: Parser, text: string, path = 'dump.txt', labels: Record<string, string> = {}): Read {
  const source = { path, kind: parser.reads[0] ?? '', layout: 'test', root: '', labels };
  const { facts, problems } = parser.parse(text, source, { has: () => true, objects: 'all' });
  return {
    facts,
    of: (type) => facts.filter((fact) => fact.type === type).map((fact) => fact.value as Record<string, unknown>),
    codes: problems.map(({ code }) => code),
  };
}
