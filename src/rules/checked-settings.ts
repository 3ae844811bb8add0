// Settings that were read and checked before, kept in one file: while nothing changed they need not be read again.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Settings } from './settings.ts';

/** Lies beside the file of the settings; made by `drydock rules compile`, and never needed. */
export const checkedSettingsName = 'checked-settings.json';

interface Kept {
  /** The file and the code that read it. */
  readonly digest: string;
  readonly settings: Settings;
}

/** What was kept of this text. Of another version, cut off or absent: undefined, which costs time alone. */
export function keptSettings(file: string, text: string): Settings | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { digest, settings } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return digest === digestOf(text) ? settings : undefined;
  } catch {
    return undefined;
  }
}

/** The text of such a file, for settings that were read without a problem. */
export const checkedSettingsJson = (settings: Settings, text: string): string =>
  `${JSON.stringify({ digest: digestOf(text), settings } satisfies Kept)}\n`;

/** Of the text, and of the code that reads it. */
function digestOf(text: string): string {
  const own = fileURLToPath(new URL('.', import.meta.url));
  const hash = createHash('sha256');
  for (const name of ['checked-settings.ts', 'settings.ts']) hash.update(readFileSync(`${own}${name}`));
  return hash.update(text).digest('base64url');
}
