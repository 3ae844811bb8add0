// Reads xz with the WebAssembly decoder of xz-decompress.
//
// The package's own stream allows one decoder at a time, so that an .xz inside a .tar.xz would wait for ever, and two
// decoders in one instance spoil each other's memory. This drives the same decoder with the calls that stream makes, and
// gives each its own instance.

import xzDecompress from 'xz-decompress';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';

interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, length: number): void;
  get_next_output(context: number): number;
}
/** What the package keeps for itself; its version is pinned in package.json, and a test reads with it. */
interface Package {
  _moduleInstance?: { readonly exports: Decoder };
  _getModuleInstance(): Promise<void>;
}
const inside = xzDecompress.XzReadableStream as unknown as Package;
/** Words of a context in the memory of the decoder. */
const word = { bufferBytes: 0, input: 1, inputAt: 2, inputEnd: 3, output: 4, outputAt: 5 } as const;
const result = { ok: 0, end: 1, tooMuchMemory: 3, memoryLimit: 4, notXz: 5, unsupported: 6, inputEnded: 8 } as const;
const chunkBytes = 1 << 20;

/** Streams that follow each other, and the padding between them, are the decoder's own business. */
export async function* unxz(input: ByteReader, notes: Notes): AsyncGenerator<Uint8Array> {
  const decoder = idle.pop() ?? (await newDecoder());
  const context = decoder.create_context();
  // the decoder's memory can move whenever it runs
  const words = () => new Uint32Array(decoder.memory.buffer, context, 6);
  let chunk = new Uint8Array(chunkBytes);
  let filled = 0;
  let contentBytes = 0;
  let outputWasFull = false;
  let isSound = false;
  let last: Uint8Array = new Uint8Array(0);
  try {
    for (;;) {
      const before = words();
      if (before[word.inputAt] === before[word.inputEnd] && !outputWasFull) {
        // no input at all tells the decoder that the end is reached
        const more = (await nextOrEnd(input)) ?? new Uint8Array(0);
        if (more.length > 0) last = more.subarray(-footerMark.length);
        else if (!footerMark.equals(last)) {
          last = footerMark;
          const tail = tailOf(decoder, context);
          contentBytes += tail.length;
          if (filled > 0) yield chunk.subarray(0, filled);
          if (tail.length > 0) yield tail;
          chunk = new Uint8Array(chunkBytes);
          filled = 0;
        }
        const piece = more.subarray(0, before[word.bufferBytes]!);
        input.unread(more.subarray(piece.length));
        new Uint8Array(decoder.memory.buffer, before[word.input]!, piece.length).set(piece);
        decoder.supply_input(context, piece.length);
      }
      const code = decoder.get_next_output(context);
      const after = words();
      const bytes = after[word.outputAt]!;
      outputWasFull = bytes === after[word.bufferBytes];
      chunk.set(new Uint8Array(decoder.memory.buffer, after[word.output]!, bytes), filled);
      after[word.outputAt] = 0;
      filled += bytes;
      contentBytes += bytes;
      const isLast = code !== result.ok;
      if (filled > 0 && (isLast || filled + after[word.bufferBytes]! > chunk.length)) {
        yield chunk.subarray(0, filled);
        chunk = new Uint8Array(chunkBytes);
        filled = 0;
      }
      if (!isLast) continue;
      if (code === result.end || code === result.inputEnded) input.throwIfCut();
      if (code === result.end) {
        isSound = true;
        return;
      }
      if (code !== result.notXz || contentBytes === 0) throw failure(code, contentBytes);
      notes.info('ARCHIVE_TRAILING_GARBAGE', 'other bytes follow the end of the xz data');
      return;
    }
  } finally {
    if (isSound) {
      decoder.destroy_context(context);
      idle.push(decoder);
    }
  }
}

/** The last bytes of whole xz data. */
const footerMark = Buffer.from('YZ');
/** A symbol takes at most so many bytes, and the decoder begins none before it has them. */
const symbolBytes = 21;
const paddings = 32;

/**
 * What the last bytes of cut data still tell: without them a file of long runs would lose some kilobytes. The decoder gets
 * what could have followed, from all zeros to all ones; what it makes of all of them alike does not depend on it.
 */
function tailOf(decoder: Decoder, context: number): Uint8Array {
  const before = new Uint8Array(decoder.memory.buffer).slice();
  let same: Uint8Array | undefined;
  for (let index = 0; index < paddings; index++) {
    const made = withPadding(decoder, context, Math.round((index * 255) / (paddings - 1)));
    const memory = new Uint8Array(decoder.memory.buffer);
    memory.set(before);
    memory.fill(0, before.length);
    same ??= made;
    const end = same.findIndex((byte, at) => byte !== made[at]);
    if (end >= 0) same = same.subarray(0, end);
  }
  return same ?? new Uint8Array(0);
}

/** Byte by byte: the decoder drops what it made of the input it was given when it meets an error in it. */
function withPadding(decoder: Decoder, context: number, first: number): Uint8Array {
  const words = () => new Uint32Array(decoder.memory.buffer, context, 6);
  const parts: Uint8Array[] = [];
  for (let fed = 0; fed < symbolBytes; fed++) {
    new Uint8Array(decoder.memory.buffer)[words()[word.input]!] = fed === 0 ? first : first < 128 ? 0 : 255;
    decoder.supply_input(context, 1);
    for (;;) {
      const code = decoder.get_next_output(context);
      const after = words();
      const bytes = after[word.outputAt]!;
      parts.push(new Uint8Array(decoder.memory.buffer, after[word.output]!, bytes).slice());
      after[word.outputAt] = 0;
      if (code !== result.ok) return Buffer.concat(parts);
      if (bytes < after[word.bufferBytes]!) break;
    }
  }
  return Buffer.concat(parts);
}

/** Decoders that came to the end of their data. One that met bad data is left to the garbage collector. */
const idle: Decoder[] = [];
let making: Promise<unknown> = Promise.resolve();

/** One at a time: the package leaves the instance it makes in a place that all share. */
function newDecoder(): Promise<Decoder> {
  const made = making.then(async () => {
    await inside._getModuleInstance();
    return inside._moduleInstance!.exports;
  });
  making = made.catch(() => {});
  return made;
}

async function nextOrEnd(input: ByteReader): Promise<Uint8Array | undefined> {
  try {
    return await input.next();
  } catch (error) {
    if (error instanceof Cut) return undefined;
    throw error;
  }
}

function failure(code: number, contentBytes: number): Cut {
  const place = `after ${contentBytes} bytes of its content`;
  switch (code) {
    case result.inputEnded:
      return new Cut('ARCHIVE_TRUNCATED', `the xz data ends early, ${place}`);
    case result.unsupported:
      return new Cut('UNSUPPORTED_FORMAT', 'xz with a filter or check other than LZMA2, CRC32, CRC64 (delta, BCJ …)');
    case result.tooMuchMemory:
    case result.memoryLimit:
      return new Cut('UNSUPPORTED_FORMAT', 'xz with a dictionary too large for the decoder');
    default:
      return new Cut('ARCHIVE_CHECKSUM', `the xz data is damaged ${place} (the decoder says ${code})`);
  }
}
