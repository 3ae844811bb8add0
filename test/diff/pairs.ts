// Pairs of bundles made by planting one change in a copy of a sample.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { buildDiff } from '../../src/diff/build-diff.ts';
import type { Diff } from '../../src/diff/diff.ts';
import type { SideParts } from '../../src/diff/side.ts';
import { loadTable, withTable } from '../../src/diff/table.ts';
import { openStore } from '../../src/facts/seal-store.ts';
import { analyze } from '../../src/pipeline.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

export type Plant = (folder: string) => void;
export type Part = Omit<SideParts, 'which'>;

const samples = new URL('../../samples/', import.meta.url).pathname;
const table = loadTable();
const packs = ['swap', 'cpu-topology', 'network-servicepath', 'certificates', 'pod-lifecycle'];
const loaded = loadKnowledge({ builtin: true, ruleDirs: [], packs });
const knowledge = { ...loaded, demand: withTable(loaded.demand, table) };
const rules = new Map(loaded.rules.map((rule) => [rule.id, rule]));

/** Replaces a text that must be there. */
export const edit =
  (path: string, text: string | RegExp, by: string): Plant =>
  (folder) => {
    const file = join(folder, path);
    const before = readFileSync(file, 'utf8');
    const after = before.replace(text, by);
    if (after === before) throw new Error(`${path} does not hold ${text}`);
    writeFileSync(file, after);
  };

export const drop =
  (path: string): Plant =>
  (folder) =>
    rmSync(join(folder, path), { recursive: true });

export const all =
  (...plants: readonly Plant[]): Plant =>
  (folder) => {
    for (const plant of plants) plant(folder);
  };

export const sideOfFolder = async (folder: string, jobs = 1): Promise<Part> => {
  const { report, facts, text, roots } = await analyze(folder, knowledge, {
    limits: defaultLimits,
    jobs,
    version: 't',
  });
  const { lines } = text;
  return { report, from: 'bundle', facts: openStore(facts), sources: facts.sources, roots, lines };
};

/** A copy of the sample with the change in it. */
export async function planted(sample: string, plant: Plant): Promise<Part> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-diff-'));
  try {
    const copy = join(folder, 'later');
    cpSync(join(samples, sample), copy, { recursive: true });
    plant(copy);
    return await sideOfFolder(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const untouched = (sample: string, jobs?: number): Promise<Part> => sideOfFolder(join(samples, sample), jobs);

export const diffOf = (before: Part, after: Part): Diff =>
  buildDiff({ tool: { name: 'drydock', version: 't' }, before, after, rules, table });

/** All that the diff says, a line each; findings that fail on both sides are none of it. */
export function told({ findings, settings }: Diff): string[] {
  const { still: _, ...moved } = findings;
  return [
    ...Object.entries(moved).flatMap(([standing, list]) =>
      list.map(({ rule, subject }) => `${standing} ${rule}: ${subject}`),
    ),
    ...settings.changes.flatMap(({ kind, subject, change, fields }) =>
      fields.length === 0
        ? [`${change} ${kind} ${subject}`]
        : fields.map(
            ({ field, before, after }) =>
              `${kind} ${subject} ${field}: ${before?.text ?? 'not set'} → ${after?.text ?? 'not set'}`,
          ),
    ),
    ...settings.notComparable.map(
      ({ why, things }) => `lack: ${why}: ${things.map(({ kind, count }) => `${kind} ${count}`).join(', ')}`,
    ),
  ];
}
