// What a run has begun to write and not finished: a failure or a signal takes it away again, in one turn.

import { rmdirSync, unlinkSync } from 'node:fs';

export interface Unfinished {
  /** Files under their temporary names. */
  readonly temporaries: string[];
  /** Folders that were made for them, outermost first. */
  readonly folders: string[];
}

const open = new Set<Unfinished>();

export function beginUnfinished(): Unfinished {
  const work: Unfinished = { temporaries: [], folders: [] };
  open.add(work);
  return work;
}

/** All of it stands where it belongs: nothing is left to drop. */
export function keep(work: Unfinished): void {
  work.temporaries.length = 0;
  work.folders.length = 0;
  open.delete(work);
}

/** Takes the temporary files away, and the folders where nothing else lies in them by now. */
export function drop(work: Unfinished): void {
  for (const path of work.temporaries) quietly(() => unlinkSync(path));
  for (const path of [...work.folders].reverse()) quietly(() => rmdirSync(path));
  open.delete(work);
}

/** For the end of the process: nothing that is half written stays. */
export function dropAll(): void {
  for (const work of open) drop(work);
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Already gone, or in use by another; what went wrong before is what gets told.
  }
}
