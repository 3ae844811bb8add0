// What all benchmarks share: the program as users start it, a scratch folder, archives that are made once.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFile } from '../../bin/program.js';
import { type Measured, measure } from './measure.ts';
import { generate } from './must-gather/generate.ts';
import { readSize, shapeOf } from './must-gather/shape.ts';

const home = new URL('../..', import.meta.url).pathname;
export const launcher: string = join(home, 'bin', 'drydock.js');
export const generator: string = new URL('./must-gather/generate.ts', import.meta.url).pathname;

export interface Setting {
  readonly scratch: string;
  readonly runs: number;
}

export interface Archive {
  readonly name: string;
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** Users run what was built. */
export function buildProgram(): void {
  if (programFile(home).endsWith('.ts')) execFileSync('npm', ['run', '-s', 'build'], { cwd: home, stdio: 'inherit' });
}

/** A folder that was named keeps its archives for the next time. */
export function openScratch(named: string | undefined): { readonly path: string; close(): void } {
  const path = named ?? mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  mkdirSync(path, { recursive: true });
  return { path, close: () => named === undefined && rmSync(path, { recursive: true }) };
}

/** `300MB`: generated, unless it is there from last time. */
export async function archiveOfSize(size: string, scratch: string): Promise<Archive> {
  const bytes = readSize(size);
  if (bytes === undefined) throw new Error(`--size ${size}: say it as 300MB or 1.5GB`);
  const path = join(scratch, `${size}.tar.gz`);
  if (!existsSync(path)) {
    await generate(shapeOf(bytes), `${path}.unfinished`);
    renameSync(`${path}.unfinished`, path);
  }
  return archiveAt(path, `generated, ${size}`);
}

export function archiveAt(path: string, name: string): Archive {
  const unpack = isXz(path) ? 'xz' : 'gzip';
  const counted = execFileSync('bash', ['-c', `${unpack} -dc "$0" | wc -c`, path], { encoding: 'utf8' });
  return { name, path, packedBytes: statSync(path).size, unpackedBytes: Number(counted) };
}

const isXz = (path: string): boolean => path.endsWith('.xz');

let turn = 0;

/** Into a folder that was not there before, which is taken away when the clock has stopped. */
export async function analyze(
  { scratch }: Setting,
  words: readonly string[],
  input?: readonly string[],
): Promise<Measured> {
  return await inFolder(scratch, (folder) =>
    measure([launcher, 'analyze', ...words, '-o', folder, '--quiet'], { allowed: [0, 1, 3], ...(input && { input }) }),
  );
}

export async function untar({ scratch }: Setting, { path }: Archive): Promise<Measured> {
  return await inFolder(scratch, (folder) => measure(['tar', isXz(path) ? 'xJf' : 'xzf', path, '-C', folder]));
}

async function inFolder(scratch: string, run: (folder: string) => Promise<Measured>): Promise<Measured> {
  const folder = join(scratch, `out-${turn++}`);
  mkdirSync(folder);
  // what an earlier run left to be written is not to be paid for by this one
  execFileSync('sync');
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
