// Reads the documents of a YAML text so that a broken one, or a broken element of a list, costs only itself.

import type { Span } from '../../bundle/source.ts';
import type { Problem } from '../parser.ts';
import type { Collected, Watch, WholeText } from './documents.ts';
import { ForeignLines, messageOf } from './foreign-text.ts';
import { type Entries, keySpan } from './places.ts';
import { Unreadable } from './unreadable.ts';
import { type Part, yamlParts } from './yaml-parts.ts';
import { type Read, type ReadItem, readYaml } from './yaml-reader.ts';
import { readThoroughly } from './yaml-thorough.ts';

type Fields = Record<string, unknown>;

export function readYamlDocuments(whole: WholeText, collected: Collected, watch?: Watch): void {
  for (const part of yamlParts(whole.text)) {
    const foreign = new ForeignLines(whole.text, part.start, part.end);
    const before = collected.problems.length;
    if (isMessage(part, foreign)) {
      collected.messages.push(messageAt(part));
      continue;
    }
    try {
      const read = readPart(part, foreign, whole, collected.entries, watch);
      if (read) keep(read, part, whole, collected);
    } catch (why) {
      if (!(why instanceof Unreadable)) throw why;
      collected.problems.push(problemOf(why, part, whole));
    }
    // A lone word at an open end is the rest of a key that was cut; it may have been told of as such.
    const openLine = whole.isOpen && part.end === whole.text.length ? lastLineOf(part) : 0;
    const isTold = collected.problems.slice(before).some(({ code }) => code === 'YAML_TRUNCATED');
    collected.foreign.push(...foreign.found.filter(({ line, message }) => message || !isTold || line !== openLine));
  }
}

/** Whether a document is nothing but the words of a command that failed. */
function isMessage(part: Part, foreign: ForeignLines): boolean {
  return messageOf(firstWords(part)) !== undefined && !foreign.isKubernetes();
}

function firstWords({ text, start, end }: Part): string {
  return /\S.*/.exec(text.slice(start, Math.min(end, start + 4096)))?.[0].trimEnd() ?? '';
}

