import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCatalogue } from '../../src/bundle/catalogue.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readBundle } from '../../src/facts/read-bundle.ts';
import { openStore } from '../../src/facts/seal-store.ts';
import { file, header, inFolder, read, tar, zip } from './archives.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('of two entries of one path the later counts, and the gap names both contents', async () => {
  const { texts, gaps, intake, coverage } = await read(
    tar(file('a.yaml', 'first\n'), file('b.yaml'), file('./a.yaml', 'the second\n')),
  );
  assert.equal(texts, { 'a.yaml': 'the second\n', 'b.yaml': 'kind: Pod\n' });
  assert.equal(gaps, ['ENTRY_DUPLICATE a.yaml']);
  const { detail } = intake.gaps[0]!;
  assert.match(detail, `6 bytes with SHA-256 ${sha256('first\n')}`);
  assert.match(detail, `11 bytes with SHA-256 ${sha256('the second\n')}`);
  assert.equal([coverage.entries, coverage.analysed, coverage.gap], [3, 1, 2]);
});

test('a log in pieces is replaced as a whole', async () => {
  const lines = (word: string, count: number) => `${word}\n`.repeat(count);
  const long = lines('first', 100);
  const { texts, intake } = await read(
    tar(file('a.log', long), file('a.log', lines('then', 2)), file('a.log', lines('last', 50))),
    'bundle.tar',
    { pieceBytes: 64 },
  );
  assert.equal(texts, { 'a.log': lines('last', 50) });
  assert.equal(intake.gaps.length, 2);
  assert.match(intake.gaps[0]!.detail, `600 bytes with SHA-256 ${sha256(long)}`);
});

test('the same content twice loses nothing', async () => {
  const { texts, gaps, infos, coverage } = await read(
    tar(file('a.yaml'), file('a.yaml'), file('e.yaml', ''), file('e.yaml', '')),
  );
  assert.equal([texts, gaps], [{ 'a.yaml': 'kind: Pod\n' }, []]);
  assert.equal(infos, ['ENTRY_NAME_COLLISION a.yaml', 'ENTRY_NAME_COLLISION e.yaml']);
  assert.equal([coverage.analysed, coverage.empty, coverage.notRelevant], [1, 1, 2]);
});

test('a later entry that is empty counts, one that cannot be read does not', async () => {
  const empty = await read(tar(file('a.yaml'), file('a.yaml', '')));
  assert.equal([empty.texts, empty.intake.delivered, empty.coverage.gap], [{}, [], 2]);
  const lost = await read(tar(file('a.yaml'), file('a.yaml', 'x'.repeat(99))), 'bundle.tar', { fileBytes: 50 });
  assert.equal(lost.texts, { 'a.yaml': 'kind: Pod\n' });
  assert.equal(lost.gaps, ['LIMIT_FILE a.yaml', 'ENTRY_DUPLICATE a.yaml']);
  assert.match(lost.intake.gaps[1]!.detail, 'the earlier counts');
});

test('a cut entry counts with what came of it', async () => {
  const bytes = Buffer.concat([file('a.log', 'whole\n'), header('a.log', { sizeBytes: 99 }), Buffer.from('part\n')]);
  const { texts, gaps } = await read(bytes);
  assert.equal(texts, { 'a.log': 'part\n' });
  assert.ok(gaps.includes('ENTRY_DUPLICATE a.log'), gaps.join());
});

test('what no layout knows is named as well, and a file may follow a folder of its name', async () => {
  const { gaps, intake, texts } = await read(
    tar(file('x.bin', 'one'), file('x.bin', 'three'), header('a.yaml/', { type: '5' }), file('a.yaml')),
  );
  assert.equal(gaps, ['ENTRY_DUPLICATE x.bin', 'ENTRY_DUPLICATE a.yaml']);
  assert.match(intake.gaps[0]!.detail, '3 bytes that were not looked at, then 5 bytes');
  assert.equal(texts, { 'a.yaml': 'kind: Pod\n' });
});

test('so it is in a zip', async () => {
  const { texts, gaps } = await read(
    zip({ name: 'a.yaml', content: 'first\n' }, { name: 'a.yaml', content: 'second\n' }),
  );
  assert.equal([texts, gaps], [{ 'a.yaml': 'second\n' }, ['ENTRY_DUPLICATE a.yaml']]);
});

test('facts, problems, hits and text of the entry that does not count are dropped', async () => {
  const pod = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n  uid: ${name}\nspec: {}\n`;
  const path = 'mg/namespaces/shop/pods/web/web.yaml';
  const log = 'mg/namespaces/shop/pods/web/web/web/logs/current.log';
  const line = (word: string) => `2024-05-01T00:00:00.000000000Z ${word}\n`;
  const archive = tar(
    file(path, `${pod('old')}broken: [\n`),
    file(log, line('boom old')),
    file(path, pod('new')),
    file(log, line('boom new')),
  );
  await inFolder(async (folder) => {
    writeFileSync(join(folder, 'mg.tar'), archive);
    const catalogue = loadCatalogue([new URL('../../rules/sources', import.meta.url).pathname]);
    const { facts, text, coverage } = await readBundle(join(folder, 'mg.tar'), {
      catalogue,
      limits: defaultLimits,
      demand: {
        factTypes: 'all',
        objects: 'all',
        logPatterns: [{ id: 'boom', log: 'ContainerLog', pattern: 'boom', hint: 'boom' }],
        logs: catalogue.logs,
      },
      jobs: 1,
    });
    const store = openStore(facts);
    assert.equal(
      store.read('Pod').map(({ value }) => value.name),
      ['new'],
    );
    assert.equal(text.lines(path, [4, 4]), ['  name: new']);
    assert.equal(
      coverage.gaps.map(({ code, detail }) => (code === 'ENTRY_DUPLICATE' ? code : detail)),
      ['ENTRY_DUPLICATE', 'ENTRY_DUPLICATE'],
    );
    assert.is(store.hits('boom').length, 1);
  });
});

test.run();
