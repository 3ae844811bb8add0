// Small pieces travel to the threads together: a message costs as much as parsing some of them.

import type { Piece } from '../bundle/source.ts';
import { TaskError } from '../workers/pool.ts';

/** A piece from here on travels alone, and is moved instead of copied. */
const largeBytes = 64 * 1024;
const mostBytes = 256 * 1024;
const mostPieces = 128;

export interface Loads {
  add(piece: Piece): void;
  /** Hands on what still waits for company. */
  end(): void;
}

/** `hand` gets one piece, or several in one memory. */
export function createLoads(hand: (load: readonly Piece[]) => void): Loads {
  let waiting: Piece[] = [];
  let waitingBytes = 0;
  const end = () => {
    if (waiting.length === 0) return;
    hand(waiting.length === 1 ? waiting : inOneMemory(waiting, waitingBytes));
    waiting = [];
    waitingBytes = 0;
  };
  return {
    end,
    add(piece) {
      if (piece.bytes.byteLength >= largeBytes) return hand([piece]);
      waiting.push(piece);
      waitingBytes += piece.bytes.byteLength;
      if (waiting.length >= mostPieces || waitingBytes >= mostBytes) end();
    },
  };
}

/** Views of one memory stay that on their way to another thread. */
function inOneMemory(pieces: readonly Piece[], length: number): Piece[] {
  const memory = new Uint8Array(length);
  let at = 0;
  return pieces.map((piece) => {
    const bytes = memory.subarray(at, at + piece.bytes.byteLength);
    bytes.set(piece.bytes);
    at += bytes.byteLength;
    return { ...piece, bytes };
  });
}

type Run<Result> = (load: readonly Piece[], transfer: readonly ArrayBuffer[]) => Promise<readonly Result[]>;

/** What came of each piece. One that fails costs itself alone: which one it was shows when each runs alone. */
export async function outcomesOf<Result>(
  load: readonly Piece[],
  run: Run<Result>,
): Promise<readonly (Result | TaskError)[]> {
  const alone = load.length === 1 ? load[0] : undefined;
  try {
    return await run(load, alone ? [alone.bytes.buffer as ArrayBuffer] : []);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    if (alone) return [error];
    const outcomes: (Result | TaskError)[] = [];
    for (const piece of load) outcomes.push(...(await outcomesOf([{ ...piece, bytes: piece.bytes.slice() }], run)));
    return outcomes;
  }
}
