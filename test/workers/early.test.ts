// Threads that start before their pool.

import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startEarly, takeThread } from '../../src/workers/early.ts';
import { createPool, WorkerStartError } from '../../src/workers/pool.ts';

const module = new URL('./hostile.ts', import.meta.url);
const memoryBytes = 512 * 1024 * 1024;

test('a thread that waits is taken once, by who asks for its module and its memory', async () => {
  const before = new Worker('', { eval: true });
  startEarly(module, memoryBytes);
  const other = takeThread(module, 2 * memoryBytes);
  const taken = takeThread(module, memoryBytes);
  const next = takeThread(module, memoryBytes);
  assert.equal(
    [taken, other, next].map(({ threadId }) => threadId - before.threadId),
    [1, 2, 3],
  );
  await Promise.all([before, other, taken, next].map((worker) => worker.terminate()));
});

test('one that could not start ends nothing, and the pool tells why its own could not', async () => {
  const missing = new URL('./no-such-module.ts', import.meta.url);
  startEarly(missing, memoryBytes);
  const pool = createPool<string, unknown>(missing, { size: 1, setup: {}, cpuMillis: 5000, memoryBytes });
  const error = await pool.run('anything').catch((failure: unknown) => failure);
  assert.instance(error, WorkerStartError);
  assert.match(String(error), 'no-such-module');
  await pool.close();
});

test.run();
