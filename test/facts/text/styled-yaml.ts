// Prints values as the many printers and hands of YAML do: each with its indentation, quotes, folds and comments.

import { pick, type Random } from './kubernetes-yaml.ts';

/** Printed without quotes these are no number that a double holds, and so text in either form. */
export const overlong = ['9007199254740993', '-9007199254740993', '18446744073709551615', '50894e2477', '1e400'];

interface Style {
  readonly next: Random;
  /** Columns that a mapping stands deeper than its key. */
  readonly step: number;
  /** Columns that a list stands deeper than its key. */
  readonly listStep: number;
  readonly comments: boolean;
  /** Keys may stand behind `?`, which sends the document to the thorough reader. */
  readonly questions: boolean;
}

/** The YAML of a mapping in one style, with a line end. */
export function printStyled(mapping: Record<string, unknown>, next: Random): string {
  const step = 1 + next(4);
  const style = { next, step, listStep: next(2) * step, comments: next(3) === 0, questions: next(10) === 0 };
  return printMapping(mapping, 0, style);
}

function printMapping(mapping: Record<string, unknown>, indent: number, style: Style): string {
  const { next } = style;
  return Object.entries(mapping)
    .map(([key, value]) => {
      const name = isPlain(key) ? key : quoted(key, next);
      const isAsked = style.questions && (key.length > 30 || next(4) === 0);
      const margin = ' '.repeat(indent);
      const before = style.comments && next(6) === 0 ? '# a line: of words\n' : '';
      const opening = isAsked ? `${margin}? ${name}\n${margin}:` : `${margin}${name}:`;
      return before + opening + printValue(value, indent, Array.isArray(value) ? style.listStep : style.step, style);
    })
    .join('');
}

/** What stands behind a key or a dash at column `indent`. */
function printValue(value: unknown, indent: number, step: number, style: Style): string {
  if (!isFilled(value)) return printScalar(value, indent, style);
  const note = style.comments && style.next(5) === 0 ? ' # note' : '';
  if (Array.isArray(value)) return `${note}\n${printList(value, indent + step, style)}`;
  return `${note}\n${printMapping(value as Record<string, unknown>, indent + step, style)}`;
}

function printList(list: readonly unknown[], indent: number, style: Style): string {
  // `-   name: x`: the blanks behind the dash are part of the indentation.
  const gap = style.next(4) === 0 ? 1 + style.next(3) : 1;
  return list
    .map((element) => {
      const dash = ' '.repeat(indent);
      if (!isFilled(element)) return `${dash}-${printScalar(element, indent, style)}`;
      const inner = indent + 1 + gap;
      const below = Array.isArray(element)
        ? printList(element, inner, style)
        : printMapping(element as Record<string, unknown>, inner, style);
      // the first key stands beside its dash, and no comment between them
      return `${dash}-${' '.repeat(gap)}${below.replace(/^#.*\n/, '').slice(inner)}`;
    })
    .join('');
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function isPlain(text: string): boolean {
  return /^[A-Za-z/é][\w./é-]*$/.test(text) && !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text);
}

function printScalar(value: unknown, indent: number, style: Style): string {
  const { next } = style;
  const note = style.comments && next(5) === 0 ? '  # note: 1' : '';
  if (typeof value !== 'string') return ` ${value === null ? pick(next, ['null', '~', '']) : flow(value)}${note}\n`;
  const ways = [() => ` ${doubleFolded(value, indent, next)}${note}\n`];
  if (overlong.includes(value)) ways.push(() => ` ${value}${note}\n`);
  if (isPlain(value)) ways.push(() => ` ${value}${note}\n`);
  if (isPrintable(value) && !value.includes('\n')) ways.push(() => ` ${quoted(value, next)}${note}\n`);
  if (isPrintable(value) && value.trim() !== '') ways.push(() => printBlock(value, indent, next));
  if (canFold(value)) ways.push(() => printFolded(value, indent, next));
  if (value.includes('\u2028')) ways.push(() => ` '${goBroken(value, indent + 1)}'${note}\n`);
  return pick(next, ways)();
}

/** Whole numbers are printed as JavaScript does. */
const flow = (value: unknown): string => (Array.isArray(value) ? '[]' : typeof value === 'object' ? '{}' : `${value}`);

const isPrintable = (text: string): boolean =>
  !/[^\n\x20-\x7e\xa0-\u2027\u2030-\ufefe\u{10000}-\u{10ffff}]/u.test(text);

function quoted(text: string, next: Random): string {
  if (isPrintable(text) && !text.includes('\n') && next(2) === 0) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll('\u2028', '\\L');
}

/** Double quotes with a backslash at the end of some lines. */
function doubleFolded(text: string, indent: number, next: Random): string {
  const margin = ' '.repeat(indent + 1 + next(3));
  return quoted(text, () => 1).replaceAll(/(?<=\w) (?=\w)/g, () => (next(4) === 0 ? ` \\\n${margin}` : ' '));
}

function printBlock(value: string, indent: number, next: Random): string {
  const lines = value.split('\n');
  const chomp = !value.endsWith('\n') ? '-' : /(?:^|\n)\n$/.test(value) ? '+' : '';
  const deeper = 1 + next(4);
  const hint = /^[ \n]/.test(value) ? `${deeper}` : '';
  if (value.endsWith('\n')) lines.pop();
  const margin = ' '.repeat(indent + deeper);
  return ` |${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}\n`;
}

/** No line that begins with a blank, which keeps its line ends, or ends in one. */
const canFold = (text: string): boolean => isPrintable(text) && /^\S(?:[^\n]*\S)?(?:\n\S(?:[^\n]*\S)?)*$/.test(text);

function printFolded(value: string, indent: number, next: Random): string {
  const margin = ' '.repeat(indent + 1 + next(4));
  const lines = value.split('\n').map((line) => line.replaceAll(/(?<=\S) (?=\S)/g, () => (next(3) === 0 ? '\n' : ' ')));
  return ` >-\n${margin}${lines.join('\n\n').replaceAll(/\n(?=[^\n])/g, `\n${margin}`)}\n`;
}

/** Go takes U+2028 for a line break and indents what follows. */
function goBroken(text: string, indent: number): string {
  return text.replaceAll("'", "''").replaceAll('\u2028', `\u2028${' '.repeat(indent)}`);
}
