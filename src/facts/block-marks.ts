// Tells which blocks of facts cannot hold a value, so that they need not be read: a set of hashes for each block.

import type { Having } from './store.ts';

/** Longer texts have no mark: nobody asks for them. */
const longestText = 64;
/** Stands for a field that every fact of the block has as text; no text begins so. */
const everywhere = '\0all';

interface FieldMarks {
  /** What comes of the name of the field, before the text. */
  readonly start: number;
  count: number;
}

/** Collects the marks of one block. */
export class BlockMarks {
  readonly #marks = new Set<number>();
  readonly #fields = new Map<string, FieldMarks>();
  #facts = 0;

  add(value: object): void {
    this.#facts += 1;
    for (const field in value) {
      const text = (value as Readonly<Record<string, unknown>>)[field];
      if (typeof text !== 'string') continue;
      const known = this.#fields.get(field) ?? { start: startOf(field), count: 0 };
      if (known.count++ === 0) this.#fields.set(field, known);
      if (text.length <= longestText) this.#marks.add(hash(known.start, text));
    }
  }

  /** In ascending order. */
  sorted(): Uint32Array<ArrayBuffer> {
    for (const { start, count } of this.#fields.values()) {
      if (count === this.#facts) this.#marks.add(hash(start, everywhere));
    }
    return Uint32Array.from(this.#marks).sort();
  }
}

/** False only where no fact of a block has what is asked for. */
export function mayHold(marks: Uint32Array, { field, texts, orNone }: Having): boolean {
  const start = startOf(field);
  if (orNone && !includes(marks, hash(start, everywhere))) return true;
  return texts.some((text) => text.length > longestText || includes(marks, hash(start, text)));
}

function includes(marks: Uint32Array, wanted: number): boolean {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const mark = marks[middle] ?? 0;
    if (mark === wanted) return true;
    if (mark < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** FNV-1a over field and text, with a stop between them. */
const startOf = (field: string): number => hash(0x811c9dc5, field) ^ 0xff;

function hash(start: number, text: string): number {
  let mixed = start;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return mixed >>> 0;
}
