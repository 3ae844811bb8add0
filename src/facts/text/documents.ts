// Text of API objects and the like becomes values with their lines: YAML of one or more documents, JSON, NDJSON.
//
// Values are plain data as JSON knows it. Mappings are ordinary objects whose keys are own data, `__proto__` too, so ask
// with Object.hasOwn or Object.entries where a key comes from outside. Numbers that a double cannot hold (whole ones
// past 2^53, `1e9999`, `.inf`) are their text. `metadata.managedFields` is left out. Nothing here throws on bad input.

import type { Span } from '../../bundle/source.ts';
import type { Problem } from '../parser.ts';
import { type ForeignLine, messageOf } from './foreign-text.ts';
import { readJsonDocuments } from './json-documents.ts';
import { Entries } from './places.ts';
import type { Unreadable } from './unreadable.ts';
import { readYamlDocuments } from './yaml-documents.ts';

export { keySpan, keySpans, spanOf } from './places.ts';

/** A document, or whatever else has its lines. */
export interface Located {
  readonly value: unknown;
  readonly span: Span;
}

export interface Documents {
  readonly documents: readonly Located[];
  readonly problems: readonly Problem[];
}

/** A text that ends in a line end; `isOpen` when the file had none there. */
export interface WholeText {
  readonly text: string;
  readonly isOpen: boolean;
}

/** What the readers of documents add to. */
export interface Collected {
  readonly documents: Located[];
  readonly problems: Problem[];
  /** The lines of all keys and elements of the text. */
  readonly entries: Entries;
  /** Lines among the documents that belong to none. */
  readonly foreign: ForeignLine[];
  /** Whole documents that are only words. */
  readonly messages: ForeignLine[];
}

/** Told of each text that only the thorough reader could take, for tests that measure. */
export type Watch = (characters: number, why: Unreadable) => void;

/** Reads all documents of a text; tells YAML and JSON apart by itself. */
export function readDocuments(text: string, watch?: Watch): Documents {
  const whole = wholeText(text);
  const collected: Collected = { documents: [], problems: [], entries: new Entries(), foreign: [], messages: [] };
  if (isJson(whole.text)) readJsonDocuments(whole, collected);
  else readYamlDocuments(whole, collected, watch);
  const { documents, problems } = collected;
  return { documents, problems: [...problems, ...foreignProblems(collected)] };
}

function wholeText(text: string): WholeText {
  const isOpen = !text.endsWith('\n');
  let whole = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (isOpen) whole += '\n';
  if (whole.includes('\r')) whole = whole.replaceAll('\r\n', '\n');
  return { text: whole, isOpen };
}

/** By the first line that is no message of a command. `[a: 1` and `{a: 1` are YAML. */
function isJson(text: string): boolean {
  for (let start = 0; start < text.length; start = text.indexOf('\n', start) + 1) {
    const line = text.slice(start, text.indexOf('\n', start)).trim();
    if (line === '' || messageOf(line)) continue;
    if (!/^[{[]/.test(line)) return false;
    const next = /\S/.exec(text.slice(text.indexOf(line, start) + 1))?.[0];
    return next === undefined || (line.startsWith('{') ? '"}' : '[]{"-0123456789').includes(next);
  }
  return false;
}

/** Foreign lines that tell of a loss, those next to each other in one problem. */
function foreignProblems({ documents, foreign, messages }: Collected): Problem[] {
  const lines = [...foreign, ...messages].filter((line) => line.message !== 'notice').sort((a, b) => a.line - b.line);
  const code = documents.length === 0 ? 'COLLECTION_ERROR' : 'YAML_FOREIGN_TEXT';
  const runs: { span: [number, number]; words: string }[] = [];
  for (const { line, words } of lines) {
    const run = runs.at(-1);
    if (run && run.span[1] === line - 1) run.span[1] = line;
    else runs.push({ span: [line, line], words });
  }
  return runs.map(({ span, words }) => ({
    code,
    span,
    detail: words.length > 200 ? `${words.slice(0, 200)}…` : words,
  }));
}
