// Reads CSV as RFC 4180 has it, and stricter: every cell quoted, every line ended by CR LF.

export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = /"((?:[^"]|"")*)"(,|\r\n)/y;
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) throw new Error(`no cell at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    row.push((found[1] ?? '').replaceAll('""', '"'));
    at = cell.lastIndex;
    if (found[2] === ',') continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new Error('the last line does not end');
  return rows;
}

/** A cell, or a line of it, that a spreadsheet would calculate; also where `;` parts the cells. */
export const isFormula = (cell: string): boolean =>
  /^[\t\r]/.test(cell) || cell.split(/[\r\n;]/).some((part) => /^["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(part));
