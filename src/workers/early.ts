// Threads that start before anybody knows what they will be told: they load their module while other work is done.

import { Worker } from 'node:worker_threads';
import { isProfiled } from './profile.ts';

const mebibyte = 1024 * 1024;
/** Parsing makes much short-lived data: a small young heap costs no time here, and a sixth of the memory less. */
const youngMebibytes = 8;
/** V8 ends the whole process when one array passes its limit: that limit must lie far above the one we watch. */
const beyondWatch = { factor: 4, leastMebibytes: 4096 };

const waiting: { readonly module: string; readonly memoryBytes: number; readonly worker: Worker }[] = [];

/** Starts one thread for `module`, which the next pool of the same module and memory takes. It keeps no program from its end. */
export function startEarly(module: URL, memoryBytes: number): void {
  const early = { module: module.href, memoryBytes, worker: newThread(module, memoryBytes) };
  waiting.push(early);
  early.worker.unref();
  // one that could not start is none; the pool finds out what is wrong with its own
  early.worker.on('error', () => {
    const at = waiting.indexOf(early);
    if (at >= 0) waiting.splice(at, 1);
  });
}

/** A thread that loads `module` and waits for what it is to be set up with. */
export function takeThread(module: URL, memoryBytes: number): Worker {
  const at = waiting.findIndex((early) => early.module === module.href && early.memoryBytes === memoryBytes);
  const [early] = at < 0 ? [] : waiting.splice(at, 1);
  early?.worker.removeAllListeners('error').ref();
  return early?.worker ?? newThread(module, memoryBytes);
}

function newThread(module: URL, memoryBytes: number): Worker {
  const heapMebibytes = Math.ceil(memoryBytes / mebibyte);
  return new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { module: module.href, isProfiled: isProfiled() },
    resourceLimits: {
      maxOldGenerationSizeMb: Math.max(beyondWatch.factor * heapMebibytes, beyondWatch.leastMebibytes),
      maxYoungGenerationSizeMb: youngMebibytes,
    },
  });
}
