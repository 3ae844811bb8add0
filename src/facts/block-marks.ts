// Tells which blocks of facts cannot hold a value, so that they need not be read: a set of hashes for each block.

import type { Having } from './store.ts';

/** Longer texts have no mark: nobody asks for them. */
const longestText = 64;
/** Stands for a field that every fact of the block has as text; no text begins so. */
const everywhere = '\0all';

/** The marks of a block of facts, in ascending order. */
export function marksOf(values: readonly object[]): Uint32Array<ArrayBuffer> {
  const marks = new Set<number>();
  /** Of each field what its name comes to, and how many facts have it as text. */
  const fields = new Map<string, { readonly start: number; count: number }>();
  for (const value of values) {
    for (const field in value) {
      const text = (value as Readonly<Record<string, unknown>>)[field];
      if (typeof text !== 'string') continue;
      const known = fields.get(field) ?? { start: startOf(field), count: 0 };
      if (known.count++ === 0) fields.set(field, known);
      if (text.length <= longestText) marks.add(hash(known.start, text));
    }
  }
  for (const { start, count } of fields.values()) if (count === values.length) marks.add(hash(start, everywhere));
  return Uint32Array.from(marks).sort();
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
