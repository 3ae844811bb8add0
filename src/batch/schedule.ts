// Which bundle begins next: the largest that the memory allows beside those that run.

import type { Bundle } from './plan.ts';

const mebibyte = 1024 * 1024;
/**
 * A child by itself, and what each byte of an archive adds at most: docs/scaling.md has the 29 archives this was measured
 * over. Small ones that hold hundreds of times their size may take more.
 */
const childBytes = 320 * mebibyte;
const perArchiveByte = 34;
/** Archives of text shrink to a tenth or less. */
const packing = 10;
const mostBytes = 4096 * mebibyte;

export interface Waiting {
  readonly bundle: Bundle;
  /** Of earlier tries: it begins only when nothing else runs, and nothing begins beside it. */
  readonly alone: boolean;
}

/** What a child may come to hold for a bundle; a first guess, the watch sees what it is. */
export const memoryFor = ({ kind, sizeBytes }: Bundle): number =>
  Math.min(mostBytes, childBytes + perArchiveByte * (kind === 'folder' ? sizeBytes / packing : sizeBytes));

/** Largest first, equal ones by path: the order of all work, the same in every run. */
export const byWork = (a: Bundle, b: Bundle): number =>
  b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** Position of the one to begin now; undefined while none may. `waiting` is in the order of work. */
export function nextOf(
  waiting: readonly Waiting[],
  running: readonly Waiting[],
  room: { readonly children: number; readonly budgetBytes: number },
): number | undefined {
  if (waiting.length === 0 || running.length >= room.children || running.some(({ alone }) => alone)) return undefined;
  // whatever it takes, one bundle has to run
  if (running.length === 0)
    return Math.max(
      0,
      waiting.findIndex(({ alone }) => !alone),
    );
  const held = running.reduce((sum, { bundle }) => sum + memoryFor(bundle), 0);
  const found = waiting.findIndex(({ bundle, alone }) => !alone && held + memoryFor(bundle) <= room.budgetBytes);
  return found < 0 ? undefined : found;
}
