// The groups of a report: each likely root cause with all that follows from it, the worst first.

import { type Group, groupByCause } from '../findings/grouping.ts';
import type { Explains } from '../rules/rule.ts';
import { byKeys } from './compare.ts';
import { severities } from './finding-groups.ts';
import type { CauseGroup, ReportFinding } from './report.ts';

const aSecond = 1000;

/**
 * `timesOf` gives the moments of a finding, RFC 3339; `gatheredAt` is left out of them, because it is when somebody looked.
 * Ordered by the worst severity of cause and effects, then by how many effects and objects there are, then by id.
 */
export function causeGroups(
  findings: readonly ReportFinding[],
  explainsOf: (rule: string) => readonly Explains[],
  timesOf: (finding: ReportFinding) => readonly string[],
  gatheredAt: string | undefined,
): CauseGroup[] {
  const stated = findings.map((finding) => ({
    ...finding,
    excerpts: finding.evidence.map(({ excerpt }) => excerpt),
    times: timesOf(finding).filter((time) => !(Date.parse(time) > Date.parse(gatheredAt ?? '') - aSecond)),
  }));
  const whole = (at: number): ReportFinding => findings[at] as ReportFinding;
  return groupByCause(stated, explainsOf)
    .map((group) => ({ group, of: membersOf(group).map(whole) }))
    .sort(byKeys(({ group, of }) => [worstOf(of), -of.length, -objectsTouched(of), whole(group.cause).id]))
    .map(({ group: { cause, links } }) => ({
      cause: whole(cause).id,
      effects: links.flatMap(({ effects }) => effects.map((at) => whole(at).id)),
      links: links.map(({ cause: direct, effects, why }) => ({
        cause: whole(direct).id,
        effects: effects.map((at) => whole(at).id),
        why,
      })),
    }));
}

const membersOf = ({ cause, links }: Group): number[] => [cause, ...links.flatMap(({ effects }) => effects)];

const worstOf = (findings: readonly ReportFinding[]): number =>
  Math.min(...findings.map(({ severity }) => severities.indexOf(severity)));

const objectsTouched = (findings: readonly ReportFinding[]): number =>
  new Set(
    findings.flatMap(({ objects }) =>
      objects.map(({ kind, namespace, name, node }) => JSON.stringify([kind, namespace, name ?? node])),
    ),
  ).size;
