// A keyed one-to-one mapping of addresses in which what shares its first n bits still shares n bits (Crypto-PAn's property).
//
// Each bit is turned around or not, as the bits before it say: the addresses are the leaves of a tree, and at each
// fork the two branches may change places.

import { keyed, type RedactionKey } from './key.ts';

/** Bits that stay as they are on the way to a range, so that nothing gets into the range or out of it. */
export interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
}

export interface BitTree {
  /** So many bits at the beginning never change. */
  readonly fixedBits: number;
  /** Ranges that are mapped onto themselves. */
  readonly ranges: readonly Range[];
  /** The bit that is always turned around, so that no address stands for itself. */
  readonly turnedBit?: number;
  /** Of the last byte 0, 1, 254 and 255 stay: networks, gateways and broadcasts are told by them. */
  readonly keepsEnds?: boolean;
}

/** Maps the first `length` bits of an address (all of them by default); the bits behind stay. */
export function createBitMapping(key: RedactionKey, use: string, tree: BitTree) {
  const forks = new Map<string, Buffer>();
  // One digest holds the forks of a whole byte: 255 of its 256 bits.
  function forksAfter(prefix: Uint8Array): Buffer {
    const name = Buffer.from(prefix).toString('hex');
    let found = forks.get(name);
    if (!found) {
      found = keyed(key, use, prefix);
      forks.set(name, found);
    }
    return found;
  }
  return (bytes: Uint8Array, length = bytes.length * 8): Uint8Array => {
    const out = Uint8Array.from(bytes);
    for (let at = tree.fixedBits; at < length; at++) {
      const index = at >> 3;
      const depth = at & 7;
      if (!turnsAt(bytes, at)) continue;
      out[index] = (out[index] ?? 0) ^ (0x80 >> depth);
    }
    return out;
  };

  function turnsAt(bytes: Uint8Array, at: number): boolean {
    if (tree.ranges.some((range) => at < range.bits && sharesBits(bytes, range.bytes, at))) return false;
    if (at === tree.turnedBit) return true;
    const index = at >> 3;
    const depth = at & 7;
    const before = (bytes[index] ?? 0) >> (8 - depth);
    if (tree.keepsEnds && index === bytes.length - 1 && (before === 0 || before === (1 << depth) - 1)) return false;
    const node = (1 << depth) | before;
    return (((forksAfter(bytes.subarray(0, index))[node >> 3] ?? 0) >> (node & 7)) & 1) === 1;
  }
}

/** True where both begin with the same `bits` bits. */
export function sharesBits(bytes: ArrayLike<number>, other: ArrayLike<number>, bits: number): boolean {
  const whole = bits >> 3;
  for (let at = 0; at < whole; at++) if (bytes[at] !== (other[at] ?? 0)) return false;
  const rest = bits & 7;
  return rest === 0 || (((bytes[whole] ?? 0) ^ (other[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0;
}
