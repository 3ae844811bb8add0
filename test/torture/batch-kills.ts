// Kills batches at random moments, their parents and their children: nothing is lost, nothing done twice, and the
// folder ends as that of a run that nobody disturbed.
//
//   node test/torture/batch-kills.ts [ARCHIVES] [KILLS]

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../src/batch/journal.ts';
import { program } from '../program.ts';
import { fraction, smallArchives } from './batch-archives.ts';
import { filesUnder, newScratch, type Result, tellScore } from './kit.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly millis: number;
}

interface Disturbance {
  /** The parent, once. */
  readonly parentAfterMillis?: number;
  /** A child, again and again. */
  readonly childEachMillis?: () => number;
}

/** A run of the batch; how many children were killed is told through `onKill`. */
function batch(folder: string, out: string, disturbance: Disturbance = {}, onKill = () => {}): Promise<Ended> {
  const began = performance.now();
  const words = ['analyze', join(folder, 'in'), '-o', join(folder, out), '--no-builtin-rules'];
  const child = spawn(process.execPath, [program, ...words, '--rules', join(folder, 'rules'), '--format', 'md,json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
    });
  }
  const timers: NodeJS.Timeout[] = [];
  const { parentAfterMillis, childEachMillis } = disturbance;
  if (parentAfterMillis !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), parentAfterMillis));
  const killChild = (): void => {
    const own = childrenOf(child.pid);
    const victim = own[Math.floor(fraction() * own.length)];
    if (victim !== undefined) {
      try {
        process.kill(victim, 'SIGKILL');
        onKill();
      } catch {
        // it ended by itself just now
      }
    }
    if (childEachMillis) timers.push(setTimeout(killChild, childEachMillis()));
  };
  if (childEachMillis) timers.push(setTimeout(killChild, childEachMillis()));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      timers.forEach(clearTimeout);
      resolve({ code, signal, ...texts, millis: performance.now() - began });
    });
  });
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const listedIn = (folder: string): number =>
  (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { bundles: unknown[] }).bundles.length;

function faultsOf(folder: string, out: string, good: string): string[] {
  const [found, wanted] = [filesUnder(join(folder, out)), filesUnder(join(folder, good))];
  const faults = [...wanted].flatMap(([name, bytes]) => {
    const own = found.get(name);
    return own?.equals(bytes) ? [] : [`${name} ${own ? 'differs' : 'is missing'}`];
  });
  for (const name of found.keys()) if (!wanted.has(name)) faults.push(`${name} is left over`);
  const rows = (name: string) => JSON.stringify(readJournal(join(folder, name)));
  if (rows(out) !== rows(good)) faults.push('the rows of the journal differ');
  return faults;
}

/** Bundles that runs said they had analysed, more than once. */
function twice(runs: readonly Ended[]): string[] {
  const said = runs.flatMap(({ out }) =>
    [...out.matchAll(/^(.+): (?:no findings|\d+ \w+).*$/gm)].map(([, name]) => name),
  );
  return [...new Set(said.filter((name, index) => said.indexOf(name) !== index))].map(
    (name) => `${name} was done twice`,
  );
}

export async function batchKills({ archives, kills }: { archives: number; kills: number }): Promise<Result[]> {
  const folder = newScratch();
  smallArchives(folder, archives);
  const undisturbed = await batch(folder, 'good');
  const results: Result[] = [
    {
      id: 'an undisturbed run',
      ok: undisturbed.code === 0 && listedIn(join(folder, 'good')) === archives,
      told: `exit ${undisturbed.code}: ${undisturbed.err}`,
    },
  ];

  const runs: Ended[] = [];
  // so long that all kills together fall all over the work, the start of each run included, and none comes after its end
  const startMillis = Math.min(600, undisturbed.millis / 4);
  for (let times = 0; times < kills; times++) {
    const parentAfterMillis = fraction() * (startMillis * 2 + undisturbed.millis / kills);
    runs.push(await batch(folder, 'parents', { parentAfterMillis }));
  }
  const last = await batch(folder, 'parents');
  const faults = [...faultsOf(folder, 'parents', 'good'), ...twice([...runs, last])];
  if (last.code !== 0) faults.push(`exit ${last.code}: ${last.err}`);
  const killed = runs.filter(({ signal }) => signal === 'SIGKILL').length;
  if (killed < kills / 2) faults.push(`only ${killed} of ${kills} runs were there to be killed`);
  const traces = runs.filter(({ err }) => /\n\s+at /.test(err));
  if (traces.length > 0) faults.push(`a stack trace: ${traces[0]?.err}`);
  results.push({ id: `${killed} parents killed`, ok: faults.length === 0, told: faults.slice(0, 5).join('; ') });

  let lost = 0;
  const each = { childEachMillis: () => (fraction() * 3 * undisturbed.millis) / kills + 50 };
  const disturbed = await batch(folder, 'children', each, () => {
    lost += 1;
  });
  const again = disturbed.code === 0 ? disturbed : await batch(folder, 'children');
  const childFaults = [...faultsOf(folder, 'children', 'good'), ...twice([disturbed, again].slice(0, 1))];
  if (disturbed.code !== 0) childFaults.push(`exit ${disturbed.code}: ${disturbed.err}`);
  if (lost === 0) childFaults.push('no child was there to be killed');
  results.push({
    id: `${lost} children killed`,
    ok: childFaults.length === 0,
    told: childFaults.slice(0, 5).join('; '),
  });
  return results;
}

if (import.meta.main) {
  const [, , archives = '300', kills = '60'] = process.argv;
  const began = performance.now();
  const results = await batchKills({ archives: Number(archives), kills: Number(kills) });
  console.log(results.map(({ id }) => id).join(', '), `${((performance.now() - began) / 1000).toFixed(0)} s`);
  process.exitCode = tellScore('Batch kills', results) ? 0 : 1;
}
