// `drydock analyze` of several inputs: a child process for each, a journal, and an index over all.

import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { batchLine } from '../batch/batch-line.ts';
import { watchInbox } from '../batch/inbox.ts';
import { entryOf, JournalError, type JournalRow, readJournal } from '../batch/journal.ts';
import { markOf } from '../batch/marks.ts';
import { type Asked, digestOfFile, planBatch, settingsDigest } from '../batch/plan.ts';
import { hasReport } from '../batch/results.ts';
import { type BatchOptions, RefusedError, runBatch } from '../batch/run-batch.ts';
import { fallsTo, readShard } from '../batch/shard.ts';
import { readSince } from '../batch/since.ts';
import { amountText, type Limits, limitText, readAmount } from '../bundle/limits.ts';
import type { Severity } from '../findings/outcome.ts';
import { elsewhere } from '../queue/elsewhere.ts';
import { openDesk } from '../queue/redis.ts';
import { severityLine } from '../report/render-summary.ts';
import { visibleLine } from '../report/visible.ts';
import { counted } from '../report/wording.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { version } from './version.ts';

/** The flags that only a batch knows, as they stand on the command line. */
export interface BatchFlags {
  readonly since?: string | undefined;
  readonly 'retry-failed': boolean;
  readonly 'dry-run': boolean;
  readonly watch: boolean;
  readonly 'memory-budget'?: string | undefined;
  readonly queue?: string | undefined;
  readonly 'no-wait': boolean;
  readonly shard?: string | undefined;
}

export interface BatchWish {
  readonly flags: BatchFlags;
  /** Paths; of a batch that watches, its inbox. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly reportNames: readonly string[];
  /** The command line without inputs, output and what only the parent heeds. */
  readonly words: readonly string[];
  readonly jobs: number;
  readonly limits: Limits;
  readonly failOn: (severity: Severity) => boolean;
  readonly quiet: boolean;
  /** With --redact. */
  readonly hidesNames: boolean;
  /** For `--dry-run`, which opens no bundle. */
  readonly rulesDigest: () => string;
}

/** A share of the memory, so that what else runs on the machine has its own. */
const budgetShare = 0.7;
const settleMillis = 3000;
const pollMillis = 1000;
const leastBudgetBytes = 512 * 1024 ** 2;

export async function batchCommand(wish: BatchWish, terminal: Terminal): Promise<ExitCode> {
  const { flags, limits, output } = wish;
  const { kin } = terminal;
  if (!kin) throw new Error('a batch needs a program that can be started again');
  if (resolve(output).includes('*'))
    throw new UsageError(`${output}: '*' in the name of an output folder would give rights to more than that folder`);
  const budgetBytes = readBudget(flags['memory-budget'], kin.memoryBytes);
  const settings = settingsOf(wish);
  if (flags['dry-run']) return await dryRun(wish, settings, terminal);
  const begun = terminal.clock();
  const watch = watchOf(limits);
  if (flags['no-wait'] && (flags.queue === undefined || flags.watch))
    throw new UsageError('--no-wait is for --queue, and not for an inbox that is watched');
  const desk = flags.queue === undefined ? undefined : await openDesk(flags.queue, terminal.warn);
  try {
    const rows = await runBatch({
      output,
      reportNames: wish.reportNames,
      pid: kin.pid,
      nodePath: kin.nodePath,
      words: wish.words,
      settings,
      retryFailed: flags['retry-failed'],
      hidesNames: wish.hidesNames,
      children: mostChildrenFor(wish.jobs, budgetBytes),
      jobs: wish.jobs,
      budgetBytes,
      ...watch,
      elsewhere: desk && elsewhere({ ...queueOf(wish, terminal), ...watch, desk }),
      signal: terminal.signal,
      inputs: flags.watch ? inboxOf(wish, terminal) : once(askedOf(wish, terminal)),
      hear: {
        warn: terminal.warn,
        progress: (progress) => terminal.progress(batchLine(progress, terminal.clock() - begun)),
        over: (row, isNew, advice) => tellOver(row, isNew, advice, wish, terminal),
        index(paths) {
          terminal.progress('');
          if (!wish.quiet) for (const path of paths) terminal.say(`Index: ${path}`);
        },
      },
    });
    terminal.progress('');
    tellScore(rows, wish, terminal);
    const over = flags['no-wait'] ? rows.filter(({ state }) => state !== 'waiting') : rows;
    return exitCodeOf(over, wish.failOn);
  } catch (error) {
    if (error instanceof RefusedError || error instanceof JournalError) throw new UsageError(error.message);
    throw error;
  } finally {
    await desk?.close();
  }
}

