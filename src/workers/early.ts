// Threads that start before anybody knows what they will be told: they load their module while other work is done.

import { Worker } from 'node:worker_threads';
import { isProfiled } from './profile.ts';

const mebibyte = 1024 * 1024;
/** Parsing makes much short-lived data: a small young heap costs no time here, and a sixth of the memory less. */
const youngMebibytes = 8;
/** V8 ends the whole process when one array passes its limit: that limit must lie far above the one we watch. */
const beyondWatch = { factor: 4, leastMebibytes: 4096 };

const waiting: { readonly module: string; readonly memoryBytes: number; readonly worker: Worker }[] = [];

/**
 * Starts one thread for `module`, which the next pool of the same module and memory takes; nothing where one waits already.
 * It keeps no program from its end.
 */
export function startEarly(module: URL, memoryBytes: number): void {
  if (placeOf(module, memoryBytes) >= 0) return;
  const early = { module: module.href, memoryBytes, worker: newThread(module, memoryBytes) };
  waiting.push(early);
  early.worker.unref();
  // one that could not start, or has ended, is none; the pool finds out what is wrong with its own
  const forget = () => {
    const at = waiting.indexOf(early);
    if (at >= 0) waiting.splice(at, 1);
  };
  early.worker.on('error', forget).on('exit', forget);
}

const placeOf = (module: URL, memoryBytes: number): number =>
  waiting.findIndex((early) => early.module === module.href && early.memoryBytes === memoryBytes);

/** A thread that loads `module` and waits for what it is to be set up with. */
export function takeThread(module: URL, memoryBytes: number): Worker {
  const at = placeOf(module, memoryBytes);
  const [early] = at < 0 ? [] : waiting.splice(at, 1);
  early?.worker.removeAllListeners('error').removeAllListeners('exit').ref();
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
