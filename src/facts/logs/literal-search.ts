// Finds many texts in bytes in one pass and looks at few of the bytes: three in a row that stand in none of the texts let
// it go on by nearly the length of the shortest text (the skip search of Wu and Manber).

import { isAscii } from 'node:buffer';

export interface Literal<Owner> {
  /** Within one line. */
  readonly text: string;
  /** Found in upper and lower case too. */
  readonly isCaseless?: boolean;
  /** Who looks for it. */
  readonly owner: Owner;
}

export interface Place<Owner> {
  /** Somewhere in the texts that were found; the next place lies behind it. */
  readonly at: number;
  readonly owners: readonly Owner[];
}

interface Spelled<Owner> {
  readonly lower: Buffer;
  readonly upper: Buffer;
  readonly owner: Owner;
}

/** A text, of which as many bytes as the shortest has are looked for; then the rest is compared. */
interface Sought<Owner> extends Spelled<Owner> {
  readonly windowStart: number;
}

/** The search goes by so many bytes at once. */
const gramLength = 3;
const grams = 1 << 16;
/** Longer windows add no speed. */
const longestWindow = 32;

/** False where a text is too short, or where its letters are not ASCII and may have more than two forms. */
export function isSearchable({ text, isCaseless }: Literal<unknown>): boolean {
  const bytes = Buffer.from(text);
  return bytes.length >= gramLength && (!isCaseless || isAscii(bytes));
}

/** Three bytes as one number; that some others have the same number costs a look, and misses nothing. */
const gram = (a: number, b: number, c: number): number => ((a << 8) ^ (b << 4) ^ c) & (grams - 1);

export class LiteralSearch<Owner> {
  readonly #window: number;
  /** How far on the window may go when it ends in these three bytes. */
  readonly #shifts: Uint8Array;
  /** Texts whose window ends in these three bytes. */
  readonly #byGram = new Map<number, Sought<Owner>[]>();

  /** At least one literal, all of them searchable. */
  constructor(literals: readonly Literal<Owner>[]) {
    const texts = literals.map(spelled);
    this.#window = Math.min(longestWindow, ...texts.map(({ lower }) => lower.length));
    this.#shifts = new Uint8Array(grams).fill(this.#window - gramLength + 1);
    for (const text of texts) this.#add({ ...text, windowStart: rarestWindow(text.lower, this.#window) });
  }

  #add(text: Sought<Owner>): void {
    const last = this.#window - 1;
    for (let end = gramLength - 1; end <= last; end++) {
      for (const each of gramsAt(text, text.windowStart + end)) {
        this.#shifts[each] = Math.min(this.#shifts[each] as number, last - end);
        if (end === last) this.#byGram.set(each, [...(this.#byGram.get(each) ?? []), text]);
      }
    }
  }

  /** The first place at `from` or behind it. */
  next(bytes: Uint8Array, from: number): Place<Owner> | undefined {
    const shifts = this.#shifts;
    const before = this.#window - 1;
    for (let end = from + before; end < bytes.length; ) {
      const each = gram(bytes[end - 2] as number, bytes[end - 1] as number, bytes[end] as number);
      const shift = shifts[each] as number;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const at = end - before;
      const owners = this.#ownersAt(bytes, at, each);
      if (owners) return { at, owners };
      end++;
    }
    return undefined;
  }

  #ownersAt(bytes: Uint8Array, at: number, each: number): Owner[] | undefined {
    let owners: Owner[] | undefined;
    for (const text of this.#byGram.get(each) as Sought<Owner>[]) {
      if (!standsAt(bytes, at - text.windowStart, text)) continue;
      owners ??= [];
      owners.push(text.owner);
    }
    return owners;
  }
}

function spelled<Owner>({ text, isCaseless, owner }: Literal<Owner>): Spelled<Owner> {
  const bytes = Buffer.from(text);
  if (!isCaseless) return { lower: bytes, upper: bytes, owner };
  return { lower: Buffer.from(text.toLowerCase()), upper: Buffer.from(text.toUpperCase()), owner };
}

/** Of three letters in either case there are eight. */
function gramsAt({ lower, upper }: Spelled<unknown>, end: number): Set<number> {
  const bytesAt = (at: number): number[] => [lower[at] as number, upper[at] as number];
  return new Set(
    bytesAt(end - 2).flatMap((a) => bytesAt(end - 1).flatMap((b) => bytesAt(end).map((c) => gram(a, b, c)))),
  );
}

const frequent = new Set(Buffer.from(' -etinoarsldcpum'));
const less = new Set(Buffer.from('bfghjkqvwxyz0123456789'));
const frequency = (byte: number): number => (frequent.has(byte) ? 8 : less.has(byte) ? 4 : 1);

/** Where a window begins that ends in bytes which few lines have: each such end in a line costs a look. */
function rarestWindow(bytes: Buffer, window: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start + window <= bytes.length; start++) {
    const end = bytes.subarray(start + window - gramLength, start + window);
    const common = end.reduce((product, byte) => product * frequency(byte), 1);
    if (common > least) continue;
    least = common;
    best = start;
  }
  return best;
}

function standsAt(bytes: Uint8Array, at: number, { lower, upper }: Spelled<unknown>): boolean {
  for (let index = 0; index < lower.length; index++) {
    const byte = bytes[at + index];
    if (byte !== lower[index] && byte !== upper[index]) return false;
  }
  return true;
}
