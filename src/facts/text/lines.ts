// Lines of a text as every line-wise parser wants them, and spans that point at them.

import type { Span } from '../../bundle/source.ts';

/** One line with its number from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** All lines; the end of the last one opens no further line, and a carriage return is not part of a line. */
export function linesOf(text: string, firstLine = 1): Line[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ text: line, number: firstLine + index }));
}

/** The lines that say something. */
export const spokenLines = (text: string): Line[] => linesOf(text).filter((line) => line.text.trim() !== '');

export const lineSpan = (line: Line): Span => [line.number, line.number];

/** From the first to the last line of a text. */
export function wholeSpan(text: string): Span {
  return [1, Math.max(1, linesOf(text).length)];
}
