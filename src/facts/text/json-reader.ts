// Reads JSON as kubectl, crictl and insights write it, with the lines of everything; several values may follow one another.
//
//   {
//       "apiVersion": "v1",
//       "items": [ … ]

import type { Span } from '../../bundle/source.ts';
import type { Problem } from '../parser.ts';
import { type Entries, Place, setKey, setPlace } from './places.ts';
import { maxDepth, tooDeep, Unreadable } from './unreadable.ts';

/** One JSON value of a text, and the place behind it. */
export interface JsonRead {
  readonly value: unknown;
  readonly span: Span;
  readonly problems: readonly Problem[];
  readonly at: number;
  readonly line: number;
  /** Present when the text ends inside: what was whole before. */
  readonly cut?: Unreadable;
}

const numberForm = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;

/** Reads the value that begins at `start` in that line; throws `Unreadable`. The text ends in a line end. */
export function readJson(text: string, start: number, line: number, entries: Entries): JsonRead {
  const reader = new JsonReader(text, start, line, entries);
  try {
    const value = reader.value('');
    return { value, span: [line, reader.line], problems: reader.problems, at: reader.at, line: reader.line };
  } catch (why) {
    // A list that was cut keeps its whole elements.
    if (!(why instanceof Unreadable) || why.why !== 'cut' || !reader.items?.length) throw why;
    const { root: value, problems } = reader;
    reader.closeAll();
    return { value, span: [line, reader.line], problems, at: text.length, line: reader.line, cut: why };
  }
}

class JsonReader {
  readonly problems: Problem[] = [];
  at: number;
  line: number;
  /** The outermost container, and the list under `items` in it. */
  root: Record<string, unknown> | unknown[] | undefined;
  items: unknown[] | undefined;
  private readonly text: string;
  private readonly entries: Entries;
  private readonly openPlaces: Place[] = [];

  constructor(text: string, start: number, line: number, entries: Entries) {
    this.entries = entries;
    this.text = text;
    this.at = start;
    this.line = line;
  }

  value(under: string): unknown {
    switch (this.text.charCodeAt(this.at)) {
      case 34:
        return this.string();
      case 123:
        return this.mapping(under);
      case 91:
        return this.list(under);
      case 116:
        return this.literal('true', true);
      case 102:
        return this.literal('false', false);
      case 110:
        return this.literal('null', null);
      default:
        return this.number();
    }
  }

  private mapping(under: string): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    const place = this.open(mapping);
    let isFirst = true;
    while (this.more(125, isFirst)) {
      isFirst = false;
      const { line } = this;
      if (this.text.charCodeAt(this.at) !== 34) throw this.wrong('a key');
      const key = this.string();
      if (this.peek() !== 58) throw this.wrong('a colon');
      this.at++;
      this.peek();
      const entry = this.entries.add(place, key, line);
      const isTwice = Object.hasOwn(mapping, key);
      const value = this.value(key);
      this.entries.end(entry, this.line);
      if (key === 'managedFields' && under === 'metadata') continue;
      if (isTwice) {
        this.problems.push({ code: 'YAML_DUP_KEY', span: [line, line], detail: `the key ${key} is there twice` });
      }
      setKey(mapping, key, value);
    }
    this.close(place);
    return mapping;
  }

  private list(under: string): unknown[] {
    const list: unknown[] = [];
    const isItems = this.openPlaces.length === 1 && (under === 'items' || under === 'Items');
    const place = this.open(list);
    if (this.root === list) this.items = list;
    if (isItems) {
      this.items = list;
      (this.root as Record<string, unknown>)[under] = list;
    }
    while (this.more(93, list.length === 0)) {
      const entry = this.entries.add(place, '', this.line);
      list.push(this.value(''));
      this.entries.end(entry, this.line);
    }
    this.close(place);
    return list;
  }

  private open(container: Record<string, unknown> | unknown[]): Place {
    if (this.openPlaces.length === maxDepth) throw tooDeep(this.line);
    const place = new Place(this.entries, this.line);
    setPlace(container, place);
    this.root ??= container;
    this.openPlaces.push(place);
    this.at++;
    return place;
  }

  private close(place: Place): void {
    place.last = this.line;
    this.openPlaces.pop();
    this.at++;
  }

  closeAll(): void {
    for (const [depth, place] of this.openPlaces.entries()) {
      place.last = this.line;
      // the entry that holds the next open container is open as well
      if (depth < this.openPlaces.length - 1) this.entries.end(place.tail, this.line);
    }
  }

  /** Goes to the next member, over its comma; false at the closing bracket. */
  private more(close: number, isFirst: boolean): boolean {
    const next = this.peek();
    if (next === close) return false;
    if (isFirst) return true;
    if (next !== 44) throw this.wrong('a comma');
    this.at++;
    if (this.peek() === close) throw this.wrong('a value');
    return true;
  }

  /** The next character that is not white space. */
  private peek(): number {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      // the line end of the last line opens no further line
      if (code === 10) this.line += this.at < text.length - 1 ? 1 : 0;
      else if (code !== 32 && code !== 13 && code !== 9) return code;
      this.at++;
    }
  }

  private string(): string {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let hasEscape = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 34) break;
      if (code === 92) {
        hasEscape = true;
        at++;
      } else if (!(code >= 32)) {
        throw this.wrong('no line end in a text', at);
      }
      at++;
    }
    this.at = at + 1;
    return hasEscape ? this.unescape(start - 1, at + 1) : text.slice(start, at);
  }

  private unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end));
    } catch {
      throw this.wrong('a known escape');
    }
  }

  private literal<T>(word: string, value: T): T {
    const there = this.text.slice(this.at, this.at + word.length);
    const begun = there.trimEnd();
    if (there !== word) throw this.wrong('a value', this.at + (word.startsWith(begun) ? begun.length : 0));
    this.at += word.length;
    return value;
  }

  /** A number that a double cannot hold keeps its text. */
  private number(): number | string {
    numberForm.lastIndex = this.at;
    const match = numberForm.exec(this.text);
    if (!match) throw this.wrong('a value', this.text.charAt(this.at) === '-' ? this.at + 1 : this.at);
    const [word, fraction, exponent] = match;
    this.at += word.length;
    const value = Number(word);
    const isWhole = fraction === undefined && exponent === undefined;
    if (isWhole ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return word;
    return value === 0 ? 0 : value;
  }

  private wrong(expected: string, at = this.at): Unreadable {
    // The last character is a line end.
    if (at >= this.text.length - 1) return new Unreadable('cut', this.line, 'the text ends inside a JSON value');
    return new Unreadable('YAML_SYNTAX', this.line, `not JSON: expected ${expected}`);
  }
}
