// What lies in the queue: one job for each bundle, by the digest of all that decides about its report.

import { createHash } from 'node:crypto';
import type { CrewLimits, CrewOptions } from '../batch/crew.ts';
import type { Done } from '../batch/messages.ts';
import type { Bundle } from '../batch/plan.ts';

/** Plain data: it crosses the queue as JSON. All paths are absolute, and the same on every machine. */
export interface Job {
  /** Of the program that asks; another one would write another report. */
  readonly version: string;
  /** Of all files that decide about a report beside its input. */
  readonly filesDigest: string;
  /** The output folder of the batch. */
  readonly output: string;
  readonly bundle: Bundle;
  /** The command line without inputs and output, for the children. */
  readonly words: readonly string[];
  readonly limits: CrewLimits;
  readonly reasons: CrewOptions['reasons'];
}

/** What a worker hands back. The files of a finished report lie in their place already. */
export type JobResult =
  | { readonly done: Done; readonly by: string }
  | { readonly failed: string; readonly advice: string; readonly by: string };

/** A worker that cannot do a job gives it back, and says why. */
export interface Refusal {
  readonly refused: string;
  readonly by: string;
}

export interface JobDigest {
  /** Of the content, or what stands for it where the input is a folder. */
  readonly input: string;
  /** Of version, rules and settings. */
  readonly settings: string;
}

/** The same work in the same place is one job, however often it is asked for. */
export function jobIdOf({ output, bundle }: Pick<Job, 'output' | 'bundle'>, { input, settings }: JobDigest): string {
  const parts = [input, settings, output, bundle.folder, bundle.path];
  return `bundle-${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
