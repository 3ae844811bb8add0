// Findings of one rule are one entry for the reader: 200 pods without a limit are one trouble, not 200.

import type { Severity } from '../findings/outcome.ts';
import { byKeys, groupBy, tallied } from './compare.ts';
import type { Report, ReportFinding, ReportOutcome } from './report.ts';

export const severities: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

export interface FindingGroup {
  readonly rule: string;
  readonly severity: Severity;
  /** The first finding speaks for the texts of the rule. */
  readonly head: ReportFinding;
  readonly findings: readonly ReportFinding[];
  readonly namespaces: readonly { readonly name: string; readonly count: number }[];
  readonly nodes: readonly { readonly name: string; readonly count: number }[];
}

/** Groups in the order of severity, pack and rule; one rule with two severities makes two groups. */
export function findingGroups(findings: readonly ReportFinding[]): FindingGroup[] {
  const groups = [...groupBy(findings, (finding) => `${finding.severity} ${finding.rule}`).values()];
  return groups.flatMap((same) => {
    const [head] = same;
    if (!head) return [];
    const namesOf = (key: 'namespace' | 'node') => tallied(same.flatMap((finding) => distinctNames(finding, key)));
    return [
      {
        rule: head.rule,
        severity: head.severity,
        head,
        findings: same,
        namespaces: namesOf('namespace'),
        nodes: namesOf('node'),
      },
    ];
  });
}

/** Names of namespaces or nodes of the objects of a finding; a Node object counts as its node. */
export function distinctNames(finding: ReportFinding, key: 'namespace' | 'node'): string[] {
  const names = finding.objects.flatMap((object) => {
    if (key === 'namespace') return object.kind === 'Namespace' ? (object.name ?? []) : (object.namespace ?? []);
    return object.kind === 'Node' ? (object.name ?? object.node ?? []) : (object.node ?? []);
  });
  return [...new Set(names)].sort();
}

export interface Unanswered {
  readonly missing: string;
  readonly files: readonly string[];
  readonly rules: readonly ReportOutcome[];
}

/** What was missing, with the files that would have answered, and the rules that wait for it: the most wanted first. */
export function unanswered(outcomes: readonly ReportOutcome[]): Unanswered[] {
  const waiting = outcomes.filter((outcome) => outcome.verdict === 'no-data');
  const pairs = waiting.flatMap((rule) => rule.missing.map((missing) => ({ missing, rule })));
  const groups = [...groupBy(pairs, (pair) => pair.missing)].map(([missing, same]) => ({
    missing,
    files: same.flatMap(({ rule }) => rule.hints.filter((hint) => hint.missing === missing))[0]?.files ?? [],
    rules: same.map(({ rule }) => rule),
  }));
  return groups.sort(byKeys((entry) => [-entry.rules.length, entry.missing]));
}

export interface Counts {
  readonly findings: Readonly<Record<Severity, number>>;
  readonly rules: Readonly<Record<Severity, number>>;
  readonly verdicts: Readonly<Record<ReportOutcome['verdict'], number>>;
}

export function countsOf(report: Report): Counts {
  const findings = { critical: 0, error: 0, warning: 0, info: 0 };
  const rules = { critical: 0, error: 0, warning: 0, info: 0 };
  const verdicts = { fail: 0, pass: 0, 'not-applicable': 0, 'no-data': 0, error: 0 };
  for (const finding of report.findings) findings[finding.severity] += 1;
  for (const group of findingGroups(report.findings)) rules[group.severity] += 1;
  for (const outcome of report.outcomes) verdicts[outcome.verdict] += 1;
  return { findings, rules, verdicts };
}
