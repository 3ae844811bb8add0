// How much of the connections must, and how much may, end in each way.

import { opposite } from '../netfilter/kleene.ts';
import type { Branch, VerdictShare } from './trace.ts';

const mostConditions = 12;

/**
 * Alternatives by assumption have their whole weight each. So every case is looked at, each open condition taken as true
 * and as false: the least and the most of what ends so in any of them. With too many conditions the bounds are wider.
 */
export function summarise(branches: readonly Branch[]): readonly VerdictShare[] {
  const endings = new Map<string, readonly Branch[]>();
  for (const branch of branches) {
    const key = `${branch.end.verdict} ${branch.end.symptom}`;
    endings.set(key, [...(endings.get(key) ?? []), branch]);
  }
  const open = conditions(branches);
  const cases = open.length > mostConditions ? [[]] : combinations(open);
  return [...endings.values()].map((same): VerdictShare => {
    const { verdict, symptom } = same[0]!.end;
    const others = branches.filter((each) => !same.includes(each));
    const most = Math.max(...cases.map((given) => weightIn(same, given)));
    const elsewhere = Math.max(...cases.map((given) => weightIn(others, given)));
    return { verdict, symptom, least: tidy(Math.max(0, 1 - elsewhere)), most: tidy(Math.min(1, most)) };
  });
}

/** Those of which both sides were followed. */
function conditions(branches: readonly Branch[]): readonly string[] {
  const all = new Set(branches.flatMap(({ assumptions }) => assumptions));
  return [...all].filter((text) => !text.startsWith('not: ') && all.has(opposite(text)));
}

function combinations(open: readonly string[]): readonly (readonly string[])[] {
  return open.reduce<readonly (readonly string[])[]>(
    (cases, text) =>
      cases.flatMap((given) => [
        [...given, opposite(text)],
        [...given, text],
      ]),
    [[]],
  );
}

/** `ruledOut` is what does not hold in this case. */
function weightIn(branches: readonly Branch[], ruledOut: readonly string[]): number {
  return branches.reduce(
    (sum, { assumptions, weight }) => (assumptions.some((text) => ruledOut.includes(text)) ? sum : sum + weight),
    0,
  );
}

/** Sums of thirds are not quite one. */
const tidy = (share: number) => Math.round(share * 1e9) / 1e9;
