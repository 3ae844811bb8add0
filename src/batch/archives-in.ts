// Tells a folder of archives, which is a batch, from a bundle that was unpacked.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The launcher asks the same, to know whether there will be child processes. A log in `.gz` is no archive. */
const archive = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|zip)$/i;

/** Paths of the files of a folder that holds nothing but archives, two at least. */
export function archivesIn(path: string): string[] | undefined {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    const entries = readdirSync(path, { withFileTypes: true });
    if (entries.length < 2 || !entries.every((entry) => entry.isFile() && archive.test(entry.name))) return undefined;
    return entries.map(({ name }) => join(path, name));
  } catch {
    return undefined;
  }
}
