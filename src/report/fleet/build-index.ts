// Entries of many reports become the index over them: sorted, counted, and held against each other.

import type { Severity, Verdict } from '../../findings/outcome.ts';
import { byKeys, groupBy } from '../compare.ts';
import { severities } from '../finding-groups.ts';
import { redactText } from '../redact-secrets.ts';
import { type FiringRule, type IndexEntry, type IndexFailure, keysIn, ruleKey } from './entry.ts';
import { type FleetIndex, type IndexBundle, type IndexCluster, type IndexRule, indexSchema } from './fleet-index.ts';
import { isRare, method, unusual } from './outliers.ts';

/** Failures are said, never left out. The order in which entries and failures come decides nothing. */
export function buildIndex(
  entries: readonly IndexEntry[],
  failures: readonly IndexFailure[],
  clusters: readonly IndexCluster[],
): FleetIndex {
  const sorted = [...entries].sort(
    byKeys((entry) => [
      ...severities.map((severity) => -entry.rules.filter((rule) => rule.severity === severity).length),
      entry.name,
      entry.folder,
    ]),
  );
  const judges = new Map(
    [...groupBy(sorted, kindsOf)].map(([kinds, same]) => [kinds, unusual(same.map(({ rules }) => rules.length))]),
  );
  const rules = rulesOf(sorted);
  const undecidedIn = undecidedOf(rules);
  return {
    schema: indexSchema,
    method,
    bundles: sorted.map((entry) => {
      const judge = judges.get(kindsOf(entry));
      const count = entry.rules.length;
      const outlier = judge?.standsOut(count) ? { rules: count, median: judge.median } : undefined;
      return bundleOf(entry, undecidedIn(entry), outlier);
    }),
    failures: failures
      .map(({ name, reason }) => ({ name: redactText(name), reason: redactText(reason) }))
      .sort(byKeys((failure) => [failure.name, failure.reason])),
    rules,
    clusters: [...clusters].sort(byKeys(({ id }) => [id])),
  };
}

const kindsOf = ({ kinds }: IndexEntry): string => JSON.stringify(kinds);

/** Of the rules that fire somewhere, those that could not decide here, or did not run. */
function undecidedOf(rules: readonly IndexRule[]): (entry: IndexEntry) => string[] {
  const keyed = rules.map(({ rule }) => [rule, ruleKey(rule)] as const).sort(byKeys(([rule]) => [rule]));
  return ({ rules: firing, others }) => {
    const decided = new Set([...keysIn(others.pass), ...keysIn(others['not-applicable'])]);
    const fires = new Set(firing.map(({ rule }) => rule));
    return keyed.flatMap(([rule, key]) => (fires.has(rule) || decided.has(key) ? [] : [rule]));
  };
}

function bundleOf(entry: IndexEntry, undecided: readonly string[], outlier: IndexBundle['outlier']): IndexBundle {
  const { name, folder, page, kinds, gatheredAt, cluster, rules, verdicts, gaps } = entry;
  const findings: Record<Severity, number> = { critical: 0, error: 0, warning: 0, info: 0 };
  for (const { severity, subjects } of rules) findings[severity] += subjects;
  return {
    name,
    folder,
    page,
    kinds,
    ...(gatheredAt !== undefined && { gatheredAt }),
    ...(cluster && { cluster }),
    findings,
    rules: rules.map(({ rule, severity, subjects }) => ({ rule, severity, subjects })),
    undecided,
    verdicts,
    gaps,
    exit: gaps > 0 ? 3 : 0,
    ...(outlier && { outlier }),
  };
}

interface Tally {
  readonly title: string;
  severity: Severity;
  subjects: number;
  readonly verdicts: Record<Verdict, number>;
}

/** What a rule that fires somewhere came to in all other bundles. */
function rulesOf(entries: readonly IndexEntry[]): IndexRule[] {
  const tallies = new Map<string, Tally>();
  for (const { rules } of entries) {
    for (const rule of rules) tallyFiring(tallies, rule);
    for (const name of new Set(rules.map(({ rule }) => rule))) {
      const tally = tallies.get(name);
      if (tally) tally.verdicts.fail += 1;
    }
  }
  const byKey = new Map([...tallies].map(([rule, tally]) => [ruleKey(rule), tally]));
  for (const { others } of entries) {
    for (const verdict of ['pass', 'not-applicable', 'no-data', 'error'] as const) {
      for (const key of keysIn(others[verdict])) {
        const tally = byKey.get(key);
        if (tally) tally.verdicts[verdict] += 1;
      }
    }
  }
  return [...tallies]
    .map(([rule, tally]) => ruleOf(rule, tally, entries.length))
    .sort(byKeys(({ rule, severity, bundles }) => [severities.indexOf(severity), -bundles, rule]));
}

function tallyFiring(tallies: Map<string, Tally>, { rule, title, severity, subjects }: FiringRule): void {
  const known = tallies.get(rule);
  if (!known) {
    const verdicts = { fail: 0, pass: 0, 'not-applicable': 0, 'no-data': 0, error: 0 };
    tallies.set(rule, { title, severity, subjects, verdicts });
    return;
  }
  known.subjects += subjects;
  if (severities.indexOf(severity) < severities.indexOf(known.severity)) known.severity = severity;
}

function ruleOf(rule: string, { title, severity, subjects, verdicts }: Tally, all: number): IndexRule {
  const decided = verdicts.fail + verdicts.pass;
  const run = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  return {
    rule,
    title,
    severity,
    bundles: verdicts.fail,
    subjects,
    decided,
    share: Math.round((verdicts.fail / decided) * 10_000) / 10_000,
    noData: verdicts['no-data'],
    broken: verdicts.error,
    notApplicable: verdicts['not-applicable'],
    notRun: all - run,
    ...(isRare(verdicts.fail, decided) && { rare: true }),
  };
}
