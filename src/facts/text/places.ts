// Where each mapping, list, key and element of a document stands, kept beside the values and costing little.
//
// A reader adds one entry per key or element, in reading order, to plain arrays shared by one file. A container
// carries its `Place` under a symbol, so JSON, Object.keys and for-in see nothing of it.

import type { Span } from '../../bundle/source.ts';

const place: unique symbol = Symbol('place');

/** What a container carries: its lines, and the first and last of its entries. */
export class Place {
  readonly entries: Entries;
  readonly first: number;
  last: number;
  head = -1;
  tail = -1;

  constructor(entries: Entries, line: number) {
    this.entries = entries;
    this.first = line;
    this.last = line;
  }
}

/** Keys and elements of all containers of one file; those of one container are a chain. */
export class Entries {
  private readonly names: string[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly next: number[] = [];

  /** Begins an entry of `owner` at a line; `name` is a key, or empty for an element of a list. */
  add(owner: Place, name: string, line: number): number {
    const entry = this.names.length;
    this.names.push(name);
    this.first.push(line);
    this.last.push(line);
    this.next.push(-1);
    if (owner.tail < 0) owner.head = entry;
    else this.next[owner.tail] = entry;
    owner.tail = entry;
    return entry;
  }

  /** Takes back the last entry of `owner`; `before` was its tail until then. */
  dropLast(owner: Place, before: number): void {
    owner.tail = before;
    if (before < 0) owner.head = -1;
    else this.next[before] = -1;
  }

  end(entry: number, line: number): void {
    this.last[entry] = line;
  }

  /** The last entry of that name, as the last of two equal keys wins. */
  ofKey(owner: Place, key: string): Span | undefined {
    let found = -1;
    for (let entry = owner.head; entry >= 0; entry = this.next[entry]!) if (this.names[entry] === key) found = entry;
    return this.span(found);
  }

  /** Of all names; of two equal ones the last. */
  byName(owner: Place): Map<string, Span> {
    const spans = new Map<string, Span>();
    for (let entry = owner.head; entry >= 0; entry = this.next[entry]!) {
      spans.set(this.names[entry]!, [this.first[entry]!, this.last[entry]!]);
    }
    return spans;
  }

  ofElement(owner: Place, index: number): Span | undefined {
    let entry = owner.head;
    for (let left = index; left > 0 && entry >= 0; left--) entry = this.next[entry]!;
    return this.span(entry);
  }

  private span(entry: number): Span | undefined {
    return entry < 0 ? undefined : [this.first[entry]!, this.last[entry]!];
  }
}

type Placed = { [place]?: Place };

/** Marks a container; the same object may be handed out once only. */
export function setPlace(container: object, at: Place): void {
  (container as Placed)[place] = at;
}

/** Lines of a mapping or list inside a document. */
export function spanOf(container: object): Span | undefined {
  const at = (container as Placed)[place];
  return at && [at.first, at.last];
}

/** Lines of `key: …` with its value inside that mapping; of a list, the lines of the element of that index. */
export function keySpan(container: object, key: string): Span | undefined {
  const at = (container as Placed)[place];
  if (!at) return undefined;
  if (!Array.isArray(container)) return at.entries.ofKey(at, key);
  return /^\d+$/.test(key) ? at.entries.ofElement(at, Number(key)) : undefined;
}

/** Lines of all keys of a mapping. */
export function keySpans(mapping: object): ReadonlyMap<string, Span> {
  const at = (mapping as Placed)[place];
  return at ? at.entries.byName(at) : new Map();
}

/** Sets a key as own data, `__proto__` too, which plain assignment would take for the prototype. */
export function setKey(mapping: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(mapping, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    mapping[key] = value;
  }
}
