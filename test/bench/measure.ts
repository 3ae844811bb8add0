// Runs one command and measures it as a whole: by the clock, in processor time, and in memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly wallSeconds: number;
  /** Of all its processes and threads, system calls included. */
  readonly processorSeconds: number;
  /** Of the one process that held most at its highest; absent where there is no /proc. */
  readonly peakBytes: number | undefined;
  /** What it said beside its answer. */
  readonly said: string;
}

const pollMillis = 40;
/** Bash tells what its children took once they ended, those that they started included. */
const timed = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&3';

/** `input`: a command whose output it reads, which is not measured. Throws at an exit code that is not expected. */
export async function measure(
  words: readonly string[],
  { allowed = [0], input }: { readonly allowed?: readonly number[]; readonly input?: readonly string[] } = {},
): Promise<Measured> {
  const [feeder, ...feederWords] = input ?? [];
  const fed = feeder === undefined ? undefined : spawn(feeder, feederWords, { stdio: ['ignore', 'pipe', 'inherit'] });
  const child = spawn('bash', ['-c', timed, 'bash', ...words], {
    stdio: [fed?.stdout ?? 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  // the pipe is the program's alone: it must see the end of it
  fed?.stdout?.destroy();
  const texts = [child.stderr, child.stdio[3]].map((stream) => textOf(stream as NodeJS.ReadableStream));
  let peakBytes = 0;
  const poll = setInterval(() => {
    peakBytes = Math.max(peakBytes, highestOf(child.pid));
  }, pollMillis);
  const [code] = (await once(child, 'close')) as [number];
  clearInterval(poll);
  fed?.kill();
  const [times = '', said = ''] = await Promise.all(texts);
  if (!allowed.includes(code)) throw new Error(`${words.join(' ')}: exit ${code}\n${said}`);
  const [wall = 0, user = 0, system = 0] = (times.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallSeconds: wall, processorSeconds: user + system, peakBytes: peakBytes || undefined, said };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

/** The highest resident memory (VmHWM) of any process below this one. */
function highestOf(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return Math.max(
      0,
      ...children.filter(Boolean).map((child) => Math.max(residentOf(child), highestOf(Number(child)))),
    );
  } catch {
    return 0;
  }
}

function residentOf(pid: string): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes ?? 0) * 1024;
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
