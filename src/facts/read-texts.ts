// Reads a few files given as text, in this thread: how the tests beside the rules are made into facts.

import type { Catalogue } from '../bundle/catalogue.ts';
import { createSourceParser, type Demand } from './parse-source.ts';
import { factTypes } from './parsers.ts';
import { createStoreBuilder, openStore } from './seal-store.ts';
import type { FactStore } from './store.ts';

export interface TextsRead {
  readonly store: FactStore;
  /** What no pattern claims: in a test that is a mistake. */
  readonly unclaimed: readonly string[];
  /** What a parser could not read, as `path:line code detail`. */
  readonly problems: readonly string[];
}

/** `files`: path as it lies in a bundle → its text. `gatheredAt` stands for the newest entry of the archive. */
export function readTexts(
  files: Readonly<Record<string, string>>,
  knowledge: { readonly catalogue: Catalogue; readonly demand: Demand },
  gatheredAt?: string,
): TextsRead {
  const { catalogue, demand } = knowledge;
  const builder = createStoreBuilder(factTypes);
  const parse = createSourceParser(demand);
  const unclaimed: string[] = [];
  const problems: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const claim = catalogue.classify(path) ?? catalogue.sniff(path, bytes.subarray(0, 4096));
    if (!claim) {
      unclaimed.push(path);
      continue;
    }
    const source = { path, ...claim };
    const parsed = parse({ source, bytes, firstLine: 1, last: true });
    builder.add(source, 1, parsed);
    problems.push(...parsed.problems.map(({ code, span, detail }) => `${path}:${span?.[0] ?? 1} ${code} ${detail}`));
  }
  return { store: openStore(builder.seal(gatheredAt)), unclaimed, problems };
}
