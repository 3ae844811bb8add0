// What a terminal shows of a diff: what came and went, the changes, and what nobody could compare.

import type { Severity } from '../findings/outcome.ts';
import { sealed } from '../report/leak-gate.ts';
import { visibleLine } from '../report/visible.ts';
import { counted, grouped } from '../report/wording.ts';
import type { Diff, DiffFinding, Standing } from './diff.ts';
import { standings } from './diff.ts';
import { changeWords, headings, headline } from './words.ts';

const mostFindings = 10;
const mostChanges = 15;
const maxWidth = 110;
const signs: Readonly<Record<Severity, string>> = { critical: '✖', error: '●', warning: '▲', info: '■' };
const colors: Readonly<Record<Standing, number>> = {
  new: 31,
  changed: 33,
  still: 33,
  fixed: 32,
  gone: 34,
  notComparable: 35,
};

export function diffSummary(diff: Diff, options: { readonly color: boolean }): string {
  const paint = (color: number, text: string) => (options.color ? `\u001b[${color}m${text}\u001b[0m` : text);
  const { settings } = diff;
  const lines = [
    paint(1, shortened(`${diff.before.name} → ${diff.after.name}`)),
    headline(diff),
    '',
    ...diff.warnings.map((warning) => `  ${paint(33, '!')} ${visibleLine(warning)}`),
    ...(diff.warnings.length > 0 ? [''] : []),
    ...standings.flatMap((standing) => findingLines(standing, diff.findings[standing])),
    ...changeLines(),
  ];
  return sealed(`${lines.join('\n').trimEnd()}\n`);

  function findingLines(standing: Standing, findings: readonly DiffFinding[]): string[] {
    if (findings.length === 0) return [];
    const more = findings.length - mostFindings;
    return [
      paint(colors[standing], `  ${headings[standing]} (${grouped(findings.length)})`),
      ...findings.slice(0, standing === 'still' ? 0 : mostFindings).map(({ severity, title, subject, why }) => {
        return `    ${signs[severity]} ${shortened(`${title}: ${subject}${why === undefined ? '' : ` (${why})`}`)}`;
      }),
      ...(standing !== 'still' && more > 0 ? [`    and ${counted(more, 'further finding')}`] : []),
    ];
  }

  function changeLines(): string[] {
    const { changes, notComparable } = settings;
    const more = changes.length - mostChanges;
    const lacking = notComparable.reduce(
      (sum, { things }) => sum + things.reduce((all, { count }) => all + count, 0),
      0,
    );
    return [
      ...(changes.length > 0 ? ['', paint(1, `  Objects and settings (${grouped(changes.length)})`)] : []),
      ...changes.slice(0, mostChanges).map(({ kind, subject, change, fields }) => {
        const [field] = fields;
        const others = fields.length > 1 ? `, and ${counted(fields.length - 1, 'further field')}` : '';
        const what = field
          ? `${field.field}: ${field.before?.text ?? 'not set'} → ${field.after?.text ?? 'not set'}${others}`
          : changeWords[change];
        return `    ${shortened(`${kind} ${subject}: ${what}`)}`;
      }),
      ...(more > 0 ? [`    and ${counted(more, 'further change')} in the report`] : []),
      ...(lacking > 0
        ? [`  ${counted(lacking, 'thing')} on one side alone, where the other does not tell whether it is there`]
        : []),
    ];
  }
}

function shortened(text: string): string {
  const line = visibleLine(text);
  return line.length > maxWidth ? `${line.slice(0, maxWidth - 1)}…` : line;
}