/** The first words that are no comment. */
function withoutComments(words: string, { text, start, end }: Part): string {
  if (!words.startsWith('#')) return words;
  return /^(?!\s*#).*\S.*$/m.exec(text.slice(start, end))?.[0].trim() ?? '';
}

function messageAt(part: Part, words = firstWords(part)): Collected['messages'][number] {
  const blank = /^\s*/.exec(part.text.slice(part.start, part.end))![0];
  return { line: part.line + blank.split('\n').length - 1, words, message: messageOf(words) };
}

function readPart(
  part: Part,
  foreign: ForeignLines,
  whole: WholeText,
  entries: Entries,
  watch?: Watch,
): Read | undefined {
  try {
    return readYaml(part, foreign, entries, itemReader(whole, watch));
  } catch (why) {
    if (!(why instanceof Unreadable) || why.why !== 'unknown') throw why;
    watch?.(part.end - part.start, why);
    return readThoroughly(withoutForeign(part, foreign), part.line);
  }
}

/** Foreign lines become comments, so that the lines keep their numbers. */
function withoutForeign({ text, start, end, line }: Part, foreign: ForeignLines): string {
  const body = text.slice(start, end);
  if (!foreign.isKubernetes()) return body;
  let at = start;
  const lines = body.split('\n').map((words, index) => {
    const isForeign = /^[^\s#-]/.test(words) && foreign.has(at, line + index);
    at += words.length + 1;
    return isForeign ? '#' : words;
  });
  return lines.join('\n');
}

function itemReader(whole: WholeText, watch?: Watch): ReadItem {
  return (part, why) => {
    if (why.why !== 'unknown') return { problems: [problemOf(why, part, whole)] };
    watch?.(part.end - part.start, why);
    try {
      const { value, problems } = readThoroughly(part.text.slice(part.start, part.end), part.line);
      return { value: (value as unknown[])[0], problems };
    } catch (again) {
      if (!(again instanceof Unreadable)) throw again;
      // An anchor outside of this element: only the whole document can be read.
      if (again.anchor !== undefined && part.text.includes(`&${again.anchor}`)) throw why;
      return { problems: [problemOf(again, part, whole)] };
    }
  };
}

function problemOf({ why, line, detail }: Unreadable, part: Part, { isOpen }: WholeText): Problem {
  const lastLine = lastLineOf(part);
  // What is wrong in a last line without a line end is wrong because the rest is missing.
  const isCut = part.end === part.text.length && (why === 'cut' || (isOpen && line >= lastLine));
  const code = why === 'cut' || why === 'unknown' ? 'YAML_SYNTAX' : why;
  return {
    code: isCut && code === 'YAML_SYNTAX' ? 'YAML_TRUNCATED' : code,
    span: [part.line, lastLine],
    detail: `line ${Math.min(line, lastLine)}: ${detail}`,
  };
}

function lastLineOf({ text, start, end, line }: Part): number {
  return line + text.slice(start, end).trimEnd().split('\n').length - 1;
}

/** Takes a document over, less what the end of the file cut off. */
function keep(read: Read, part: Part, whole: WholeText, collected: Collected): void {
  const { value, span } = read;
  if (value === null) return;
  if (typeof value === 'string' && !/^(?:---[ \t]+)?["'|>!&]/.test(withoutComments(firstWords(part), part))) {
    // Unquoted words alone are what some command said; blanks say nothing.
    if (firstWords(part) !== '') collected.messages.push(messageAt(part));
    return;
  }
  const isMapping = typeof value === 'object' && !Array.isArray(value);
  const cut = isMapping && part.end === part.text.length ? cutEnd(value as Fields, read, whole) : undefined;
  collected.problems.push(...read.problems.filter(({ span }) => !cut || !span || span[0] < cut.problem.span[0]));
  if (cut) collected.problems.push(cut.problem);
  if (cut?.keeps !== false) collected.documents.push({ value, span });
}

interface Cut {
  readonly problem: { readonly code: 'YAML_TRUNCATED'; readonly span: Span; readonly detail: string };
  /** False when nothing of the document can be trusted. */
  readonly keeps: boolean;
}

/** Whether the file ends inside this document although it reads well; of a list, the last element is taken off. */
function cutEnd(value: Fields, { span, problems }: Read, { text, isOpen }: WholeText): Cut | undefined {
  const { items } = value;
  const endsInList = Array.isArray(items) && Object.keys(value).at(-1) === 'items';
  // kubectl prints `kind` after `items`.
  const lacksKind = endsInList && 'apiVersion' in value && !('kind' in value);
  // `metadata:`, then `na` on a line of its own: the rest of a key.
  const endsInWord = isOpen && /:[ ]*\n+[ ]+[\w./-]+\n$/.test(text.slice(-2048));
  if (lacksKind || (endsInWord && endsInList)) {
    const lines = lastElement(items as unknown[], problems) ?? span;
    return cutBy(lines, 'the list ends inside its last element, which was left out', true);
  }
  if (endsInWord) return cutBy(span, 'the text ends inside this document, which was left out', false);
  // A server sets the uid; what prints such objects ends its last line, and prints `{}`, `[]` and `null` for nothing.
  const metadata = value.metadata as Fields | null | undefined;
  if (typeof metadata?.uid !== 'string') return undefined;
  if (isOpen) return cutBy(span, 'no line end after the last line: the object was left out, as it may be cut', false);
  if (!endsInKey(value, text)) return undefined;
  return cutBy(span, 'the text ends behind a key without a value: the object was left out, as it is cut', false);
}

/** `conditions:`, `script: |` or a lone dash as the last line, and no text that happens to look so. */
function endsInKey(value: unknown, text: string): boolean {
  let last = value;
  while (typeof last === 'object' && last !== null) last = Object.values(last).at(-1);
  return (last === null || last === '') && /(?::|[|>][-+0-9]*|-)[ ]*\n+$/.test(text.slice(-2048));
}

function cutBy(span: Span, detail: string, keeps: boolean): Cut {
  return { problem: { code: 'YAML_TRUNCATED', span, detail }, keeps };
}

/** Takes off the last element, unless it could not be read anyway, and gives its lines. */
function lastElement(items: unknown[], problems: readonly Problem[]): Span | undefined {
  const last = keySpan(items, String(items.length - 1));
  const unread = problems.findLast(({ span }) => span && (!last || span[0] > last[1]));
  if (unread) return unread.span;
  items.pop();
  return last;
}
