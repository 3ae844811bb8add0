// Several inputs: a process for each, a journal, and nothing lost or done twice whatever becomes of them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { program } from '../program.ts';
import { filesIn, newFolder, type Ran, write } from './drydock.ts';
import { swapRule } from './swap-rule.ts';

const swaps = (device: string): string => `Filename\tType\tSize\tUsed\tPriority\n/dev/${device} partition 1024 0 -2\n`;
const rule = swapRule();
/** Three bundles, of which the last is the largest; one rule is loaded in no time. */
const threeBundles = () =>
  write(newFolder(), {
    'in/one/proc/swaps': swaps('sda1'),
    'in/two/proc/swaps': swaps('sdb22'),
    'in/three/proc/swaps': swaps('sdc333'),
    'rules/own/swap-area.yaml': rule,
  });
const wordsFor = (folder: string, ...words: readonly string[]): string[] => [
  ...['analyze', join(folder, 'in', '*'), '-o', join(folder, 'out'), '--no-builtin-rules'],
  ...['--rules', join(folder, 'rules'), '--jobs', '2', ...words],
];

/** What the child processes run first. */
const preload = (text: string): NodeJS.ProcessEnv => {
  const module = `
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const { stat } = promises;
if (process.argv.includes('--batch-child')) promises.stat = (path, ...words) => (${text})(String(path)) ?? stat(path, ...words);
syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}` };
};
const never = '(path) => (path.endsWith("two") ? new Promise(() => undefined) : undefined)';

const envOf = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  return { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...more };
};
function drydock(words: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const run = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', env: envOf(env) });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}
/** A run that stands still at the bundle `two`, when the other reports are there. */
async function standing(folder: string): Promise<{ readonly child: ChildProcess; readonly ended: Promise<Ended> }> {
  const child = spawn(process.execPath, [program, ...wordsFor(folder)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: envOf(preload(never)),
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code, signal) => resolve({ code, signal, err })));
  const both = ['one', 'three'].map((name) => join(folder, 'out', name, 'report.json'));
  while (!both.every((path) => existsSync(path)) && child.exitCode === null) await pause(20);
  return { child, ended };
}

/** All but the journal, whose bytes tell how often the batch was interrupted. */
const reportsIn = (folder: string) => {
  const { 'journal.sqlite': _, ...reports } = filesIn(join(folder, 'out'));
  return reports;
};
const indexIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'out', 'index.json'), 'utf8')) as {
    bundles: { name: string; folder: string }[];
    failures: { name: string; reason: string }[];
  };

test('a batch that is over is not done again, and a report that was taken away is made again', () => {
  const folder = threeBundles();
  const first = drydock(wordsFor(folder));
  assert.is(first.code, 0, first.err);
  assert.match(first.out, '3 bundles, 3 with a report');
  const reports = reportsIn(folder);
  for (const name of ['one/report.json', 'two/report.html', 'three/report.md', 'index.html'])
    assert.ok(name in reports, name);
  const madeMillis = () => statSync(join(folder, 'out', 'one', 'report.json')).mtimeMs;
  const before = madeMillis();
  rmSync(join(folder, 'out', 'two'), { recursive: true });
  const second = drydock(wordsFor(folder));
  assert.is(second.code, 0, second.err);
  assert.match(second.out, /out\/two: 1 warning\n/);
  assert.not.match(second.out, /out\/(?:one|three):/);
  assert.is(madeMillis(), before);
  assert.equal(reportsIn(folder), reports);
  const third = drydock(wordsFor(folder, '--format', 'json'));
  assert.match(third.out, /out\/one: /, 'what was asked for is not what is there');
});

test('stopped by a signal: exit 130, what was finished stays, and the next run ends as if nothing had been', async () => {
  const folder = threeBundles();
  const { child, ended } = await standing(folder);
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.is(code, 130, err);
  assert.is(err.trimEnd().split('\n').length, 1, err);
  assert.equal(readdirSync(join(folder, 'out')).sort(), ['journal.sqlite', 'one', 'three']);
  const again = drydock(wordsFor(folder));
  assert.is(again.code, 0, again.err);
  assert.match(again.out, /out\/two: /);
  assert.not.match(again.out, /out\/(?:one|three): /);
  const stopped = reportsIn(folder);
  rmSync(join(folder, 'out'), { recursive: true });
  assert.is(drydock(wordsFor(folder, '--jobs', '1')).code, 0);
  assert.equal(reportsIn(folder), stopped);
});

test('killed: its processes end too, and the next run clears what they left', async () => {
  const folder = threeBundles();
  const { child, ended } = await standing(folder);
  const scratch = () => readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.tmp'));
  assert.ok(scratch().length > 0);
  child.kill('SIGKILL');
  assert.is((await ended).signal, 'SIGKILL');
  const again = drydock(wordsFor(folder));
  assert.is(again.code, 0, again.err);
  assert.equal(scratch(), []);
  assert.is(indexIn(folder).bundles.length, 3);
});

test('a second process in one output folder is refused, and told who is at work', async () => {
  const folder = threeBundles();
  const { child, ended } = await standing(folder);
  const second = drydock(wordsFor(folder));
  assert.is(second.code, 2);
  assert.match(second.err, new RegExp(`in use by process ${child.pid} on .*, since 2.*Z: wait for its end`));
  child.kill('SIGTERM');
  assert.is((await ended).code, 143);
});

