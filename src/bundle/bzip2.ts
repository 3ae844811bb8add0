// Reads bzip2 with seek-bzip, block by block, with as much input in memory as a block can need.

import { setImmediate as nextTurn } from 'node:timers/promises';
import Bunzip from 'seek-bzip';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';

/** A block holds 900 kB; 20 bits a symbol is the worst its code can do. */
const blockInputBytes = 3 << 20;

export async function* bunzip2(input: ByteReader, notes: Notes): AsyncGenerator<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  let contentBytes = 0;
  let out = Buffer.alloc(1 << 20);
  let filled = 0;
  const source = {
    readByte(): number {
      if (at >= bytes.length) throw new Cut('ARCHIVE_TRUNCATED', `the bzip2 data ends after ${contentBytes} bytes`);
      return bytes[at++]!;
    },
    read(buffer: Uint8Array, offset: number, length: number): number {
      for (let index = 0; index < length; index++) buffer[offset + index] = source.readByte();
      return length;
    },
  };
  const sink = {
    writeByte(byte: number) {
      if (filled === out.length) out = Buffer.concat([out, Buffer.alloc(out.length)]);
      out[filled++] = byte;
    },
  };
  const refill = async () => {
    input.unread(bytes.subarray(at));
    bytes = await input.take(blockInputBytes);
    at = 0;
  };
  await refill();
  let decoder: Bunzip | undefined;
  for (;;) {
    let more = false;
    try {
      decoder ??= new Bunzip(source, sink);
      more = decoder._init_block();
      if (more) decoder._read_bunzip();
      else if (decoder.reader.read(32) >>> 0 !== decoder.streamCRC) {
        throw new Cut('ARCHIVE_CHECKSUM', 'the bzip2 checksum does not fit the data; all of it was read');
      }
    } catch (error) {
      if (filled > 0) yield out.subarray(0, filled);
      if (error instanceof Cut) {
        input.throwIfCut();
        throw error;
      }
      if (!(error instanceof Error && 'errorCode' in error)) throw error;
      throw new Cut('ARCHIVE_CHECKSUM', `the bzip2 data is damaged after ${contentBytes} bytes: ${error.message}`);
    }
    if (filled > 0) {
      contentBytes += filled;
      yield out.subarray(0, filled);
      out = Buffer.alloc(1 << 20);
      filled = 0;
    }
    await nextTurn();
    await refill();
    if (more) continue;
    if (bytes.length === 0) break;
    if (bytes[0] !== 0x42 || bytes[1] !== 0x5a || bytes[2] !== 0x68) {
      notes.info('ARCHIVE_TRAILING_GARBAGE', 'other bytes follow the end of the bzip2 data');
      break;
    }
    decoder = undefined;
  }
  input.throwIfCut();
}