function queueOf({ output, words, flags, quiet }: BatchWish, terminal: Terminal) {
  return {
    version,
    output: resolve(output),
    words: words.map(withAbsolutePath),
    waits: !flags['no-wait'],
    warn: terminal.warn,
    onHandedOut(count: number) {
      if (!quiet && flags['no-wait']) terminal.say(`${count} bundles are in the queue or with workers`);
    },
  };
}

/** A worker runs in another folder. */
const withAbsolutePath = (word: string): string =>
  word.replace(/^(--(?:rules|settings|redact-key|redact-keywords)=)(.+)$/s, (_, flag, path) => flag + resolve(path));

export const mostChildrenFor = (jobs: number, budgetBytes: number): number =>
  Math.max(1, Math.min(jobs, Math.floor(budgetBytes / leastBudgetBytes)));

/** What a child may take of memory and time, and what is said of one that took more. */
const watchOf = (limits: Limits): Pick<BatchOptions, 'limits' | 'reasons'> => ({
  limits: {
    childBytes: limits.childBytes,
    silentMillis: limits.silentMillis,
    bundleMillis: limits.archiveMillis + limits.rulesMillis + 2 * limits.silentMillis,
  },
  reasons: {
    memory: `its process took more memory than one bundle may; ${limitText('childBytes', limits.childBytes)}`,
    silence: `its process gave no sign of life; ${limitText('silentMillis', limits.silentMillis)}`,
    time: `its process came to no end; ${limitText('archiveMillis', limits.archiveMillis)}`,
  },
});

/** All that decides about a report beside the input and the rules, of which the children tell the digest. */
function settingsOf({ words, reportNames, limits }: BatchWish): string {
  const { childBytes, silentMillis, ...others } = limits;
  const further = words.filter((word) => !/^--(?:format|limit|rules|pack|no-builtin-rules|settings)\b/.test(word));
  return JSON.stringify([version, reportNames, others, further]);
}

const once = async function* (asked: readonly Asked[]): AsyncGenerator<readonly Asked[]> {
  yield asked;
};

function askedOf({ inputs, flags }: BatchWish, terminal: Terminal): Asked[] {
  const since = sinceOf(flags.since);
  const isOurs = shardOf(flags.shard);
  const named = [...new Map(inputs.map((input) => [resolve(input), input]))].filter(([path]) => isOurs(path));
  const all = named.map(([path, input]): Asked => ({ ...markOf(input), path, input }));
  const young = all.filter(({ kind, modifiedMillis }) => kind === 'absent' || modifiedMillis >= since);
  if (young.length < all.length)
    terminal.warn(
      `drydock: ${all.length - young.length} of ${all.length} inputs are older than --since and not looked at`,
    );
  return young;
}

function shardOf(text: string | undefined): (path: string) => boolean {
  if (text === undefined) return () => true;
  const shard = readShard(text);
  if (shard === undefined) throw new UsageError(`--shard ${text}: say which part of how many, from 0/10 to 9/10`);
  return (path) => fallsTo(path, shard);
}

function sinceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const millis = readSince(text, Date.now());
  if (millis === undefined)
    throw new UsageError(
      `--since ${text}: say a day (2026-11-20), a time (2026-11-20T08:00Z) or how long ago (36h, 2d)`,
    );
  return millis;
}

async function* inboxOf(wish: BatchWish, terminal: Terminal): AsyncGenerator<readonly Asked[]> {
  const { inputs, flags } = wish;
  const [inbox, ...others] = inputs;
  const isFolder = inbox !== undefined && statSync(inbox, { throwIfNoEntry: false })?.isDirectory();
  if (inbox === undefined || others.length > 0 || !isFolder)
    throw new UsageError('--watch takes one input, the folder into which archives are put');
  readdirSync(inbox);
  const since = sinceOf(flags.since);
  const isOurs = shardOf(flags.shard);
  const { signal, warn } = terminal;
  for await (const some of watchInbox(inbox, { signal, warn, settleMillis, pollMillis })) {
    yield some.filter(({ modifiedMillis, path }) => modifiedMillis >= since && isOurs(path));
  }
}

