// Functions that spare rules what Kubernetes itself computes: label selectors and lists of CPUs.

import { type CelMap, entriesOf, entryOf } from '../map-values.ts';
import { define, type FunctionTable } from './function-table.ts';

interface Expression {
  readonly key?: unknown;
  readonly operator?: unknown;
  readonly values?: readonly unknown[] | null;
}
interface Selector {
  readonly matchLabels?: CelMap | null;
  readonly matchExpressions?: readonly Expression[] | null;
}

/** As `metav1.LabelSelector`: an empty selector takes everything. */
export function selects(selector: Selector, labels: CelMap): boolean {
  const label = (key: unknown): unknown => entryOf(labels, String(key));
  if (entriesOf(selector.matchLabels ?? {}).some(([key, value]) => label(key) !== value)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = label(key);
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const listed = value !== undefined && (values ?? []).includes(value);
    if (operator === 'In') return listed;
    if (operator === 'NotIn') return !listed;
    throw new Error(`label selector: unknown operator ${String(operator)}`);
  });
}

const highestCpu = 65_535;

/** `0-3,8` → 0, 1, 2, 3, 8. */
export function parseCpuList(text: string): bigint[] {
  const cpus: bigint[] = [];
  for (const part of text.trim().split(',')) {
    if (part.trim() === '') continue;
    const [, from, to] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    if (from === undefined) throw new Error(`"${text}" is not a list of CPUs`);
    const last = Math.min(Number(to ?? from), highestCpu);
    for (let cpu = Number(from); cpu <= last; cpu++) cpus.push(BigInt(cpu));
  }
  return cpus;
}

/** 0, 1, 2, 3, 8 → `0-3,8`. */
export function formatCpuList(cpus: readonly bigint[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => (a < b ? -1 : 1));
  const runs: [bigint, bigint][] = [];
  for (const cpu of sorted) {
    const run = runs.at(-1);
    if (run && cpu === run[1] + 1n) run[1] = cpu;
    else runs.push([cpu, cpu]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

export const kubernetesFunctions: FunctionTable = {
  functions: [
    define('selectorMatches(dyn, dyn): bool', 'Whether a LabelSelector takes labels; an empty one takes all.', selects),
    define('parseCpuList(string): list<int>', '`0-3,8` as numbers.', parseCpuList),
    define('formatCpuList(list<int>): string', 'Numbers as `0-3,8`.', formatCpuList),
  ],
};
