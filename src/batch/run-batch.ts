// A batch from its inputs to its index: the journal says what is left to do, the crew does it, each result is written down.

import { mkdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { tryFolder } from '../report/write-report.ts';
import { type Ready, removeScratch, startChild } from './child-process.ts';
import { type Crew, type CrewOptions, createCrew, type Result, type Running } from './crew.ts';
import { type Journal, type JournalRow, openJournal, type RowHead } from './journal.ts';
import { type Asked, type Bundle, digestOfFile, planBatch, settingsDigest } from './plan.ts';
import { mixedFolder } from './refuse-mixed.ts';
import { forgetGone, hasReport, indexNames, settleCopies, writeDown, writeIndex } from './results.ts';

export interface BatchOptions extends Pick<CrewOptions, 'children' | 'jobs' | 'budgetBytes' | 'limits' | 'reasons'> {
  readonly output: string;
  /** Names of the files of one report. */
  readonly reportNames: readonly string[];
  readonly pid: number;
  readonly nodePath: string;
  readonly program: string;
  /** The command line without inputs and output, for the children. */
  readonly words: readonly string[];
  /** What else than files decides about a report. */
  readonly settings: string;
  readonly retryFailed: boolean;
  /** The index says nothing of how inputs are called; `journal.sqlite` does. */
  readonly hidesNames: boolean;
  readonly signal: AbortSignal;
  /** Absent where the bundles are analysed by this process's own children. */
  readonly elsewhere?: Elsewhere | undefined;
  /** What is given is new, or may have changed. Ends when no more will come. */
  readonly inputs: AsyncIterable<readonly Asked[]>;
  readonly hear: BatchEars;
}

/** Others that analyse the bundles of this batch, in the same output folder. */
export interface Elsewhere {
  crew(own: CrewOptions, digestOf: DigestOf): Crew;
  /** Ids of the scratch folders that are theirs. */
  inUse(): Promise<ReadonlySet<string>>;
}

/** Digests of the input, or what stands for it, and of what else decides; and that of the files, which is part of it. */
export type DigestOf = (bundle: Bundle) => Promise<{
  readonly input: string;
  readonly settings: string;
  readonly files: string;
}>;

export interface BatchEars {
  warn(text: string): void;
  progress(progress: BatchProgress): void;
  over(row: JournalRow, advice: string): void;
  /** In an earlier run. */
  wasOver(row: RowHead): void;
  index(paths: readonly string[]): void;
}

export interface BatchProgress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly bytes: number;
  /** Of those that are over, and of those that were over before this run. */
  readonly bytesOver: number;
  readonly bytesBefore: number;
  readonly running: readonly Running[];
}

