// Flow collections of YAML of the simple kind: `{}`, `[]`, `["a", b]`, `{name: x, ports: [80]}`, over several lines too.
//
// Comments, anchors, tags, pairs inside lists and plain text over several lines are left to the thorough reader.

import type { Problem } from '../parser.ts';
import { type Entries, Place, setKey, setPlace } from './places.ts';
import { maxDepth, tooDeep, Unreadable } from './unreadable.ts';
import { plainValue } from './yaml-plain.ts';
import { scanQuoted, trimEnd, type Within } from './yaml-scalars.ts';

export interface Flow {
  readonly value: unknown;
  /** The place after the closing bracket. */
  readonly at: number;
  readonly lines: number;
  readonly problems: readonly Problem[];
}

export function scanFlow(within: Within, start: number, entries: Entries, depth: number): Flow {
  const reader = new FlowReader(within, start, entries, depth);
  const value = reader.node();
  return { value, at: reader.at, lines: reader.line - within.line, problems: reader.problems };
}

class FlowReader {
  readonly problems: Problem[] = [];
  at: number;
  line: number;
  private readonly within: Within;
  private readonly text: string;
  private readonly entries: Entries;
  private depth: number;

  constructor(within: Within, start: number, entries: Entries, depth: number) {
    this.within = within;
    this.text = within.text;
    this.at = start;
    this.line = within.line;
    this.entries = entries;
    this.depth = depth;
  }

  node(): unknown {
    const character = this.text.charAt(this.at);
    if (character === '{') return this.mapping();
    if (character === '[') return this.list();
    if (character === '"' || character === "'") return this.quoted();
    return plainValue(this.plain());
  }

  private mapping(): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    const place = this.open(mapping);
    while (this.peek() !== '}') {
      const { line } = this;
      const character = this.text.charAt(this.at);
      const isQuoted = character === '"' || character === "'";
      const key = isQuoted ? this.quoted() : this.plain();
      if (this.line > line) throw this.unknown('a key over several lines');
      const entry = this.entries.add(place, key, line);
      const colonAt = this.at;
      let value: unknown = null;
      if (this.peek() === ':') {
        if (this.line > line || (!isQuoted && !this.endsPlain(this.at))) throw this.unknown('a key without a colon');
        this.at++;
        const next = this.peek();
        if (next !== ',' && next !== '}') value = this.node();
      } else {
        if (isQuoted) throw this.unknown('a key without a colon');
        if (colonAt === this.at && this.text.charAt(this.at) === '') throw this.cut();
      }
      this.entries.end(entry, this.line);
      if (Object.hasOwn(mapping, key)) {
        this.problems.push({ code: 'YAML_DUP_KEY', span: [line, line], detail: `the key ${key} is there twice` });
      }
      setKey(mapping, key, value);
      this.separator('}');
    }
    this.close(place);
    return mapping;
  }

  private list(): unknown[] {
    const list: unknown[] = [];
    const place = this.open(list);
    while (this.peek() !== ']') {
      const entry = this.entries.add(place, '', this.line);
      list.push(this.node());
      this.entries.end(entry, this.line);
      this.separator(']');
    }
    this.close(place);
    return list;
  }

  private open(container: object): Place {
    if (++this.depth > maxDepth) throw tooDeep(this.line);
    const place = new Place(this.entries, this.line);
    setPlace(container, place);
    this.at++;
    return place;
  }

  private close(place: Place): void {
    place.last = this.line;
    this.at++;
    this.depth--;
  }

  private separator(close: string): void {
    const next = this.peek();
    if (next === ',') this.at++;
    else if (next !== close) throw this.unknown('no comma where one should be');
  }

  /** The next character that is not white space; a new line must be indented. */
  private peek(): string {
    for (;;) {
      const character = this.text.charAt(this.at);
      if (this.at >= this.within.end) throw this.cut();
      if (character === '\n') this.nextLine();
      else if (character === ' ') this.at++;
      else return character;
    }
  }

  private nextLine(): void {
    this.line++;
    const start = ++this.at;
    while (this.text.charAt(this.at) === ' ') this.at++;
    const character = this.text.charAt(this.at);
    const isText = this.at < this.within.end && character !== '\n';
    if (isText && this.at - start <= this.within.parentIndent) {
      throw this.unknown('a bracket that goes on without indentation');
    }
  }

  private quoted(): string {
    const scanned = scanQuoted({ ...this.within, line: this.line }, this.at);
    this.at = scanned.at;
    this.line += scanned.lines;
    return scanned.value;
  }

  /** Unquoted text up to a bracket, a comma, a colon that ends a key, or the end of its line. */
  private plain(): string {
    const start = this.at;
    const first = this.text.charAt(start);
    if ('#&*!|>%@`,]}\t\r'.includes(first) || (':?-'.includes(first) && this.endsPlain(start))) {
      throw this.unknown('an indicator that only the thorough reader knows');
    }
    let at = start;
    for (; ; at++) {
      const character = this.text.charAt(at);
      if (',]}\n'.includes(character)) break;
      if (character === ':' && this.endsPlain(at)) break;
      if ('[{'.includes(character) || (character === '#' && this.text.charAt(at - 1) === ' ')) {
        throw this.unknown('an indicator that only the thorough reader knows');
      }
    }
    this.at = at;
    return trimEnd(this.text.slice(start, at));
  }

  private endsPlain(at: number): boolean {
    return ' \n\r\t,[]{}'.includes(this.text.charAt(at + 1));
  }

  private unknown(detail: string): Unreadable {
    return new Unreadable('unknown', this.line, detail);
  }

  private cut(): Unreadable {
    return new Unreadable('cut', this.line, 'a bracket without an end');
  }
}
