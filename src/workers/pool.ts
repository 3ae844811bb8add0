// A pool of worker threads: data in, data out. What runs in them is a module named by the caller.

import { Worker } from 'node:worker_threads';

/** Why a task has no result. The pool goes on with a fresh thread. */
export class TaskError extends Error {
  readonly reason: 'threw' | 'timeout' | 'out-of-memory' | 'exited';
  constructor(reason: TaskError['reason'], message: string) {
    super(message);
    this.name = 'TaskError';
    this.reason = reason;
  }
}

export interface Pool<In, Out> {
  /** Runs one task; buffers in `transfer` are moved, not copied. Rejects with `TaskError`. */
  run(payload: In, transfer?: readonly ArrayBuffer[]): Promise<Out>;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly size: number;
  /** Handed once to the module of each thread. */
  readonly setup: unknown;
  /** A task that takes longer loses its thread. */
  readonly timeoutMillis: number;
  readonly heapMebibytes?: number;
}

/** Parsing makes much short-lived data: a small young heap costs no time here, and a sixth of the memory less. */
const youngMebibytes = 8;

interface Task<In, Out> {
  readonly payload: In;
  readonly transfer: readonly ArrayBuffer[];
  resolve(result: Out): void;
  reject(error: TaskError): void;
}
interface Thread<In, Out> {
  readonly worker: Worker;
  task: Task<In, Out> | undefined;
  timer: NodeJS.Timeout | undefined;
}
export type Reply<Out> = { readonly result: Out } | { readonly error: string } | { readonly ready: true };

/** Starts threads as tasks come. `module` has a default export `(setup) => (payload) => result | { result, transfer }`. */
export function createPool<In, Out>(module: URL, options: PoolOptions): Pool<In, Out> {
  const threads: Thread<In, Out>[] = [];
  const waiting: Task<In, Out>[] = [];
  let closed = false;

  function start(): Thread<In, Out> {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { module: module.href, setup: options.setup },
      resourceLimits: {
        maxOldGenerationSizeMb: options.heapMebibytes ?? 2048,
        maxYoungGenerationSizeMb: youngMebibytes,
      },
    });
    const thread: Thread<In, Out> = { worker, task: undefined, timer: undefined };
    worker.on('message', (reply: Reply<Out>) => {
      if ('ready' in reply) {
        // What a thread takes to start is not the time of its first task.
        if (thread.task) startTimer(thread);
        return;
      }
      const task = finish(thread);
      if ('error' in reply) task?.reject(new TaskError('threw', reply.error));
      else task?.resolve(reply.result);
      next(thread);
    });
    worker.on('error', (error: Error & { code?: string }) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'threw';
      replace(thread, new TaskError(reason, error.message));
    });
    worker.on('exit', () => replace(thread, new TaskError('exited', 'the worker thread ended in the middle of it')));
    threads.push(thread);
    return thread;
  }

  function finish(thread: Thread<In, Out>): Task<In, Out> | undefined {
    clearTimeout(thread.timer);
    const { task } = thread;
    thread.task = undefined;
    return task;
  }

  function replace(thread: Thread<In, Out>, error: TaskError): void {
    const index = threads.indexOf(thread);
    if (index < 0) return;
    threads.splice(index, 1);
    void thread.worker.terminate();
    finish(thread)?.reject(error);
    if (!closed && waiting.length > 0) next(start());
  }

  function next(thread: Thread<In, Out>): void {
    const task = waiting.shift();
    if (!task) return;
    thread.task = task;
    startTimer(thread);
    thread.worker.postMessage(task.payload, task.transfer as ArrayBuffer[]);
  }

  function startTimer(thread: Thread<In, Out>): void {
    clearTimeout(thread.timer);
    const late = () => replace(thread, new TaskError('timeout', `stopped after ${options.timeoutMillis} ms`));
    thread.timer = setTimeout(late, options.timeoutMillis);
  }

  return {
    run: (payload, transfer = []) =>
      new Promise((resolve, reject) => {
        waiting.push({ payload, transfer, resolve, reject });
        const idle = threads.find((thread) => !thread.task) ?? (threads.length < options.size ? start() : undefined);
        if (idle) next(idle);
      }),
    async close() {
      closed = true;
      await Promise.all(threads.splice(0).map((thread) => thread.worker.terminate()));
    },
  };
}
