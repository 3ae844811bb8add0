// An inbox: what stands still is taken once, what changes is taken again, what still arrives is not.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { watchInbox } from '../../src/batch/inbox.ts';
import { newFolder, write } from '../commands/drydock.ts';

test('files are taken when they stand still, and again when they changed', async () => {
  const folder = write(newFolder(), { 'b.tgz': '1', 'a.tgz': '1', '.hidden': '1', 'c.tgz.part': '1', 'sub/x': '1' });
  const stop = new AbortController();
  const warned: string[] = [];
  const warn = (text: string) => void warned.push(text);
  const inbox = watchInbox(folder, { signal: stop.signal, settleMillis: 0, pollMillis: 1, warn });
  const next = async () =>
    (await inbox.next()).value?.map(({ path }: { path: string }) => path.slice(folder.length + 1));
  assert.equal(await next(), ['a.tgz', 'b.tgz']);
  appendFileSync(join(folder, 'b.tgz'), 'more');
  assert.equal(await next(), ['b.tgz']);
  write(folder, { 'd.tgz': '1' });
  assert.equal(await next(), ['d.tgz']);
  assert.is(warned.length, 1);
  assert.match(warned[0] ?? '', 'sub');
  stop.abort();
});

test.run();
