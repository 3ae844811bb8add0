// What tar, gzip and xz deliver of an archive that may be cut: the measure for our own readers.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Packing } from './truncation-points.ts';

/** SHA-256 of the content by path. */
export type Delivered = ReadonlyMap<string, string>;

/** Throws when the last command of a pipe fails. */
export function runShell(command: string): void {
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Files as tar leaves them on disk; it complains of the cut and keeps what it has. */
export function deliveredByTools(path: string, packing: Packing, scratch: string): Delivered {
  const folder = join(scratch, 'unpacked');
  mkdirSync(folder);
  const extract = `tar -x -f - -C '${folder}' --no-same-owner --no-same-permissions --delay-directory-restore`;
  runShell(`${packing.unpack} '${path}' 2>/dev/null | ${extract} 2>/dev/null; true`);
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(relative(folder, file), createHash('sha256').update(readFileSync(file)).digest('hex'));
  }
  rmSync(folder, { recursive: true });
  return files;
}
