// Takes the map of the holes off the body of a sparse file (GNU, version 1.0): what remains is the data between them.
//
//   2            regions
//   0            where the first lies in the file
//   512          its bytes
//   1048576
//   100          and padding up to a whole block
//
// The holes are not filled: they are NUL characters, so lines keep their numbers without them.

import { ByteReader, type Chunks } from './byte-reader.ts';
import { Cut } from './cut.ts';
import { blockBytes } from './tar-header.ts';

export async function* withoutSparseMap(body: Chunks, mostBytes: number): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(body);
  let left: number | undefined; // numbers still to come
  let line = '';
  let isComment = false;
  for (let read = 0; left === undefined || left > 0; read += blockBytes) {
    const block = await reader.take(blockBytes);
    if (block.length < blockBytes) reader.throwIfCut();
    if (block.length < blockBytes || read >= mostBytes) throw unreadable();
    for (const byte of block) {
      if (left === 0) break;
      if (byte !== 0x0a) {
        if (line === '' && byte === 0x23) isComment = true;
        if (line.length > 20 && !isComment) throw unreadable();
        if (!isComment) line += String.fromCharCode(byte);
        continue;
      }
      if (!isComment) {
        if (!/^\d+$/.test(line)) throw unreadable();
        left = left === undefined ? 2 * Number(line) : left - 1;
      }
      line = '';
      isComment = false;
    }
  }
  yield* reader;
}

const unreadable = () => new Cut('ARCHIVE_CORRUPT_HEADER', 'it is a sparse file whose map of holes cannot be read');
