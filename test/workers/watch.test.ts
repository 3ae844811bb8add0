import type { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWatcher, type Excess } from '../../src/workers/watch.ts';

test('a thread that answers, and spends next to nothing, is stopped by the clock all the same', async () => {
  const idleWorker = {
    getHeapStatistics: async () => ({ used_heap_size: 0, external_memory: 0, malloced_memory: 0 }),
    cpuUsage: async () => ({ user: 0, system: 0 }),
    performance: { eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }) },
  } as unknown as Worker;
  const watcher = createWatcher({ cpuMillis: 5, memoryBytes: 1 << 30 });
  const excess = await new Promise<Excess | undefined>((resolve) => {
    const patience = setTimeout(() => {
      watcher.end(idleWorker);
      resolve(undefined);
    }, 5000);
    watcher.begin(idleWorker, (seen) => {
      clearTimeout(patience);
      resolve(seen);
    });
  });
  assert.is(excess?.reason, 'timeout');
  assert.match(excess?.message ?? '', 'by the clock');
});

test.run();