for (const [what, text, said] of [
  ['aborts', 'process.abort()', /ended itself|out of memory/],
  ['ends silently', 'process.exit(0)', /ended in the middle of it \(exit code \d\)/],
  ['is killed each time', 'process.kill(process.pid, "SIGKILL")', /ended from outside.*\(SIGKILL\)/],
  ['throws', '(() => { throw new Error("no such luck"); })()', /internal error.*no such luck/],
] as const) {
  test(`a process that ${what}: one failed bundle with its reason, the others as without it, exit 3`, () => {
    const folder = threeBundles();
    const { code, err } = drydock(wordsFor(folder), preload(`(path) => (path.endsWith("two") ? ${text} : undefined)`));
    assert.is(code, 3, err);
    assert.match(err, /in\/two: /);
    const { bundles, failures } = indexIn(folder);
    assert.equal(bundles.map(({ name }) => name).sort(), ['one', 'three']);
    assert.is(failures.length, 1);
    assert.is(failures[0]?.name, 'two');
    assert.match(failures[0]?.reason ?? '', said);
    assert.equal(
      readdirSync(join(folder, 'out')).filter((name) => !/^(index\.|journal\.sqlite$)/.test(name)),
      ['one', 'three'],
    );
  });
}

test('what failed stays failed until it is to be tried again', () => {
  const folder = threeBundles();
  write(folder, { 'in/four': 'no bundle' });
  assert.is(drydock(wordsFor(folder)).code, 3);
  assert.match(drydock(wordsFor(folder, '--dry-run')).out, /in\/four: failed before, .*no archive.*\n/);
  assert.match(drydock(wordsFor(folder, '--dry-run', '--retry-failed')).out, /in\/four: to be analysed/);
  rmSync(join(folder, 'in', 'four'));
  const gone = drydock(wordsFor(folder));
  assert.is(gone.code, 0, gone.err);
  assert.equal(indexIn(folder).failures, []);
});

test('one archive under two names is analysed once and listed twice', () => {
  const folder = threeBundles();
  const archive = join(folder, 'in', 'four.tar');
  spawnSync('tar', ['-cf', archive, '-C', join(folder, 'in'), 'one']);
  cpSync(archive, join(folder, 'in', 'five.tar'));
  const { code, out } = drydock(wordsFor(folder));
  assert.is(code, 0);
  assert.match(out, '5 bundles, 5 with a report, 1 of them the same archive as another');
  const listed = indexIn(folder).bundles.map(({ name, folder: each }) => `${name} in ${each}`);
  assert.equal(listed.sort(), ['five in five', 'four in five', 'one in one', 'three in three', 'two in two']);
  assert.not.ok(existsSync(join(folder, 'out', 'four')));
});

test('--dry-run says what would be done, and writes nothing', () => {
  const folder = threeBundles();
  const dry = drydock(wordsFor(folder, '--dry-run'));
  assert.is(dry.code, 0, dry.err);
  assert.match(dry.out, '3 of 3 to be analysed');
  assert.not.ok(existsSync(join(folder, 'out')));
  assert.is(drydock(wordsFor(folder)).code, 0);
  assert.match(
    drydock(wordsFor(folder, '--dry-run')).out,
    /in\/one: done, in .*out\/one\n.*\n.*\n0 of 3 to be analysed/,
  );
});

test('--since takes what changed later, and the reports of before stay in the index', () => {
  const folder = threeBundles();
  assert.is(drydock(wordsFor(folder)).code, 0);
  write(folder, { 'in/six/proc/swaps': swaps('sdd1') });
  for (const name of ['one', 'two', 'three']) {
    for (const path of [name, join(name, 'proc'), join(name, 'proc', 'swaps')])
      utimesSync(join(folder, 'in', path), 1_600_000_000, 1_600_000_000);
  }
  const { code, out, err } = drydock(wordsFor(folder, '--since', '2025-01-01'));
  assert.is(code, 0, err);
  assert.match(err, '3 of 4 inputs are older than --since');
  assert.match(out, '1 bundles, 1 with a report');
  assert.is(indexIn(folder).bundles.length, 4);
});

test('what is wrong with the command line is told before anything is made', () => {
  const folder = threeBundles();
  for (const [words, said] of [
    [['--since', 'yesterday'], /--since yesterday/],
    [['--memory-budget', '3'], /--memory-budget 3/],
    [['--pack', 'none'], /--pack none/],
    [['--watch', '--dry-run'], /--dry-run/],
  ] as const) {
    const { code, err } = drydock(wordsFor(folder, ...words));
    assert.is(code, 2, words.join(' '));
    assert.match(err, said);
    assert.not.match(err, /\n\s+at /);
    assert.not.ok(existsSync(join(folder, 'out')), words.join(' '));
  }
});

test('a flag of a batch is refused where there is none', () => {
  const folder = threeBundles();
  const { code, err } = drydock(['analyze', join(folder, 'in', 'one'), '-o', join(folder, 'out'), '--retry-failed']);
  assert.is(code, 2);
  assert.match(err, '--retry-failed is for a batch');
});

test('--watch takes what arrives, until it is stopped', async () => {
  const folder = threeBundles();
  const [inbox, out] = [join(folder, 'inbox'), join(folder, 'out')];
  mkdirSync(inbox);
  const words = ['analyze', '--watch', inbox, '-o', out, '--no-builtin-rules', '--rules', join(folder, 'rules')];
  const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  spawnSync('tar', ['-cf', join(inbox, 'one.tar'), '-C', join(folder, 'in'), 'one']);
  while (!existsSync(join(out, 'index.json')) && child.exitCode === null) await pause(50);
  child.kill('SIGINT');
  assert.is(await ended, 130);
  child.kill('SIGINT');
  assert.is(await ended, 130);
  assert.is(indexIn(folder).bundles[0]?.name, 'one');
  assert.equal(
    readdirSync(out).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test.run();
