// What all containers of one input share, and what ends the reading of all of them.

import type { Catalogue, Claim } from './catalogue.ts';
import { Stop } from './cut.ts';
import type { Meter } from './decompress.ts';
import type { Deliver } from './deliver.ts';
import type { Ledger } from './ledger.ts';
import { type Limits, limitText } from './limits.ts';
import type { Link } from './links.ts';
import type { ModifiedTimes } from './modified-times.ts';

export interface Run {
  readonly catalogue: Catalogue;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly deliver: Deliver;
  readonly links: Link[];
  readonly claims: Claim[];
  readonly signal?: AbortSignal | undefined;
  /** A path can come twice: not in a folder. */
  readonly canRepeat: boolean;
  expandedBytes: number;
  /** Set when a limit of the whole run was reached while a file was handed on. */
  stop?: Stop;
  readonly modified: ModifiedTimes;
}

/** Where a container lies: what its members' paths begin with, and how many archives deep that is. */
export interface Place {
  readonly base: string;
  readonly depth: number;
}

/** Throws when the run is to end. A signal that timed out leaves a report of what was read; any other leaves none. */
export function goOn({ stop, signal, limits }: Run): void {
  if (stop) throw stop;
  if (!signal?.aborted) return;
  const { reason } = signal;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    throw new Stop('LIMIT_TIME', `the rest was not read; ${limitText('archiveMillis', limits.archiveMillis)}`);
  throw reason;
}

export const meterOf = (run: Run, inputBytes: () => number): Meter => ({
  inputBytes,
  count(bytes) {
    goOn(run);
    run.expandedBytes += bytes;
    if (run.expandedBytes > run.limits.expandedBytes) {
      throw new Stop(
        'LIMIT_TOTAL',
        `expands to more than is read; ${limitText('expandedBytes', run.limits.expandedBytes)}`,
      );
    }
  },
});
