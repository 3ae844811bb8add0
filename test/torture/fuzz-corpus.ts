// Texts by source kind to begin from: the samples of this project and the files in the tests beside the rules.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Source } from '../../src/bundle/source.ts';
import { parsers } from '../../src/facts/parsers.ts';
import { type Knowledge, loadKnowledge } from '../../src/rules/knowledge.ts';

const home = fileURLToPath(new URL('../../', import.meta.url));

export interface SampleText {
  readonly source: Source;
  readonly text: string;
}

export interface Corpus {
  readonly knowledge: Knowledge;
  readonly byKind: ReadonlyMap<string, readonly SampleText[]>;
}

let corpus: Corpus | undefined;

export function fuzzCorpus(): Corpus {
  corpus ??= readCorpus();
  return corpus;
}

function readCorpus(): Corpus {
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [], everything: true });
  const byKind = new Map<string, SampleText[]>();
  const add = (path: string, text: string) => {
    const head = Buffer.from(text).subarray(0, 4096);
    const claim = knowledge.catalogue.classify(path) ?? knowledge.catalogue.sniff(path, head);
    if (!claim || text.length > 60_000) return;
    const { kind, layout, root, labels } = claim;
    const known = byKind.get(kind) ?? [];
    byKind.set(kind, [...known, { source: { path, kind, layout, root, labels }, text }]);
  };
  const filesBelow = (folder: string) =>
    readdirSync(join(home, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  // below `samples` lies a folder for each bundle
  for (const file of filesBelow('samples')) {
    add(relative(join(home, 'samples'), file).split('/').slice(1).join('/'), readFileSync(file, 'utf8'));
  }
  for (const file of filesBelow('rules').filter((path) => path.endsWith('.test.yaml'))) {
    const files = (parse(readFileSync(file, 'utf8')) as { files?: Record<string, string> }).files ?? {};
    for (const [path, text] of Object.entries(files)) if (typeof text === 'string') add(path, text);
  }
  for (const kind of new Set(parsers.flatMap(({ reads }) => reads))) {
    const source: Source = { path: `bundle/${kind}`, kind, layout: 'sosreport', root: 'bundle', labels: {} };
    if (!byKind.has(kind)) byKind.set(kind, [{ source, text: '' }]);
  }
  return { knowledge, byKind };
}
