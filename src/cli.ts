#!/usr/bin/env node
// The command line: the one file that touches process and console.

import { constants, totalmem } from 'node:os';
import type { Order } from './batch/messages.ts';
import { run } from './commands/run.ts';
import type { Terminal } from './commands/terminal.ts';
import { dropAll } from './report/unfinished.ts';
import { visible, visibleLine, withoutCommands } from './report/visible.ts';

type Stopping = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What is under way may end in good order; past this it is left where it stands. */
const graceMillis = 1000;
/** Ctrl-C reaches the launcher and this process, and the launcher passes it on: that is one wish, not two. */
const sameWishMillis = 300;

const abort = new AbortController();
const words = process.argv.slice(2);
const isTerminal = process.stderr.isTTY === true && !words.includes('--quiet');
const clearLine = '\r\x1b[2K';
let shown = false;

// The last guard: whatever a command says of a bundle, no character of it steers a terminal or a build server.
const shownAs = process.env.CI || process.env.TF_BUILD ? withoutCommands : (text: string) => text;

const terminal: Terminal = {
  say: (text, painted) => void process.stdout.write(`${shownAs(painted ? text : visible(text))}\n`),
  warn: (text) => {
    terminal.progress('');
    process.stderr.write(`${shownAs(visible(text))}\n`);
  },
  progress: (text) => {
    if (!isTerminal || (text === '' && !shown)) return;
    shown = text !== '';
    process.stderr.write(`${clearLine}${visibleLine(text).slice(0, terminal.columns - 1)}`);
  },
  isTerminal,
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && !words.includes('--no-color'),
  columns: process.stderr.columns ?? 80,
  clock: () => performance.now(),
  get signal() {
    heedSignals();
    return abort.signal;
  },
  kin: {
    pid: process.pid,
    nodePath: process.execPath,
    program: process.argv[1] ?? '',
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    // A message that nobody waits for any more is no failure: the broken channel ends this process.
    ...(process.send && {
      parent: {
        send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
        onOrder: (hear) => void process.on('message', (order) => hear(order as Order)),
      },
    }),
  },
};

let heeded = false;
let finished = false;
let stopped: { readonly signal: Stopping; readonly atMillis: number } | undefined;

/** Who asks for the signal has something to end in good order. Until then a signal ends the program where it stands. */
function heedSignals(): void {
  if (heeded) return;
  heeded = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  // The launcher was killed, and cannot pass on a signal any more.
  process.on('disconnect', () => stop('SIGTERM'));
  process.channel?.unref();
  if (process.send !== undefined && !process.connected) stop('SIGTERM');
}

// A file over `ulimit -f` is then an error of the write and no end of the program.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => undefined);

function stop(signal: Stopping): void {
  const now = performance.now();
  if (stopped) {
    if (now - stopped.atMillis > sameWishMillis) leave(signal);
    return;
  }
  stopped = { signal, atMillis: now };
  abort.abort();
  terminal.warn(`drydock: stopped by ${signal}; reports that were finished stay, the one under way is not written`);
  setTimeout(() => leave(signal), graceMillis);
}

/** At once, whatever the threads are at: with the default action of the signal, which a shell shows as 128 + its number. */
function leave(signal: Stopping): void {
  dropAll();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

// `drydock rules list | head` closes the pipe early: nobody reads on, but reports are written all the same.
// Any other failure is one of the answer.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || stopped) return;
  if (process.exitCode !== 2) terminal.warn(`drydock: cannot write to standard output: ${error.code}`);
  process.exitCode = 2;
});
// There is nobody left to tell it to.
process.stderr.on('error', () => undefined);

process.on('uncaughtException', (error) => {
  terminal.warn(`drydock: internal error, please report it: ${error.stack ?? error.message}`);
  process.exit(2);
});
// A program that runs out of things to wait for before its end is not a success.
process.on('exit', () => {
  dropAll();
  if (finished || stopped || process.exitCode === 2) return;
  process.exitCode = 2;
  process.stderr.write('drydock: ended before the work was done; no report was written\n');
});

void run(words, terminal).then((code) => {
  finished = true;
  // Nothing is left to wait for but threads that may not heed anybody.
  if (stopped) process.exit(128 + constants.signals[stopped.signal]);
  if (process.exitCode !== 2) process.exitCode = code;
});
