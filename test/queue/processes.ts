// Runs the program beside the test: a batch that fills a queue, and workers that empty it.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { program } from '../program.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out(): string;
  err(): string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => void child.kill('SIGKILL')));

export function begin(words: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Running {
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  running.add(child);
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    texts.err += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...texts });
    });
  });
  return { child, ended, out: () => texts.out, err: () => texts.err };
}

/** Throws when it does not come about in a minute. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let millis = 0; millis < 60_000; millis += 50) {
    if (isSo()) return;
    await pause(50);
  }
  throw new Error(`it did not come about: ${what}`);
}

/** All files but the journal, whose header counts transactions. */
export const reportsIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name !== 'journal.sqlite' && statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );

/** Scratch folders that somebody left. */
export const leftIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
