// What was asked for against what there is: the comparisons of the rules that say so, and where the two differ. Pure.

import { byKeys, groupBy, tallied } from './compare.ts';
import { distinctNames } from './finding-groups.ts';
import type { Report, ReportFinding, ReportOutcome, ReportReconciled } from './report.ts';

/** One difference; equal siblings, such as the pods of one ReplicaSet, are one. */
export interface Difference {
  readonly node: string;
  /** Of the first sibling. */
  readonly subject: string;
  readonly siblings: number;
  /** The first finding; the others say the same of their siblings. */
  readonly finding: ReportFinding;
  readonly reconciled: ReportReconciled;
}

export interface Comparison {
  readonly what: string;
  /** Subjects that were looked at. */
  readonly compared: number;
  readonly differing: number;
}

export interface AskedAgainstGot {
  readonly comparisons: readonly Comparison[];
  /** By node, what differs before what happened, then by subject. */
  readonly differences: readonly Difference[];
}

export function askedAgainstGot(report: Report): AskedAgainstGot {
  const reconciling = report.outcomes.filter(({ reconciles, examined }) => reconciles !== undefined && examined > 0);
  const byWhat = groupBy(reconciling, ({ reconciles }) => reconciles ?? '');
  const comparisons = [...byWhat].map(([what, outcomes]) => comparisonOf(what, outcomes, report.findings));
  return {
    comparisons: comparisons.sort((a, b) => (a.what < b.what ? -1 : 1)),
    differences: differencesOf(report.findings),
  };
}

/** Rules that compare one thing, e.g. one for each version of cgroups, have subjects of their own. */
function comparisonOf(
  what: string,
  outcomes: readonly ReportOutcome[],
  findings: readonly ReportFinding[],
): Comparison {
  const rules = new Set(outcomes.map(({ rule }) => rule));
  const differing = findings.filter(({ rule, reconciles }) => reconciles !== undefined && rules.has(rule));
  const compared = outcomes.reduce((sum, { examined }) => sum + examined, 0);
  return { what, compared, differing: new Set(differing.map(({ subject }) => subject)).size };
}

function differencesOf(findings: readonly ReportFinding[]): Difference[] {
  const found = findings.flatMap((finding) =>
    finding.reconciles ? [{ finding, reconciled: finding.reconciles }] : [],
  );
  const groups = groupBy(found, ({ finding: { rule, objects }, reconciled: { what, of, asked, got } }) =>
    JSON.stringify([rule, objects[0]?.namespace ?? '', what, of, asked.text, got.text]),
  );
  const differences = [...groups.values()].flatMap((same): Difference[] => {
    const [first] = same;
    if (!first) return [];
    const nodes = tallied(same.flatMap(({ finding }) => distinctNames(finding, 'node'))).map(({ name }) => name);
    return [{ node: nodes.sort().join('\n'), subject: first.finding.subject, siblings: same.length, ...first }];
  });
  return differences.sort(
    byKeys(({ node, reconciled, subject }) => [
      // What concerns several nodes comes first.
      -node.split('\n').length,
      node,
      Number(reconciled.event),
      subject,
      reconciled.what,
    ]),
  );
}
