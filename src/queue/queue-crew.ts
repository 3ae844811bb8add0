// The crew of a batch whose bundles are analysed elsewhere: puts jobs into the queue, and takes what comes of them.

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Crew, type CrewOptions, createCrew, type Result } from '../batch/crew.ts';
import type { Bundle } from '../batch/plan.ts';
import { byWork } from '../batch/schedule.ts';
import { type Job, type JobDigest, type JobResult, jobIdOf } from './jobs.ts';
import type { Desk } from './redis.ts';

export interface QueueCrewOptions {
  readonly desk: Desk;
  /** Asked when a child has told the digest of the rules. */
  jobOf(bundle: Bundle): Promise<{ readonly job: Job; readonly digest: JobDigest }>;
  /** False: what is handed out counts as over for this run. */
  readonly waits: boolean;
  warn(text: string): void;
  /** How many lie in the queue for this batch. */
  onHandedOut(count: number): void;
}

/** Handed to the server in one piece. */
const pieceLength = 100;
/** An event can be lost with a connection: so many are asked for so often. */
const sweepMillis = 5_000;
const sweepLength = 200;
/** A network file system may remember for a while that a file was not there. */
const visibleMillis = 90_000;
const lookMillis = 1_000;

export function createQueueCrew(options: CrewOptions, queue: QueueCrewOptions): Crew {
  const { desk, waits } = queue;
  // for the digest of the rules, and for the index
  const local = createCrew({ ...options, children: 1, jobs: 1 });
  const waiting: Bundle[] = [];
  /** In the queue, in the order in which they were put there. */
  const out = new Map<string, Bundle>();
  const taking = new Set<string>();
  const refusals = new Set<string>();
  let handing: Promise<void> | undefined;
  let fatal: { readonly error: unknown } | undefined;
  let stopped = false;
  let whenIdle: PromiseWithResolvers<void> | undefined;
  const timer = setInterval(() => guarded(sweep()), sweepMillis);

  desk.onOver((id) => {
    if (out.has(id)) guarded(take(id));
  });
  desk.onRefusal(({ refused, by }) => {
    const told = `${by}: ${refused}`;
    if (refusals.has(told)) return;
    refusals.add(told);
    queue.warn(`drydock: a worker on ${by} gave a job back: ${refused}`);
  });

  function guarded(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!stopped) fatal ??= { error };
      settle();
    });
  }

  function settle(): void {
    const isIdle = waiting.length === 0 && !handing && taking.size === 0 && (!waits || out.size === 0);
    if (!whenIdle || (!fatal && !isIdle)) return;
    if (fatal) whenIdle.reject(fatal.error);
    else whenIdle.resolve();
    whenIdle = undefined;
  }

  function begin(): void {
    settle();
    if (handing || waiting.length === 0 || stopped || fatal) return;
    handing = handOut()
      .catch((error: unknown) => {
        if (!stopped) fatal ??= { error };
      })
      .finally(() => {
        handing = undefined;
        begin();
      });
  }

  async function handOut(): Promise<void> {
    while (waiting.length > 0 && !stopped && !fatal) {
      const piece = waiting.splice(0, pieceLength);
      const jobs: [string, Job][] = [];
      for (const bundle of piece) {
        const { job, digest } = await queue.jobOf(bundle);
        const id = jobIdOf(job, digest);
        out.set(id, bundle);
        jobs.push([id, job]);
      }
      for (const [id] of jobs) await dropStale(id);
      await desk.add(jobs);
      queue.onHandedOut(out.size);
      // what an earlier run asked for may be over by now
      for (const [id] of jobs) await take(id);
    }
  }

  /** A result whose report was taken away since is none, and what was given up gets another try. */
  async function dropStale(id: string): Promise<void> {
    const found = await desk.stateOf(id);
    const bundle = out.get(id);
    const isStale = found.state === 'lost' || (found.state === 'over' && bundle && !isThere(found.result, bundle));
    if (isStale) await desk.remove(id);
  }

  const isThere = (result: JobResult, { folder }: Bundle): boolean =>
    'failed' in result ||
    result.done.written.every((name) =>
      lstatSync(join(options.output, folder, name), { throwIfNoEntry: false })?.isFile(),
    );

  async function resultOf(result: JobResult, bundle: Bundle): Promise<Result> {
    if ('failed' in result) return { failed: result.failed, advice: result.advice };
    for (let millis = 0; !isThere(result, bundle); millis += lookMillis) {
      if (stopped || millis >= visibleMillis)
        return {
          failed: `the worker on ${result.by} wrote its report, and it is not here: does it see the same storage?`,
          advice: '',
        };
      await pause(lookMillis);
    }
    return { done: result.done };
  }

  async function take(id: string): Promise<void> {
    const bundle = out.get(id);
    if (!bundle || taking.has(id) || stopped) return;
    taking.add(id);
    try {
      const found = await desk.stateOf(id);
      if (found.state === 'waiting') return;
      if (found.state === 'absent') {
        // the server lost it
        await desk.add([[id, (await queue.jobOf(bundle)).job]]);
        return;
      }
      const result =
        found.state === 'lost'
          ? { failed: `the queue gave it up: ${found.reason}`, advice: '' }
          : await resultOf(found.result, bundle);
      if (stopped) return;
      await options.onOver(bundle, result);
      await desk.remove(id);
      out.delete(id);
    } finally {
      taking.delete(id);
      settle();
    }
  }

  async function sweep(): Promise<void> {
    for (const id of [...out.keys()].slice(0, sweepLength)) {
      const bundle = out.get(id);
      if (!bundle || stopped) continue;
      await take(id);
      // to the end of the line, so that each gets its turn
      if (out.delete(id)) out.set(id, bundle);
    }
  }

  return {
    prepare: () => local.prepare(),
    isUnderWay: (path) => [...waiting, ...out.values()].some((bundle) => bundle.path === path),
    add(bundles) {
      waiting.push(...bundles);
      waiting.sort(byWork);
      begin();
    },
    idle() {
      whenIdle ??= Promise.withResolvers<void>();
      const { promise } = whenIdle;
      settle();
      return promise;
    },
    running: () => [],
    borrow: (work) => local.borrow(work),
    async stop(graceMillis) {
      stopped = true;
      clearInterval(timer);
      await local.stop(graceMillis);
    },
  };
}
