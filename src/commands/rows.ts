// Prints rows of values as a table for the eye, or as JSON or YAML for other programs.

import { stringify } from 'yaml';
import { sealed } from '../report/leak-gate.ts';
import { visibleJson } from '../report/visible.ts';
import { UsageError } from './terminal.ts';

type Printable = Readonly<Record<string, unknown>>;

/** `output` is table, json or yaml. A table cuts its last column to `columns` characters. */
export const printRows = (rows: readonly Printable[], output: string, columns: number): string =>
  sealed(printed(rows, output, columns));

function printed(rows: readonly Printable[], output: string, columns: number): string {
  if (output === 'json') return visibleJson(JSON.stringify(rows, replacer, 2));
  if (output === 'yaml') return stringify(JSON.parse(JSON.stringify(rows, replacer))).trimEnd();
  if (output !== 'table') throw new UsageError(`-o ${output}: choose table, json or yaml`);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (rows.length === 0) return '(no rows)';
  const cells = [names, ...rows.map((row) => names.map((name) => plain(row[name])))];
  const widths = names.map((_, column) =>
    cells.reduce((width, row) => Math.min(60, Math.max(width, row[column]?.length ?? 0)), 0),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => fit(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines
    .map((line) => (line.length > Math.max(columns, 80) ? `${line.slice(0, Math.max(columns, 80) - 1)}…` : line))
    .join('\n');
}

const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value, replacer) : String(value);
  // Control characters of a hostile bundle must not reach the terminal.
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
