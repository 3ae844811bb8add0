// Reads the YAML that Kubernetes, oc and Go's printers write, at some 100 MB a second, and says where each thing stands.
//
// Known: block mappings and lists, all scalars, flow collections of the simple kind, comments. Anything else (anchors,
// tags, keys after `?`, text that is wrong) is thrown as `Unreadable`; the thorough reader then takes over.
//
//   items:
//   - metadata:
//       name: checkout-0
//       managedFields: …     left out: half of the text, and no fact is made of it

import type { Span } from '../../bundle/source.ts';
import type { Problem } from '../parser.ts';
import type { ForeignLines } from './foreign-text.ts';
import { Entries, Place, setKey, setPlace } from './places.ts';
import { maxDepth, tooDeep, Unreadable } from './unreadable.ts';
import { scanFlow } from './yaml-flow.ts';
import { plainValue } from './yaml-plain.ts';
import { type Scanned, scanBlock, scanPlainLines, scanQuoted } from './yaml-scalars.ts';

/** One document of a file: a part of its text that begins and ends at a line. The text ends in a line end. */
export interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Reads an unknown element of a list (lines with its dash) some other way: its value if it has one, and what is wrong. */
export type ReadItem = (
  part: Part,
  why: Unreadable,
) => { readonly value?: unknown; readonly problems: readonly Problem[] };

export interface Read {
  readonly value: unknown;
  readonly span: Span;
  readonly problems: readonly Problem[];
}

const newline = 10;
const space = 32;
const tab = 9;
const dash = 45;
const hash = 35;
const colon = 58;

/** Reads one document; throws `Unreadable`. Elements of a top-level `items` that it cannot read go to `readItem`. */
export function readYaml(part: Part, foreign: ForeignLines, readItem: ReadItem): Read | undefined {
  return new YamlReader(part, foreign, readItem).document();
}

const characters = (list: string): Uint8Array => {
  const table = new Uint8Array(128);
  for (const character of list) table[character.charCodeAt(0)] = 1;
  return table;
};
const isIndicator = characters('[]{},#&*!|>\'"%@`\t');
const mayHaveMeaning = characters('0123456789+-.~nNtTfF');

// Keys repeat by the thousand: a small table saves cutting them out anew.
const knownKeys: string[] = new Array(4096).fill('');

class YamlReader {
  private readonly text: string;
  private readonly end: number;
  private readonly foreign: ForeignLines;
  private readonly readItem: ReadItem;
  private readonly entries = new Entries();
  private readonly problems: Problem[] = [];
  private readonly start: number;
  /** The next thing to read: its place, its line, and the column it begins at; column -1 at the end. */
  private at: number;
  private line: number;
  private indent = -1;
  /** Line of what was read last. */
  private lastLine: number;
  private depth = 0;
  private underMetadata = false;
  /** After `key()`: the place behind its colon. */
  private afterKey = 0;

  constructor(part: Part, foreign: ForeignLines, readItem: ReadItem) {
    this.text = part.text;
    this.start = part.start;
    this.at = part.start;
    this.end = part.end;
    this.line = part.line;
    this.lastLine = part.line;
    this.foreign = foreign;
    this.readItem = readItem;
  }

  document(): Read | undefined {
    this.toContent(this.start);
    if (this.indent < 0) return undefined;
    // A document on the line of its marker: `--- {a: 1}`.
    if (/^(?:---|\.\.\.)/.test(this.text.slice(this.at, this.at + 3))) throw this.unknown('text beside a marker');
    const first = this.line;
    const value = this.blockNode(-1);
    if (this.indent >= 0) throw this.unknown('text after the end of the document');
    return { value, span: [first, this.lastLine], problems: this.problems };
  }

  private unknown(detail: string): Unreadable {
    return new Unreadable('unknown', this.line, detail);
  }

