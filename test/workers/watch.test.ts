// The watch over threads, by what they answer when they are asked.

import type { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWatcher, type Excess } from '../../src/workers/watch.ts';

interface Answers {
  readonly bufferBytes?: number;
  /** Spent from one answer to the next. */
  readonly cpuMillis?: number;
  readonly idleMillis?: number;
}

function workerThat({ bufferBytes = 0, cpuMillis = 0, idleMillis = 0 }: Answers): Worker {
  let answers = 0;
  return {
    getHeapStatistics: async () => ({ used_heap_size: 0, external_memory: bufferBytes, malloced_memory: 0 }),
    cpuUsage: async () => ({ user: ++answers * cpuMillis * 1000, system: 0 }),
    performance: { eventLoopUtilization: () => ({ idle: answers * idleMillis, active: 0, utilization: 0 }) },
  } as unknown as Worker;
}

/** Why the thread is stopped; undefined when it is not. */
async function excessOf(worker: Worker, cpuMillis: number): Promise<Excess | undefined> {
  const watcher = createWatcher({ cpuMillis, memoryBytes: 1 << 30 });
  return new Promise((resolve) => {
    const patience = setTimeout(() => {
      watcher.end(worker);
      resolve(undefined);
    }, 5000);
    watcher.begin(worker, (seen) => {
      clearTimeout(patience);
      resolve(seen);
    });
  });
}

test('a thread that answers, and spends next to nothing, is stopped by the clock all the same', async () => {
  const excess = await excessOf(workerThat({}), 5);
  assert.is(excess?.reason, 'timeout');
  assert.match(excess?.message ?? '', 'by the clock');
});

test('a thread that answers is stopped for its processor time', async () => {
  const excess = await excessOf(workerThat({ cpuMillis: 1001 }), 1000);
  assert.is(excess?.message, 'stopped after 1000 ms of processor time');
});

test('a thread that answers is stopped for waiting', async () => {
  const excess = await excessOf(workerThat({ idleMillis: 1001 }), 1000);
  assert.is(excess?.message, 'stopped after waiting 1000 ms for something that did not come');
});

test('a thread that answers is stopped for the buffers it holds', async () => {
  const excess = await excessOf(workerThat({ bufferBytes: 2 ** 31 }), 1000);
  assert.equal(excess, {
    reason: 'out-of-memory',
    message: 'stopped at 2048 MiB of memory; at most 1024 MiB are given',
  });
});

test.run();
