// One layer of compression taken off a stream of bytes, with an eye on how much comes out of how little.

import { ByteReader, type Chunks } from './byte-reader.ts';
import { bunzip2 } from './bzip2.ts';
import { Cut, type Notes } from './cut.ts';
import { gunzip } from './gzip.ts';
import { type Limits, limitText } from './limits.ts';
import type { Compression } from './magic.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

const decoders = { gzip: gunzip, xz: unxz, zstd: unzstd, bzip2: bunzip2 } as const;

export interface Meter {
  /** Bytes that went into the outermost layer so far. */
  readonly inputBytes: () => number;
  /** Adds to what the whole run expanded; throws a `Stop` past the limit. */
  readonly count: (bytes: number) => void;
}

export function decompress(
  format: Compression,
  input: ByteReader,
  notes: Notes,
  limits: Limits,
  meter: Meter,
): ByteReader {
  return new ByteReader(metered(decoders[format](input, notes), limits, meter));
}

/** Passes bytes on until too many come out of too few. */
export async function* metered(chunks: Chunks, limits: Limits, meter: Meter): AsyncGenerator<Uint8Array> {
  let outputBytes = 0;
  for await (const chunk of chunks) {
    outputBytes += chunk.length;
    yield chunk;
    meter.count(chunk.length);
    if (outputBytes > limits.ratioFromBytes && outputBytes > limits.expansionRatio * meter.inputBytes()) {
      const limit = limitText('expansionRatio', limits.expansionRatio);
      const detail = `expands to more than ${limits.expansionRatio} times its size; stopped after ${outputBytes} bytes; ${limit}`;
      throw new Cut('LIMIT_RATIO', detail);
    }
  }
}
