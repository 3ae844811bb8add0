// Decompresses with one of Node's engines and, when that meets damage, goes over the same bytes once more to get all that
// comes before it.
//
// An engine that meets broken data drops what it made of the piece it was given and what nobody fetched yet: up to some
// MiB. So the bytes up to that piece are run through a new engine, and the piece itself in ever smaller steps.

import type { Transform } from 'node:stream';
import type { ByteReader, Chunks } from './byte-reader.ts';
import { pieceBytes, through } from './zlib-engine.ts';

/** Compressed bytes that are remembered for this where the source cannot be read again. */
const rememberedBytes = 8 << 20;
const stepBytes = [512, 1] as const;

type NewEngine = () => Parameters<typeof through>[0];

/** All of one stream; throws the error of the engine after every byte before the damage. */
export async function* decoded(newEngine: NewEngine, input: ByteReader): AsyncGenerator<Uint8Array> {
  const recorder = createRecorder(input);
  let givenBytes = 0;
  try {
    for await (const chunk of through(newEngine(), recorder)) {
      givenBytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (isDataError(error) && recorder.again)
      yield* upToDamage(newEngine, recorder.again, recorder.pieceAt, givenBytes);
    throw error;
  }
}

export const isDataError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(Z_|ZSTD_)/.test(String(error.code));

interface Recorder {
  next(): Promise<Uint8Array | undefined>;
  unread(bytes: Uint8Array): void;
  /** The bytes of the stream once more, up to the given one; undefined when they are gone. */
  readonly again: ((end: number) => Chunks) | undefined;
  /** Where the piece that was handed out last begins. */
  readonly pieceAt: number;
}

function createRecorder(input: ByteReader): Recorder {
  const start = input.position;
  const { reopen } = input;
  const pieces: Uint8Array[] = [];
  let handedBytes = 0;
  let lastBytes = 0;
  let isOverfull = false;
  return {
    async next() {
      const chunk = await input.next();
      if (!chunk) return undefined;
      const piece = chunk.subarray(0, pieceBytes);
      input.unread(chunk.subarray(piece.length));
      handedBytes += piece.length;
      lastBytes = piece.length;
      isOverfull ||= handedBytes > rememberedBytes;
      if (isOverfull || reopen) pieces.length = 0;
      else pieces.push(piece);
      return piece;
    },
    unread: (bytes) => input.unread(bytes),
    get again() {
      if (reopen) return (end: number) => upTo(reopen(start), end);
      return isOverfull ? undefined : (end: number) => upTo(pieces, end);
    },
    get pieceAt() {
      return handedBytes - lastBytes;
    },
  };
}

async function* upTo(chunks: Chunks | Iterable<Uint8Array>, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, end - at);
    at += chunk.length;
    if (at >= end) return;
  }
}

/** What an engine gives beyond `givenBytes` before it fails in the piece at `pieceAt`. */
async function* upToDamage(
  newEngine: NewEngine,
  again: (end: number) => Chunks,
  pieceAt: number,
  givenBytes: number,
): AsyncGenerator<Uint8Array> {
  let soundBytes = pieceAt;
  let doneBytes = givenBytes;
  for (const step of stepBytes) {
    const run = runEngine(newEngine());
    let outputBytes = 0;
    for await (const piece of inSteps(again(soundBytes + (step === 1 ? stepBytes[0] : pieceBytes)), soundBytes, step)) {
      const isSound = await run.feed(piece);
      for (const chunk of run.output.splice(0)) {
        const known = Math.max(0, doneBytes - outputBytes);
        outputBytes += chunk.length;
        if (chunk.length <= known) continue;
        doneBytes = outputBytes;
        yield chunk.subarray(known);
      }
      if (!isSound) break;
    }
    soundBytes = run.soundBytes();
    run.close();
  }
}

/** Whole pieces up to `from`, then steps. */
async function* inSteps(chunks: Chunks, from: number, step: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const bytes = at < from ? Math.min(pieceBytes, from - at) : step;
      const piece = chunk.subarray(start, start + bytes);
      yield piece;
      start += piece.length;
      at += piece.length;
    }
  }
}

/** Feeds an engine in lock step and takes all it gives, also what it gave before it failed. */
function runEngine(engine: Transform) {
  const output: Uint8Array[] = [];
  let soundBytes = 0;
  engine.on('data', (chunk) => void output.push(chunk));
  const failed = new Promise<false>((resolve) => {
    engine.on('error', () => resolve(false));
  });
  return {
    output,
    soundBytes: () => soundBytes,
    async feed(piece: Uint8Array): Promise<boolean> {
      const taken = new Promise<boolean>((resolve) => {
        engine.write(piece, (error) => resolve(!error));
      });
      const isSound = await Promise.race([taken, failed]);
      if (isSound) soundBytes += piece.length;
      return isSound;
    },
    close: () => void engine.destroy(),
  };
}
