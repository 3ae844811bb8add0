// Drives one of Node's decompression engines over a reader, and gives back the input it did not need.

import type { Transform } from 'node:stream';
import { Cut } from './cut.ts';

interface Input {
  next(): Promise<Uint8Array | undefined>;
  unread(bytes: Uint8Array): void;
}
type Engine = Transform & { readonly bytesWritten: number };
/** An engine that meets broken data drops what it made of the piece it was given; 64 KiB cost no measurable speed. */
export const pieceBytes = 64 * 1024;

/** All the engine makes of the input up to the end of its stream. What made the input end early is thrown after it. */
export async function* through(engine: Engine, input: Input): AsyncGenerator<Uint8Array> {
  let fedBytes = 0;
  let last: Uint8Array = new Uint8Array(0);
  let inputFailure: unknown;
  let over = false;
  const overSoon = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      resolve();
    };
    engine.once('end', end);
    engine.once('close', end);
  });
  const feed = async () => {
    try {
      for (let chunk = await input.next(); chunk; chunk = await input.next()) {
        for (let start = 0; start < chunk.length; start += pieceBytes) {
          last = chunk.subarray(start, start + pieceBytes);
          fedBytes += last.length;
          const taken = new Promise<void>((resolve) => {
            engine.write(last, () => resolve());
          });
          await Promise.race([taken, overSoon]);
          // an engine takes every byte up to the end of its stream, and none after it
          if (engine.bytesWritten < fedBytes) over = true;
          if (!over) continue;
          input.unread(chunk.subarray(start + pieceBytes));
          return;
        }
      }
    } catch (error) {
      inputFailure = error;
    }
    if (!over) engine.end();
  };
  const feeding = feed();
  let finished = false;
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
    finished = true;
  } finally {
    const unusedBytes = fedBytes - engine.bytesWritten;
    engine.destroy();
    if (finished) {
      over = true;
      await feeding;
      input.unread(last.subarray(last.length - unusedBytes));
    }
  }
  if (inputFailure && !(inputFailure instanceof Cut)) throw inputFailure;
}
