// The bytes of one tar member, drawn from tar-stream as they are asked for.

import type { Readable } from 'node:stream';
import type { Chunks } from './byte-reader.ts';
import type { Cut, Stop } from './cut.ts';
import type { Passed } from './tar-repair.ts';

export interface Body {
  readonly chunks: Chunks;
  /** Lets the rest pass unread. */
  skip(): void;
  /** The archive ends in this member: the reader gets all there is, and then the cut. */
  cut(reason: Cut | Stop): void;
}

export function createBody(stream: Readable, passed: Passed): Body {
  let received = 0;
  let ended = false;
  let skipped = false;
  let reason: Cut | Stop | undefined;
  let wake: (() => void) | undefined;
  const signal = () => {
    wake?.();
    wake = undefined;
  };

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = skipped ? null : (stream.read() as Uint8Array | null);
      if (chunk) {
        received += chunk.length;
        return { done: false, value: chunk };
      }
      if (ended || skipped) return { done: true, value: undefined };
      if (reason && received >= passed.bodyBytes) throw reason;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  let listening = false;
  const listen = () => {
    if (listening) return;
    listening = true;
    stream.on('readable', signal);
    stream.on('end', () => {
      ended = true;
      signal();
    });
    stream.on('close', () => {
      ended = true;
      signal();
    });
  };

  return {
    chunks: {
      [Symbol.asyncIterator]() {
        listen();
        return { next };
      },
    },
    skip() {
      skipped = true;
      stream.resume();
      signal();
    },
    cut(why) {
      reason = why;
      signal();
    },
  };
}
