// Which bundles and rules stand out of a fleet, by rules that fit into a sentence.

/** A bundle is compared with others of its kinds, when there are so many. */
export const fewestBundles = 8;
const spreads = 3.5;
const leastRulesAbove = 5;
/** Makes the median absolute deviation the standard deviation of a bell curve. */
const toDeviation = 1.4826;
export const fewestDecided = 20;
const rareShare = 0.05;

export const method = {
  bundles: `A bundle stands out when the number of rules that fire in it is above the median of the bundles of its kinds by more than ${spreads} robust standard deviations (${toDeviation} times the median absolute deviation) and by at least ${leastRulesAbove} rules; kinds with fewer than ${fewestBundles} bundles are not judged.`,
  rules: `A rule is rare when it fires in at most one in ${1 / rareShare} of the bundles in which it could decide, and these are at least ${fewestDecided}.`,
} as const;

/** For each count whether it stands out, and the median of all; undefined where there are too few to tell. */
export function unusual(
  counts: readonly number[],
): { readonly median: number; standsOut(count: number): boolean } | undefined {
  if (counts.length < fewestBundles) return undefined;
  const median = medianOf(counts);
  const deviation = toDeviation * medianOf(counts.map((count) => Math.abs(count - median)));
  const bound = Math.max(median + spreads * deviation, median + leastRulesAbove - 1);
  return { median, standsOut: (count) => count > bound };
}

export const isRare = (bundles: number, decided: number): boolean =>
  decided >= fewestDecided && bundles <= decided * rareShare;

function medianOf(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
