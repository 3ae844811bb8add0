// Several bundles of one cluster, in the order of gathering: what each brings that is new, as `drydock diff` would tell it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DiffFinding } from '../diff/diff.ts';
import { compareFindings } from '../diff/findings.ts';
import { createJudge } from '../diff/judge.ts';
import { openSide } from '../diff/side.ts';
import { byKeys, groupBy } from '../report/compare.ts';
import type { ChangedFindings, IndexCluster, IndexRun, RunChange } from '../report/fleet/fleet-index.ts';
import { type IndexEntry, indexEntry } from '../report/render-index.ts';
import type { Report } from '../report/report.ts';
import { readReport } from '../report/report-json.ts';
import type { Rule } from '../rules/rule.ts';

/** So many findings of a run are listed; all are counted. */
const listedFindings = 20;

/** `output`: where the folders of the reports lie; at most two reports are in memory at a time. */
export async function compareRuns(
  entries: readonly IndexEntry[],
  output: string,
  rules: ReadonlyMap<string, Rule>,
): Promise<IndexCluster[]> {
  const known = entries.filter(({ cluster }) => (cluster?.id ?? '') !== '');
  const clusters: IndexCluster[] = [];
  for (const [id, same] of groupBy(known, ({ cluster }) => cluster?.id ?? '')) {
    const runs = runsOf(same);
    if (runs.length < 2) continue;
    clusters.push({ id, runs: await withChanges(runs, output, rules) });
  }
  return clusters;
}

interface Run {
  readonly entry: IndexEntry;
  readonly names: readonly string[];
}

/** One for each report; those whose time nobody knows come first. */
function runsOf(entries: readonly IndexEntry[]): Run[] {
  return [...groupBy(entries, ({ folder }) => folder).values()]
    .flatMap((same) => {
      const [entry] = same;
      return entry ? [{ entry, names: same.map(({ name }) => name).sort() }] : [];
    })
    .sort(byKeys(({ entry: { gatheredAt = '', folder } }) => [Date.parse(gatheredAt) || 0, folder]));
}

async function withChanges(
  runs: readonly Run[],
  output: string,
  rules: ReadonlyMap<string, Rule>,
): Promise<IndexRun[]> {
  const told: IndexRun[] = [];
  let before: { readonly run: IndexRun; readonly report: Report | undefined } | undefined;
  for (const { entry, names } of runs) {
    await nextTurn();
    const report = savedReport(output, entry);
    const { folder, page, gatheredAt } = entry;
    const run: IndexRun = { folder, page, names, ...(gatheredAt !== undefined && { gatheredAt }) };
    told.push(before ? { ...run, since: changeOf(before.run, before.report, run, report, rules) } : run);
    before = { run, report };
  }
  return told;
}

/** Undefined where it was not asked for, was taken away, or is that of an earlier run in other formats. */
function savedReport(output: string, entry: IndexEntry): Report | undefined {
  try {
    const report = readReport(readFileSync(join(output, entry.folder, 'report.json'), 'utf8'));
    const saved = { ...indexEntry(report, entry.folder, entry.page), name: entry.name };
    return isDeepStrictEqual(saved, entry) ? report : undefined;
  } catch {
    return undefined;
  }
}

function changeOf(
  { folder, gatheredAt: earlier }: IndexRun,
  before: Report | undefined,
  { gatheredAt: later }: IndexRun,
  after: Report | undefined,
  rules: ReadonlyMap<string, Rule>,
): RunChange {
  if (!before || !after)
    return { folder, why: 'not compared: there is no report.json of both; write one with --format json' };
  if (earlier === undefined || later === undefined)
    return { folder, why: 'not compared: nothing tells when one of them was gathered' };
  if (earlier === later) return { folder, why: 'not compared: both say the same time, so none is the earlier' };
  const sides = [
    openSide({ which: 'before', report: before, from: 'report' }),
    openSide({ which: 'after', report: after, from: 'report' }),
  ] as const;
  const [one, other] = sides;
  const found = compareFindings(
    one,
    other,
    createJudge(other, one, rules, false),
    createJudge(one, other, rules, false),
  );
  return {
    folder,
    new: changed(found.new, 'after'),
    changed: found.changed.length,
    still: found.still.length,
    fixed: changed(found.fixed, 'before'),
    gone: found.gone.length,
    notComparable: found.notComparable.length,
  };
}

const changed = (findings: readonly DiffFinding[], side: 'before' | 'after'): ChangedFindings => ({
  count: findings.length,
  findings: findings.slice(0, listedFindings).map((finding) => ({
    id: finding[side]?.id ?? '',
    rule: finding.rule,
    title: finding.title,
    severity: finding.severity,
    subject: finding.subject,
    ...(finding.why !== undefined && { why: finding.why }),
  })),
});
