// A folder of nothing but archives is a batch; anything else is a bundle.

import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archivesIn } from '../../src/batch/archives-in.ts';
import { newFolder, write } from '../commands/drydock.ts';

const found = (files: Readonly<Record<string, string>>) => {
  const folder = write(newFolder(), files);
  return archivesIn(folder)
    ?.map((path) => path.slice(folder.length + 1))
    .sort();
};

test('archives and nothing else', () => {
  assert.equal(found({ 'a.tar.gz': '', 'b.tgz': '', 'c.zip': '' }), ['a.tar.gz', 'b.tgz', 'c.zip']);
});

test('a bundle that was unpacked stays one, also with archives in it', () => {
  assert.is(found({ 'a.tar.gz': '', 'b.tgz': '', 'version.txt': '' }), undefined);
  assert.is(found({ 'a.tar.gz': '', 'b.tgz': '', 'namespaces/x': '' }), undefined);
  assert.is(found({ 'previous.log.gz': '', 'current.log.gz': '' }), undefined);
  assert.is(found({ 'only.tar': '' }), undefined);
});

test('a file, or nothing at all, is no folder', () => {
  const folder = write(newFolder(), { 'a.tar': '' });
  assert.is(archivesIn(join(folder, 'a.tar')), undefined);
  assert.is(archivesIn(join(folder, 'none')), undefined);
});

test.run();
