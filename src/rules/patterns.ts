// What can be said of a pattern before it meets text: does RE2 accept it, is it linear in V8 too, what must every hit hold.

import { RE2JS } from 're2js';
import { toRegExp } from '../facts/text/re2.ts';
import { costOf, longestFor } from './pattern-cost.ts';
import { type Branches, type Item, readPattern } from './pattern-tree.ts';

export interface PatternFacts {
  /** Why RE2 refuses it; nothing else is known then. */
  readonly refused?: string;
  /** Names of its groups. */
  readonly groups: readonly string[];
  /** Texts that every hit contains, longest first. */
  readonly literals: readonly string[];
  /** Every hit contains one of these; empty where nothing is known. */
  readonly oneOf: readonly string[];
  /** The longest text on which V8's engine is sure to be quick. */
  readonly longestOnV8: number;
  /** Why V8's engine must not run it: it reads the form otherwise, or may need exponential time. */
  readonly onlyRe2?: string;
}

const mostProgram = 5000;

const inspected = new Map<string, PatternFacts>();

export function inspectPattern(pattern: string): PatternFacts {
  const known = inspected.get(pattern);
  if (known) return known;
  const facts = inspect(pattern);
  inspected.set(pattern, facts);
  return facts;
}

/** What was found out so far; plain data, for other threads and later starts. */
export const knownPatterns = (): ReadonlyMap<string, PatternFacts> => inspected;

/** Takes over what was found out elsewhere by the same program. */
export function knowPatterns(known: Iterable<readonly [string, PatternFacts]>): void {
  for (const [pattern, facts] of known) inspected.set(pattern, facts);
}

const nothing = { groups: [], literals: [], oneOf: [], longestOnV8: 0 };

function inspect(pattern: string): PatternFacts {
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refused: message.replace(/^error parsing regexp: /, ''), ...nothing };
  }
  if (program.programSize() > mostProgram) return { refused: 'too large', ...nothing };
  const groups = Object.keys(program.namedGroups());
  const { branches, foreign } = readPattern(pattern);
  const cost = costOf(branches);
  const clauses = clausesOf(branches).filter((clause) => clause.every((text) => text.trim().length > 1));
  const literals = [...new Set(clauses.flatMap(([text, ...others]) => (text && others.length === 0 ? [text] : [])))];
  literals.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const [oneOf] = clauses.filter((clause) => clause.length <= mostTexts).sort(byWorth);
  let onlyRe2 = foreign ?? cost.endless;
  try {
    toRegExp(pattern);
  } catch {
    onlyRe2 ??= 'V8 cannot read it';
  }
  return {
    groups,
    literals,
    oneOf: oneOf ?? [],
    longestOnV8: onlyRe2 === undefined ? longestFor(cost) : 0,
    ...(onlyRe2 === undefined ? {} : { onlyRe2 }),
  };
}

/** True where every line would hit. */
export const hitsEverything = (pattern: string): boolean => RE2JS.compile(pattern).test('');

/**
 * Texts that every hit holds, clause by clause: of each clause one text is in it. `a (b|c) d` gives `a `, `b` or `c`, ` d`.
 */
function clausesOf(branches: Branches): (readonly string[])[] {
  const [only] = branches;
  if (branches.length === 1 && only) return clausesInOrder(only);
  const best = branches.map((items) => clausesInOrder(items).sort(byWorth)[0]);
  return best.every((clause) => clause !== undefined) ? [best.flatMap((clause) => clause ?? [])] : [];
}

function clausesInOrder(items: readonly Item[]): (readonly string[])[] {
  const clauses: (readonly string[])[] = [];
  let run = '';
  const flush = () => {
    if (run !== '') clauses.push([run]);
    run = '';
  };
  for (const { node, least, most } of items) {
    const text = node.is === 'character' ? node.text : undefined;
    if (text !== undefined && least === 1 && most === 1) {
      run += text;
      continue;
    }
    if (text !== undefined && least >= 1) run += text;
    flush();
    if (node.is === 'group' && least >= 1) clauses.push(...clausesOf(node.branches));
  }
  flush();
  return clauses;
}

const shortest = (clause: readonly string[]): number => Math.min(...clause.map((text) => text.length));
const byWorth = (a: readonly string[], b: readonly string[]): number =>
  shortest(b) - shortest(a) || a.length - b.length || (a.join('\0') < b.join('\0') ? -1 : 1);
const mostTexts = 24;

type Engine = { readonly re2: RE2JS } | { readonly v8: RegExp };
interface Engines {
  /** Made where it is needed. */
  re2: Engine | undefined;
  readonly v8: Engine | undefined;
  readonly longestOnV8: number;
}
const compiled = new Map<string, Engines>();

function engine(pattern: string, length: number): Engine {
  const known = compiled.get(pattern) ?? enginesOf(pattern);
  if (known.v8 && length <= known.longestOnV8) return known.v8;
  known.re2 ??= { re2: RE2JS.compile(pattern) };
  return known.re2;
}

function enginesOf(pattern: string): Engines {
  // A pattern made from a bundle's text could be any: the cache stays small, and what is found out is not kept.
  if (compiled.size > 1000) compiled.clear();
  const { refused, onlyRe2, longestOnV8 } = inspected.get(pattern) ?? inspect(pattern);
  const isSafe = refused === undefined && onlyRe2 === undefined;
  const made = { re2: undefined, v8: isSafe ? { v8: toRegExp(pattern, 'g') } : undefined, longestOnV8 };
  compiled.set(pattern, made);
  return made;
}

/** True where the pattern hits any part of the text. */
export function patternHits(text: string, pattern: string): boolean {
  const chosen = engine(pattern, text.length);
  if ('re2' in chosen) return chosen.re2.test(text);
  chosen.v8.lastIndex = 0;
  return chosen.v8.test(text);
}

/** The hits of a pattern in order, at most `most`; each with its named groups. */
export function patternMatches(
  text: string,
  pattern: string,
  most: number,
): { readonly text: string; readonly groups: Readonly<Record<string, string>> }[] {
  const chosen = engine(pattern, text.length);
  const found: { text: string; groups: Record<string, string> }[] = [];
  if ('re2' in chosen) {
    const matcher = chosen.re2.matcher(text);
    const names = Object.keys(chosen.re2.namedGroups());
    while (found.length < most && matcher.find()) {
      found.push({ text: matcher.group() ?? '', groups: named(names.map((name) => [name, matcher.group(name)])) });
    }
    return found;
  }
  chosen.v8.lastIndex = 0;
  for (const match of text.matchAll(chosen.v8)) {
    if (found.length >= most) break;
    found.push({ text: match[0], groups: named(Object.entries(match.groups ?? {})) });
  }
  return found;
}

function named(entries: readonly (readonly [string, string | null | undefined])[]): Record<string, string> {
  const groups: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) if (value !== undefined && value !== null) groups[name] = value;
  return groups;
}
