// A long batch: the parent's memory and open files at its end are those of its beginning.
//
//   node test/torture/batch-memory.ts [ARCHIVES]

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../program.ts';
import { smallArchives } from './batch-archives.ts';
import { newScratch, type Result, tellScore } from './kit.ts';

const sampleMillis = 250;
const mebibyte = 1024 * 1024;
/** What grows within it is noise of the collector. */
const mostGrowth = 1.05;

interface Sample {
  readonly residentBytes: number;
  readonly files: number;
}

function sampleOf(pid: number | undefined): Sample | undefined {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return { residentBytes: pages * 4096, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export async function batchMemory({ archives }: { archives: number }): Promise<Result[]> {
  const folder = newScratch();
  smallArchives(folder, archives);
  const words = ['analyze', join(folder, 'in'), '-o', join(folder, 'out'), '--quiet', '--format', 'json'];
  const child = spawn(process.execPath, [program, ...words, '--no-builtin-rules', '--rules', join(folder, 'rules')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const samples: Sample[] = [];
  const timer = setInterval(() => samples.push(...[sampleOf(child.pid) ?? []].flat()), sampleMillis);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  // the first tenth is the start of the program, and of the first children
  const worked = samples.slice(Math.ceil(samples.length / 10));
  const tenth = Math.max(1, Math.floor(worked.length / 10));
  const [first, last] = [worked.slice(0, tenth), worked.slice(-tenth)];
  const bytes = [first, last].map((some) => middle(some.map(({ residentBytes }) => residentBytes)));
  const files = [first, last].map((some) => middle(some.map((each) => each.files)));
  const [bytesBefore = Number.NaN, bytesAfter = Number.NaN] = bytes;
  const told = `${(bytesBefore / mebibyte).toFixed(1)} MiB, at the end ${(bytesAfter / mebibyte).toFixed(1)} MiB`;
  const left = readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tmp(?:\/|$)|-journal$/.test(name),
  );
  return [
    { id: `${archives} archives`, ok: code === 0, told: `exit ${code}` },
    { id: `memory of the parent: ${told}`, ok: bytesAfter <= bytesBefore * mostGrowth, told: 'it grows' },
    { id: `open files: ${files.join(', at the end ')}`, ok: (files[1] ?? 0) <= (files[0] ?? 0) + 2, told: 'they grow' },
    { id: 'no temporary files', ok: left.length === 0, told: left.slice(0, 5).join(', ') },
  ];
}

if (import.meta.main) {
  const results = await batchMemory({ archives: Number(process.argv[2] ?? 2000) });
  for (const { id } of results) console.log(id);
  process.exitCode = tellScore('Batch memory', results) ? 0 : 1;
}
