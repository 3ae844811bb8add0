// Hands the bytes of a claimed file on: whole, or a long log in pieces that end at line ends.

import type { ByteReader } from './byte-reader.ts';
import { Cut, Stop } from './cut.ts';
import { type Limits, limitText } from './limits.ts';
import { newlines } from './newlines.ts';
import type { Piece, Source } from './source.ts';
import { withoutUtf16 } from './utf16.ts';

export type Deliver = (piece: Piece) => void | Promise<void>;

export interface Delivered {
  readonly sizeBytes: number;
  /** Some of it was handed on. */
  readonly delivered: boolean;
  /** Why not all of it was. A `Stop` goes on up once the last piece is handed on. */
  readonly cut?: Cut | Stop;
}

/** One file as one piece. Memory for what its container declares is taken at once, so that nothing is held twice. */
export async function deliverWhole(
  input: ByteReader,
  source: Source,
  limits: Limits,
  deliver: Deliver,
  declaredBytes = 0,
): Promise<Delivered> {
  let bytes = new Uint8Array(Math.min(declaredBytes, limits.fileBytes));
  let sizeBytes = 0;
  let cut: Cut | Stop | undefined;
  for (;;) {
    const chunk = await nextOf(input, (reason) => {
      cut = reason;
    });
    if (!chunk) break;
    const filled = sizeBytes;
    sizeBytes += chunk.length;
    if (sizeBytes > limits.fileBytes) {
      const detail = `a larger file of kind ${source.kind} than is read; ${limitText('fileBytes', limits.fileBytes)}`;
      return { sizeBytes, delivered: false, cut: new Cut('LIMIT_FILE', detail) };
    }
    if (sizeBytes > bytes.length) bytes = grown(bytes, sizeBytes);
    bytes.set(chunk, filled);
  }
  if (sizeBytes > 0) await deliver({ source, bytes: bytes.subarray(0, sizeBytes), firstLine: 1, last: true });
  return { sizeBytes, delivered: sizeBytes > 0, ...(cut && { cut }) };
}

/** A log in pieces of at most `pieceBytes`. Of a line longer than a piece only the beginning is handed on. */
export async function deliverLog(
  file: ByteReader,
  source: Source,
  limits: Limits,
  deliver: Deliver,
): Promise<Delivered> {
  const input = await withoutUtf16(file);
  let chunks: Uint8Array[] = [];
  let held = 0;
  let sizeBytes = 0;
  let firstLine = 1;
  let pieces = 0;
  let inLongLine = false;
  let longLine: Cut | undefined;
  let cut: Cut | Stop | undefined;

  const hand = async (bytes: Uint8Array, last: boolean) => {
    const piece = { source, bytes, firstLine, last };
    if (!last) firstLine += newlines(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    pieces++;
    await deliver(piece);
  };
  const handFull = async () => {
    const bytes = joined(chunks, held);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end > 0) {
      chunks = end === bytes.length ? [] : [bytes.subarray(end)];
      held -= end;
      await hand(end === bytes.length ? bytes : bytes.slice(0, end), false);
      return;
    }
    longLine ??= new Cut(
      'FILE_TRUNCATED',
      `the rest of the long line ${firstLine} was left out; ${limitText('pieceBytes', limits.pieceBytes)}`,
    );
    chunks = [];
    held = 0;
    inLongLine = true;
    await hand(bytes, false);
  };

  while (!cut) {
    let chunk = await nextOf(input, (reason) => {
      cut = reason;
    });
    if (!chunk) break;
    sizeBytes += chunk.length;
    if (sizeBytes > limits.logBytes) {
      cut = new Cut('LIMIT_FILE', `the rest of the log was not read; ${limitText('logBytes', limits.logBytes)}`);
      chunk = chunk.subarray(0, chunk.length - (sizeBytes - limits.logBytes));
    }
    if (inLongLine) {
      const end = chunk.indexOf(0x0a);
      if (end < 0) continue;
      // the newline itself goes on, so that the lines keep their numbers
      chunk = chunk.subarray(end);
      inLongLine = false;
    }
    while (held + chunk.length > limits.pieceBytes) {
      const fits = chunk.subarray(0, limits.pieceBytes - held);
      chunks.push(fits);
      held += fits.length;
      chunk = chunk.subarray(fits.length);
      await handFull();
      if (!inLongLine) continue;
      const end = chunk.indexOf(0x0a);
      if (end >= 0) inLongLine = false;
      chunk = end < 0 ? chunk.subarray(chunk.length) : chunk.subarray(end);
    }
    if (chunk.length === 0) continue;
    chunks.push(chunk);
    held += chunk.length;
  }
  if (held > 0 || pieces > 0) await hand(joined(chunks, held), true);
  const reason = cut ?? longLine;
  return { sizeBytes, delivered: sizeBytes > 0, ...(reason && { cut: reason }) };
}

async function nextOf(input: ByteReader, onCut: (reason: Cut | Stop) => void): Promise<Uint8Array | undefined> {
  try {
    return await input.next();
  } catch (error) {
    if (!(error instanceof Cut || error instanceof Stop)) throw error;
    onCut(error);
    return undefined;
  }
}

/** Where no size is declared, or one too small. */
function grown(bytes: Uint8Array, neededBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(neededBytes, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

/** Always memory of its own: pieces are moved to other threads. */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
