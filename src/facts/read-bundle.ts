// Reads a bundle: archive entries stream in on this thread, workers turn them into facts.

import type { Catalogue } from '../bundle/catalogue.ts';
import { type Coverage, closeCoverage, type Gap, type GapCode } from '../bundle/coverage.ts';
import type { Limits } from '../bundle/limits.ts';
import { type Intake, readInput } from '../bundle/read-input.ts';
import type { Piece, Source } from '../bundle/source.ts';
import { createPool, type Pool, TaskError } from '../workers/pool.ts';
import { createTextKeeper, type TextKeeper } from './kept-text.ts';
import { createSourceWants, type Demand, type ParsedSource } from './parse-source.ts';
import type { Problem } from './parser.ts';
import { factTypes } from './parsers.ts';
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
const sourceTimeoutMillis = 60_000;

/** Rejects with `InputError` when the input is no bundle at all; everything less is a gap of the coverage. */
export async function readBundle(path: string, options: ReadOptions): Promise<Bundle> {
  const pool: Pool<Piece, ParsedSource> = createPool(new URL('./parse-task.ts', import.meta.url), {
    size: options.jobs,
    setup: options.demand,
    timeoutMillis: sourceTimeoutMillis,
  });
  const builder = createStoreBuilder(factTypes);
  const text = createTextKeeper();
  const gaps: Gap[] = [];
  const tasks = new Set<Promise<void>>();
  let inFlight = 0;

  async function deliver(piece: Piece): Promise<void> {
    const bytes = piece.bytes.byteLength;
    inFlight += bytes;
    const task = pool
      .run(piece, [piece.bytes.buffer as ArrayBuffer])
      .then((parsed) => {
        builder.add(piece.source, piece.firstLine, parsed);
        if (parsed.kept) text.keep(piece.source.path, parsed.kept);
        gaps.push(...parsed.problems.map((problem) => gapOf(problem, piece.source.path)));
      })
      .catch((error: unknown) => {
        if (!(error instanceof TaskError)) throw error;
        gaps.push({ code: crashCodes[error.reason], path: piece.source.path, detail: error.message });
      })
      .finally(() => {
        inFlight -= bytes;
        tasks.delete(task);
      });
    tasks.add(task);
    while (inFlight > inFlightBytes) await Promise.race(tasks);
  }

  try {
    const { limits, signal, onProgress } = options;
    const catalogue = only(options.catalogue, createSourceWants(options.demand));
    const intake = await readInput(
      path,
      { catalogue, limits, ...(signal && { signal }), ...(onProgress && { onProgress }) },
      deliver,
    );
    await Promise.all(tasks);
    return { intake, facts: builder.seal(intake.newestModified), text, coverage: closeCoverage(intake, gaps) };
  } finally {
    await pool.close();
  }
}

const crashCodes: Readonly<Record<TaskError['reason'], GapCode>> = {
  threw: 'WORKER_CRASH',
  exited: 'WORKER_CRASH',
  timeout: 'LIMIT_TIME',
  'out-of-memory': 'WORKER_OOM',
};

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
