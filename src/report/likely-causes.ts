// Likely root causes as a reader wants them: the same trouble on 200 pods is one cause, with the steps that lead from it.

import type { Severity } from '../findings/outcome.ts';
import { groupBy } from './compare.ts';
import type { CauseGroup, Report, ReportFinding } from './report.ts';

export interface LikelyCause {
  /** Worst severity among the causes. */
  readonly severity: Severity;
  /** Findings of one rule that explain others; the first speaks for them. */
  readonly findings: readonly [ReportFinding, ...ReportFinding[]];
  /** Further findings of this rule, which explain nothing in this bundle. */
  readonly alike: number;
  readonly steps: readonly Step[];
  /** How many findings follow from it. */
  readonly explained: number;
}

export interface Step {
  /** What leads to the effects: the cause itself, or one of its effects. */
  readonly from: ReportFinding;
  readonly why: string;
  /** By rule, in the order of the steps. */
  readonly effects: readonly { readonly head: ReportFinding; readonly findings: readonly ReportFinding[] }[];
}

/** In the order of the groups of the report. */
export function likelyCauses({ groups, findings }: Report): LikelyCause[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const found = (ids: readonly string[]): ReportFinding[] => ids.flatMap((id) => byId.get(id) ?? []);
  const placed = new Set(groups.flatMap(({ cause, effects }) => [cause, ...effects]));
  const ruleOf = (group: CauseGroup): string => byId.get(group.cause)?.rule ?? '';
  return [...groupBy(groups, ruleOf)].flatMap(([rule, same]): LikelyCause[] => {
    const [first, ...others] = found(same.map(({ cause }) => cause));
    if (!first) return [];
    return [
      {
        severity: first.severity,
        findings: [first, ...others],
        alike: findings.filter((finding) => finding.rule === rule && !placed.has(finding.id)).length,
        steps: stepsOf(same, byId, found),
        explained: same.reduce((sum, { effects }) => sum + effects.length, 0),
      },
    ];
  });
}

function stepsOf(
  groups: readonly CauseGroup[],
  byId: ReadonlyMap<string, ReportFinding>,
  found: (ids: readonly string[]) => ReportFinding[],
): Step[] {
  const links = groups.flatMap((group) => group.links);
  return [...groupBy(links, ({ cause, why }) => `${byId.get(cause)?.rule} ${why}`).values()].flatMap((same): Step[] => {
    const [head] = same;
    const from = head && byId.get(head.cause);
    if (!from) return [];
    const effects = [...groupBy(found(same.flatMap((link) => link.effects)), ({ rule }) => rule).values()];
    return [
      { from, why: head.why, effects: effects.flatMap((all) => (all[0] ? [{ head: all[0], findings: all }] : [])) },
    ];
  });
}

/** For each finding that follows from another: which one, and how. */
export function causesById({
  groups,
  findings,
}: Report): Map<string, { readonly cause: ReportFinding; readonly why: string }> {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const causes = new Map<string, { readonly cause: ReportFinding; readonly why: string }>();
  for (const { cause, effects, why } of groups.flatMap(({ links }) => links)) {
    const from = byId.get(cause);
    for (const effect of from ? effects : []) causes.set(effect, { cause: from as ReportFinding, why });
  }
  return causes;
}