  /** Goes from the start of a line to the next text that is no comment. */
  private toContent(lineStart: number): void {
    const text = this.text;
    let start = lineStart;
    while (start < this.end) {
      let at = start;
      let code = text.charCodeAt(at);
      while (code === space) code = text.charCodeAt(++at);
      if (code === tab) code = this.tabLine(at);
      if (code !== newline && code !== hash) {
        if (at > start || code === dash || !this.foreign.has(at, this.line)) {
          this.at = at;
          this.indent = at - start;
          return;
        }
      }
      start = text.indexOf('\n', at) + 1;
      this.line++;
    }
    this.at = this.end;
    this.indent = -1;
  }

  /** A line that begins with a tab is fine when nothing follows. */
  private tabLine(start: number): number {
    let at = start;
    while (this.text.charCodeAt(at) === tab || this.text.charCodeAt(at) === space) at++;
    const code = this.text.charCodeAt(at);
    if (code !== newline) throw this.unknown('a tab in the indentation');
    return code;
  }

  private toNextLine(lineEnd: number): void {
    this.lastLine = this.line;
    this.line++;
    this.toContent(lineEnd + 1);
  }

  private atDash(): boolean {
    if (this.text.charCodeAt(this.at) !== dash) return false;
    const next = this.text.charCodeAt(this.at + 1);
    return next === space || next === newline;
  }

  /** What begins at `at`, the first text of its line or of its list element. */
  private blockNode(parentIndent: number): unknown {
    if (this.atDash()) return this.list(false);
    const key = this.key();
    return key === undefined ? this.inline(parentIndent) : this.mapping(key);
  }

  private mapping(firstKey: string): Record<string, unknown> {
    const { indent, underMetadata } = this;
    const isRoot = this.depth === 0;
    if (++this.depth > maxDepth) throw tooDeep(this.line);
    const mapping: Record<string, unknown> = {};
    const place = new Place(this.entries, this.line);
    setPlace(mapping, place);
    let key: string | undefined = firstKey;
    let before = '';
    for (;;) {
      const line = this.line;
      if (underMetadata && key === 'managedFields') {
        this.skipValue(indent);
      } else {
        const entry = this.entries.add(place, key, line);
        this.underMetadata = key === 'metadata';
        const value = this.valueAfterKey(indent, isRoot && key === 'items');
        this.entries.end(entry, this.lastLine);
        // Printed mappings are sorted, so a look whether the key is there is seldom needed.
        if (key <= before && Object.hasOwn(mapping, key)) {
          this.problems.push({ code: 'YAML_DUP_KEY', span: [line, line], detail: `the key ${key} is there twice` });
        }
        before = key > before ? key : before;
        setKey(mapping, key, value);
      }
      if (this.indent !== indent) break;
      key = this.atDash() ? undefined : this.key();
      if (key === undefined) throw this.unknown('no key where one should be');
    }
    if (this.indent > indent) throw this.unknown('indented deeper than what is before it');
    place.last = this.lastLine;
    this.depth--;
    this.underMetadata = false;
    return mapping;
  }

  private list(areItems: boolean): unknown[] {
    const { indent } = this;
    if (++this.depth > maxDepth) throw tooDeep(this.line);
    const list: unknown[] = [];
    const place = new Place(this.entries, this.line);
    setPlace(list, place);
    this.underMetadata = false;
    do {
      const { tail } = place;
      const entry = this.entries.add(place, '', this.line);
      if (!areItems) list.push(this.element(indent));
      else if (!this.item(list, indent)) this.entries.dropLast(place, tail);
      this.entries.end(entry, this.lastLine);
    } while (this.indent === indent && this.atDash());
    if (this.indent > indent) throw this.unknown('indented deeper than what is before it');
    place.last = this.lastLine;
    this.depth--;
    return list;
  }

