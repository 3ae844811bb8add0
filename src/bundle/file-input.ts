// The input file itself: read once as a stream and hashed on the way, or anywhere when its format asks for that.

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Access } from './zip-directory.ts';

const readBytes = 256 * 1024;

export interface FileInput {
  readonly sizeBytes: number;
  readonly chunks: () => AsyncGenerator<Uint8Array>;
  readonly access: Access;
  /** Of the whole file, whatever was read of it before. */
  sha256(): Promise<string>;
  /** True when the file is not what it was at the beginning. */
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

export async function openFileInput(path: string, onProgress: (bytesRead: number) => void): Promise<FileInput> {
  const handle = await open(path, 'r');
  const before = await handle.stat();
  let digest: string | undefined;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let at = 0;
    for (;;) {
      const chunk = await readAt(handle, at, readBytes);
      if (chunk.length === 0) break;
      hash.update(chunk);
      at += chunk.length;
      onProgress(at);
      yield chunk;
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
      if (digest === undefined) for await (const _ of chunks());
      return digest!;
    },
    async hasChanged() {
      const after = await handle.stat();
      return after.size !== before.size || after.mtimeMs !== before.mtimeMs;
    },
    close: () => handle.close(),
  };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
