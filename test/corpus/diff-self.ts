// Diffs of real bundles: against itself nothing, against another cluster a warning. Prints what it saw; exit code 1 otherwise.
//
//   node test/corpus/diff-self.ts FOLDER BUNDLE [OTHER]     e.g. …/corpus must-gather-aws must-gather-metal

import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { buildDiff } from '../../src/diff/build-diff.ts';
import type { Diff } from '../../src/diff/diff.ts';
import { loadTable, withTable } from '../../src/diff/table.ts';
import { headline, isUnchanged } from '../../src/diff/words.ts';
import { openStore } from '../../src/facts/seal-store.ts';
import { analyze } from '../../src/pipeline.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

const [folder = '.', bundle = 'must-gather-aws', other] = process.argv.slice(2);
const table = loadTable();
const loaded = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const knowledge = { ...loaded, demand: withTable(loaded.demand, table) };

async function read(name: string) {
  const options = { limits: defaultLimits, jobs: 2, version: 'corpus' };
  const { report, facts, text, roots } = await analyze(join(folder, name), knowledge, options);
  return { report, from: 'bundle' as const, facts: openStore(facts), sources: facts.sources, roots, lines: text.lines };
}

type Read = Awaited<ReturnType<typeof read>>;
const diffOf = (before: Read, after: Read): Diff =>
  buildDiff({
    tool: { name: 'drydock', version: 'corpus' },
    before,
    after,
    rules: new Map(loaded.rules.map((rule) => [rule.id, rule])),
    table,
  });

function expected(what: string, isSo: boolean, diff: Diff): void {
  console.log(`${isSo ? 'as expected' : 'WRONG'}: ${what}: ${headline(diff)}`);
  if (!isSo) process.exitCode = 1;
}

const before = await read(bundle);
const self = diffOf(before, await read(bundle));
expected(`${bundle} against itself`, isUnchanged(self), self);
if (other !== undefined) {
  const two = diffOf(before, await read(other));
  const isWarned = two.warnings.some((warning) => warning.startsWith('These are two clusters'));
  expected(`${bundle} against ${other}`, isWarned && two.findings.fixed.length === 0, two);
}
