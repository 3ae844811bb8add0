// An input that comes as a stream: standard input or a named pipe, read once from its first byte to its last.

import { createHash } from 'node:crypto';
import { read } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { Cut, InputError } from './cut.ts';
import { type ByteInput, unreadableFrom } from './file-input.ts';

/** In place of a path; a file of this name is `./-`. */
export const standardInput = '-';
/** What it is called where a bundle needs a name. */
export const standardInputName = 'standard-input';

const standardInputDescriptor = 0;
/** A pipe gives 64 KiB at a time: several make one chunk, so that what comes after has less to do. */
const chunkBytes = 256 * 1024;
/** A pipe that was set not to block says that nothing is there yet. */
const emptyPipeMillis = 5;
const readSome = promisify(read);

/** False of what cannot be looked at: it is told when it is opened as a file. */
export async function isStream(path: string): Promise<boolean> {
  if (path === standardInput) return true;
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFIFO() === true;
}

/** Waits for the writer of a named pipe. `sizeBytes` is what came so far; nothing can be read but in its order. */
export async function openStreamInput(path: string, onProgress: (bytesRead: number) => void): Promise<ByteInput> {
  if (path === standardInput && isatty(standardInputDescriptor)) {
    const advice = 'Pipe an archive into it, as in: ssh host cat bundle.tar.gz | drydock analyze -';
    throw new InputError('FILE_UNREADABLE', path, 'standard input is a terminal', advice);
  }
  const handle: FileHandle | undefined = path === standardInput ? undefined : await open(path);
  const descriptor = handle?.fd ?? standardInputDescriptor;
  const hash = createHash('sha256');
  let sizeBytes = 0;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      let filled = 0;
      let cut: Cut | undefined;
      try {
        filled = await fill(descriptor, buffer, (bytes) => {
          filled = bytes;
        });
      } catch (error) {
        cut = unreadableFrom(sizeBytes + filled, error);
      }
      const chunk = buffer.subarray(0, filled);
      hash.update(chunk);
      sizeBytes += filled;
      onProgress(sizeBytes);
      if (filled > 0) yield chunk;
      if (cut) throw cut;
      if (filled < chunkBytes) return;
    }
  }

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    chunks,
    access: undefined,
    async sha256(isReadOn = true) {
      // what follows the end of an archive is read for this alone, and never of a stream that was too long
      try {
        if (isReadOn) for await (const _ of chunks());
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
      }
      return hash.digest('hex');
    },
    change: async () => undefined,
    close: async () => {
      await handle?.close().catch(() => undefined);
    },
  };
}

/** Until the buffer is full or the stream ends; tells how far it is after each step. */
async function fill(descriptor: number, buffer: Buffer, onFilled: (bytes: number) => void): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const bytesRead = await readSome(descriptor, buffer, filled, buffer.length - filled, null).then(
      (result) => result.bytesRead,
      async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EAGAIN') throw error;
        await setTimeout(emptyPipeMillis);
        return -1;
      },
    );
    if (bytesRead === 0) break;
    filled += Math.max(0, bytesRead);
    onFilled(filled);
  }
  return filled;
}
