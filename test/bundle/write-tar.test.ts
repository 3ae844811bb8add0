import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';
import { packTarGz } from '../../src/bundle/write-tar.ts';
import { everything } from '../torture/kit.ts';
import { inFolder } from './archives.ts';

test('a name that could lead anywhere else is never written', async () => {
  for (const name of ['../a', 'a/../b', '/a', 'a\0', '.hidden', 'a/.b', 'a b', '', 'ä', 'a'.repeat(300)]) {
    let refused = false;
    await packTarGz([{ name, content: '' }]).catch(() => {
      refused = true;
    });
    assert.ok(refused, JSON.stringify(name));
  }
});

test('the order in which entries are given changes no byte', async () => {
  const entries = ['b/c.txt', 'a.txt', 'b/a.txt'].map((name) => ({ name, content: name }));
  assert.equal(await packTarGz(entries), await packTarGz([...entries].reverse()));
});

test('our own reader reads it without a gap', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.tar.gz');
    writeFileSync(path, await packTarGz([{ name: 'a/b.txt', content: 'text\n' }]));
    const { delivered, gaps, infos } = await readInput(
      path,
      { catalogue: everything, limits: defaultLimits },
      () => undefined,
    );
    assert.equal([delivered, gaps, infos], [['a/b.txt'], [], []]);
  });
});

test.run();
