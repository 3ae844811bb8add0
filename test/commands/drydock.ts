// Runs the program as a person would, and reads back what it wrote.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { program } from '../program.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function drydock(...words: readonly string[]): Ran {
  const run = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    // uvu asks for colours, and Node warns of being asked for both.
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'drydock-test-'));

/** Writes files, with the folders they need, and gives the folder back. */
export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return folder;
}

/** Every file under a folder, by its path: the same content is the same map. */
export function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
