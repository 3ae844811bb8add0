// Reads the YAML that Kubernetes, oc and Go's printers write, at some 200 MB a second, and says where each thing stands.
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
import { type Entries, Place, setKey, setPlace } from './places.ts';
import { maxDepth, tooDeep, Unreadable } from './unreadable.ts';
import { YamlInline } from './yaml-inline.ts';
import { hash, newline, space } from './yaml-lines.ts';
import type { Part } from './yaml-parts.ts';

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

/** Reads one document; throws `Unreadable`. Elements of a top-level `items` that it cannot read go to `readItem`. */
export function readYaml(part: Part, foreign: ForeignLines, entries: Entries, readItem: ReadItem): Read | undefined {
  return new YamlReader(part, foreign, entries, readItem).document();
}

class YamlReader extends YamlInline {
  private readonly readItem: ReadItem;
  private underMetadata = false;

  constructor(part: Part, foreign: ForeignLines, entries: Entries, readItem: ReadItem) {
    super(part, foreign, entries);
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
    const known = this.problems.length;
    try {
      const value = this.element(indent);
      if (this.indent > indent) throw this.unknown('indented deeper than what is before it');
      list.push(value);
      return true;
    } catch (why) {
      if (!(why instanceof Unreadable)) throw why;
      this.problems.length = known;
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
}
