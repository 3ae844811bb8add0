// The pages of an index over reports, with what each cluster's later runs brought.

import { type IndexEntry, type IndexFailure, renderIndex } from '../report/render-index.ts';
import type { Rule } from '../rules/rule.ts';
import { compareRuns } from './compare-runs.ts';

/** By file name. `output`: the folder that those of the entries are relative to. */
export async function indexPages(
  entries: readonly IndexEntry[],
  failures: readonly IndexFailure[],
  output: string,
  rules: ReadonlyMap<string, Rule>,
): Promise<Readonly<Record<'index.html' | 'index.md' | 'index.json', string>>> {
  const clusters = await compareRuns(entries, output, rules);
  const { html, markdown, json } = renderIndex(entries, failures, clusters);
  return { 'index.html': html, 'index.md': markdown, 'index.json': json };
}
