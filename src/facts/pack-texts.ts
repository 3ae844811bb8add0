// Compresses what travels and is kept; the texts of small sources together, as that takes half the time and half the room.

import { constants, zstdCompressSync } from 'node:zlib';
import type { KeptText, KeptWhole, ParsedSource } from './parse-source.ts';

/** A few lines cost more to compress than to keep: a control group tree has ten thousands of such files. */
export const smallBytes = 2048;
/** Worth compressing although somebody may read it soon. */
export const longBytes = 64 * 1024;
/** To show one line of a text, all that was compressed with it is unpacked. */
const mostTogether = 128 * 1024;
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Compressed where that is worth its time; else the same bytes. */
export function packedBytes(given: Uint8Array, leastBytes = longBytes) {
  const bytes = given as Uint8Array<ArrayBuffer>;
  if (bytes.byteLength < leastBytes) return { bytes, isPacked: false };
  return { bytes: new Uint8Array(zstdCompressSync(bytes, fast)), isPacked: true };
}

/** The text in a memory of its own. */
export function packText(text: Uint8Array, leastBytes = 0): KeptWhole {
  const { bytes, isPacked } = packedBytes(text, leastBytes);
  return { whole: isPacked ? bytes : new Uint8Array(bytes), isPacked };
}

/** The same, with the texts that are not compressed as parts of some that are. */
export function packTogether(parsed: readonly ParsedSource[]): ParsedSource[] {
  const loose = parsed.flatMap(({ kept }) => (isLoose(kept) ? [kept.whole] : []));
  const packed = new Map<Uint8Array, KeptWhole>();
  for (let from = 0, to = 0; from < loose.length; from = to) {
    let length = 0;
    do length += loose[to++]!.byteLength;
    while (to < loose.length && length + loose[to]!.byteLength <= mostTogether);
    const texts = loose.slice(from, to);
    const together = packText(Buffer.concat(texts), smallBytes);
    let end = 0;
    for (const text of texts) {
      const start = end;
      end += text.byteLength;
      packed.set(text, { ...together, part: [start, end] });
    }
  }
  return parsed.map((each) => (isLoose(each.kept) ? { ...each, kept: packed.get(each.kept.whole) } : each));
}

const isLoose = (kept: KeptText | undefined): kept is KeptWhole =>
  kept !== undefined && 'whole' in kept && !kept.isPacked;
