// What a terminal shows when a bundle is done: severities, the worst findings, what nobody could look at.

import type { Severity } from '../findings/outcome.ts';
import { countsOf, findingGroups, severities } from './finding-groups.ts';
import { sealed } from './leak-gate.ts';
import { likelyCauses } from './likely-causes.ts';
import type { Report } from './report.ts';
import { verdictLine } from './verdict-line.ts';
import { visibleLine } from './visible.ts';
import { counted, grouped, placed, timed } from './wording.ts';

const maxFindings = 10;
const maxCauses = 3;
const maxWidth = 100;

type Paint = 'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'green' | 'magenta';
const codes: Record<Paint, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35 };
const paints: Record<Severity, Paint> = { critical: 'magenta', error: 'red', warning: 'yellow', info: 'blue' };
const signs: Record<Severity, string> = { critical: '✖', error: '●', warning: '▲', info: '■' };
const words: Record<Severity, string> = { critical: 'critical', error: 'error', warning: 'warning', info: 'note' };

/** How many of each severity, in one line: `2 errors, 1 warning`. */
export function severityLine(counts: Readonly<Record<Severity, number>>, options: { readonly color: boolean }): string {
  const parts = severities.flatMap((severity) => {
    const count = counts[severity];
    const text = counted(count, words[severity], severity === 'critical' ? 'critical' : `${words[severity]}s`);
    return count > 0 ? (options.color ? `\u001b[${codes[paints[severity]]}m${text}\u001b[0m` : text) : [];
  });
  return parts.join(', ') || 'no findings';
}

export function renderSummary(report: Report, options: { readonly color: boolean }): string {
  const paint = (style: Paint, text: string) => (options.color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const { bundle, coverage } = report;
  const counts = countsOf(report);
  const groups = findingGroups(report.findings);
  const verdict = verdictLine(report);
  const cluster = [bundle.cluster?.version, bundle.cluster?.platform].filter(Boolean).join(' on ');
  const gathered = bundle.gatheredAt ? `gathered ${timed(bundle.gatheredAt)}` : '';
  const lines = [
    paint('bold', shortened(bundle.name)),
    paint('dim', shortened([bundle.kinds.join(', '), cluster, gathered].filter(Boolean).join(' · '))),
    '',
  ];
  for (const severity of severities) {
    if (counts.rules[severity] === 0) continue;
    const count = grouped(counts.rules[severity]).padStart(5);
    const subjects = paint('dim', `${counted(counts.findings[severity], 'subject')}`);
    lines.push(
      `  ${paint(paints[severity], `${signs[severity]} ${words[severity].padEnd(8)}`)} ${count}   ${subjects}`,
    );
  }
  if (groups.length === 0) lines.push(`  ${verdict.tone === 'fine' ? paint('green', '✔') : '?'} ${verdict.headline}`);
  if (groups.length > 0) lines.push('');
  lines.push(...causeLines(report, paint));
  for (const group of groups.slice(0, maxFindings)) {
    const times = group.findings.length > 1 ? paint('dim', ` ×${grouped(group.findings.length)}`) : '';
    lines.push(`  ${paint(paints[group.severity], signs[group.severity])} ${shortened(group.head.title)}${times}`);
    const [evidence] = group.head.evidence;
    lines.push(`    ${shortened(`${group.head.subject}: ${group.head.message}`)}`);
    if (evidence) lines.push(paint('dim', `    ${shortenedStart(placed(evidence))}`));
  }
  const more = groups.length - maxFindings;
  if (more > 0) lines.push(paint('dim', `  and ${counted(more, 'further rule')} in the report`));
  lines.push('', ...undecidedLines(counts.verdicts, paint));
  lines.push(
    `  Coverage   ${counted(coverage.entries, 'entry', 'entries')}: ${grouped(coverage.analysed)} analysed, ${grouped(coverage.empty)} empty, ` +
      `${grouped(coverage.notRelevant)} not relevant, ${coverage.gap > 0 ? paint('yellow', `${grouped(coverage.gap)} with a gap`) : '0 with a gap'}`,
  );
  return sealed(`${lines.join('\n')}\n`);
}

/** What to look at first: each likely cause in one line. */
function causeLines(report: Report, paint: (style: Paint, text: string) => string): string[] {
  const causes = likelyCauses(report);
  const lines = causes.slice(0, maxCauses).map(({ findings: [head, ...others], explained }) => {
    const subject = others.length > 0 ? counted(others.length + 1, 'subject') : head.subject;
    return `    ${shortened(`${head.title}: ${subject}; explains ${counted(explained, 'finding')}`)}`;
  });
  if (lines.length === 0) return [];
  const more = causes.length > maxCauses ? `, the first ${maxCauses} of ${grouped(causes.length)}` : '';
  return [paint('bold', `  Likely root ${causes.length === 1 ? 'cause' : 'causes'}${more}`), ...lines, ''];
}

function undecidedLines(
  verdicts: ReturnType<typeof countsOf>['verdicts'],
  paint: (style: Paint, text: string) => string,
): string[] {
  const passed = `${grouped(verdicts.pass)} passed, ${grouped(verdicts.fail)} failed, ${grouped(verdicts['not-applicable'])} did not apply`;
  const undecided = [
    verdicts['no-data'] > 0 ? `${grouped(verdicts['no-data'])} lack data` : '',
    verdicts.error > 0 ? `${grouped(verdicts.error)} broke` : '',
  ].filter(Boolean);
  const rest = undecided.length > 0 ? `, ${paint('yellow', undecided.join(', '))}` : ', none undecided';
  return [`  Rules      ${passed}${rest}`];
}

function shortened(text: string): string {
  const line = visibleLine(text);
  return line.length > maxWidth ? `${line.slice(0, maxWidth - 1)}…` : line;
}

// Of a long path, the end tells more.
function shortenedStart(text: string): string {
  const line = visibleLine(text);
  return line.length > maxWidth ? `…${line.slice(line.length - maxWidth + 1)}` : line;
}
