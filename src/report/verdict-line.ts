// The sentences at the head of a report: what is wrong, and what nobody could look at.

import type { Severity } from '../findings/outcome.ts';
import { countsOf } from './finding-groups.ts';
import type { Report } from './report.ts';
import { counted, grouped, listed } from './wording.ts';

export interface VerdictLine {
  readonly tone: 'wrong' | 'notable' | 'fine' | 'unknown';
  /** The worst severity, or what stands in its place. */
  readonly mark: Severity | 'fine' | 'unknown';
  readonly headline: string;
  /** What the headline does not cover; empty where everything was looked at. */
  readonly caveats: readonly string[];
}

export function verdictLine(report: Report): VerdictLine {
  const { rules, verdicts } = countsOf(report);
  const decided = verdicts.pass + verdicts.fail;
  const caveats = caveatsOf(report);
  if (report.findings.length > 0) {
    const serious = rules.critical + rules.error + rules.warning > 0;
    const mark = report.findings[0]?.severity ?? 'info';
    return { tone: serious ? 'wrong' : 'notable', mark, headline: severityWords(rules), caveats };
  }
  if (decided === 0) {
    return { tone: 'unknown', mark: 'unknown', headline: 'Nothing could be decided about this bundle', caveats };
  }
  return {
    tone: 'fine',
    mark: 'fine',
    headline: `Nothing wrong in what ${counted(verdicts.pass, 'rule')} looked at`,
    caveats,
  };
}

// Counted in rules: one rule that 200 pods break is one trouble.
function severityWords(rules: Readonly<Record<Severity, number>>): string {
  const words = [
    rules.critical ? `${grouped(rules.critical)} critical` : '',
    rules.error ? counted(rules.error, 'error') : '',
    rules.warning ? counted(rules.warning, 'warning') : '',
    rules.info ? counted(rules.info, 'note') : '',
  ];
  return listed(words.filter(Boolean));
}

function caveatsOf(report: Report): string[] {
  const { verdicts } = countsOf(report);
  const { gap, gaps, entries, analysed } = report.coverage;
  return [
    verdicts['no-data'] > 0
      ? `${counted(verdicts['no-data'], 'rule')} could not be decided because the bundle lacks the files`
      : '',
    verdicts.error > 0 ? `${counted(verdicts.error, 'rule')} broke and decided nothing` : '',
    gaps.length > 0
      ? `${counted(gaps.length, 'gap')} in the coverage: ${counted(gap, 'entry', 'entries')} could not be read, or only in part`
      : '',
    analysed === 0 && entries > 0
      ? `none of the ${counted(entries, 'entry', 'entries')} was of a kind that is analysed`
      : '',
  ].filter(Boolean);
}
