// Reads tables whose columns begin under the words of a header line: `crictl ps`, `systemctl list-units`, `findmnt`.
//
//   CONTAINER       IMAGE           CREATED             STATE     NAME     POD ID
//   93b10093a8263   bea2d277eb715   About a minute ago  Running   oauth    51f2b3f1d3f5b

import type { Line } from './lines.ts';

export interface Row {
  readonly line: Line;
  /** The text under a column name; empty where the row ends before it or the table has no such column. */
  cell(name: string): string;
}

/**
 * Rows under the first line that has all of `names`; undefined when no line is such a header. Names of two words
 * (`POD ID`) have to be given, here or in `others`; of the rest every word is a column.
 */
export function readColumns(
  lines: readonly Line[],
  names: readonly string[],
  others: readonly string[] = [],
): { header: Line; rows: Row[] } | undefined {
  const index = lines.findIndex((line) => names.every((name) => wordPlace(line.text, name) >= 0));
  const header = lines[index];
  if (!header) return undefined;
  const columns = columnsOf(header.text, [...names, ...others]);
  const rows = lines.slice(index + 1).filter((line) => line.text.trim() !== '');
  return { header, rows: rows.map((line) => rowOf(line, columns)) };
}

interface Column {
  readonly name: string;
  readonly start: number;
}

function columnsOf(header: string, names: readonly string[]): Column[] {
  const columns: Column[] = [];
  let rest = header;
  for (const name of names.toSorted((a, b) => b.length - a.length)) {
    const start = wordPlace(rest, name);
    if (start < 0) continue;
    columns.push({ name, start });
    rest = rest.slice(0, start) + ' '.repeat(name.length) + rest.slice(start + name.length);
  }
  for (const word of rest.matchAll(/\S+/g)) columns.push({ name: word[0], start: word.index });
  return columns.sort((a, b) => a.start - b.start);
}

function rowOf(line: Line, columns: readonly Column[]): Row {
  // A value longer than its column pushes the rest aside; blanks then are all there is to go by.
  const fits = columns.every(
    ({ start }) => start === 0 || line.text.length <= start || /\s/.test(line.text[start - 1] ?? ''),
  );
  const words = fits ? [] : line.text.trim().split(/\s{2,}/);
  const cell = (name: string): string => {
    const index = columns.findIndex((column) => column.name === name);
    if (index < 0) return '';
    if (!fits) return words[index] ?? '';
    return line.text.slice(index === 0 ? 0 : columns[index]?.start, columns[index + 1]?.start).trim();
  };
  return { line, cell };
}

/** Where a name stands as words of its own, or -1. */
function wordPlace(header: string, name: string): number {
  for (let place = header.indexOf(name); place >= 0; place = header.indexOf(name, place + 1)) {
    const before = header[place - 1] ?? ' ';
    const after = header[place + name.length] ?? ' ';
    if (/\s/.test(before) && /\s/.test(after)) return place;
  }
  return -1;
}
