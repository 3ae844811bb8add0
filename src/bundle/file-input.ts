// The input file itself: read once as a stream and hashed on the way, or anywhere when its format asks for that.

import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Cut, InputError } from './cut.ts';
import type { Access } from './zip-directory.ts';

const readBytes = 256 * 1024;

export interface ByteInput {
  readonly sizeBytes: number;
  /** Throws a `Cut` where the file cannot be read on. */
  readonly chunks: () => AsyncGenerator<Uint8Array>;
  /** Absent for a stream: nothing of it can be read but in its order. */
  readonly access: Access | undefined;
  /**
   * Of the whole file, whatever was read of it before; of one that cannot be read on, of what comes before that, and so
   * of a stream that is not to be read on.
   */
  sha256(isReadOn?: boolean): Promise<string>;
  /** What says that the file is not what it was at the beginning. */
  change(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface FileInput extends ByteInput {
  readonly access: Access;
}

export async function openFileInput(path: string, onProgress: (bytesRead: number) => void): Promise<FileInput> {
  // A pipe that took the place of the file must not be waited for.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) {
      const advice = 'Give a folder, an archive or a single file.';
      throw new InputError('FILE_UNREADABLE', path, `${path} is neither a file nor a folder`, advice);
    }
    return inputOf(path, handle, stats, onProgress);
  } catch (error) {
    await close(handle);
    throw error;
  }
}

function inputOf(path: string, handle: FileHandle, before: Stats, onProgress: (bytesRead: number) => void): FileInput {
  let digest: string | undefined;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let at = 0;
    try {
      for (;;) {
        const chunk = await readSome(handle, Buffer.allocUnsafe(readBytes), at);
        if (chunk.length === 0) break;
        hash.update(chunk);
        at += chunk.length;
        onProgress(at);
        yield chunk;
      }
    } catch (error) {
      if (error instanceof Cut) digest = hash.digest('hex');
      throw error;
    }
    digest = hash.digest('hex');
  }

  return {
    sizeBytes: before.size,
    chunks,
    access: {
      sizeBytes: before.size,
      async read(offset, length) {
        // an offset comes from the archive and may be any number
        if (!(offset >= 0 && offset < before.size)) return Buffer.alloc(0);
        const bytes = await readAt(handle, offset, Math.min(length, before.size - offset));
        onProgress(Math.min(before.size, offset + bytes.length));
        return bytes;
      },
    },
    async sha256() {
      // a reader that stopped early, or jumped about, leaves the rest to be read for this alone
      try {
        if (digest === undefined) for await (const _ of chunks());
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
      }
      return digest!;
    },
    async change() {
      try {
        const after = await handle.stat();
        const isSame = after.size === before.size && after.mtimeMs === before.mtimeMs;
        return isSame ? await replacement(path, before) : 'the file changed while it was read';
      } catch (error) {
        return `whether the file changed while it was read cannot be told: ${codeOf(error)}`;
      }
    },
    close: () => close(handle),
  };
}

/** The open file stays the old one when another is moved to its path. */
async function replacement(path: string, before: Stats): Promise<string | undefined> {
  const now = await stat(path).catch((error: unknown) => codeOf(error));
  if (typeof now === 'string') return `the file was taken away while it was read (${now})`;
  if (now.ino === before.ino && now.dev === before.dev) return undefined;
  return 'another file took its place while it was read; what is told here is of the first one';
}

/** Nothing was written through it: a failure costs nothing. */
async function close(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { length: bytesRead } = await readSome(handle, buffer.subarray(filled), offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** What one call gives, so that nothing that was read is lost with what cannot be. */
async function readSome(handle: FileHandle, into: Buffer, offset: number): Promise<Buffer> {
  try {
    const { bytesRead } = await handle.read(into, 0, into.length, offset);
    return into.subarray(0, bytesRead);
  } catch (error) {
    throw unreadableFrom(offset, error);
  }
}

/** Throws what is no error of the system. */
export const unreadableFrom = (offset: number, error: unknown): Cut =>
  new Cut('FILE_UNREADABLE', `cannot be read from byte ${offset} on: ${codeOf(error)}`);

const codeOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
};
