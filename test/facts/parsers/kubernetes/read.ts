// Reads manifests for the tests of this folder.

import type { Fact } from '../../../../src/facts/fact-type.ts';
import type { Parsed, Wanted } from '../../../../src/facts/parser.ts';
import { kubernetesObjects } from '../../../../src/facts/parsers/kubernetes/objects.ts';

export function parse(text: string, wanted: Partial<Wanted> = {}, path = 'manifest.yaml'): Parsed {
  const source = { path, kind: 'KubernetesManifest', layout: 'test', root: '', labels: {} };
  const parsed = kubernetesObjects.parse(text, source, { has: () => true, objects: new Set(), ...wanted });
  // as facts travel: a field without a value is no field
  return { ...parsed, facts: parsed.facts.map((fact) => ({ ...fact, value: JSON.parse(JSON.stringify(fact.value)) })) };
}

/** The facts of one type. */
export function facts(type: string, text: string, path?: string): readonly Fact[] {
  return parse(text, { has: (name) => name === type }, path).facts;
}

/** The value of the one fact of a type. */
// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many fact types
export function value(type: string, text: string, path?: string): any {
  const [fact, ...more] = facts(type, text, path);
  if (!fact || more.length > 0) throw new Error(`${more.length + (fact ? 1 : 0)} facts of type ${type}, not one`);
  return fact.value;
}

/** Number of the first line that holds `words`, from 1, counted from the one that holds `after`. */
export function lineOf(text: string, words: string, after = ''): number {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.includes(after));
  return lines.findIndex((line, index) => index >= start && line.includes(words)) + 1;
}

/** The values of all facts of a type. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function values(type: string, text: string): readonly any[] {
  return facts(type, text).map((fact) => fact.value);
}
