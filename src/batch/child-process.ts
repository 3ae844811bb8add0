// One child process of a batch: started with the right to write into its own scratch folder alone, watched, and ended.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { outputError } from '../report/write-report.ts';
import type { Done, Order, Told } from './messages.ts';

const scratchName = /^\.batch\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.tmp$/;
/** The last words of a process that broke down; the rest of them is never kept. */
const lastWordsLength = 4000;
const startMillis = 120_000;
const pageBytes = 4096;

/** Why a child is gone before it answered. */
export interface Death {
  readonly told: 'died';
  /** `taken`: by somebody outside, or the system; `ended`: by the watch, for the reason given. */
  readonly how: 'taken' | 'broke' | 'ended';
  readonly reason: string;
}
export type Answer = Done | (Told & { readonly told: 'failed' }) | Death;
export type Ready = Told & { readonly told: 'ready' | 'refused' };

export interface Child {
  /** Its own folder, below the output folder. */
  readonly scratch: string;
  readonly ready: Promise<Ready | Death>;
  /** How many orders it has answered. */
  readonly answered: number;
  /** Milliseconds since it gave a sign of life. */
  silentMillis(): number;
  residentBytes(): number;
  progress(): { readonly stage: string; readonly bytesRead: number; readonly bytesTotal: number };
  /** Never rejects. One at a time. */
  obey(order: Order): Promise<Answer>;
  /** At once; the order under way is answered with this reason. */
  kill(reason: string): void;
  /** When it is gone, with its folder. */
  end(): Promise<void>;
  /** Asked to leave what it does, and made to soon after. */
  stop(graceMillis: number): Promise<void>;
}

export interface ChildOptions {
  readonly output: string;
  readonly nodePath: string;
  readonly program: string;
  /** The command line of the batch, without its inputs and its output folder. */
  readonly words: readonly string[];
}

/** Of a child, or of all children of a worker. `id`: 8-4-4-4-12 hex. */
export const scratchFolder = (output: string, id: string): string => join(resolve(output), `.batch.${id}.tmp`);

/**
 * What children of a run that was killed left behind. Nobody else works in the folder, for the journal is ours, but
 * workers that take their bundles from the same queue: `inUse` holds their ids.
 */
export function removeScratch(output: string, inUse: ReadonlySet<string> = new Set()): void {
  for (const name of readdirSync(output)) {
    const id = scratchName.exec(name)?.[1];
    if (id !== undefined && !inUse.has(id)) rmSync(join(output, name), { recursive: true, force: true });
  }
}

export function startChild({ output, nodePath, program, words }: ChildOptions): Child {
  const scratch = scratchFolder(output, randomUUID());
  try {
    mkdirSync(scratch);
  } catch (error) {
    throw outputError(scratch, error);
  }
  const rights = ['--permission', '--allow-worker', '--allow-fs-read=*'];
  const writing = [scratch, join(scratch, '*')].map((path) => `--allow-fs-write=${path}`);
  const child = spawn(
    nodePath,
    ['--disable-warning=PERM0006', ...rights, ...writing, program, 'analyze', '--batch-child', ...words, '-o', scratch],
    // a Ctrl-C of the terminal is for the parent, which ends its children in good order
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true },
  );
  return watched(child, scratch);
}

function watched(child: ChildProcess, scratch: string): Child {
  const ready = Promise.withResolvers<Ready | Death>();
  const gone = Promise.withResolvers<void>();
  let answer: PromiseWithResolvers<Answer> | undefined;
  let answered = 0;
  let heardAt = performance.now();
  let progress = { stage: '', bytesRead: 0, bytesTotal: 0 };
  let lastWords = '';
  let endedFor: string | undefined;
  let death: Death | undefined;
  const startTimer = setTimeout(() => kill('it did not start'), startMillis);

  function kill(reason: string): void {
    endedFor ??= reason;
    child.kill('SIGKILL');
  }

  function settle(given: Answer): void {
    answered += 1;
    answer?.resolve(given);
    answer = undefined;
  }

  function die(given: Death): void {
    if (death) return;
    death = given;
    clearTimeout(startTimer);
    ready.resolve(given);
    answer?.resolve(given);
    answer = undefined;
    rmSync(scratch, { recursive: true, force: true });
    gone.resolve();
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsLength);
  });
  child.on('message', (message: Told) => {
    heardAt = performance.now();
    if (message.told === 'ready' || message.told === 'refused') {
      clearTimeout(startTimer);
      ready.resolve(message);
    } else if (message.told === 'progress') progress = message;
    else if (message.told === 'done' || message.told === 'failed') settle(message);
  });
  // the channel breaks when the child is gone, which `exit` tells
  child.on('error', (error) => {
    if (child.pid === undefined)
      die({ told: 'died', how: 'broke', reason: `it could not be started: ${error.message}` });
  });
  child.on('close', (code, signal) => die(deathOf(code, signal, lastWords, endedFor)));

  const send = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined);
  };
  return {
    scratch,
    ready: ready.promise,
    get answered() {
      return answered;
    },
    silentMillis: () => performance.now() - heardAt,
    residentBytes: () => residentBytesOf(child.pid),
    progress: () => progress,
    obey(order) {
      if (death) return Promise.resolve(death);
      answer = Promise.withResolvers<Answer>();
      heardAt = performance.now();
      progress = { stage: '', bytesRead: 0, bytesTotal: 0 };
      send(order);
      return answer.promise;
    },
    kill,
    end() {
      send({ order: 'end' });
      const timer = setTimeout(() => kill('it did not end'), 5000);
      return gone.promise.finally(() => clearTimeout(timer));
    },
    stop(graceMillis) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => kill('the batch was stopped'), graceMillis);
      return gone.promise.finally(() => clearTimeout(timer));
    },
  };
}

/** Resident memory of a process; 0 where the system does not tell. */
function residentBytesOf(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1] ?? 0) * pageBytes;
  } catch {
    return 0;
  }
}

function deathOf(code: number | null, signal: string | null, lastWords: string, endedFor?: string): Death {
  if (endedFor !== undefined) return { told: 'died', how: 'ended', reason: endedFor };
  const died = (how: Death['how'], reason: string): Death => ({ told: 'died', how, reason });
  if (signal === 'SIGABRT' || code === 134) {
    const heap = /heap out of memory|Reached heap limit|invalid array length/i.test(lastWords);
    return died(
      'broke',
      heap ? 'its process ran out of memory' : 'its process ended itself in the middle of it (SIGABRT)',
    );
  }
  if (signal === 'SIGSEGV' || signal === 'SIGBUS' || signal === 'SIGILL' || signal === 'SIGTRAP')
    return died('broke', `its process broke down (${signal})`);
  if (signal !== null)
    return died('taken', `its process was ended from outside, most often by the system for want of memory (${signal})`);
  return died('broke', `its process ended in the middle of it (exit code ${code})`);
}
