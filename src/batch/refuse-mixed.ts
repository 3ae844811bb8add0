// Redacted reports and plain ones never share a folder: who hands one on has to know what is in it.

import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mapName } from '../report/redact/redaction-map.ts';
import { isNumbered } from './folder-names.ts';
import type { RowHead } from './journal.ts';

const ours = /^(?:report\.[\w.]+|facts\.sqlite|evidence\.tar\.gz)$/;
const plainText = 'was written without --redact, and would stay beside what is redacted: choose another folder with -o';
const redactedText =
  'is redacted, and would be taken for that with a plain report in it: choose another folder with -o';

/** Why a batch may not write into its output folder; undefined where it may. `rows`: of the journal. */
export function mixedFolder(output: string, redacts: boolean, rows: Iterable<RowHead>): string | undefined {
  for (const { folder, path } of rows)
    if (redacts && !isNumbered(folder)) return `${join(output, folder)}, of ${path}, ${plainText}`;
  for (const entry of listed(output)) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const folder = join(output, entry.name);
    const names = listed(folder).map(({ name }) => name);
    if (!names.some((name) => ours.test(name)) || names.includes(mapName) === redacts) continue;
    return `${folder} ${redacts ? plainText : redactedText}`;
  }
  return undefined;
}

/** The same for the folder of one report, of which files of these names are replaced. */
export function mixedReport(folder: string, redacts: boolean, names: readonly string[]): string | undefined {
  const there = listed(folder).map(({ name }) => name);
  if (!redacts) return there.includes(mapName) ? `${folder} ${redactedText}` : undefined;
  const left = there.find((name) => ours.test(name) && !names.includes(name));
  return (
    left &&
    `${join(folder, left)} is of an earlier run and may not be redacted: take it away, or choose another folder with -o`
  );
}

/** What cannot be listed is told by whoever writes there. */
function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
