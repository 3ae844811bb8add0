// The index over several reports as pages: which bundles are worst, what they share, and what is new in a cluster.

import { buildIndex } from './fleet/build-index.ts';
import type { IndexEntry, IndexFailure } from './fleet/entry.ts';
import type { IndexCluster } from './fleet/fleet-index.ts';
import { type Bounds, indexView } from './fleet/index-view.ts';
import { sealed } from './leak-gate.ts';
import { cell, code, sentence } from './markdown-text.ts';
import { template } from './templates.ts';
import { nameLine, visibleJson } from './visible.ts';

export { type IndexEntry, type IndexFailure, indexEntry } from './fleet/entry.ts';

export interface IndexPages {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
}

/** A page of so many rows opens at once; a comment in a ticket has its length, too. */
const page: Bounds = { bundles: 5000, rules: 120, clusters: 1000, findings: 5, failures: 1000 };
const ticket: Bounds = { bundles: 40, rules: 25, clusters: 15, findings: 3, failures: 40 };

const markdownShown = { name: (name: string) => cell(code(name)), text: (text: string) => cell(sentence(text)) };

/** The worst bundle first. `failures` are said, never left out. `clusters`: those of which there are several runs. */
export function renderIndex(
  entries: readonly IndexEntry[],
  failures: readonly IndexFailure[] = [],
  clusters: readonly IndexCluster[] = [],
): IndexPages {
  const index = buildIndex(entries, failures, clusters);
  const markdown = template('index.md.hbs')(indexView(index, markdownShown, ticket));
  return {
    html: sealed(template('index.html.hbs')(indexView(index, { name: nameLine, text: nameLine }, page))),
    markdown: sealed(`${markdown.replace(/\n{3,}/g, '\n\n').trim()}\n`),
    json: sealed(visibleJson(`${JSON.stringify(index, null, 1)}\n`)),
  };
}
