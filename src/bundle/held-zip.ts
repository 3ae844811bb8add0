// A zip inside another archive, held as a whole: its directory is at its end.

import type { ByteReader } from './byte-reader.ts';
import { Cut } from './cut.ts';
import { limitText } from './limits.ts';
import type { Access } from './zip-directory.ts';

const blockBytes = 1 << 20;

/** What came before the cut can be read; past the limit nothing is. */
export async function hold(reader: ByteReader, maxBytes: number): Promise<{ access: Access; cut?: Cut }> {
  const blocks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of reader) {
      if (sizeBytes + chunk.length > maxBytes) {
        const way = `unpack it and give it by itself; ${limitText('heldZipBytes', maxBytes)}`;
        return { access: accessOf([], 0), cut: new Cut('LIMIT_FILE', `too large a zip inside an archive: ${way}`) };
      }
      for (let at = 0; at < chunk.length; ) {
        const filled = sizeBytes % blockBytes;
        if (filled === 0) blocks.push(Buffer.allocUnsafeSlow(blockBytes));
        const part = chunk.subarray(at, at + blockBytes - filled);
        blocks.at(-1)!.set(part, filled);
        at += part.length;
        sizeBytes += part.length;
      }
    }
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return { access: accessOf(blocks, sizeBytes), cut: error };
  }
  return { access: accessOf(blocks, sizeBytes) };
}

function accessOf(blocks: readonly Buffer[], sizeBytes: number): Access {
  return {
    sizeBytes,
    async read(offset, length) {
      // an offset comes from the archive and may be any number
      if (!(offset >= 0 && offset < sizeBytes)) return Buffer.alloc(0);
      const end = Math.min(sizeBytes, offset + length);
      const parts: Buffer[] = [];
      for (let at = offset; at < end; ) {
        const start = at % blockBytes;
        const part = blocks[Math.floor(at / blockBytes)]!.subarray(start, start + end - at);
        parts.push(part);
        at += part.length;
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    },
  };
}
