// The findings as CSV for spreadsheets: one row each, RFC 4180, and no cell that a spreadsheet takes for a formula.

import { distinctNames } from './finding-groups.ts';
import type { Report, ReportFinding } from './report.ts';
import { visibleLine } from './visible.ts';

const columns: readonly (readonly [name: string, of: (finding: ReportFinding) => string | number | undefined])[] = [
  ['severity', ({ severity }) => severity],
  ['rule', ({ rule }) => rule],
  ['catalog', ({ catalog }) => catalog.join(' ')],
  ['pack', ({ pack }) => pack],
  ['title', ({ title }) => title],
  ['subject', ({ subject }) => subject],
  ['message', ({ message }) => message],
  // The first object is the one that was evaluated; report.json has the others.
  ['namespace', ({ objects }) => objects[0]?.namespace],
  ['kind', ({ objects }) => objects[0]?.kind],
  ['name', ({ objects }) => objects[0]?.name],
  ['node', (finding) => distinctNames(finding, 'node').join(' ')],
  ['path', ({ evidence }) => evidence[0]?.path],
  ['first', ({ evidence }) => evidence[0]?.first],
  ['last', ({ evidence }) => evidence[0]?.last],
  ['id', ({ id }) => id],
];

export function renderCsv(report: Report): string {
  const rows = report.findings.map((finding) => columns.map(([, of]) => cell(of(finding))));
  return [columns.map(([name]) => cell(name)), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

// Also as they are written in full width, which spreadsheets of East Asia take for the same.
const signs = '=+\\-@\uff1d\uff0b\uff0d\uff20';
const opening = new RegExp(`^["\\s]*[${signs}]`, 'u');
// Where `;` parts the cells, as in half of Europe, a quoted `,` does not hold the cell together.
const openingLater = new RegExp(`(;["\\s]*)(?=[${signs}])`, 'gu');

/** One line, always quoted. What would be read as a formula gets a leading `'`, which makes it text. */
function cell(value: string | number | undefined): string {
  const line = visibleLine(String(value ?? '')).replace(openingLater, "$1'");
  return `"${(opening.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`;
}
