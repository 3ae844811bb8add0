// Folders of a batch: named after their inputs, apart from each other, and the same in every run.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderNames } from '../../src/batch/folder-names.ts';

const names = (paths: readonly string[], known: readonly { path: string; folder: string }[] = []) => [
  ...folderNames(
    paths.map((path) => ({ path })),
    known,
  ).values(),
];

test('a name loses what says how it is packed, and equal names get a number', () => {
  assert.equal(names(['/x/a.tar.gz', '/y/a.tgz', '/z/A.zip', '/x/a-2']), ['a', 'a-2', 'A-3', 'a-2-2']);
});

test('a folder once given stays, whatever else is asked for with it', () => {
  assert.equal(names(['/y/a.tgz'], [{ path: '/y/a.tgz', folder: 'a-2' }]), ['a-2']);
  assert.equal(names(['/y/a.tgz'], [{ path: '/x/a.tgz', folder: 'a' }]), ['a-2']);
});

test('no input takes the name of the index, of the journal, or of what is under way', () => {
  const taken = ['/x/index.html.gz', '/x/journal.sqlite.zip', '/x/.batch.1.tmp', '/x/..', '/x/.tar'];
  assert.equal(names(taken), ['bundle', 'bundle-2', 'bundle-3', 'bundle-4', 'bundle-5']);
});

test.run();