  private element(indent: number): unknown {
    const { text } = this;
    let at = this.at + 1;
    let code = text.charCodeAt(at);
    while (code === space) code = text.charCodeAt(++at);
    if (code === newline || code === hash) {
      this.toNextLine(code === hash ? text.indexOf('\n', at) : at);
      return this.indent > indent ? this.blockNode(indent) : null;
    }
    this.indent += at - this.at;
    this.at = at;
    return this.blockNode(indent);
  }

  /** An element of a top-level `items`: when it cannot be read, the others still are. */
  private item(list: unknown[], indent: number): boolean {
    const { at, line, depth } = this;
    try {
      const value = this.element(indent);
      if (this.indent > indent) throw this.unknown('indented deeper than what is before it');
      list.push(value);
      return true;
    } catch (why) {
      if (!(why instanceof Unreadable)) throw why;
      this.line = line;
      const end = this.afterLines(at, indent, false);
      const read = this.readItem({ text: this.text, start: this.lineStart(at), end, line }, why);
      if ('value' in read) list.push(read.value);
      this.problems.push(...read.problems);
      this.depth = depth;
      this.underMetadata = false;
      this.lastLine = this.line - 1;
      this.toContent(end);
      return 'value' in read;
    }
  }

  private lineStart(at: number): number {
    return this.text.lastIndexOf('\n', at) + 1;
  }

  private valueAfterKey(indent: number, areItems: boolean): unknown {
    const { text } = this;
    let at = this.afterKey;
    let code = text.charCodeAt(at);
    while (code === space) code = text.charCodeAt(++at);
    if (code !== newline && code !== hash) {
      this.at = at;
      return this.inline(indent);
    }
    this.toNextLine(code === hash ? text.indexOf('\n', at) : at);
    if (this.indent < indent) return null;
    // A list may stand at the column of its key.
    if (this.atDash()) return this.list(areItems);
    return this.indent > indent ? this.blockNode(indent) : null;
  }

  private skipValue(indent: number): void {
    const end = this.afterLines(this.afterKey, indent, true);
    this.lastLine = this.line - 1;
    this.toContent(end);
  }

  /** Where the lines end that belong to what begins at `at`, being indented deeper; `line` goes along. */
  private afterLines(at: number, indent: number, withList: boolean): number {
    const { text } = this;
    let start = text.indexOf('\n', at) + 1;
    this.line++;
    while (start < this.end) {
      let cursor = start;
      while (cursor < start + indent && text.charCodeAt(cursor) === space) cursor++;
      const code = text.charCodeAt(cursor);
      if (code !== newline) {
        if (cursor < start + indent) break;
        if (code !== space && !(withList && code === dash)) break;
      }
      start = text.indexOf('\n', cursor) + 1;
      this.line++;
    }
    return start;
  }

  /** A key and its colon at `at`, if there is one. */
  private key(): string | undefined {
    const { text, at: start } = this;
    let code = text.charCodeAt(start);
    if (code === 34 || code === 39) return this.quotedKey(start);
    if (!this.mayBePlain(start, code)) return undefined;
    let at = start;
    let before = 0;
    let sum = 0;
    for (;;) {
      if (code === colon) {
        const next = text.charCodeAt(at + 1);
        if (next === space || next === newline) break;
        if (next === tab) throw this.unknown('a tab after a key');
      } else if (code === newline || (code === hash && (before === space || before === tab))) {
        return undefined;
      }
      sum = (sum * 31 + code) | 0;
      before = code;
      code = text.charCodeAt(++at);
    }
    this.afterKey = at + 1;
    if (before === space || before === tab) return text.slice(start, at).trimEnd();
    if (at - start > 1024) throw this.unknown('a key longer than 1024 characters');
    const slot = (sum ^ (sum >>> 12)) & 4095;
    const known = knownKeys[slot]!;
    if (known.length === at - start && text.startsWith(known, start)) return known;
    const key = text.slice(start, at);
    if (key.length < 64) knownKeys[slot] = key;
    return key;
  }

