// Reads TOML as it lies in bundles: log lines of the tool before it, cut off in the middle; and finds where a key stands.

import { parse, TomlError } from 'smol-toml';
import type { Span } from '../../bundle/source.ts';
import type { Problem } from '../parser.ts';
import { linesOf } from './lines.ts';
import type { Plain } from './plain-values.ts';

export interface TomlDocument {
  readonly value: Plain;
  readonly problems: readonly Problem[];
  /** From the first to the last line that says something. */
  readonly span: Span;
  /** The line of `key = …` under `[table]` (empty: above every table); `nth` chooses among `[[table]]`s, from 0. */
  keySpan(table: string, key: string, nth?: number): Span | undefined;
  /** Lines of a table from its header to the line before the next one that is not below it. */
  tableSpan(table: string, nth?: number): Span | undefined;
}

export function readToml(text: string): TomlDocument {
  // `crio config` writes its log lines into the same stream.
  const lines = linesOf(text).map(({ text }) => (/^(?:time="|(?:INFO|WARN|ERRO)\[)/.test(text) ? '' : text));
  const { value, problems } = parseLeniently(lines);
  const said = lines.flatMap((line, index) => (/^\s*(?:#|$)/.test(line) ? [] : [index + 1]));
  const span: Span = [said[0] ?? 1, said.at(-1) ?? 1];
  const tableSpan = (table: string, nth = 0): Span | undefined => {
    if (table === '') return span;
    const heads = lines.flatMap((line, index) => (headerOf(line) === table ? [index] : []));
    const first = heads[nth];
    if (first === undefined) return undefined;
    const length = lines.slice(first + 1).findIndex((line) => {
      const next = headerOf(line);
      return next !== undefined && !next.startsWith(`${table}.`);
    });
    const end = length < 0 ? lines.length : first + 1 + length;
    const last = lines.slice(first, end).findLastIndex((line) => !/^\s*(?:#|$)/.test(line));
    return [first + 1, first + 1 + Math.max(0, last)];
  };
  const keySpan = (table: string, key: string, nth = 0): Span | undefined => {
    const within = table === '' ? ([1, lines.length] as const) : tableSpan(table, nth);
    if (!within) return undefined;
    for (let number = within[0]; number <= within[1]; number++) {
      const line = lines[number - 1] ?? '';
      const header = headerOf(line);
      if (header !== undefined && header !== table) return undefined;
      if (/^\s*"?([^"=\s]+)"?\s*=/.exec(line)?.[1] === key) return [number, number];
    }
    return undefined;
  };
  return { value, problems, span, keySpan, tableSpan };
}

/** `[[registry.mirror]]` and `[ registry . mirror ]` are `registry.mirror`; quotes around a part are dropped. */
function headerOf(line: string): string | undefined {
  const inside = /^\s*\[\[?\s*([^[\]].*?)\s*\]\]?\s*(?:#.*)?$/.exec(line)?.[1];
  return inside?.replace(/"([^"]*)"|'([^']*)'/g, '$1$2').replace(/\s*\.\s*/g, '.');
}

/** What stands before the line that cannot be read is still worth having. */
function parseLeniently(lines: readonly string[]): { value: Plain; problems: Problem[] } {
  try {
    return { value: parse(lines.join('\n')), problems: [] };
  } catch (error) {
    const line = error instanceof TomlError ? Math.min(error.line, lines.length) : 1;
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const problem: Problem = { code: 'PARSE_ERROR', span: [line, line], detail };
    for (let end = line - 1; end > 0 && end > line - 20; end--) {
      try {
        return { value: parse(lines.slice(0, end).join('\n')), problems: [problem] };
      } catch {
        // The statement began further up.
      }
    }
    return { value: {}, problems: [problem] };
  }
}
