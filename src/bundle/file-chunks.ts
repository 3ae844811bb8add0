// Reads one file of a folder as it was when the folder was listed, and tells when it is that no longer.

import type * as fs from 'node:fs';
import { constants } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Cut } from './cut.ts';

/** What is asked of the file system; tests put faults in. */
export type Files = Pick<
  typeof fs,
  | 'readdirSync'
  | 'opendirSync'
  | 'statfsSync'
  | 'lstatSync'
  | 'readlinkSync'
  | 'openSync'
  | 'fstatSync'
  | 'readSync'
  | 'closeSync'
>;

/** What a file was when it was listed. Its inode is left out: some network and user-space file systems make it up anew. */
export type Listing = Pick<fs.Stats, 'size' | 'mtimeMs'>;

const readBytes = 1 << 20;

/** At most the bytes that were listed: a log that is written faster than it is read must not keep a run from ending. */
export async function* chunksOfFile(
  file: Buffer,
  { size, mtimeMs }: Listing,
  files: Files,
): AsyncGenerator<Uint8Array> {
  const handle = open(file, files);
  try {
    if (!files.fstatSync(handle).isFile()) throw new Cut('INPUT_CHANGED', 'it was a file when it was listed');
    let left = size;
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(readBytes, left));
      const bytes = files.readSync(handle, chunk);
      if (bytes === 0) break;
      left -= bytes;
      yield chunk.subarray(0, bytes);
      if (bytes === readBytes) await nextTurn();
    }
    const now = files.fstatSync(handle);
    if (now.size !== size) {
      throw new Cut('INPUT_CHANGED', `it had ${size} bytes when it was listed, and ${now.size} when it was read`);
    }
    if (now.mtimeMs !== mtimeMs) throw new Cut('INPUT_CHANGED', 'it was written to after it was listed');
  } finally {
    close(handle, files);
  }
}

/** Nothing was written through it: a failure costs nothing. */
function close(handle: number, files: Files): void {
  try {
    files.closeSync(handle);
  } catch {
    // the system has taken it back all the same
  }
}

/** A link or pipe that took the place of the file since it was listed is neither followed nor waited for. */
function open(file: Buffer, files: Files): number {
  try {
    return files.openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const isGone = code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO' || code === 'ENOTDIR';
    if (isGone) throw new Cut('INPUT_CHANGED', `it was a file when it was listed, and is none now (${code})`);
    throw new Cut('FILE_UNREADABLE', `cannot be opened: ${code}`);
  }
}
