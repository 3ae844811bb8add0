// How many small archives a batch does in an hour: with a process for each core, and in the three ways that use one core.
//
//   node test/bench/batch-throughput.ts [ARCHIVES] [PAIRS] [--all-rules] [--batches]     --batches: only the first two ways
//
// Runs of one process and of all alternate, so that what else the machine does falls on both; the ratio is the median.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { program } from '../program.ts';
import { smallArchives } from '../torture/batch-archives.ts';
import { newScratch } from '../torture/kit.ts';

const [count = 200, pairs = 3] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const isAll = process.argv.includes('--all-rules');
const isShort = process.argv.includes('--batches');
const folder = newScratch();
smallArchives(folder, count);
const [inputs, out, ownRules] = ['in', 'out', 'rules'].map((name) => join(folder, name)) as [string, string, string];
const rules = isAll ? [] : ['--no-builtin-rules', '--rules', ownRules];
const loop = new URL('in-process-loop.ts', import.meta.url).pathname;
const archives = readdirSync(inputs).map((name) => join(inputs, name));
const cores = availableParallelism();

/** Wall clock and processor time of all processes together, by `times` of the shell. */
function secondsOf(lines: readonly (readonly string[])[], reports: number) {
  mkdirSync(out);
  const quoted = lines.map((words) => words.map((word) => `'${word}'`).join(' ')).join(' && ');
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${quoted} && times`], { encoding: 'utf8' });
  const wall = (performance.now() - began) / 1000;
  const made = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
  if (status !== 0 || made !== reports) throw new Error(`exit ${status}, ${made} reports: ${stderr}`);
  rmSync(out, { recursive: true });
  const told = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return { wall, processor: told.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0) };
}

const analyze = (jobs: number, ...words: readonly string[]): string[] => [
  ...[process.execPath, program, 'analyze', ...words, '-o', out, '--quiet', '--jobs', String(jobs), ...rules],
];
/** The last archive is the first under another name: a batch makes one report of both. */
const ways = {
  'batch, 1 process': () => secondsOf([analyze(1, inputs)], count - 1),
  [`batch, ${cores} processes`]: () => secondsOf([analyze(cores, inputs)], count - 1),
  'a loop over the sources': () =>
    secondsOf([[process.execPath, loop, inputs, out, ...(isAll ? [] : [ownRules])]], count),
  'the program anew for each': () =>
    secondsOf(
      archives.map((path) => analyze(1, path)),
      count,
    ),
};
type Seconds = ReturnType<typeof secondsOf>;
const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const runs = new Map<string, Seconds[]>();
for (let pair = 0; pair < pairs; pair++) {
  for (const [way, run] of Object.entries(ways).slice(0, isShort ? 2 : undefined))
    runs.set(way, [...(runs.get(way) ?? []), run()]);
}
const [one = []] = runs.values();
for (const [way, seconds] of runs) {
  const wall = middle(seconds.map((each) => each.wall));
  const processor = middle(seconds.map((each) => each.processor));
  const ratio = middle(seconds.map((each, pair) => (one[pair]?.wall ?? Number.NaN) / each.wall));
  console.log(
    `${way.padEnd(26)} ${wall.toFixed(1)} s, ${((count / wall) * 3600).toFixed(0)} an hour, ` +
      `${ratio.toFixed(2)} times the first; processor ${processor.toFixed(1)} s`,
  );
}
