// The one file that knows BullMQ, and the one door to a network: loaded only when a command line names a queue.

import { setTimeout as pause } from 'node:timers/promises';
import type { JobsOptions, Worker } from 'bullmq';
import type { Job, JobResult, Refusal } from './jobs.ts';
import { QueueError } from './queue-error.ts';

export type JobState =
  | { readonly state: 'absent' }
  | { readonly state: 'waiting' }
  | { readonly state: 'over'; readonly result: JobResult }
  /** Given up by the queue itself: the workers that had it were lost. */
  | { readonly state: 'lost'; readonly reason: string };

/** The queue as the one who fills it sees it. */
export interface Desk {
  /** Those that lie there already are left as they are. */
  add(jobs: readonly (readonly [id: string, job: Job])[]): Promise<void>;
  stateOf(id: string): Promise<JobState>;
  remove(id: string): Promise<void>;
  onOver(hear: (id: string) => void): void;
  onRefusal(hear: (refusal: Refusal) => void): void;
  /** Names of the workers that are connected now. */
  workers(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** `give-back`: for another worker at once; `refuse`: later, so that one who can gets it first. */
export type Handled =
  | { readonly ends: 'over'; readonly result: JobResult }
  | { readonly ends: 'give-back' }
  | { readonly ends: 'refuse'; readonly refusal: Refusal };

export interface Hand {
  /** When what it has in hand is over or given back. */
  close(): Promise<void>;
}

export interface HandOptions {
  /** Unique among all workers. */
  readonly name: string;
  readonly atOnce: number;
  handle(job: Job): Promise<Handled>;
  warn(text: string): void;
}

const queueName = 'drydock';
/** A worker renews its hold on a job twice in this time; past it the job is another's. */
const lockMillis = 10_000;
const stalledMillis = 5_000;
/** So many workers may be lost over one bundle until it is given up. */
const mostStalls = 3;
const refusedMillis = 5_000;
const connectMillis = 6_000;
const closeMillis = 500;
const mostRetryMillis = 2_000;
/** What is over is kept until the one who asked has written it down. */
const keep: JobsOptions = { removeOnComplete: false, removeOnFail: false };

/** Throws `QueueError` for an address that is none. What it says never holds the password. */
export function addressOf(url: string): { readonly url: string; readonly shown: string } {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'redis:' && address?.protocol !== 'rediss:')
    throw new QueueError('--queue takes the address of a Redis or Valkey server: redis://host:6379 or rediss://…');
  return { url, shown: `${address.protocol}//${address.host}` };
}

async function load() {
  try {
    return await import('bullmq');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new QueueError('a queue needs the optional package bullmq: run npm ci without --omit=optional');
  }
}

type Heard = (event: 'error', hear: (error: Error) => void) => unknown;

/** A connection that breaks is made again by itself; each kind of trouble is told once. */
function listening({ url, shown }: ReturnType<typeof addressOf>, warn: (text: string) => void) {
  const told = new Set<string>();
  let isReady = false;
  let isEnding = false;
  let last = 'no answer';
  // nothing else ends a connection that never was
  const retryStrategy = (times: number) => (isEnding ? null : Math.min(times * 100, mostRetryMillis));
  return {
    connection: { url, maxRetriesPerRequest: null, retryStrategy },
    hear(emitter: { readonly on: Heard }): void {
      emitter.on('error', (error) => {
        last = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
        // the job was taken over by another, who does the same to the same bytes
        if (/Missing lock|could not renew lock/i.test(error.message) || !isReady || isEnding || told.has(last)) return;
        told.add(last);
        warn(`drydock: the queue at ${shown}: ${last}; trying again until it answers`);
      });
    },
    async untilReady(waits: readonly Promise<unknown>[]): Promise<void> {
      const timer = Promise.withResolvers<never>();
      const refuse = () => timer.reject(new QueueError(`no Redis or Valkey server answers at ${shown} (${last})`));
      const timeout = setTimeout(refuse, connectMillis);
      try {
        await Promise.race([Promise.all(waits), timer.promise]);
        isReady = true;
      } finally {
        clearTimeout(timeout);
      }
    },
    /** In good order, as far as the server is there for it. */
    async end(closing: readonly Promise<unknown>[]): Promise<void> {
      const wait = new AbortController();
      const late = pause(closeMillis, undefined, { signal: wait.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled(closing), late]);
      wait.abort();
      isEnding = true;
    },
  };
}

export async function openDesk(queueUrl: string, warn: (text: string) => void): Promise<Desk> {
  const address = addressOf(queueUrl);
  const { Queue, QueueEvents } = await load();
  const { connection, hear, untilReady, end } = listening(address, warn);
  const queue = new Queue<Job, JobResult>(queueName, { connection, defaultJobOptions: keep });
  const events = new QueueEvents(queueName, { connection });
  hear(queue);
  hear(events);
  const close = () => end([events.close(), queue.close()]);
  try {
    await untilReady([queue.waitUntilReady(), events.waitUntilReady()]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    add: async (jobs) =>
      void (await queue.addBulk(jobs.map(([jobId, data]) => ({ name: 'b', data, opts: { jobId } })))),
    async stateOf(id) {
      const job = await queue.getJob(id);
      if (!job) return { state: 'absent' };
      if (job.finishedOn === undefined) return { state: 'waiting' };
      return job.failedReason
        ? { state: 'lost', reason: job.failedReason }
        : { state: 'over', result: job.returnvalue };
    },
    remove: async (id) => void (await queue.remove(id)),
    onOver(heard) {
      events.on('completed', ({ jobId }) => heard(jobId));
      events.on('failed', ({ jobId }) => heard(jobId));
    },
    onRefusal(heard) {
      events.on('progress', ({ data }) => {
        if (typeof data === 'object' && 'refused' in data) heard(data as unknown as Refusal);
      });
    },
    async workers() {
      const names = (await queue.getWorkers()).map(({ rawname = '' }) => rawname.split(':w:')[1] ?? '');
      return new Set(names.filter(Boolean));
    },
    close,
  };
}

/** Takes jobs until it is closed. */
export async function openHand(queueUrl: string, options: HandOptions): Promise<Hand> {
  const address = addressOf(queueUrl);
  const { Worker, DelayedError, WaitingError } = await load();
  const { connection, hear, untilReady, end } = listening(address, options.warn);
  const worker: Worker<Job, JobResult> = new Worker<Job, JobResult>(
    queueName,
    async (job, token) => {
      const handled = await options.handle(job.data);
      if (handled.ends === 'over') return handled.result;
      if (handled.ends === 'give-back') {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      await job.updateProgress({ ...handled.refusal });
      await job.moveToDelayed(Date.now() + refusedMillis, token);
      throw new DelayedError();
    },
    {
      connection,
      name: options.name,
      concurrency: options.atOnce,
      lockDuration: lockMillis,
      stalledInterval: stalledMillis,
      maxStalledCount: mostStalls,
    },
  );
  hear(worker);
  try {
    await untilReady([worker.waitUntilReady()]);
  } catch (error) {
    await end([worker.close(true)]);
    throw error;
  }
  return { close: () => worker.close() };
}