  private quotedKey(start: number): string | undefined {
    const { value, at, lines } = this.quoted(start, -1);
    if (lines > 0 || this.text.charCodeAt(at) !== colon) return undefined;
    const next = this.text.charCodeAt(at + 1);
    if (next !== space && next !== newline) return undefined;
    this.afterKey = at + 1;
    return value;
  }

  private mayBePlain(at: number, code: number): boolean {
    if (code === dash || code === colon || code === 63) {
      const next = this.text.charCodeAt(at + 1);
      return next !== space && next !== newline && next !== tab;
    }
    return code > 127 || !isIndicator[code];
  }

  /** A scalar or flow collection from `at`, up to the end of its line. */
  private inline(parentIndent: number): unknown {
    const { text, at, line, end } = this;
    const code = text.charCodeAt(at);
    switch (code) {
      case 34:
      case 39: {
        const { value, at: after, lines } = this.quoted(at, parentIndent);
        this.line += lines;
        this.endLine(after);
        return value;
      }
      case 91:
      case 123: {
        const within = { text, end, parentIndent, line };
        const flow = scanFlow(within, at, this.entries, this.depth);
        this.problems.push(...flow.problems);
        this.line += flow.lines;
        this.endLine(flow.at);
        return flow.value;
      }
      case 62:
      case 124: {
        const { value, at: after, lines } = scanBlock({ text, end, parentIndent, line }, at);
        this.line += lines;
        this.toNextLine(after);
        this.lastLine -= this.blankLinesBefore(after);
        return value;
      }
    }
    if (!this.mayBePlain(at, code)) throw this.unknown('an indicator that only the thorough reader knows');
    return this.plain(parentIndent);
  }

  /** Blank lines at the end of a text belong to it but are nothing to show. */
  private blankLinesBefore(lineEnd: number): number {
    let blank = 0;
    for (let at = lineEnd - 1; ; at--) {
      const code = this.text.charCodeAt(at);
      if (code === newline) blank++;
      else if (code !== space && code !== tab) return blank;
    }
  }

  private plain(parentIndent: number): unknown {
    const { text, at: start, line, end } = this;
    let at = start;
    let code = text.charCodeAt(at);
    let before = 0;
    while (code !== newline) {
      if (code === colon) {
        const next = text.charCodeAt(at + 1);
        if (next === space || next === newline || next === tab) throw this.unknown('a key inside plain text');
      } else if (code === hash && (before === space || before === tab)) {
        break;
      }
      before = code;
      code = text.charCodeAt(++at);
    }
    this.toNextLine(code === newline ? at : text.indexOf('\n', at));
    if (this.indent > parentIndent) {
      const { value, at: after, lines } = scanPlainLines({ text, end, parentIndent, line }, start);
      this.line = line + lines;
      this.toNextLine(after);
      return plainValue(value);
    }
    while (before === space || before === tab) before = text.charCodeAt(--at - 1);
    return this.word(start, at);
  }

  private word(start: number, end: number): unknown {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (code >= 48 && code <= 57 && end - start < 16) {
      let value = 0;
      let at = start;
      for (; at < end; at++) {
        const digit = text.charCodeAt(at) - 48;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (at === end) return value;
    }
    const word = text.slice(start, end);
    return code < 128 && mayHaveMeaning[code] ? plainValue(word) : word;
  }

  private quoted(start: number, parentIndent: number): Scanned {
    return scanQuoted({ text: this.text, end: this.end, parentIndent, line: this.line }, start);
  }

  /** After a scalar with a clear end only a comment may follow. */
  private endLine(after: number): void {
    let at = after;
    let code = this.text.charCodeAt(at);
    while (code === space || code === tab) code = this.text.charCodeAt(++at);
    if (code === hash && at > after) at = this.text.indexOf('\n', at);
    else if (code !== newline) throw this.unknown('text after the end of a value');
    this.toNextLine(at);
  }
}
