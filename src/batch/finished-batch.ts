// A batch that is over, as its output folder tells it: what an index over several of them takes up.

import { join, relative } from 'node:path';
import type { IndexEntry, IndexFailure } from '../report/render-index.ts';
import { savedIndex } from './fleet-database.ts';
import { entryOf, readJournal } from './journal.ts';

export interface FinishedBatch {
  /** Their folders are relative to that of the index. */
  readonly entries: readonly IndexEntry[];
  readonly failures: readonly IndexFailure[];
}

/** Throws where it is no batch, or not over: an index without what is missing would seem to be one of all. */
export function finishedBatch(folder: string, indexFolder: string): FinishedBatch {
  const rows = readJournal(folder);
  const index = savedIndex(folder);
  const listed = index ? index.bundles.length + index.failures.length : undefined;
  // a part to which nothing fell leaves an index, and no journal
  if (rows.length === 0 && listed !== 0) throw new Error(`${folder} is no output folder of a batch: it has no journal`);
  const waiting = rows.filter(({ state }) => state === 'waiting').length;
  if (waiting > 0 || index === undefined)
    throw new Error(
      `the batch in ${folder} is not over, ${waiting} of ${rows.length} wait: start it again, and then this`,
    );
  const entries = rows
    .filter(({ state }) => state === 'done')
    .map(entryOf)
    .map((entry) => ({ ...entry, folder: relative(indexFolder, join(folder, entry.folder)).replaceAll('\\', '/') }));
  // of a redacted batch the index alone says of a failure what may be said
  return { entries, failures: index.failures };
}
