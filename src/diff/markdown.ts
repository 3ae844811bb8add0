// A diff as Markdown for a ticket: what came and went first, each value with its place on both sides.

import { groupBy } from '../report/compare.ts';
import { cell, code, fenced, sentence } from '../report/markdown-text.ts';
import type { ReportEvidence } from '../report/report.ts';
import { cutTo } from '../report/visible.ts';
import { counted, grouped, placed, timed } from '../report/wording.ts';
import type { Change, Diff, DiffFinding, DiffSide, FieldChange, SideFinding, Standing } from './diff.ts';
import { standings } from './diff.ts';
import { changeWords, headings, headline, meanings } from './words.ts';

/** Lines of an excerpt, rows of a table; diff.json has all. */
const mostLines = 4;
const mostRows = 100;
const longestText = 160;
/** Told with their lines; the others are a line each. */
const inFull: readonly Standing[] = ['new', 'changed', 'fixed'];

export function diffMarkdown(diff: Diff): string {
  const { settings } = diff;
  const lines = [
    `# ${code(diff.before.name)} → ${code(diff.after.name)}`,
    '',
    headline(diff),
    '',
    ...diff.warnings.map((warning) => `- **Note:** ${sentence(warning)}`),
    '',
    ...table(['', 'Before', 'After'], sideRows(diff.before, diff.after)),
    '',
    ...standings.flatMap((standing) => findingLines(standing, diff.findings[standing])),
    '## Objects and settings',
    '',
    ...(settings.compared ? changeLines(settings.changes) : ['Not compared.']),
    '',
    ...(settings.notComparable.length > 0
      ? [
          '### On one side, and the other does not tell',
          '',
          ...table(
            ['Why', 'What'],
            settings.notComparable.map(({ why, things }) => [
              sentence(why),
              things.map(({ kind, count }) => `${sentence(kind)} ×${grouped(count)}`).join(', '),
            ]),
          ),
          '',
        ]
      : []),
    ...(settings.compared ? [`Compared: ${sentence(settings.kinds.join(', '))}.`, ''] : []),
    ...ruleLines(diff),
    `Made by ${code(`${diff.tool.name} ${diff.tool.version}`)}.`,
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function sideRows(before: DiffSide, after: DiffSide): string[][] {
  const rows: [string, (side: DiffSide) => string][] = [
    ['Kind', ({ kinds }) => kinds.join(', ')],
    ['Gathered', ({ gatheredAt }) => (gatheredAt === undefined ? 'unknown' : timed(gatheredAt))],
    ['Cluster', ({ cluster }) => [cluster?.version, cluster?.platform].filter(Boolean).join(' on ')],
    ['Cluster id', ({ cluster }) => cluster?.id ?? ''],
    ['Read from', ({ from }) => from],
    ['Findings', ({ findings }) => grouped(findings)],
    ['Gaps', ({ gaps }) => grouped(gaps)],
  ];
  return rows.map(([name, of]) => [name, code(of(before)), code(of(after))]).filter(([, a, b]) => a !== '' || b !== '');
}

function findingLines(standing: Standing, findings: readonly DiffFinding[]): string[] {
  if (findings.length === 0) return [];
  const heading = [`## ${headings[standing]}: ${grouped(findings.length)}`, '', meanings[standing], ''];
  const shown = findings.slice(0, mostRows);
  const more = findings.length - shown.length;
  const tail = more > 0 ? [`${counted(more, 'further finding')} in \`diff.json\`.`, ''] : [];
  if (inFull.includes(standing)) return [...heading, ...shown.flatMap(fullFinding), ...tail];
  const rows = shown.map(({ severity, title, subject, rule, why = '' }) => [
    severity,
    sentence(title),
    code(cutTo(subject, longestText)),
    code(rule),
    sentence(why),
  ]);
  return [...heading, ...table(['', 'What', 'Subject', 'Rule', 'Why'], rows), '', ...tail];
}

function fullFinding({ severity, title, rule, subject, why, before, after }: DiffFinding): string[] {
  const side = (word: string, finding: SideFinding | undefined): string[] => {
    const [evidence] = finding?.evidence ?? [];
    if (!finding || !evidence) return [];
    return [`  ${word}: ${sentence(finding.message)} ${code(placed(evidence))}`, ...excerpt(evidence)];
  };
  return [
    `- **${severity}** ${sentence(title)} (${code(rule)}): ${code(cutTo(subject, longestText))}${why === undefined ? '' : `; ${sentence(why)}`}`,
    ...side('Before', before),
    ...side('After', after),
    '',
  ];
}

function excerpt({ excerpt: text }: ReportEvidence): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), '…'] : lines;
  return ['', fenced(shown, '  ')];
}

function changeLines(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Nothing changed in what was compared.'];
  const shown = changes.slice(0, mostRows);
  const more = changes.length - shown.length;
  return [
    ...[...groupBy(shown, ({ group }) => group)].flatMap(([group, same]) => [
      `### ${sentence(group)}`,
      '',
      ...table(['What', 'Field', 'Before', 'After'], same.flatMap(changeRows)),
      '',
    ]),
    ...(more > 0 ? [`${counted(more, 'further change')} in \`diff.json\`.`] : []),
  ];
}

function changeRows(change: Change): string[][] {
  const name = `${sentence(change.kind)} ${code(cutTo(change.subject, longestText))}`;
  if (change.fields.length === 0) {
    const place = change.before ?? change.after;
    const cellOf = (side: ReportEvidence | undefined) => (side && place ? code(shortPlace(side)) : '—');
    return [[name, `**${changeWords[change.change]}**`, cellOf(change.before), cellOf(change.after)]];
  }
  return change.fields.map((field) => [name, code(field.field), toldCell(field, 'before'), toldCell(field, 'after')]);
}

function toldCell(field: FieldChange, side: 'before' | 'after'): string {
  const told = field[side];
  return told ? `${code(cutTo(told.text, longestText))} ${code(shortPlace(told.evidence))}` : 'not set';
}

/** diff.json has the whole path. */
const shortPlace = (evidence: ReportEvidence): string =>
  placed({ ...evidence, path: evidence.path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '…/') });

function ruleLines({ rules }: Diff): string[] {
  const of = (side: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`Ran ${side} alone: ${names.slice(0, mostRows).map(code).join(', ')}.`, ''];
  return [...of('before', rules.onlyBefore), ...of('after', rules.onlyAfter)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => ':--')), ...rows.map((cells) => line(cells.map(cell)))];
}
