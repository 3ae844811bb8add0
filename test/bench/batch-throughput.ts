// How many small archives a batch does in an hour, beside one process that does them one after the other.
//
//   node test/bench/batch-throughput.ts [ARCHIVES] [--all-rules]

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { smallArchives } from '../torture/batch-archives.ts';
import { newScratch } from '../torture/kit.ts';

const cli = new URL('../../src/cli.ts', import.meta.url).pathname;
const count = Number(process.argv[2] ?? 200);
const folder = newScratch();
smallArchives(folder, count);
const rules = process.argv.includes('--all-rules') ? [] : ['--no-builtin-rules', '--rules', join(folder, 'rules')];

/** Seconds of one batch with so many processes at once. */
function secondsWith(jobs: number): number {
  const out = join(folder, `out-${jobs}`);
  mkdirSync(out);
  const began = performance.now();
  const words = ['analyze', join(folder, 'in'), '-o', out, '--quiet', '--jobs', String(jobs), ...rules];
  const { status, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8' });
  const seconds = (performance.now() - began) / 1000;
  const reports = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
  if (status !== 0 || reports !== count - 1) throw new Error(`exit ${status}, ${reports} reports: ${stderr}`);
  rmSync(out, { recursive: true });
  return seconds;
}

const cores = availableParallelism();
const [one, all] = [secondsWith(1), secondsWith(cores)];
const rate = (seconds: number) => `${((count / seconds) * 3600).toFixed(0)} an hour`;
console.log(`${count} archives, 1 process: ${one.toFixed(1)} s, ${rate(one)}`);
console.log(
  `${count} archives, ${cores} processes: ${all.toFixed(1)} s, ${rate(all)}: ${(one / all).toFixed(2)} times`,
);
