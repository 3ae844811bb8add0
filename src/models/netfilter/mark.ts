// Marks bit by bit: an operation on a mark of which only some bits are known keeps the others unknown.

import { type Truth, unknown } from './kleene.ts';
import { allBits, type Mark } from './packet.ts';

export interface MaskedValue {
  readonly value: number;
  readonly mask: number;
}

/** `--set-xmark`: (old and not mask) xor value. */
export function setMark({ value, known }: Mark, set: MaskedValue): Mark {
  const nowKnown = ((known & ~set.mask) | set.mask) >>> 0;
  return { value: (((value & ~set.mask) ^ set.value) & nowKnown) >>> 0, known: nowKnown };
}

/** `--save-mark` and `--restore-mark`: (to and not toMask) xor (from and fromMask). */
export function copyMark(from: Mark, fromMask: number, to: Mark, toMask: number): Mark {
  const kept = to.known | toMask;
  const known = (kept & (from.known | ~fromMask)) >>> 0;
  return { value: (((to.value & ~toMask) ^ (from.value & fromMask)) & known) >>> 0, known };
}

export const unknownMark: Mark = { value: 0, known: 0 };

/** (mark and mask) = value, as far as the bits are known. */
export function matchMark(mark: Mark, test: MaskedValue, whose: string): Truth {
  if ((test.value & ~test.mask) !== 0) return false;
  if (((mark.value ^ test.value) & test.mask & mark.known) !== 0) return false;
  if ((test.mask & ~mark.known) === 0) return true;
  return unknown(`${whose} is ${markText(test)}`);
}

export const markText = ({ value, mask }: MaskedValue) =>
  `0x${(value >>> 0).toString(16)}${mask >>> 0 === allBits ? '' : `/0x${(mask >>> 0).toString(16)}`}`;

export function showMark({ value, known }: Mark): string {
  return known >>> 0 === allBits
    ? `0x${(value >>> 0).toString(16)}`
    : `0x${(value >>> 0).toString(16)} (known bits 0x${(known >>> 0).toString(16)})`;
}
