// Reads texts made of `key: value` or `key=value` lines, keeping where each one stands.

import type { Span } from '../../bundle/source.ts';
import { type Line, lineSpan } from './lines.ts';

export interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly line: Line;
}

/** Lines with the separator in them; the rest is not looked at. */
export function keyValues(lines: readonly Line[], separator: ':' | '='): KeyValue[] {
  return lines.flatMap((line) => {
    const place = line.text.indexOf(separator);
    if (place < 1) return [];
    const key = line.text.slice(0, place).trim();
    return key === '' ? [] : [{ key, value: line.text.slice(place + 1).trim(), line }];
  });
}

/** The pairs by key, the last one winning, and from the first to the last of their lines. */
export function keyed(pairs: readonly KeyValue[]): { get(key: string): string | undefined; span: Span } {
  const values = new Map(pairs.map(({ key, value }) => [key, value]));
  const numbers = pairs.map(({ line }) => line.number);
  const span: Span = numbers.length === 0 ? [1, 1] : [Math.min(...numbers), Math.max(...numbers)];
  return { get: (key) => values.get(key), span };
}

/** Where each named key stands: the places of a fact whose fields come from one line each. */
export function placesOf(pairs: readonly KeyValue[], names: Readonly<Record<string, string>>): Record<string, Span> {
  const places: Record<string, Span> = {};
  for (const { key, line } of pairs) {
    const field = names[key];
    if (field !== undefined) places[field] = lineSpan(line);
  }
  return places;
}

/** Takes one pair of quotes off a shell-like value. */
export function unquote(value: string): string {
  const match = /^(["'])(.*)\1$/s.exec(value.trim());
  return match ? (match[2] ?? '') : value.trim();
}