export function readBudget(text: string | undefined, memoryBytes: number): number {
  if (text === undefined) return Math.floor(memoryBytes * budgetShare);
  const bytes = readAmount(text, 'bytes');
  if (bytes === undefined || bytes < leastBudgetBytes)
    throw new UsageError(`--memory-budget ${text}: say MiB or GiB, at least ${amountText(leastBudgetBytes, 'bytes')}`);
  return bytes;
}

function tellOver(row: JournalRow, isNew: boolean, advice: string, wish: BatchWish, terminal: Terminal): void {
  if (row.state === 'failed') {
    terminal.warn(`drydock: ${visibleLine(row.path)}: ${visibleLine(row.reason)}${advice && `\n  ${advice}`}`);
    return;
  }
  if (wish.quiet || !isNew) return;
  terminal.progress('');
  terminal.say(
    row.sameAs === ''
      ? `${visibleLine(join(wish.output, row.folder))}: ${summaryOf(row, terminal.color)}`
      : `${visibleLine(row.path)} is the same archive as ${visibleLine(row.sameAs)}`,
    'painted',
  );
}

function summaryOf(row: JournalRow, color: boolean): string {
  const { rules, gaps } = entryOf(row);
  const countOf = (severity: Severity) => rules.filter((rule) => rule.severity === severity).length;
  const counts = {
    critical: countOf('critical'),
    error: countOf('error'),
    warning: countOf('warning'),
    info: countOf('info'),
  };
  return [severityLine(counts, { color }), gaps > 0 && counted(gaps, 'gap')].filter(Boolean).join('; ');
}

function tellScore(rows: readonly JournalRow[], { quiet }: BatchWish, terminal: Terminal): void {
  if (quiet) return;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const waiting = rows.filter(({ state }) => state === 'waiting').length;
  const copies = rows.filter(({ sameAs }) => sameAs !== '').length;
  const parts = [
    `${rows.length} bundles`,
    `${rows.length - failed - waiting} with a report`,
    failed > 0 && `${failed} failed`,
    waiting > 0 && `${waiting} with the workers; the same command takes up what comes of them`,
  ];
  terminal.say([...parts, copies > 0 && `${copies} of them the same archive as another`].filter(Boolean).join(', '));
}

/** 2 when nothing came of the batch at all; a bundle without a report among others leaves it incomplete. */
export function exitCodeOf(rows: readonly JournalRow[], failsOn: (severity: Severity) => boolean): ExitCode {
  const done = rows.filter(({ state }) => state === 'done').map(entryOf);
  if (done.length === 0 && rows.length > 0) return 2;
  if (done.length < rows.length || done.some(({ gaps }) => gaps > 0)) return 3;
  return done.some(({ rules }) => rules.some(({ severity }) => failsOn(severity))) ? 1 : 0;
}

async function dryRun(wish: BatchWish, settings: string, terminal: Terminal): Promise<ExitCode> {
  if (wish.flags.watch) throw new UsageError('--dry-run says what would be done now; --watch waits for what comes');
  const plan = await planBatch(askedOf(wish, terminal), readJournal(wish.output), {
    settings: settingsDigest(settings, wish.rulesDigest()),
    retryFailed: wish.flags['retry-failed'],
    hidesNames: wish.hidesNames,
    hasReport: (row) => hasReport(wish.output, row, wish.reportNames),
    isUnderWay: () => false,
    digest: digestOfFile,
  });
  const todo = new Set(plan.waiting.map(({ path }) => path));
  for (const row of plan.rows) {
    const what = todo.has(row.path)
      ? `to be analysed into ${join(wish.output, row.folder)}`
      : row.sameAs !== ''
        ? `the same archive as ${row.sameAs}`
        : row.state === 'failed'
          ? `failed before, --retry-failed tries it again: ${visibleLine(row.reason)}`
          : `done, in ${join(wish.output, row.folder)}`;
    terminal.say(`${sizeText(row.sizeBytes).padStart(10)}  ${visibleLine(row.path)}: ${what}`);
  }
  const bytes = plan.waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  terminal.say(`${plan.waiting.length} of ${plan.rows.length} to be analysed, ${sizeText(bytes)}; nothing was written`);
  return 0;
}

function sizeText(bytes: number): string {
  const [unit, size] =
    bytes >= 1024 ** 3 ? ['GiB', 1024 ** 3] : bytes >= 1024 ** 2 ? ['MiB', 1024 ** 2] : ['KiB', 1024];
  return `${(bytes / Number(size)).toFixed(1)} ${unit}`;
}
