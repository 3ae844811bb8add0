// Reads a bundle: archive entries stream in on this thread, workers turn them into facts.

import type { Catalogue } from '../bundle/catalogue.ts';
import { type Coverage, closeCoverage, type Gap, type GapCode } from '../bundle/coverage.ts';
import { type Limits, limitText } from '../bundle/limits.ts';
import { type Case, readCase } from '../bundle/read-case.ts';
import { type Intake, readInput } from '../bundle/read-input.ts';
import type { Piece, Source } from '../bundle/source.ts';
import { createPool, type Pool, TaskError } from '../workers/pool.ts';
import { measured } from '../workers/profile.ts';
import { unlessStopped } from '../workers/unless-stopped.ts';
import { createTextKeeper, type TextKeeper } from './kept-text.ts';
import { createLoads, outcomesOf } from './loads.ts';
import { createSourceWants, type Demand, type ParsedSource } from './parse-source.ts';
import type { Problem } from './parser.ts';
import { factTypes } from './parsers.ts';
import { createReadPieces, leftOutGaps, type ReadPiece } from './read-pieces.ts';
import { createStoreBuilder, type SealedFacts } from './seal-store.ts';

export interface Bundle {
  readonly intake: Intake;
  readonly facts: SealedFacts;
  readonly text: TextKeeper;
  readonly coverage: Coverage;
}

export interface ReadProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly entries: number;
}

export interface ReadOptions {
  readonly catalogue: Catalogue;
  readonly limits: Limits;
  readonly demand: Demand;
  /** Number of worker threads. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Bytes on their way to or in workers; past this the archive is not read further. */
const inFlightBytes = 48 * 1024 * 1024;
/** When the time for the input is over, what the workers hold may still be finished. */
const graceMillis = ({ archiveMillis }: Limits): number => Math.max(5_000, archiveMillis / 10);

/** `input`: a path, or a case. Rejects with `InputError` when it is no bundle at all; everything less is a gap of the coverage. */
export async function readBundle(input: string | Case, options: ReadOptions): Promise<Bundle> {
  const { limits } = options;
  const pool: Pool<readonly Piece[], readonly ParsedSource[]> = createPool(
    new URL('./parse-task.ts', import.meta.url),
    {
      size: options.jobs,
      setup: { demand: options.demand, limits },
      cpuMillis: limits.sourceMillis,
      memoryBytes: limits.workerBytes,
    },
  );
  const builder = createStoreBuilder(factTypes);
  const text = createTextKeeper();
  const gaps: Gap[] = [];
  const tasks = new Set<Promise<void>>();
  const pieces = createReadPieces(limits, options.demand.logPatterns);
  let inFlight = 0;
  let failure: { readonly error: unknown } | undefined;

  async function parse(load: readonly Piece[]): Promise<void> {
    const outcomes = await outcomesOf(load, pool.run);
    for (const [index, outcome] of outcomes.entries()) {
      // its bytes are let go
      const { bytes: _, ...piece } = load[index]!;
      if (outcome instanceof TaskError) gaps.push(gapOfTask(outcome, piece.source.path, limits));
      else pieces.add({ piece, parsed: outcome });
    }
  }

  const loads = createLoads((load) => {
    const bytes = load.reduce((sum, piece) => sum + piece.bytes.byteLength, 0);
    const task = parse(load)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        inFlight -= bytes;
        tasks.delete(task);
      });
    tasks.add(task);
  });

  async function deliver(piece: Piece): Promise<void> {
    inFlight += piece.bytes.byteLength;
    loads.add(piece);
    while (inFlight > inFlightBytes) await measured('wait', '', () => Promise.race(tasks));
    if (failure) throw failure.error;
  }

  const timeIsOver = AbortSignal.timeout(limits.archiveMillis);
  let grace: NodeJS.Timeout | undefined;
  const startGrace = () => {
    const late = new TaskError('timeout', limitText('archiveMillis', limits.archiveMillis));
    grace = setTimeout(() => pool.abandon(late), graceMillis(limits));
  };
  timeIsOver.addEventListener('abort', startGrace);
  try {
    const { onProgress } = options;
    const signal = AbortSignal.any([timeIsOver, ...(options.signal ? [options.signal] : [])]);
    const catalogue = only(options.catalogue, createSourceWants(options.demand));
    const how = { catalogue, limits, signal, ...(onProgress && { onProgress }) };
    const reading = typeof input === 'string' ? readInput(input, how, deliver) : readCase(input, how, deliver);
    const intake = await unlessStopped(reading, options.signal);
    loads.end();
    await measured('wait', '', () => unlessStopped(Promise.all(tasks), options.signal));
    if (failure) throw failure.error;
    // What the threads hold is let go before facts are copied.
    await pool.close();
    // Of several entries of one path one counts; the others were parsed before anybody knew of it.
    const isLast = ({ piece: { source, edition } }: ReadPiece) =>
      (edition ?? 0) === (intake.editions.get(source.path) ?? 0);
    const reads = pieces.take().filter(isLast);
    for (const { piece, parsed } of reads) {
      const { path } = piece.source;
      builder.add(piece.source, piece.firstLine, parsed);
      if (parsed.kept) text.keep(path, parsed.kept);
      gaps.push(...parsed.problems.map((problem) => gapOf(problem, path)));
    }
    gaps.push(...leftOutGaps(reads, limits));
    const facts = measured('seal', '', () => builder.seal(intake.newestModified));
    const infos = [...intake.infos, ...facts.joins.infos];
    return { intake, facts, text, coverage: closeCoverage({ ...intake, infos }, [...gaps, ...facts.joins.gaps]) };
  } finally {
    // Of a bundle that was read long ago no timer may keep the program from its end.
    timeIsOver.removeEventListener('abort', startGrace);
    clearTimeout(grace);
    await pool.close();
  }
}

const crashCodes: Readonly<Record<TaskError['reason'], GapCode>> = {
  threw: 'WORKER_CRASH',
  exited: 'WORKER_CRASH',
  timeout: 'LIMIT_TIME',
  'out-of-memory': 'WORKER_OOM',
};

const crashLimits = { timeout: 'sourceMillis', 'out-of-memory': 'workerBytes' } as const;

function gapOfTask({ reason, message }: TaskError, path: string, limits: Limits): Gap {
  const key = reason === 'timeout' || reason === 'out-of-memory' ? crashLimits[reason] : undefined;
  const detail = key && !message.includes('--limit') ? `${message}; ${limitText(key, limits[key])}` : message;
  return { code: crashCodes[reason], path, detail };
}

/** The catalogue without the sources that no parser and no rule asks for: they are not relevant, and cost nothing. */
function only(catalogue: Catalogue, wants: (source: Source) => boolean): Catalogue {
  const keep = (path: string, claim: ReturnType<Catalogue['classify']>) =>
    claim && wants({ path, ...claim }) ? claim : undefined;
  return {
    ...catalogue,
    classify: (path) => keep(path, catalogue.classify(path)),
    sniff: (path, head) => (catalogue.classify(path) ? undefined : keep(path, catalogue.sniff(path, head))),
  };
}

function gapOf({ code, span, detail }: Problem, path: string): Gap {
  const place = !span ? '' : span[0] === span[1] ? `line ${span[0]}: ` : `lines ${span[0]}–${span[1]}: `;
  return { code, path, detail: place + detail };
}
