// A batch whose bundles are analysed by workers: what it needs of the queue.

import type { CrewLimits, CrewOptions } from '../batch/crew.ts';
import type { Elsewhere } from '../batch/run-batch.ts';
import { createQueueCrew } from './queue-crew.ts';
import type { Desk } from './redis.ts';

export interface ElsewhereOptions {
  readonly desk: Desk;
  readonly version: string;
  /** Absolute. */
  readonly output: string;
  /** For the children of workers: every path in it is absolute. */
  readonly words: readonly string[];
  readonly limits: CrewLimits;
  readonly reasons: CrewOptions['reasons'];
  /** False: the run ends when all is in the queue. */
  readonly waits: boolean;
  warn(text: string): void;
  /** How many bundles of this batch lie in the queue, or are with workers. */
  onHandedOut(count: number): void;
}

export const elsewhere = (options: ElsewhereOptions): Elsewhere => ({
  crew: (own, digestOf) =>
    createQueueCrew(own, {
      ...options,
      async jobOf(bundle) {
        const { files, ...digest } = await digestOf(bundle);
        const { version, output, words, limits, reasons } = options;
        // as it was asked for means nothing in another folder
        const there = { ...bundle, input: bundle.path };
        return { job: { version, filesDigest: files, output, bundle: there, words, limits, reasons }, digest };
      },
    }),
  inUse: () => options.desk.workers(),
});
