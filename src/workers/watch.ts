// Watches threads at work from outside: processor time, memory and idleness, none of which a thread can hide by being busy.

// Read only: what the whole process holds tells of a thread that gives no answer.
import { memoryUsage } from 'node:process';
import type { Worker } from 'node:worker_threads';

export interface Budget {
  /** Processor time of one task: a busy machine does not use it up. */
  readonly cpuMillis: number;
  /** Heap, buffers and what V8 allocates beside them, of one thread; V8's own limits do not count buffers. */
  readonly memoryBytes: number;
}

export interface Excess {
  readonly reason: 'timeout' | 'out-of-memory';
  readonly message: string;
}

export interface Watcher {
  begin(worker: Worker, onExcess: (excess: Excess) => void): void;
  end(worker: Worker): void;
}

interface Watched {
  readonly worker: Worker;
  readonly startedAt: number;
  readonly onExcess: (excess: Excess) => void;
  /** What the thread had spent when it was first asked. */
  first?: { readonly cpuMillis: number; readonly idleMillis: number };
  /** A question without an answer yet: native code (JSON, a sort) answers only after it. */
  asked?: { readonly at: number; readonly residentBytes: number } | undefined;
}

const tickMillis = 100;
const mebibyte = 1024 * 1024;
/** By the clock a thread gets so many times its processor time: without an answer, and at all. A machine may be busy. */
const silentFactor = 12;
const wallFactor = 60;

/** One clock for all threads of a pool, which ticks only while one of them is at work. */
export function createWatcher(budget: Budget): Watcher {
  const all = new Map<Worker, Watched>();
  let ticking: NodeJS.Timeout | undefined;

  function tick(): void {
    const now = performance.now();
    for (const watched of all.values()) {
      if (now - watched.startedAt < tickMillis) continue;
      const excess = seen(watched, now);
      if (excess) {
        stop(watched.worker);
        watched.onExcess(excess);
      } else if (!watched.asked) void ask(watched, now);
    }
  }

  /** What can be told without an answer of the thread. */
  function seen({ startedAt, asked }: Watched, now: number): Excess | undefined {
    const byTheClock = (millis: number) => tooLong(`${Math.round(millis)} ms by the clock`);
    if (now - startedAt > budget.cpuMillis * wallFactor) return byTheClock(now - startedAt);
    if (!asked || now - asked.at < 3 * tickMillis) return undefined;
    if (now - asked.at > budget.cpuMillis * silentFactor) return byTheClock(now - startedAt);
    const grownBytes = memoryUsage.rss() - asked.residentBytes;
    return grownBytes > budget.memoryBytes ? tooLarge(grownBytes) : undefined;
  }

  async function ask(watched: Watched, now: number): Promise<void> {
    const { worker } = watched;
    watched.asked = { at: now, residentBytes: memoryUsage.rss() };
    try {
      const [heap, cpu] = await Promise.all([worker.getHeapStatistics(), worker.cpuUsage()]);
      watched.asked = undefined;
      if (all.get(worker) !== watched) return;
      const usedBytes = heap.used_heap_size + heap.external_memory + heap.malloced_memory;
      const spent = {
        cpuMillis: (cpu.user + cpu.system) / 1000,
        idleMillis: worker.performance.eventLoopUtilization().idle,
      };
      watched.first ??= spent;
      const excess = judge(usedBytes, spent, watched.first);
      if (!excess) return;
      stop(worker);
      watched.onExcess(excess);
    } catch {
      // The thread has ended; its own events tell why.
    }
  }

  function judge(
    usedBytes: number,
    spent: Required<Watched>['first'],
    first: Required<Watched>['first'],
  ): Excess | undefined {
    if (usedBytes > budget.memoryBytes) return tooLarge(usedBytes);
    if (spent.cpuMillis - first.cpuMillis > budget.cpuMillis)
      return tooLong(`${budget.cpuMillis} ms of processor time`);
    if (spent.idleMillis - first.idleMillis > budget.cpuMillis)
      return tooLong(`waiting ${budget.cpuMillis} ms for something that did not come`);
    return undefined;
  }

  function tooLarge(bytes: number): Excess {
    const [most, used] = [budget.memoryBytes, bytes].map((each) => Math.floor(each / mebibyte));
    return { reason: 'out-of-memory', message: `stopped at ${used} MiB of memory; at most ${most} MiB are given` };
  }

  const tooLong = (after: string): Excess => ({ reason: 'timeout', message: `stopped after ${after}` });

  function stop(worker: Worker): void {
    all.delete(worker);
    if (all.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  }

  return {
    begin(worker, onExcess) {
      all.set(worker, { worker, startedAt: performance.now(), onExcess });
      ticking ??= setInterval(tick, tickMillis);
    },
    end: stop,
  };
}
