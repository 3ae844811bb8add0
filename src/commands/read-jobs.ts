// Reads `--jobs`: how many worker threads.

import { availableParallelism } from 'node:os';
import { UsageError } from './terminal.ts';

/** Each thread may take the memory of one worker; past the cores it gains nothing. */
const mostJobs = 64;

export function readJobs(text: string | undefined): number {
  if (text === undefined) return Math.min(mostJobs, Math.max(1, availableParallelism()));
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs)
    throw new UsageError(`--jobs ${text}: say a whole number from 1 to ${mostJobs}`);
  return jobs;
}
