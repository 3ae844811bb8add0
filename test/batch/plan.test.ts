// What a batch has to do, from what was asked for and what the journal says.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { JournalRow } from '../../src/batch/journal.ts';
import { type Asked, type PlanOptions, planBatch } from '../../src/batch/plan.ts';

const asked = (path: string, sizeBytes = 10, mark = 'm1'): Asked => {
  return { path, input: path, kind: 'file', sizeBytes, modifiedMillis: 0, mark };
};
const row = (path: string, changes: Partial<JournalRow> = {}): JournalRow => ({
  ...{ path, folder: path.slice(1), mark: 'm1', sizeBytes: 10, sha256: path, settings: 's', state: 'done' },
  ...{ reason: '', sameAs: '', entry: '{}' },
  ...changes,
});
/** Content of each file; the name of a file, where it is not said, is its content. */
const options = (contents: Readonly<Record<string, string>> = {}, changes: Partial<PlanOptions> = {}): PlanOptions => ({
  ...{ settings: 's', retryFailed: false, hidesNames: false, hasReport: () => true, isUnderWay: () => false },
  digest: async (path) => contents[path] ?? path,
  ...changes,
});
const todo = async (...words: Parameters<typeof planBatch>) =>
  (await planBatch(...words)).waiting.map(({ path }) => path);

test('what is done stays done; what is new, changed, or was taken away is to be analysed', async () => {
  const inputs = [asked('/a'), asked('/b'), asked('/c', 11, 'm2'), asked('/d')];
  const known = [row('/a'), row('/c'), row('/d')];
  assert.equal(await todo(inputs, known, options({}, { hasReport: ({ path }) => path !== '/d' })), ['/b', '/c', '/d']);
});

test('a file that was only touched is not analysed again', async () => {
  assert.equal(await todo([asked('/a', 10, 'later')], [row('/a')], options()), []);
  assert.equal(await todo([asked('/a', 10, 'later')], [row('/a')], options({ '/a': 'other' })), ['/a']);
});

test('with other rules or settings everything is to be analysed again, into the same folder', async () => {
  const plan = await planBatch([asked('/a')], [row('/a', { folder: 'a-7' })], options({}, { settings: 'other' }));
  assert.equal(
    plan.waiting.map(({ folder }) => folder),
    ['a-7'],
  );
});

test('what failed is tried again when that is asked for, when it changed, or when there was nothing to look at', async () => {
  const failed = row('/a', { state: 'failed', sha256: '' });
  assert.equal(await todo([asked('/a')], [failed], options()), []);
  assert.equal(await todo([asked('/a')], [failed], options({}, { retryFailed: true })), ['/a']);
  assert.equal(await todo([asked('/a', 10, 'm2')], [failed], options()), ['/a']);
  const absent: Asked = { ...asked('/a', 0, ''), kind: 'absent' };
  assert.equal(await todo([absent], [row('/a', { state: 'failed', sha256: '', mark: '' })], options()), ['/a']);
});

test('one archive under two names is analysed once, for the first that was asked for', async () => {
  const { waiting, rows } = await planBatch([asked('/b'), asked('/a')], [], options({ '/a': 'x', '/b': 'x' }));
  assert.equal(
    waiting.map(({ path }) => path),
    ['/b'],
  );
  assert.equal(
    rows.map(({ path, sameAs, folder }) => [path, sameAs, folder]),
    [
      ['/b', '', 'b'],
      ['/a', '/b', 'b'],
    ],
  );
});

test('a copy of an archive whose report is there already takes that report', async () => {
  const { waiting, rows } = await planBatch([asked('/new')], [row('/old', { sha256: 'x' })], options({ '/new': 'x' }));
  assert.equal(waiting, []);
  assert.equal(
    rows.map(({ sameAs, folder }) => [sameAs, folder]),
    [['/old', 'old']],
  );
});

test('files of different sizes are not read to be compared', async () => {
  const read: string[] = [];
  const digest = async (path: string) => {
    read.push(path);
    return path;
  };
  await planBatch([asked('/a', 1), asked('/b', 2), asked('/c', 2), asked('/d', 3)], [], options({}, { digest }));
  assert.equal(read, ['/b', '/c']);
});

test('the plan after an interruption is the rest of the plan before it', async () => {
  const inputs = [asked('/x/a'), asked('/y/a'), asked('/z/a')];
  const contents = { '/x/a': '1', '/y/a': '2', '/z/a': '1' };
  const first = await planBatch(inputs, [], options(contents));
  const half = first.rows.map((each) =>
    each.path === '/x/a' ? { ...each, state: 'done' as const, entry: '{}' } : each,
  );
  const second = await planBatch(inputs, half, options(contents));
  assert.equal(second.waiting, first.waiting.slice(1));
  assert.equal(
    second.rows.map(({ path, folder, sameAs }) => [path, folder, sameAs]),
    first.rows.map(({ path, folder, sameAs }) => [path, folder, sameAs]),
  );
});

test.run();
