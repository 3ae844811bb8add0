// Kills real runs at random moments: every report is whole or absent, and the next run finds nothing in its way.
//
//   node test/torture/kills.ts [FOLDER] [TIMES]

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../program.ts';
import { newScratch, type Result, tellScore } from './kit.ts';

const home = new URL('../..', import.meta.url).pathname;
const samples = ['swap-on-node', 'healthy', 'istio-probes', 'oom-kills'].map((name) => join(home, 'samples', name));
const programs = { 'the program': program, 'the launcher': join(home, 'bin/drydock.js') } as const;
const stopMillis = 2000;
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: 137 } as const;
type Kill = keyof typeof codes;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly totalMillis: number;
  readonly afterKillMillis: number;
  readonly err: string;
}

/** The batch, through the launcher or without it; killed after so long when that is said. */
function batch(out: string, start: string, kill?: { readonly afterMillis: number; readonly by: Kill }): Promise<Ended> {
  const started = performance.now();
  const words = ['analyze', ...samples, '-o', out, '--save-facts', '--quiet'];
  const child = spawn(process.execPath, [start, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  let killedAt = Number.NaN;
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const timer = setTimeout(
    () => {
      killedAt = performance.now();
      if (kill) child.kill(kill.by);
    },
    kill?.afterMillis ?? 2 ** 30,
  );
  return new Promise((resolve) => {
    // 'close' waits for all that hold the pipe: a process that stays behind is a run that does not end
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const now = performance.now();
      resolve({ code, signal, totalMillis: now - started, afterKillMillis: now - killedAt, err });
    });
  });
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // its bytes tell how often the batch was interrupted; test/torture/batch-kills.ts compares its rows
    .filter((name) => name !== 'journal.sqlite' && statSync(join(folder, name)).isFile())
    .sort();
const isTemporary = (name: string): boolean => /\.tmp(?:\/|$)|-journal$/.test(name);

const isReport = (name: string): boolean => name.endsWith('report.json');

/** What is wrong with the files of a run, against those of an undisturbed one. */
function faultsOf(out: string, good: ReadonlyMap<string, Buffer>, complete: boolean): string[] {
  let names: string[];
  try {
    names = filesUnder(out);
  } catch {
    names = [];
  }
  const faults = names
    .filter((name) => !isTemporary(name) && !good.get(name)?.equals(readFileSync(join(out, name))))
    .map((name) => `${name} is not whole`);
  if (!complete) return faults;
  const missing = [...good.keys()].filter((name) => !names.includes(name)).map((name) => `${name} is missing`);
  return [...faults, ...missing, ...names.filter(isTemporary).map((name) => `${name} is left over`)];
}

/** A fixed sequence: the moments are the same in every run, as far as the machine is. */
function* sequence(): Generator<number, never> {
  for (let state = 20_261_121; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

export async function kills(_folder: string, times = 40): Promise<Result[]> {
  const scratch = newScratch();
  const undisturbed = await batch(join(scratch, 'good'), program);
  const good = new Map(
    filesUnder(join(scratch, 'good')).map((name) => [name, readFileSync(join(scratch, 'good', name))]),
  );
  const results: Result[] = [
    {
      id: 'an undisturbed run',
      ok: undisturbed.code === 0 && [...good.keys()].filter(isReport).length === samples.length,
      told: `exit ${undisturbed.code}, ${good.size} files\n${undisturbed.err}`,
    },
  ];
  const random = sequence();
  const signals = Object.keys(codes) as Kill[];
  for (let time = 0; time < times; time++) {
    // one of two falls into the last part, where the reports are written
    const afterMillis = undisturbed.totalMillis * (time % 2 ? random.next().value : 0.4 + 0.6 * random.next().value);
    const by = signals[time % signals.length] ?? 'SIGKILL';
    // SIGKILL to the launcher leaves the program to find out; it may end a moment later, which 'close' waits for
    const name = Math.floor(time / signals.length) % 2 ? 'the launcher' : 'the program';
    const out = join(scratch, `out-${time}`);
    const ended = await batch(out, programs[name], { afterMillis, by });
    const code = ended.signal ? codes[ended.signal as Kill] : ended.code;
    const faults = faultsOf(out, good, false);
    const wasOver = code === 0 && ended.totalMillis < afterMillis + stopMillis;
    if (code !== codes[by] && !wasOver) faults.push(`exit ${ended.code ?? ended.signal}`);
    if (ended.afterKillMillis > stopMillis)
      faults.push(`ended ${Math.round(ended.afterKillMillis)} ms after the signal`);
    if (/\n\s+at /.test(ended.err)) faults.push(`a stack trace: ${ended.err}`);
    // one that could end in good order has put its things away
    const left = by === 'SIGKILL' || !ended.err.includes('stopped by') ? [] : leftIn(out);
    faults.push(...left.map((name) => `${name} was left`));
    const again = await batch(out, program);
    if (again.code !== 0) faults.push(`the next run: exit ${again.code}: ${again.err}`);
    faults.push(...faultsOf(out, good, true).map((fault) => `after the next run ${fault}`));
    const id = `${by} to ${name} after ${Math.round(afterMillis)} of ${Math.round(undisturbed.totalMillis)} ms`;
    results.push({ id, ok: faults.length === 0, told: faults.join('; ') });
  }
  return results;
}

function leftIn(out: string): string[] {
  try {
    return filesUnder(out).filter(isTemporary);
  } catch {
    return [];
  }
}

if (import.meta.main) {
  const [, , folder = '', times = '40'] = process.argv;
  process.exitCode = tellScore('Kills', await kills(folder, Number(times))) ? 0 : 1;
}
