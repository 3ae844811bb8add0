// The journal: held by one process at a time, and nobody else's file is taken for one.

import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JournalError, type JournalRow, journalName, openJournal, readJournal } from '../../src/batch/journal.ts';
import { newFolder } from '../commands/drydock.ts';

const owner = { pid: 4711, host: 'tower', started: '2026-11-21T08:00:00.000Z' };
const row: JournalRow = {
  ...{ path: '/a', folder: 'a', mark: '1', sizeBytes: 1, sha256: '', settings: 's', state: 'done' },
  ...{ reason: '', sameAs: '', entry: '{}' },
};

test('what was written down is there for the next who opens it', () => {
  const folder = newFolder();
  const journal = openJournal(folder, owner);
  journal.put([row, { ...row, path: '/b' }]);
  journal.put([{ ...row, state: 'failed' }]);
  journal.remove(['/b']);
  journal.close();
  const again = openJournal(folder, owner);
  assert.equal(
    [...again.rows()].map((each) => ({ ...each })),
    [{ ...row, state: 'failed' }],
  );
  assert.is(again.get('/b'), undefined);
  again.close();
  assert.equal(readJournal(folder).length, 1);
});

test('planning anew keeps what the index says of what is done, and drops it of what is to be done again', () => {
  const folder = newFolder();
  const journal = openJournal(folder, owner);
  journal.put([row, { ...row, path: '/b' }]);
  const { entry: _, ...head } = row;
  journal.plan([
    { ...head, mark: '2' },
    { ...head, path: '/b', state: 'waiting' },
    { ...head, path: '/c', state: 'waiting' },
  ]);
  assert.equal(
    [...journal.rows()].map(({ path, mark, entry }) => [path, mark, entry]),
    [
      ['/a', '2', '{}'],
      ['/b', '1', ''],
      ['/c', '1', ''],
    ],
  );
  assert.not.ok([...journal.heads()].some((each) => 'entry' in each));
  journal.close();
});

test('a second process is refused, and told who is at work', () => {
  const folder = newFolder();
  const journal = openJournal(folder, owner);
  journal.put([row]);
  for (const open of [() => openJournal(folder, { ...owner, pid: 1 }), () => readJournal(folder)]) {
    assert.throws(open, (error: unknown) => {
      assert.instance(error, JournalError);
      assert.match(String(error), /in use by process 4711 on tower, since 2026-11-21T08:00:00.000Z.*-o/);
      return true;
    });
  }
  journal.close();
  openJournal(folder, owner).close();
});

test('a journal in which nothing was written down is taken away', () => {
  const folder = newFolder();
  openJournal(folder, owner).close();
  assert.not.ok(existsSync(join(folder, journalName)));
  assert.equal(readJournal(folder), []);
});

test('what is no journal is left as it is, with a sentence', () => {
  const folder = newFolder();
  writeFileSync(join(folder, journalName), 'something of the user'.repeat(100));
  assert.throws(() => openJournal(folder, owner), /cannot be read .*move it away/);
  const linked = newFolder();
  symlinkSync(join(folder, journalName), join(linked, journalName));
  assert.throws(() => openJournal(linked, owner), /ELOOP/);
});

test.run();
