#!/usr/bin/env node
// The command line: the one file that touches process and console.

import { run } from './commands/run.ts';
import type { Terminal } from './commands/terminal.ts';

const abort = new AbortController();
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.once(signal, () => {
    abort.abort();
    process.exit(128 + number);
  });
}
// `drydock rules list | head` closes the pipe early: nobody reads on, but reports are written all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(2);
  });
}

const words = process.argv.slice(2);
const isTerminal = process.stderr.isTTY === true && !words.includes('--quiet');
const clearLine = '\r\x1b[2K';
let shown = false;

const terminal: Terminal = {
  say: (text) => void process.stdout.write(`${text}\n`),
  warn: (text) => {
    terminal.progress('');
    process.stderr.write(`${text}\n`);
  },
  progress: (text) => {
    if (!isTerminal || (text === '' && !shown)) return;
    shown = text !== '';
    process.stderr.write(`${clearLine}${text.slice(0, terminal.columns - 1)}`);
  },
  isTerminal,
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && !words.includes('--no-color'),
  columns: process.stderr.columns ?? 80,
  clock: () => performance.now(),
  signal: abort.signal,
};

let finished = false;
// A program that runs out of things to wait for before its end is not a success.
process.on('exit', (code) => {
  if (!finished && code === 0) {
    process.exitCode = 2;
    process.stderr.write('drydock: ended before the work was done; no report was written\n');
  }
});

process.exitCode = await run(words, terminal);
finished = true;
