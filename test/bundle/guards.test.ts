// Guards that stand behind others: each is shown where the others do not reach.

import * as fileSystem from 'node:fs';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chunksOfFile } from '../../src/bundle/file-chunks.ts';
import { listFolder } from '../../src/bundle/folder.ts';
import { file, inFolder, pax, read, readPath, refusal, tar } from './archives.ts';

test('a file of another size is not the one that was listed, whatever its time', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.log');
    writeFileSync(path, 'ten bytes\n');
    const { mtimeMs } = statSync(path);
    const error = await refusal(
      (async () => {
        for await (const _ of chunksOfFile(Buffer.from(path), { size: 4, mtimeMs }, fileSystem));
      })(),
    );
    assert.match(String(error), 'it had 4 bytes when it was listed, and 10 when it was read');
  }));

test('a folder without end is not listed to its end', () =>
  inFolder(async (folder) => {
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder, name), '');
    const { found, complete } = await listFolder(folder, { entries: 2, pathSegments: 256 }, fileSystem);
    assert.equal([found.map(({ name }) => name), complete], [['a', 'b'], false]);
  }));

test('a file that declares too large a size is told of with it', async () => {
  const { intake } = await read(tar(file('big.yaml', 'line\n'.repeat(100))), 'b.tar', { fileBytes: 400 });
  assert.match(intake.gaps[0]?.detail ?? '', 'with 500 bytes');
});

test('past the total nothing further is read, be it in the open', () =>
  inFolder(async (folder) => {
    mkdirSync(join(folder, 'bundle'));
    writeFileSync(join(folder, 'bundle', 'a.log.gz'), gzipSync('line\n'.repeat(1000)));
    writeFileSync(join(folder, 'bundle', 'b.yaml'), 'kind: Pod\n');
    const { texts, gaps } = await readPath(join(folder, 'bundle'), { expandedBytes: 1000 });
    assert.equal(Object.keys(texts), ['a.log.gz']);
    assert.equal(gaps, ['LIMIT_TOTAL a.log.gz', 'LIMIT_TOTAL bundle']);
  }));

test('a header for all members names none of them', async () => {
  const { texts, gaps } = await read(tar(pax({ path: 'one.yaml' }, 'g'), file('a.yaml'), file('b.yaml')));
  assert.equal([Object.keys(texts), gaps], [['a.yaml', 'b.yaml'], ['ENTRY_DUPLICATE bundle.tar']]);
});

test.run();
