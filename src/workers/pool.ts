// A pool of worker threads: data in, data out. What runs in them is a module named by the caller.
//
// A task that throws, hangs, ends its thread or eats memory costs its own result alone. One thing a thread cannot be
// kept from: `process.abort()` and a crash of V8 itself end the whole process.

import type { Worker } from 'node:worker_threads';
import { takeThread } from './early.ts';
import { addProfile, type Profile } from './profile.ts';
import { type Budget, createWatcher } from './watch.ts';

/** Why a task has no result. The pool goes on with a fresh thread. */
export class TaskError extends Error {
  readonly reason: 'threw' | 'timeout' | 'out-of-memory' | 'exited';
  constructor(reason: TaskError['reason'], message: string) {
    super(message);
    this.name = 'TaskError';
    this.reason = reason;
  }
}

/** A fault of the program: a thread did not even come to its first task. It ends the pool. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}

export interface Pool<In, Out> {
  /** Runs one task; buffers in `transfer` are moved, not copied. Rejects with `TaskError`. */
  run(payload: In, transfer?: readonly ArrayBuffer[]): Promise<Out>;
  /** Gives up all that waits or runs. What comes later is refused for the same reason. */
  abandon(reason: TaskError): void;
  close(): Promise<void>;
}

export interface PoolOptions extends Budget {
  readonly size: number;
  /** Handed once to the module of each thread. */
  readonly setup: unknown;
}

const startMillis = 300_000;
/** To start a thread costs as much as some tasks. */
const waitingPerThread = 4;

interface Task<In, Out> {
  readonly payload: In;
  readonly transfer: readonly ArrayBuffer[];
  isSecondTry: boolean;
  resolve(result: Out): void;
  reject(error: Error): void;
}
interface Thread<In, Out> {
  readonly worker: Worker;
  readonly startTimer: NodeJS.Timeout;
  isReady: boolean;
  /** Tasks it has answered. */
  answered: number;
  task: Task<In, Out> | undefined;
}
export type Reply<Out> =
  | { readonly result: Out; readonly profile?: Profile }
  | { readonly error: string }
  | { readonly ready: true };

/** Starts threads as tasks come. `module` has a default export `(setup) => (payload) => result | { result, transfer }`. */
export function createPool<In, Out>(module: URL, options: PoolOptions): Pool<In, Out> {
  const threads: Thread<In, Out>[] = [];
  const waiting: Task<In, Out>[] = [];
  const watcher = createWatcher(options);
  let ended: Error | undefined;

  function start(): Thread<In, Out> {
    const worker = takeThread(module, options.memoryBytes);
    const startTimer = setTimeout(() => fail(`no sign of life after ${startMillis} ms`), startMillis);
    const thread: Thread<In, Out> = { worker, startTimer, isReady: false, answered: 0, task: undefined };
    worker.on('message', (reply: Reply<Out>) => hear(thread, reply));
    worker.on('error', (error: Error & { code?: string }) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'threw';
      lose(thread, new TaskError(reason, firstLine(error)));
    });
    worker.on('exit', (code) => {
      lose(thread, new TaskError('exited', `the worker thread ended in the middle of it (exit code ${code})`));
    });
    threads.push(thread);
    worker.postMessage(options.setup);
    return thread;
  }

  function hear(thread: Thread<In, Out>, reply: Reply<Out>): void {
    if (!threads.includes(thread)) return;
    if ('ready' in reply) {
      clearTimeout(thread.startTimer);
      thread.isReady = true;
      if (thread.task) give(thread, thread.task);
      return;
    }
    const task = finish(thread);
    thread.answered += 1;
    if ('error' in reply) task?.reject(new TaskError('threw', reply.error));
    else {
      if (reply.profile) addProfile(reply.profile);
      task?.resolve(reply.result);
    }
    next(thread);
  }

  /** Whether so much waits that a further thread does more than it costs to start. */
  function pays(): boolean {
    if (threads.length === 0) return true;
    return threads.length < options.size && waiting.length > waitingPerThread * threads.length;
  }

  function watch(thread: Thread<In, Out>): void {
    watcher.begin(thread.worker, ({ reason, message }) => lose(thread, new TaskError(reason, message)));
  }

  function finish(thread: Thread<In, Out>): Task<In, Out> | undefined {
    watcher.end(thread.worker);
    const { task } = thread;
    thread.task = undefined;
    return task;
  }

  /** A thread is gone, or has to go; the next task gets a fresh one. */
  function lose(thread: Thread<In, Out>, error: TaskError): void {
    const index = threads.indexOf(thread);
    if (index < 0) return;
    if (!thread.isReady) {
      fail(error.message);
      return;
    }
    threads.splice(index, 1);
    void thread.worker.terminate();
    const task = finish(thread);
    if (task && mayBeOfOthers(thread, task, error)) {
      task.isSecondTry = true;
      waiting.unshift(task);
    } else task?.reject(error);
    if (!ended && waiting.length > 0) next(start());
  }

  /**
   * What earlier tasks left behind in a thread must not cost a later one its result, or results would depend on which
   * tasks met in a thread. Buffers that were moved are gone with the thread: then there is no second try.
   */
  function mayBeOfOthers(thread: Thread<In, Out>, task: Task<In, Out>, { reason }: TaskError): boolean {
    return reason !== 'timeout' && thread.answered > 0 && !task.isSecondTry && task.transfer.length === 0;
  }

  function fail(message: string): void {
    end(new WorkerStartError(`a worker thread could not start: ${message}`));
  }

  function end(error: Error): void {
    ended ??= error;
    const lost = [...threads.map(finish), ...waiting.splice(0)];
    for (const { startTimer, worker } of threads.splice(0)) {
      clearTimeout(startTimer);
      void worker.terminate();
    }
    for (const task of lost) task?.reject(ended);
  }

  function next(thread: Thread<In, Out>): void {
    const task = waiting.shift();
    if (!task) return;
    thread.task = task;
    if (thread.isReady) give(thread, task);
  }

  /** Only once the thread has started: what it takes for that is not the task's time, nor its failure the task's. */
  function give(thread: Thread<In, Out>, { payload, transfer }: Task<In, Out>): void {
    watch(thread);
    thread.worker.postMessage(payload, transfer as ArrayBuffer[]);
  }

  return {
    run: (payload, transfer = []) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ payload, transfer, isSecondTry: false, resolve, reject });
        const idle = threads.find((thread) => !thread.task) ?? (pays() ? start() : undefined);
        if (idle) next(idle);
      }),
    abandon: end,
    async close() {
      ended ??= new Error('the pool is closed');
      const going = threads.splice(0);
      for (const thread of going) {
        clearTimeout(thread.startTimer);
        finish(thread);
      }
      await Promise.all(going.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Of an error that a thread died of; the rest of its stack names places of this machine. */
const firstLine = (error: Error): string => (error.message ?? String(error)).split('\n')[0] ?? '';
