// Reads zstd, frame after frame.

import { createZstdDecompress } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';
import { decoded, isDataError } from './replay.ts';

export async function* unzstd(input: ByteReader, notes: Notes): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  const start = await input.peek(16);
  if (start.subarray(4).every((byte) => byte === 0)) {
    throw new Cut('UNSUPPORTED_FORMAT', 'it begins like zstd, but no frame follows');
  }
  for (;;) {
    try {
      for await (const chunk of decoded(() => createZstdDecompress({ chunkSize: 1 << 20 }), input)) {
        sizeBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!isDataError(error)) throw error;
      input.throwIfCut();
      const ended = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
      if (ended)
        throw new Cut('ARCHIVE_TRUNCATED', `the zstd data ends early, after ${sizeBytes} bytes of its content`);
      throw new Cut('ARCHIVE_CHECKSUM', `the zstd data is damaged after ${sizeBytes} bytes: ${String(error)}`);
    }
    const head = await input.peek(4);
    if (head.length === 0) break;
    if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) continue;
    notes.info('ARCHIVE_TRAILING_GARBAGE', 'other bytes follow the end of the zstd data');
    break;
  }
  input.throwIfCut();
}