/** What is wrong with the command line, found when a child loaded the rules. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

const stopGraceMillis = 600;
const progressMillis = 250;

/** What `tell` says of the rows of all inputs, as they are at the end. Rejects when it is stopped, or cannot go on at all. */
export async function runBatch<T>(options: BatchOptions, tell: (rows: Iterable<JournalRow>) => T): Promise<T> {
  const { output, reportNames, signal, hear } = options;
  await tryFolder(output, indexNames);
  const made = mkdirSync(output, { recursive: true });
  const journal = openJournal(output, { pid: options.pid, host: hostname(), started: new Date().toISOString() });
  const asked = new Set<string>();
  const score = { total: 0, done: 0, failed: 0, bytes: 0, bytesOver: 0, bytesBefore: 0 };
  const files = { digest: '' };
  let crew: Crew | undefined;
  let ticker: NodeJS.Timeout | undefined;

  const count = ({ sizeBytes, state }: RowHead): void => {
    score.bytesOver += sizeBytes;
    score[state === 'failed' ? 'failed' : 'done'] += 1;
  };
  const over = (row: JournalRow, advice = ''): void => {
    count(row);
    hear.over(row, advice);
  };
  const isWaiting = ({ state, path }: RowHead): boolean => state === 'waiting' && asked.has(path);

  async function take(some: readonly Asked[], { add, isUnderWay }: Crew): Promise<void> {
    for (const { path } of some) asked.add(path);
    const plan = await planBatch(some, [...journal.heads()], {
      settings: settingsDigest(options.settings, files.digest),
      retryFailed: options.retryFailed,
      hidesNames: options.hidesNames,
      hasReport: (row) => hasReport(output, row, reportNames),
      isUnderWay,
      digest: digestOfFile,
    });
    journal.plan(plan.rows);
    for (const row of plan.rows) {
      score.total += 1;
      score.bytes += row.sizeBytes;
      if (row.state === 'waiting') continue;
      score.bytesBefore += row.sizeBytes;
      count(row);
      hear.wasOver(row);
    }
    add(plan.waiting);
  }

  async function finish(working: Crew): Promise<void> {
    for (const row of settleCopies(journal, options.hidesNames)) if (asked.has(row.path)) over(row);
    forgetGone(journal, asked, (row) => hasReport(output, row, reportNames));
    // what others have in hand yet is no part of it
    if (Iterator.from(journal.heads()).some(isWaiting)) return;
    hear.index(await writeIndex(working, journal, output, options.hidesNames));
    if (options.elsewhere) removeScratch(output, await options.elsewhere.inUse());
  }

  const digestOf: DigestOf = async ({ path, kind }) => {
    const { sha256 = '', mark = '' } = journal.get(path) ?? {};
    const input = sha256 || (kind === 'file' && (await digestOfFile(path))) || mark;
    return { input, settings: settingsDigest(options.settings, files.digest), files: files.digest };
  };

  try {
    signal.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => undefined);
    signal.addEventListener('abort', () => stopped.reject(signal.reason), { once: true });
    const unlessStopped = <T>(work: Promise<T>): Promise<T> => Promise.race([work, stopped.promise]);

    const mixed = mixedFolder(output, options.hidesNames, journal.heads());
    if (mixed !== undefined) throw new RefusedError(mixed);
    removeScratch(output, await options.elsewhere?.inUse());
    const own: CrewOptions = {
      ...options,
      start: () => startChild(options),
      greet: (ready) => greet(ready, files, hear.warn),
      onOver: async (bundle: Bundle, result: Result) => {
        const row = await writeDown(bundle, result, journal, output);
        over(row, 'advice' in result ? result.advice : '');
      },
    };
    const working = options.elsewhere?.crew(own, digestOf) ?? createCrew(own);
    crew = working;
    ticker = setInterval(() => hear.progress({ ...score, running: working.running() }), progressMillis);
    // What is left to do depends on the rules, and only a child loads them.
    await unlessStopped(working.prepare());
    await unlessStopped(
      workThrough(
        options.inputs,
        working,
        (some) => take(some, working),
        () => finish(working),
      ),
    );
    return tell(rowsOf(asked, journal));
  } finally {
    clearInterval(ticker);
    await crew?.stop(stopGraceMillis);
    journal.close();
    if (made !== undefined) removeEmpty(output, made);
  }
}

/** One at a time. */
function* rowsOf(paths: Iterable<string>, journal: Journal): Generator<JournalRow> {
  for (const path of paths) {
    const row = journal.get(path);
    if (row) yield row;
  }
}

/** Folders made for nothing go again, from the output folder up to the outermost of them. */
function removeEmpty(output: string, outermost: string): void {
  try {
    for (let folder = resolve(output); folder.length >= outermost.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Something lies in it.
  }
}

/** Takes what comes, also while earlier bundles run; whenever nothing is left to do, the index is written. */
async function workThrough(
  inputs: AsyncIterable<readonly Asked[]>,
  crew: Crew,
  take: (some: readonly Asked[]) => Promise<void>,
  finish: () => Promise<void>,
): Promise<void> {
  const iterator = inputs[Symbol.asyncIterator]();
  let next = iterator.next();
  let later: Asked[] = [];
  for (let isIdle = true; ; ) {
    next.catch(() => undefined);
    const came = isIdle ? await next : await Promise.race([next, crew.idle()]);
    if (came === undefined) {
      const changed = later;
      later = [];
      if (changed.length > 0) await take(changed);
      else await finish();
      isIdle = changed.length === 0;
    } else if (came.done) {
      if (isIdle) return;
      await crew.idle();
      await finish();
      return;
    } else {
      // one that changed while it is read gets its turn afterwards
      later.push(...came.value.filter(({ path }) => crew.isUnderWay(path)));
      await take(came.value.filter(({ path }) => !crew.isUnderWay(path)));
      isIdle = false;
      next = iterator.next();
    }
  }
}

function greet(ready: Ready, files: { digest: string }, warn: (text: string) => void): void {
  if (ready.told === 'refused') throw new RefusedError(ready.message);
  if (files.digest === '') {
    for (const text of ready.warnings) warn(text);
    files.digest = ready.filesDigest;
  }
  if (files.digest !== ready.filesDigest)
    throw new RefusedError(
      'the rules, another file of the program or one that was named changed while the batch ran: start it again, and all is done with the new ones',
    );
}
