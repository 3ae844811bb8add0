// Threads of an analysis start while this one still loads its rules and reads: a small bundle takes no longer than that.

import type { Limits } from '../bundle/limits.ts';
import { startEarly } from '../workers/early.ts';

/** One of those that parse, and one of those that run rules. */
export function startThreads({ workerBytes }: Limits): void {
  startEarly(new URL('../facts/parse-task.ts', import.meta.url), workerBytes);
  startEarly(new URL('../report/report-task.ts', import.meta.url), workerBytes);
}
