// Reads every API object below a folder and prints the number of facts per type, and each problem.
//
//   node test/corpus/kubernetes.ts FOLDER [PATTERN]

import { readFileSync } from 'node:fs';
import { extname, relative } from 'node:path';
import fastGlob from 'fast-glob';
import type { Source } from '../../src/bundle/source.ts';
import type { Fact } from '../../src/facts/fact-type.ts';
import { kubernetesParsers } from '../../src/facts/parsers/kubernetes/index.ts';

const [folder = '.', pattern = '**/*'] = process.argv.slice(2);
const everything = { has: () => true, objects: new Set<string>() };
const counts = new Map<
  string,
  { read: number; kept: Set<string>; jsonBytes: number; atLines: number; badSpans: number }
>();
const problems = new Map<string, number>();
let bytes = 0;
let parseMillis = 0;

for (const path of (await fastGlob(pattern, { cwd: folder, absolute: true, followSymbolicLinks: false })).sort()) {
  const name = relative(folder, path);
  const kind = kindOf(name);
  const text = readFileSync(path, 'utf8');
  if (!kind || (kind === 'KubernetesManifest' && !/^\s*[-{"[a-zA-Z]/.test(text))) continue;
  if (kind === 'KubernetesManifest' && extname(name) === '' && !/^\s*\{/.test(text)) continue;
  const source: Source = { path: name, kind, layout: 'corpus', root: '', labels: {} };
  bytes += text.length;
  const started = performance.now();
  for (const parser of kubernetesParsers.filter((one) => one.reads.includes(kind))) {
    const parsed = parser.parse(text, source, everything);
    const lines = text.split('\n').length;
    for (const fact of parsed.facts) count(fact, name, lines);
    for (const one of parsed.problems) {
      const label = `${one.code} ${one.detail}`.slice(0, 110);
      problems.set(label, (problems.get(label) ?? 0) + 1);
      if (problems.get(label) === 1) console.log(`${name}:${one.span ?? ''} ${label}`);
    }
  }
  parseMillis += performance.now() - started;
}

function kindOf(path: string): string | undefined {
  const base = path.split('/').at(-1) ?? '';
  if (base === 'timestamp') return 'GatherTimestamp';
  if (base === 'version') return 'GatherVersion';
  if (/^(sos_commands\/)?date(\/date(_--utc)?)?$/.test(path) || base === 'date') return 'SosDate';
  return ['.yaml', '.yml', '.json'].includes(extname(path)) || /get_-o_json/.test(path)
    ? 'KubernetesManifest'
    : undefined;
}

function count(fact: Fact, path: string, lines: number): void {
  const entry = counts.get(fact.type) ?? { read: 0, kept: new Set<string>(), jsonBytes: 0, atLines: 0, badSpans: 0 };
  entry.read++;
  entry.kept.add(fact.key ?? `${path}:${fact.span}`);
  entry.jsonBytes += JSON.stringify(fact.value).length;
  for (const [first, last] of [fact.span, ...Object.values(fact.at ?? {})]) {
    if (!(first >= 1 && last >= first && last <= lines)) entry.badSpans++;
  }
  counts.set(fact.type, entry);
}

console.log('\nfacts (read, distinct, KB of JSON, impossible spans)');
for (const [type, { read, kept, jsonBytes, badSpans }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${type.padEnd(28)} ${read} ${kept.size} ${Math.round(jsonBytes / 1024)} ${badSpans}`);
}
console.log(
  `\n${Math.round(bytes / 1e6)} MB in ${Math.round(parseMillis)} ms; problems: ${[...problems.values()].reduce((a, b) => a + b, 0)}`,
);
