// The input file under a failing disk: what was read of it counts, and the error is told with its place.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFileInput } from '../../src/bundle/file-input.ts';
import { withFailure } from '../torture/failing-files.ts';
import { newScratch } from '../torture/kit.ts';

const scratch = newScratch();
const file = join(scratch, 'input');
const bytes = Buffer.alloc(600_000, 'text\n');
const nothing = (): void => undefined;

async function read(): Promise<{ readBytes: number; told: string; sha256: string; change: string | undefined }> {
  const input = await openFileInput(file, nothing);
  let readBytes = 0;
  let told = '';
  try {
    for await (const chunk of input.chunks()) readBytes += chunk.length;
  } catch (error) {
    told = (error as Error).message;
  }
  const [sha256, change] = [await input.sha256(), await input.change()];
  await input.close();
  return { readBytes, told, sha256, change };
}

test('whichever call fails, no handle stays open and the error is told with its place', async () => {
  writeFileSync(file, bytes);
  const whole = await read();
  assert.equal([whole.readBytes, whole.told, whole.change], [bytes.length, '', undefined]);
  const seen = new Set<string>();
  for (let n = 1; ; n++) {
    const { result, calls } = await withFailure({ n, code: 'EIO' }, () => read().catch((error: Error) => error));
    if (calls.failed === undefined) break;
    const call = calls.failed.split(' ')[0] ?? '';
    seen.add(call);
    if (result instanceof Error) {
      assert.match(result.message, 'EIO');
      assert.is(calls.failed.startsWith('open') || calls.failed.startsWith('stat of a handle'), true, calls.failed);
    } else if (call === 'read') {
      assert.match(result.told, /^cannot be read from byte \d+ on: EIO$/);
      assert.is(result.told, `cannot be read from byte ${result.readBytes} on: EIO`);
      assert.ok(result.readBytes < bytes.length || result.sha256 === whole.sha256);
    } else if (call === 'stat') {
      assert.match(result.change ?? '', /EIO\)?$/);
    } else assert.is(result.sha256, whole.sha256, calls.failed);
  }
  assert.equal([...seen].sort(), ['close', 'open', 'read', 'stat']);
});

test('a file that grows while it is read has changed', async () => {
  writeFileSync(file, bytes);
  const input = await openFileInput(file, nothing);
  for await (const _ of input.chunks()) break;
  writeFileSync(file, Buffer.concat([bytes, bytes]));
  assert.match((await input.change()) ?? '', /changed while it was read/);
  await input.close();
  rmSync(file);
});

test.run();
