// What the index keeps of one report: small, so that the journal and memory hold thousands of them.

import { createHash } from 'node:crypto';
import type { Severity, Verdict } from '../../findings/outcome.ts';
import { countsOf, findingGroups } from '../finding-groups.ts';
import type { Cluster, Report } from '../report.ts';

export interface IndexEntry {
  readonly name: string;
  /** Folder of the report, relative to the index. */
  readonly folder: string;
  /** The file in it to be opened first. */
  readonly page: string;
  readonly kinds: readonly string[];
  readonly gatheredAt?: string;
  readonly cluster?: Cluster;
  /** Rules that fire, the worst first; one rule with two severities is there twice. */
  readonly rules: readonly FiringRule[];
  /** Rules by their verdict. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Keys of the rules that did not fire, by verdict: a rule that is in none of them was not run. */
  readonly others: Readonly<Record<Exclude<Verdict, 'fail'>, string>>;
  readonly gaps: number;
}

export interface FiringRule {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly subjects: number;
}

/** A bundle of which no report could be made. */
export interface IndexFailure {
  readonly name: string;
  readonly reason: string;
}

const keyLength = 6;

/** Stands for a rule where its name is known from elsewhere: 36 bits tell some hundred rules apart. */
export const ruleKey = (rule: string): string =>
  createHash('sha256').update(rule).digest('base64url').slice(0, keyLength);

/** The keys of one verdict, as they were put together. */
export const keysIn = (keys: string): string[] => keys.match(new RegExp(`.{${keyLength}}`, 'gs')) ?? [];

/** `page`: the file of the report that the index leads to. */
export function indexEntry(report: Report, folder: string, page = 'report.html'): IndexEntry {
  const { name, kinds, gatheredAt, cluster } = report.bundle;
  const keysOf = (verdict: Verdict) =>
    report.outcomes
      .filter((outcome) => outcome.verdict === verdict)
      .map(({ rule }) => ruleKey(rule))
      .sort()
      .join('');
  return {
    name,
    folder,
    page,
    kinds,
    ...(gatheredAt && { gatheredAt }),
    ...(cluster && { cluster }),
    rules: findingGroups(report.findings).map(({ rule, severity, head, findings }) => ({
      rule,
      title: head.title,
      severity,
      subjects: findings.length,
    })),
    verdicts: countsOf(report).verdicts,
    others: {
      pass: keysOf('pass'),
      'not-applicable': keysOf('not-applicable'),
      'no-data': keysOf('no-data'),
      error: keysOf('error'),
    },
    gaps: report.coverage.gaps.length,
  };
}
