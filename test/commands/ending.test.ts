// How a run ends when it is stopped, when nobody reads it, and when it comes to no end by itself.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, write } from './drydock.ts';
import { swapRule } from './swap-rule.ts';

const home = new URL('../..', import.meta.url).pathname;
const cli = join(home, 'src', 'cli.ts');
const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1024 0 -2\n';
const patching = `
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Worker } from 'node:worker_threads';
const never = () => { process._rawDebug('ready'); setInterval(() => undefined, 1000); return new Promise(() => undefined); };
const { stat, open } = promises;
`;
/** Places where a run stands still, for a signal to find it there. */
const standing = {
  reading: "promises.stat = (path) => (String(path).endsWith('second') ? never() : stat(path));",
  writing: `promises.open = async (path, ...words) => {
  const handle = await open(path, ...words);
  if (String(path).includes('report.json')) handle.writeFile = never;
  return handle;
};`,
  'a thread that heeds nothing': 'Worker.prototype.terminate = never;',
};

function preload(text: string): readonly string[] {
  const module = `${patching}${text}\nsyncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(module)}`];
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** Runs it to the place where it stands still, then sends the signals, half a second apart. */
function stopped(at: string, words: readonly string[], ...signals: readonly NodeJS.Signals[]): Promise<Ended> {
  const child = spawn(process.execPath, [...preload(at), cli, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  let sent = false;
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
    if (sent || !err.includes('ready')) return;
    sent = true;
    for (const [index, signal] of signals.entries()) setTimeout(() => child.kill(signal), index * 500);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, err: err.replaceAll('ready\n', '') }));
  });
}

const rule = swapRule();
const twoBundles = () =>
  write(newFolder(), { 'first/proc/swaps': swaps, 'second/proc/swaps': swaps, 'rules/own/swap-area.yaml': rule });
