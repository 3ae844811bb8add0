// The secret from which all pseudonyms are made: whoever has it and the same names gets the same pseudonyms.

import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 32 bytes. */
export type RedactionKey = Uint8Array;

/** A fresh one. It never reaches a report: with it one could try names until a pseudonym fits. */
export const freshKey = (): RedactionKey => randomBytes(32);

/** The key that any secret text stands for. */
export const keyOfText = (text: string): RedactionKey => createHash('sha256').update(text).digest();

/** HMAC-SHA256 under a label that keeps the uses of one key apart. */
export function keyed(key: RedactionKey, use: string, value: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${use}\0`).update(value).digest();
}

// No vowels, so that no word comes out; no 0, 1 and l, which are mistaken for others.
const letters = 'bcdfghjkmnpqrstvwxz23456789';

/** Letters and digits that begin with a letter. */
export function keyedWord(key: RedactionKey, use: string, value: string, length: number): string {
  const bytes = keyed(key, use, value);
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let word = '';
  const base = BigInt(letters.length);
  const take = (of: bigint) => {
    word += letters[Number(rest % of)];
    rest /= of;
  };
  take(19n);
  while (word.length < length) take(base);
  return word;
}
