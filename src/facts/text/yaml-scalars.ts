// Scalars of YAML that take more than one line or an escape; the short ones are read in place by the YAML reader.
//
//   message: 'a long text that Go folds
//     at column 80'

import { Unreadable } from './unreadable.ts';
import { type Block, blockValue } from './yaml-block-scalar.ts';

/** A scalar, the place after it, and how many line ends it holds. */
export interface Scanned {
  readonly value: string;
  readonly at: number;
  readonly lines: number;
}

/** Where a scalar stands: a line of it is indented deeper than `parentIndent`. All texts end in a line end. */
export interface Within {
  readonly text: string;
  readonly end: number;
  readonly parentIndent: number;
  readonly line: number;
}

const space = 32;
const tab = 9;
const newline = 10;

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A quoted scalar from its opening quote; `at` of the result is after the closing one. */
export function scanQuoted(within: Within, start: number): Scanned {
  const { text, end } = within;
  const quote = text.charCodeAt(start);
  let value = '';
  let lines = 0;
  let from = start + 1;
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      value += text.slice(from, at);
      if (quote === 34 || text.charCodeAt(at + 1) !== 39) return { value, at: at + 1, lines };
      from = at + 1;
      at += 2;
    } else if (code === newline) {
      const fold = scanFold(within, at, within.line + lines);
      value += trimEnd(text.slice(from, at)) + (fold.lines === 1 ? ' ' : '\n'.repeat(fold.lines - 1));
      lines += fold.lines;
      from = at = fold.at;
    } else if (quote === 34 && code === 92) {
      value += text.slice(from, at);
      if (text.charCodeAt(at + 1) === newline) {
        const fold = scanFold(within, at + 1, within.line + lines);
        value += '\n'.repeat(fold.lines - 1);
        lines += fold.lines;
        from = at = fold.at;
      } else {
        const escaped = scanEscape(text, at, within.line + lines);
        value += escaped.value;
        from = at = escaped.at;
      }
    } else if (quote === 39 && isOldBreak(code)) {
      value += text.slice(from, ++at);
      while (text.charCodeAt(at) === space) at++;
      from = at;
    } else {
      at++;
    }
  }
  throw new Unreadable('cut', within.line, 'quoted text without an end');
}

/** From a line end to the next line with text, which must be indented; `lines` counts the line ends. */
function scanFold({ text, end, parentIndent }: Within, start: number, line: number): Scanned {
  let lines = 0;
  let at = start;
  while (at < end && text.charCodeAt(at) === newline) {
    lines++;
    const lineStart = ++at;
    while (text.charCodeAt(at) === space) at++;
    const indent = at - lineStart;
    while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at++;
    if (at < end && text.charCodeAt(at) !== newline && indent <= parentIndent) {
      throw new Unreadable('unknown', line + lines, 'quoted text goes on without indentation');
    }
  }
  return { value: '', at, lines };
}

function scanEscape(text: string, at: number, line: number): { value: string; at: number } {
  const letter = text.charAt(at + 1);
  const simple = escapes[letter];
  if (simple !== undefined) return { value: simple, at: at + 2 };
  const digits = hexDigits[letter];
  const hex = digits === undefined ? '' : text.slice(at + 2, at + 2 + digits);
  const code = hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : Number.NaN;
  if (!(code <= 0x10ffff)) throw new Unreadable('unknown', line, `unknown escape \\${letter}`);
  return { value: String.fromCodePoint(code), at: at + 2 + hex.length };
}

/** An unquoted scalar that goes on in following lines; `at` of the result is its last line end. */
export function scanPlainLines({ text, end, parentIndent, line }: Within, start: number): Scanned {
  let value = '';
  let lines = 0;
  let breaks = 0;
  let at = start;
  let last = start;
  while (at < end) {
    const lineStart = at;
    while (text.charCodeAt(at) === space) at++;
    const indent = at - lineStart;
    while (text.charCodeAt(at) === tab || text.charCodeAt(at) === space) at++;
    const lineEnd = text.indexOf('\n', at);
    if (at === lineEnd) {
      breaks++;
      at++;
      continue;
    }
    // A comment ends the scalar, and so does a line that is not indented.
    if (lines + breaks > 0 && (indent <= parentIndent || text.charCodeAt(at) === 35)) break;
    const words = text.slice(at, lineEnd);
    if (/:(?=[ \t\r]|$)/.test(words)) throw new Unreadable('unknown', line + lines + breaks, 'a key inside plain text');
    const comment = words.search(/[ \t]#/);
    const word = trimEnd(comment < 0 ? words : words.slice(0, comment));
    value += breaks === 0 ? word : (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + word;
    lines += breaks;
    breaks = 1;
    last = lineEnd;
    at = lineEnd + 1;
    if (comment >= 0) break;
  }
  return { value, at: last, lines };
}

/** A block scalar from its `|` or `>`; `at` of the result is its last line end. */
export function scanBlock(within: Within, start: number): Scanned {
  const { text, end, parentIndent, line } = within;
  const headerEnd = text.indexOf('\n', start);
  const header = /^([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))(?:[ \t]+#.*|[ \t]*)$/.exec(text.slice(start, headerEnd));
  if (!header || parentIndent < 0) throw new Unreadable('unknown', line, 'unknown indicator of a block scalar');
  const explicit = header[2] || header[5];
  const indent = explicit ? parentIndent + Number(explicit) : blockIndent(within, headerEnd + 1);
  let at = headerEnd + 1;
  let lines = 0;
  while (at < end) {
    const lineStart = at;
    while (at < lineStart + indent && text.charCodeAt(at) === space) at++;
    if (at < lineStart + indent && text.charCodeAt(at) !== newline && !isOldBreak(text.charCodeAt(at))) {
      at = lineStart;
      break;
    }
    at = text.indexOf('\n', at) + 1;
    lines++;
  }
  const block: Block = {
    folded: header[1] === '>',
    chomp: (header[3] || header[4] || '') as Block['chomp'],
    indent,
    text: text.slice(headerEnd + 1, at),
  };
  return { value: blockValue(block), at: at - 1, lines };
}

/** The indentation of the first line with text. */
function blockIndent({ text, end, parentIndent, line }: Within, start: number): number {
  let deepestBlank = 0;
  for (let at = start; at < end; ) {
    const lineStart = at;
    while (text.charCodeAt(at) === space) at++;
    const indent = at - lineStart;
    const code = text.charCodeAt(at);
    if (code !== newline) {
      if (code === tab || (indent > parentIndent && deepestBlank > indent)) {
        throw new Unreadable('unknown', line, 'text under | or > does not begin at its indentation');
      }
      return indent > parentIndent ? indent : Math.max(deepestBlank, parentIndent + 1);
    }
    deepestBlank = Math.max(deepestBlank, indent);
    at++;
  }
  return Math.max(deepestBlank, parentIndent + 1);
}

/** NEL, LS and PS: line breaks of YAML 1.1 for Go, which indents what follows them. */
function isOldBreak(code: number): boolean {
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Without the blanks of YAML at its end, which are fewer than those of JavaScript. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === space || text.charCodeAt(end - 1) === tab)) end--;
  return end === text.length ? text : text.slice(0, end);
}
