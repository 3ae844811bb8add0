// A stream is read in its order and once: the same bytes and the same digest as of the file, whatever the pieces it comes in.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isStream, openStreamInput } from '../../src/bundle/stream-input.ts';
import { newScratch } from '../torture/kit.ts';

const scratch = newScratch();
const bytes = Buffer.alloc(700_001, 'line of a bundle\n');
const pipe = join(scratch, 'bundle.tar');
execFileSync('mkfifo', [pipe]);

/** In a process of its own, as pipes are written. */
const write = (script: string): void => void spawn('sh', ['-c', script, 'sh', pipe], { stdio: 'ignore' });

test('a named pipe is a stream, a file and what is not there are none', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, bytes);
  assert.equal(await Promise.all([pipe, '-', file, join(scratch, 'none')].map(isStream)), [true, true, false, false]);
});

test('chunks hold what was written, and the digest is of all of it', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, bytes);
  write(`{ head -c 10 '${file}'; sleep 0.1; tail -c +11 '${file}'; } > "$1"`);
  const told: number[] = [];
  const input = await openStreamInput(pipe, (bytesRead) => told.push(bytesRead));
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.chunks()) chunks.push(chunk);
  assert.ok(Buffer.concat(chunks).equals(bytes));
  assert.equal([input.sizeBytes, told.at(-1), input.access], [bytes.length, bytes.length, undefined]);
  assert.is(await input.sha256(), createHash('sha256').update(bytes).digest('hex'));
  await input.close();
});

test('what a reader left is read for the digest, unless the stream is not to be read on', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, bytes);
  for (const isReadOn of [true, false]) {
    write(`cat '${file}' > "$1"`);
    const input = await openStreamInput(pipe, () => undefined);
    let firstBytes = 0;
    for await (const chunk of input.chunks()) {
      firstBytes = chunk.length;
      break;
    }
    const expected = isReadOn ? bytes : bytes.subarray(0, firstBytes);
    assert.ok(firstBytes < bytes.length);
    assert.is(await input.sha256(isReadOn), createHash('sha256').update(expected).digest('hex'));
    await input.close();
  }
});

test.run();
