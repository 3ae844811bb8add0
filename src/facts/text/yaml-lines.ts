// Moves through the lines of one YAML document: where the next text is, how far it is indented, and in which line.

import type { Problem } from '../parser.ts';
import type { ForeignLines } from './foreign-text.ts';
import type { Entries } from './places.ts';
import { Unreadable } from './unreadable.ts';
import type { Part } from './yaml-parts.ts';

export const newline = 10;
export const space = 32;
export const tab = 9;
export const carriageReturn = 13;
export const dash = 45;
export const hash = 35;

/** The lowest layer of the YAML reader. */
export class YamlLines {
  protected readonly text: string;
  protected readonly start: number;
  protected readonly end: number;
  protected readonly entries: Entries;
  protected readonly problems: Problem[] = [];
  /** The next thing to read: its place, its line, and the column it begins at; column -1 at the end. */
  protected at: number;
  protected line: number;
  protected indent = -1;
  /** Line of what was read last. */
  protected lastLine: number;
  private readonly foreign: ForeignLines;

  constructor({ text, start, end, line }: Part, foreign: ForeignLines, entries: Entries) {
    this.entries = entries;
    this.text = text;
    this.start = start;
    this.end = end;
    this.at = start;
    this.line = line;
    this.lastLine = line;
    this.foreign = foreign;
  }

  protected unknown(detail: string): Unreadable {
    return new Unreadable('unknown', this.line, detail);
  }

  /** Goes from the start of a line to the next text that is no comment. */
  protected toContent(lineStart: number): void {
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

  protected toNextLine(lineEnd: number): void {
    this.lastLine = this.line;
    this.line++;
    this.toContent(lineEnd + 1);
  }

  protected atDash(): boolean {
    if (this.text.charCodeAt(this.at) !== dash) return false;
    const next = this.text.charCodeAt(this.at + 1);
    return next === space || next === newline;
  }

  protected lineStart(at: number): number {
    return this.text.lastIndexOf('\n', at) + 1;
  }

  /** Where the lines end that belong to what begins at `at`, being indented deeper; `line` goes along. */
  protected afterLines(at: number, indent: number, withList: boolean): number {
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

  /** Blank lines at the end of a text belong to it but are nothing to show. */
  protected blankLinesBefore(lineEnd: number): number {
    let blank = 0;
    for (let at = lineEnd - 1; ; at--) {
      const code = this.text.charCodeAt(at);
      if (code === newline) blank++;
      else if (code !== space && code !== tab) return blank;
    }
  }
}