/** One rule is enough for a report, and is loaded in no time. */
const analyze = (folder: string, ...words: readonly string[]): string[] => [
  ...['analyze', '-o', join(folder, 'out'), '--quiet', '--no-builtin-rules', '--rules', join(folder, 'rules')],
  ...words,
];
const inShell = (script: string) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, CLI: cli },
  });
  return { code: status, out: stdout, err: stderr };
};
const hasShell = spawnSync('bash', ['-c', 'true']).status === 0 && existsSync('/dev/full');

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal}: exit ${code}, one sentence, and nothing half written`, async () => {
    const folder = twoBundles();
    const words = analyze(folder, join(folder, 'second'));
    const ended = await stopped(standing.reading, words, signal);
    assert.is(ended.code, code, ended.err);
    assert.is(ended.err.trimEnd().split('\n').length, 1, ended.err);
    assert.match(ended.err, `stopped by ${signal}`);
    assert.not.ok(existsSync(join(folder, 'out')));
  });
}

test('a signal while a report is written leaves nothing of it', async () => {
  const folder = twoBundles();
  const words = analyze(folder, join(folder, 'first'));
  const { code, signal, err } = await stopped(standing.writing, words, 'SIGINT');
  assert.is(signal ?? code, 'SIGINT', err);
  assert.not.ok(existsSync(join(folder, 'out')));
});

test('a thread that cannot be ended does not hold up the end, and a second signal ends at once', async () => {
  const folder = twoBundles();
  const words = analyze(folder, join(folder, 'first'));
  const at = standing['a thread that heeds nothing'];
  assert.is((await stopped(at, words, 'SIGTERM')).signal, 'SIGTERM');
  assert.is((await stopped(at, words, 'SIGINT', 'SIGINT')).signal, 'SIGINT');
  assert.not.ok(existsSync(join(folder, 'out')));
});

test('a run that comes to no end is no success', () => {
  const folder = twoBundles();
  const words = analyze(folder, join(folder, 'first'));
  const drained = preload('promises.stat = () => new Promise(() => undefined);');
  const run = spawnSync(process.execPath, [...drained, cli, ...words], { encoding: 'utf8' });
  assert.is(run.status, 2);
  assert.is(run.stderr, 'drydock: ended before the work was done; no report was written\n');
  assert.not.ok(existsSync(join(folder, 'out')));
});

test('what nobody caught is told as an internal error: exit 2', () => {
  const thrown = preload("setTimeout(() => { throw new Error('somewhere'); }, 1); promises.stat = never;");
  const words = ['analyze', '.', '-o', join(newFolder(), 'out')];
  const run = spawnSync(process.execPath, [...thrown, cli, ...words], { encoding: 'utf8' });
  assert.is(run.status, 2);
  assert.match(run.stderr, /internal error, please report it: Error: somewhere/);
});

test('standard output that is full: exit 2 and a sentence, and the report is there all the same', () => {
  if (!hasShell) return;
  const folder = twoBundles();
  const list = inShell('"$NODE" "$CLI" rules list > /dev/full');
  assert.equal(list, { code: 2, out: '', err: 'drydock: cannot write to standard output: ENOSPC\n' });
  const run = inShell(`"$NODE" "$CLI" analyze "${folder}/first" -o "${folder}/out" > /dev/full`);
  assert.equal(run, { code: 2, out: '', err: 'drydock: cannot write to standard output: ENOSPC\n' });
  assert.ok(existsSync(join(folder, 'out', 'first', 'report.json')));
});

test('standard output that is closed early: quiet, and no failure', () => {
  if (!hasShell) return;
  const { code, out, err } = inShell('set -o pipefail; "$NODE" "$CLI" rules list | head -1');
  assert.is(err, '');
  assert.is(code, 0);
  assert.match(out, /^.+\n$/);
});

test('a limit on the size of files: exit 2, path and error, and nothing half', () => {
  if (!hasShell) return;
  const folder = twoBundles();
  for (const option of ['', '--save-facts --format md']) {
    const { code, err } = inShell(`ulimit -f 3; "$NODE" "$CLI" analyze "${folder}/first" -o "${folder}/out" ${option}`);
    assert.is(code, 2, err);
    assert.match(err, /Cannot write .*out\/first\/.*: E/);
    assert.not.match(err, /\n\s+at /);
    assert.not.ok(existsSync(join(folder, 'out')));
  }
});

test('few file handles: the same report', () => {
  if (!hasShell) return;
  const folder = twoBundles();
  const words = `analyze "${folder}/first" --jobs 2 --quiet -o`;
  assert.is(inShell(`ulimit -n 64; "$NODE" "$CLI" ${words} "${folder}/few"`).code, 0);
  assert.is(inShell(`"$NODE" "$CLI" ${words} "${folder}/many"`).code, 0);
  const [few, many] = ['few', 'many'].map((name) => readFileSync(join(folder, name, 'first', 'report.json'), 'utf8'));
  assert.is(few, many);
});

test('an output folder is tried before the bundle is opened', () => {
  const folder = write(newFolder(), { 'first/proc/swaps': swaps, 'out/first/report.json/inside': '' });
  const words = ['analyze', join(folder, 'first'), '-o', join(folder, 'out')];
  const run = spawnSync(process.execPath, [...preload(standing.reading), cli, ...words], { encoding: 'utf8' });
  assert.is(run.status, 2);
  assert.match(run.stderr, /Cannot write .*out\/first\/report\.json: EISDIR/);
});

test('an output that is no name of a file is said', () => {
  const folder = twoBundles();
  const run = spawnSync(process.execPath, [
    cli,
    'analyze',
    join(folder, 'first'),
    '-o',
    join(folder, 'out'),
    '--quiet',
  ]);
  assert.is(run.status, 0);
  const report = join(folder, 'out', 'first', 'report.json');
  for (const [output, said] of [
    [`${folder}/`, /say the name of a file/],
    [folder, /EISDIR/],
    ['/dev/null', /Cannot write \/dev\/null: EEXIST/],
    ['-x', /ambiguous/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'render', report, '-o', output], { encoding: 'utf8' });
    assert.is(status, 2, output);
    assert.match(stderr, said);
  }
});

test.run();
