// `drydock analyze` of several inputs: a child process for each, a journal, and an index over all.

import { isAbsolute, relative, resolve } from 'node:path';
import { batchLine } from '../batch/batch-line.ts';
import { JournalError } from '../batch/journal.ts';
import { type BatchOptions, RefusedError, runBatch } from '../batch/run-batch.ts';
import { type Limits, limitText } from '../bundle/limits.ts';
import type { Severity } from '../findings/outcome.ts';
import { elsewhere } from '../queue/elsewhere.ts';
import { openDesk } from '../queue/redis.ts';
import { dryRun } from './batch-dry-run.ts';
import { askedOf, inboxOf, once } from './batch-inputs.ts';
import { exitCodeOf, tallyOf, tallyText, tellFailed, tellOver } from './batch-told.ts';
import { mostChildrenFor, readBudget } from './read-budget.ts';
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
  readonly 'redact-key'?: string | undefined;
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
  /** Of all files that decide about a report beside its input; for `--dry-run`, which has no child to tell it. */
  readonly filesDigest: () => Promise<string>;
}

export async function batchCommand(wish: BatchWish, terminal: Terminal): Promise<ExitCode> {
  const { flags, limits, output } = wish;
  const { kin } = terminal;
  if (!kin) throw new Error('a batch needs a program that can be started again');
  if (resolve(output).includes('*'))
    throw new UsageError(`${output}: '*' in the name of an output folder would give rights to more than that folder`);
  refuseOwnKey(flags['redact-key'], output);
  const budgetBytes = readBudget(flags['memory-budget'], kin.memoryBytes);
  const settings = settingsOf(wish);
  if (flags['dry-run']) return await dryRun(wish, settings, terminal);
  const begun = terminal.clock();
  const watch = watchOf(limits);
  if (flags['no-wait'] && (flags.queue === undefined || flags.watch))
    throw new UsageError('--no-wait is for --queue, and not for an inbox that is watched');
  const desk = flags.queue === undefined ? undefined : await openDesk(flags.queue, terminal.warn);
  try {
    const options: BatchOptions = {
      output,
      reportNames: wish.reportNames,
      pid: kin.pid,
      nodePath: kin.nodePath,
      program: kin.program,
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
        over: (row, advice) => tellOver(row, advice, wish, terminal),
        wasOver: (row) => tellFailed(row, '', terminal),
        index(paths) {
          terminal.progress('');
          if (!wish.quiet) for (const path of paths) terminal.say(`Index: ${path}`);
        },
      },
    };
    const tally = await runBatch(options, (rows) => tallyOf(rows, wish.failOn));
    terminal.progress('');
    if (!wish.quiet) terminal.say(tallyText(tally));
    return exitCodeOf(tally, !flags['no-wait']);
  } catch (error) {
    if (error instanceof RefusedError || error instanceof JournalError) throw new UsageError(error.message);
    throw error;
  } finally {
    await desk?.close();
  }
}

/** Each report rewrites the map in its folder, and what is read of it would depend on which was first. */
function refuseOwnKey(key: string | undefined, output: string): void {
  const below = key === undefined ? '..' : relative(resolve(output), resolve(key));
  if (below.startsWith('..') || isAbsolute(below)) return;
  throw new UsageError(
    `--redact-key ${key} lies in the output folder, where it is written anew: copy it elsewhere first`,
  );
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

/** All that decides about a report beside the input and what lies in files, of which the children tell the digest. */
function settingsOf({ words, reportNames, limits }: BatchWish): string {
  const { childBytes, silentMillis, ...others } = limits;
  const further = words.filter(
    (word) => !/^--(?:format|limit|rules|pack|no-builtin-rules|settings|redact-key|redact-keywords)\b/.test(word),
  );
  return JSON.stringify([version, reportNames, others, further]);
}
