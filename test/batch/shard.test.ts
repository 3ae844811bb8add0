// `--shard I/N`: each input falls to one part, without anybody who hands them out.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fallsTo, readShard } from '../../src/batch/shard.ts';

test('a part of how many, counted from 0', () => {
  assert.equal(readShard('0/1'), { index: 0, count: 1 });
  assert.equal(readShard('19/20'), { index: 19, count: 20 });
  for (const text of ['', '1', '20/20', '1/0', '-1/3', '1/2/3', '1.5/3', '0/1000000'])
    assert.is(readShard(text), undefined, text);
});

test('each path falls to one part and no other, and no part is left without work', () => {
  const paths = Array.from({ length: 1000 }, (_, index) => `/inputs/bundle-${index}.tar.gz`);
  const shares = Array.from({ length: 20 }, (_, index) => paths.filter((path) => fallsTo(path, { index, count: 20 })));
  assert.equal(shares.flat().sort(), [...paths].sort());
  for (const share of shares) assert.ok(share.length > 25 && share.length < 80, `${share.length}`);
});

test.run();
