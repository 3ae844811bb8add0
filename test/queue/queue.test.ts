// A batch over a real queue: the same bytes as on one machine, nothing done twice, nothing lost, and no silent refusal.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readJournal } from '../../src/batch/journal.ts';
import { newFolder, write } from '../commands/drydock.ts';
import { smallArchives } from '../torture/batch-archives.ts';
import { begin, type Ended, leftIn, reportsIn, until } from './processes.ts';
import { freePort, type Server, startServer } from './server.ts';

let server: Server;
test.before(async () => {
  server = await startServer();
});
test.after(() => server.stop());

/** Three archives, the last of which is the first under another name. */
function threeArchives(): string {
  const folder = newFolder();
  smallArchives(folder, 3);
  return folder;
}
const wordsFor = (folder: string, out: string, ...words: readonly string[]): string[] => [
  ...['analyze', join(folder, 'in'), '-o', join(folder, out), '--no-builtin-rules'],
  ...['--rules', join(folder, 'rules'), '--format', 'json', ...words],
];
const queued = (folder: string, ...words: readonly string[]): string[] =>
  wordsFor(folder, 'queued', '--queue', server.url, ...words);
const local = (folder: string): Promise<Ended> => begin(wordsFor(folder, 'local')).ended;
const worker = (root: string, env: NodeJS.ProcessEnv = {}) =>
  begin(['worker', '--queue', server.url, '-o', root, '--jobs', '1'], env);
const rowsIn = (folder: string) => JSON.stringify(readJournal(folder));

/** What runs first in the processes that open bundles. */
const preload = (text: string): NodeJS.ProcessEnv => {
  const module = `
import promises from 'node:fs/promises';
import { connect } from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
const { stat } = promises;
if (process.argv.includes('--batch-child')) promises.stat = (path, ...words) => (${text})(String(path)) ?? stat(path, ...words);
syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}` };
};

test('over the queue: the bytes and the journal of the batch on one machine, failures among them', async () => {
  const folder = threeArchives();
  writeFileSync(join(folder, 'in', 'b0004.tar.gz'), 'no archive');
  const alone = await local(folder);
  assert.is(alone.code, 3, alone.err);
  const one = worker(folder);
  // another folder than the worker's, and relative names
  const batch = begin(
    [
      'analyze',
      'in',
      '-o',
      'queued',
      '--no-builtin-rules',
      '--rules',
      'rules',
      '--format',
      'json',
      '--queue',
      server.url,
    ],
    {},
    folder,
  );
  const { code, out, err } = await batch.ended;
  assert.is(code, 3, err);
  assert.match(out, '4 bundles, 3 with a report, 1 failed, 1 of them the same archive as another');
  one.child.kill('SIGTERM');
  assert.is((await one.ended).code, 143);
  assert.equal(reportsIn(join(folder, 'queued')), reportsIn(join(folder, 'local')));
  assert.is(rowsIn(join(folder, 'queued')), rowsIn(join(folder, 'local')));
  assert.equal(leftIn(join(folder, 'queued')), []);
  rmSync(folder, { recursive: true });
});

test('--no-wait ends when all is handed out; asked for again, each bundle is done once and taken up', async () => {
  const folder = threeArchives();
  for (const times of [1, 2]) {
    const { code, out, err } = await begin(queued(folder, '--no-wait')).ended;
    assert.is(code, 0, err);
    assert.match(out, '3 with the workers', `run ${times}`);
  }
  const one = worker(folder);
  const { code, err } = await begin(queued(folder)).ended;
  assert.is(code, 0, err);
  one.child.kill('SIGTERM');
  const { out } = await one.ended;
  assert.is(out.match(/queued\/b000\d\n/g)?.length, 2, out);
  const again = await begin(queued(folder)).ended;
  assert.is(again.code, 0, 'all is in the journal: no worker is needed');
  rmSync(folder, { recursive: true });
});

test('a worker that is stopped gives back its bundle, and leaves nothing behind', async () => {
  const folder = threeArchives();
  const batch = begin(queued(folder));
  const standing = worker(
    folder,
    preload('(path) => (path.endsWith("b0001.tar.gz") ? new Promise(() => {}) : undefined)'),
  );
  await until('the other bundle is done', () => /b0002\n/.test(standing.out()));
  standing.child.kill('SIGTERM');
  assert.is((await standing.ended).code, 143);
  assert.equal(leftIn(join(folder, 'queued')).length, 1, 'that of the batch, which waits');
  const other = worker(folder);
  const { code, err } = await batch.ended;
  assert.is(code, 0, err);
  assert.match(other.out(), /b0001\n/);
  other.child.kill('SIGTERM');
  await other.ended;
  rmSync(folder, { recursive: true });
});

test('a worker without the storage, or with other rules, refuses with its reason, and the batch is told', async () => {
  const folder = threeArchives();
  const elsewhere = newFolder();
  const batch = begin(queued(folder));
  const far = worker(elsewhere);
  await until('the batch hears of it', () => /gave a job back: .*this worker writes below/.test(batch.err()));
  far.child.kill('SIGTERM');
  assert.match((await far.ended).err, /its reports go to .*queued/);
  const rule = join(folder, 'rules', 'own', 'swap-area.yaml');
  cpSync(rule, join(folder, 'before.yaml'));
  write(folder, { 'rules/own/swap-area.yaml': 'id: swap-area\n' });
  const changed = worker(folder);
  await until('the batch hears of that too', () => /gave a job back: (?:the rules|its command line)/.test(batch.err()));
  changed.child.kill('SIGTERM');
  await changed.ended;
  cpSync(join(folder, 'before.yaml'), rule);
  const right = worker(folder);
  const { code, err } = await batch.ended;
  assert.is(code, 0, err);
  right.child.kill('SIGTERM');
  await right.ended;
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true });
});

test('the processes of a worker that open bundles have no network', async () => {
  const folder = threeArchives();
  const port = new URL(server.url).port;
  const one = worker(
    folder,
    preload(`(path) => path.endsWith(".tar.gz") ? new Promise((_, reject) => connect(${port}, "127.0.0.1")
      .on("error", (error) => reject(new Error("refused: " + error.code)))
      .on("connect", () => reject(new Error("connected")))) : undefined`),
  );
  const { code, err } = await begin(queued(folder)).ended;
  assert.is(code, 2, err);
  assert.match(err, /b0001\.tar\.gz: internal error, please report it: refused: ERR_ACCESS_DENIED/);
  assert.match(err, /b0002\.tar\.gz: internal error, please report it: refused: ERR_ACCESS_DENIED/);
  one.child.kill('SIGTERM');
  await one.ended;
  rmSync(folder, { recursive: true });
});

test('where no server answers: exit 2 with its address, without the password', async () => {
  const folder = threeArchives();
  mkdirSync(join(folder, 'queued'));
  const url = `redis://me:tops3cret@127.0.0.1:${await freePort()}`;
  const calls = [
    wordsFor(folder, 'queued', '--queue', url),
    ['worker', '--queue', url, '-o', folder],
    ['worker', '--queue', 'http://me:tops3cret@127.0.0.1', '-o', folder],
  ];
  const told = /no Redis or Valkey server answers at redis:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)|takes the address/;
  for (const { code, err } of await Promise.all(calls.map((words) => begin(words).ended))) {
    assert.is(code, 2, err);
    assert.match(err, told);
    assert.not.match(err, 'tops3cret');
  }
  rmSync(folder, { recursive: true });
});

test.run();
