// The digest of all files that decide about a report beside its input: of the program, of what it knows, of those named.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyed } from '../report/redact/key.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import type { RedactPlan } from './redact-words.ts';

const home = fileURLToPath(new URL('../../', import.meta.url));
/** Beside the rules in use and the settings, of which the knowledge has the digest. */
const knowing = ['templates', 'rules/sources'];

/** Hex. The same on every machine with this program and the same content of named files, wherever these lie. */
export function digestOfFiles(
  knowledge: Pick<Knowledge, 'digest'>,
  redact: RedactPlan | undefined,
  root = home,
): string {
  const hash = createHash('sha256').update(`${knowledge.digest}\0`);
  // the one is made of the other, and which of them runs decides nothing
  const program = existsSync(join(root, 'src')) ? 'src' : 'dist';
  for (const folder of [program, ...knowing]) addFolder(hash, root, folder);
  const { map, keywords = [] } = redact ?? {};
  const words = JSON.stringify([map?.entries ?? [], keywords]);
  // under the key, which is in no digest that others see
  return hash.update(map ? keyed(map.key, 'batch', words) : words).digest('hex');
}

function addFolder(hash: ReturnType<typeof createHash>, root: string, folder: string): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
}
