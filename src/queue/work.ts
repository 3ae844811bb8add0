// One worker: takes jobs out of the queue and has them done by child processes, as the batch on one machine has.
//
// This process talks with the server and opens no bundle; its children open bundles and have no network.

import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { scratchFolder, startChild } from '../batch/child-process.ts';
import { type Crew, createCrew, type Result } from '../batch/crew.ts';
import { journalName } from '../batch/journal.ts';
import type { Bundle } from '../batch/plan.ts';
import { placeReport } from '../batch/results.ts';
import { OutputError } from '../report/output-error.ts';
import type { Job, JobResult } from './jobs.ts';
import { type Handled, openHand } from './redis.ts';

export interface WorkOptions {
  readonly url: string;
  /** Output folders lie in it, or are it. Nothing is written elsewhere. */
  readonly root: string;
  readonly version: string;
  /** Unique among all workers: 8-4-4-4-12 hex. */
  readonly name: string;
  readonly host: string;
  readonly nodePath: string;
  readonly program: string;
  readonly children: number;
  readonly jobs: number;
  readonly budgetBytes: number;
  readonly signal: AbortSignal;
  warn(text: string): void;
  ready(): void;
  over(job: Job, result: JobResult): void;
}

/** Why this worker, or this machine, cannot do a job that another one may. */
class RefusedJob extends Error {
  override readonly name = 'RefusedJob';
}

const stopGraceMillis = 500;
/** Children that have nothing to do are sent home, and their folders go with them. */
const idleMillis = 2_000;
/** So that one who cannot do it does not shuffle the whole queue. */
const refusalPauseMillis = 1_000;

/** Until the signal. What is in hand then goes back into the queue. */
export async function work(options: WorkOptions): Promise<void> {
  const { signal, host } = options;
  const crews = new Map<string, Promise<WorkCrew>>();
  const told = new Set<string>();
  let inHand = 0;
  let idleTimer: NodeJS.Timeout | undefined;

  async function sendHome(): Promise<void> {
    const idle = [...crews.values()];
    crews.clear();
    await Promise.all(idle.map((crew) => crew.then(({ stop }) => stop()).catch(() => undefined)));
  }

  function crewFor(job: Job): Promise<WorkCrew> {
    const key = JSON.stringify([job.output, job.words, job.filesDigest, job.limits]);
    const known = crews.get(key);
    if (known) return known;
    const crew = openCrew(job, options, () => crews.delete(key));
    crews.set(key, crew);
    crew.catch(() => crews.delete(key));
    return crew;
  }

  async function handle(job: Job): Promise<Handled> {
    if (signal.aborted) return { ends: 'give-back' };
    inHand += 1;
    clearTimeout(idleTimer);
    try {
      refuse(job, options);
      const crew = await crewFor(job);
      const result = await crew.analyze(job.bundle);
      if (result === 'stopped') return { ends: 'give-back' };
      options.over(job, result);
      return { ends: 'over', result };
    } catch (error) {
      if (signal.aborted) return { ends: 'give-back' };
      if (!(error instanceof RefusedJob) && !(error instanceof OutputError)) throw error;
      if (!told.has(error.message)) options.warn(`drydock: a job goes back into the queue: ${error.message}`);
      told.add(error.message);
      await pause(refusalPauseMillis, undefined, { signal }).catch(() => undefined);
      return { ends: 'refuse', refusal: { refused: error.message, by: host } };
    } finally {
      inHand -= 1;
      if (inHand === 0 && !signal.aborted) idleTimer = setTimeout(() => void sendHome(), idleMillis);
    }
  }

  const hand = await openHand(options.url, { ...options, atOnce: options.children, handle });
  options.ready();
  await untilAborted(signal);
  clearTimeout(idleTimer);
  await Promise.all([hand.close(), sendHome()]);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Throws a `RefusedJob` for what can be seen before a child is started. */
function refuse({ version, output, bundle }: Job, options: WorkOptions): void {
  if (version !== options.version)
    throw new RefusedJob(`it is for Drydock ${version}, and this worker is ${options.version}`);
  const below = relative(resolve(options.root), output);
  if (below.startsWith('..') || isAbsolute(below))
    throw new RefusedJob(`its reports go to ${output}, and this worker writes below ${resolve(options.root)} (-o)`);
  const isSafe = /^[^/\\]+$/.test(bundle.folder) && !/^\.*$/.test(bundle.folder);
  if (!isSafe) throw new RefusedJob('the folder it names for its report is none');
  const seen = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!seen(join(output, journalName)))
    throw new RefusedJob(`${output} holds no journal here: this machine does not see the storage of the batch`);
  // an input that is gone from a folder that is there fails as it does on one machine
  if (!seen(dirname(bundle.path)))
    throw new RefusedJob(`${dirname(bundle.path)} is not there: this machine does not see the inputs of the batch`);
}

interface WorkCrew {
  analyze(bundle: Bundle): Promise<JobResult | 'stopped'>;
  stop(): Promise<void>;
}

interface Pending {
  resolve(result: JobResult | 'stopped'): void;
  reject(error: unknown): void;
}

async function openCrew(job: Job, options: WorkOptions, onBroken: () => void): Promise<WorkCrew> {
  const { output, filesDigest, words, limits, reasons } = job;
  const { children, jobs, budgetBytes, nodePath, program, host } = options;
  // the name tells whoever clears the output folder that it is in use as long as this worker is connected
  const scratch = scratchFolder(output, options.name);
  const pending = new Map<Bundle, Pending>();
  const crew: Crew = createCrew({
    ...{ output, children, jobs, budgetBytes, limits, reasons },
    start() {
      makeScratch(scratch);
      return startChild({ output: scratch, nodePath, program, words });
    },
    greet(ready) {
      if (ready.told === 'refused') throw new RefusedJob(`its command line does not hold here: ${ready.message}`);
      if (ready.filesDigest !== filesDigest)
        throw new RefusedJob(
          'the rules of this worker, its program or the files named are others than those of the batch: bring both to one state',
        );
    },
    async onOver(bundle, result) {
      const own = await placed(result, bundle, output);
      pending.get(bundle)?.resolve({ ...own, by: host });
      pending.delete(bundle);
    },
  });
  function breakOff(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    for (const { reject } of pending.values()) reject(new RefusedJob(text));
    pending.clear();
    onBroken();
    void stop();
  }
  async function stop(): Promise<void> {
    for (const { resolve: end } of pending.values()) end('stopped');
    pending.clear();
    await crew.stop(stopGraceMillis);
    removeEmpty(scratch);
  }
  try {
    await crew.prepare();
  } catch (error) {
    await stop();
    throw error instanceof Error && error.name === 'Error' ? new RefusedJob(error.message) : error;
  }
  return {
    analyze(bundle) {
      const { promise, resolve: end, reject } = Promise.withResolvers<JobResult | 'stopped'>();
      pending.set(bundle, { resolve: end, reject });
      crew.add([bundle]);
      crew.idle().catch(breakOff);
      return promise;
    },
    stop,
  };
}

/** Children take their own folders away; another crew may still have some here. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something lies in it, or it never was.
  }
}

function makeScratch(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new OutputError(path, error instanceof Error && 'code' in error ? String(error.code) : 'EIO');
  }
}

async function placed(result: Result, bundle: Bundle, output: string): Promise<Result> {
  if ('failed' in result || result.scratch === undefined) return result;
  const { done, scratch } = result;
  const failed = await placeReport(scratch, bundle, output, done);
  return failed === '' ? { done } : { failed, advice: '' };
}
