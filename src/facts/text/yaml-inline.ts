// Reads what stands on one line of a YAML document: a key with its colon, a scalar, a flow collection.
//
// Short scalars are read in place, as they are most of the text; longer ones by `yaml-scalars.ts`.

import { scanFlow } from './yaml-flow.ts';
import { carriageReturn, dash, hash, newline, space, tab, YamlLines } from './yaml-lines.ts';
import { plainValue } from './yaml-plain.ts';
import { type Scanned, scanBlock, scanPlainLines, scanQuoted, trimEnd } from './yaml-scalars.ts';

const colon = 58;
const questionMark = 63;

const characters = (list: string): Uint8Array => {
  const table = new Uint8Array(128);
  for (const character of list) table[character.charCodeAt(0)] = 1;
  return table;
};
const isIndicator = characters('[]{},#&*!|>\'"%@`\t');
const mayHaveMeaning = characters('0123456789+-.~nNtTfFyYoO');

// Keys repeat by the thousand: a small table saves cutting them out anew.
const knownKeys: string[] = new Array(4096).fill('');

/** The middle layer of the YAML reader. */
export class YamlInline extends YamlLines {
  protected depth = 0;
  /** After `key()`: the place behind its colon. */
  protected afterKey = 0;

  /** A key and its colon at `at`, if there is one. */
  protected key(): string | undefined {
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
        if (next === tab || next === carriageReturn) throw this.unknown('a tab after a key');
      } else if (code === newline || (code === hash && (before === space || before === tab))) {
        return undefined;
      }
      sum = (sum * 31 + code) | 0;
      before = code;
      code = text.charCodeAt(++at);
    }
    this.afterKey = at + 1;
    if (before === space || before === tab) return trimEnd(text.slice(start, at));
    if (at - start > 1024) throw this.unknown('a key longer than 1024 characters');
    const slot = (sum ^ (sum >>> 12)) & 4095;
    const known = knownKeys[slot]!;
    if (known.length === at - start && text.startsWith(known, start)) return known;
    const key = text.slice(start, at);
    if (key.length >= 64) return key;
    const shared = asKey(key);
    knownKeys[slot] = shared;
    return shared;
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
    if (code === dash || code === colon || code === questionMark) {
      const next = this.text.charCodeAt(at + 1);
      return next !== space && next !== newline && next !== tab && next !== carriageReturn;
    }
    return code > 127 || !isIndicator[code];
  }

  /** A scalar or flow collection from `at`, up to the end of its line. */
  protected inline(parentIndent: number): unknown {
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

  private plain(parentIndent: number): unknown {
    const { text, at: start, line, end } = this;
    let at = start;
    let code = text.charCodeAt(at);
    let before = 0;
    while (code !== newline) {
      if (code === colon) {
        const next = text.charCodeAt(at + 1);
        if (next === space || next === newline || next === tab || next === carriageReturn) {
          throw this.unknown('a key inside plain text');
        }
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
    if (code >= 48 && code <= 57 && end - start < 16 && (code > 48 || end - start === 1)) {
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

/** The one string that V8 has for all keys of this text: a slice would be looked up anew with each object, and keep the whole text in memory. */
function asKey(text: string): string {
  for (const key in { [text]: 0 }) return key;
  return text;
}
