// What can be said of a pattern before it meets text: does RE2 accept it, is it linear in V8 too, what must every hit hold.

import { RE2JS } from 're2js';
import { toRegExp } from '../facts/text/re2.ts';

export interface PatternFacts {
  /** Why RE2 refuses it; nothing else is known then. */
  readonly refused?: string;
  /** Names of its groups. */
  readonly groups: readonly string[];
  /** Texts that every hit contains, longest first. */
  readonly literals: readonly string[];
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

function inspect(pattern: string): PatternFacts {
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refused: message.replace(/^error parsing regexp: /, ''), groups: [], literals: [] };
  }
  if (program.programSize() > mostProgram) return { refused: 'too large', groups: [], literals: [] };
  const groups = Object.keys(program.namedGroups());
  const shape = shapeOf(pattern);
  const literals = [...new Set(shape.literals)].filter((text) => text.trim().length > 1);
  literals.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  let onlyRe2 = shape.onlyRe2;
  try {
    toRegExp(pattern);
  } catch {
    onlyRe2 ??= 'V8 cannot read it';
  }
  return { groups, literals, ...(onlyRe2 === undefined ? {} : { onlyRe2 }) };
}

/** True where every line would hit. */
export const hitsEverything = (pattern: string): boolean => RE2JS.compile(pattern).test('');

interface Shape {
  literals: string[];
  /** A repetition without a small bound is inside. */
  repeats: boolean;
  branches: boolean;
}

/** A small reader of RE2 syntax, for patterns that RE2 accepted. */
function shapeOf(pattern: string): { literals: readonly string[]; onlyRe2: string | undefined } {
  let at = 0;
  let onlyRe2: string | undefined;
  /** A `.*` has just been, and nothing that must match came after it. */
  let openDots = false;

  function quantifier(): { least: number; most: number } {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(at, at + 16));
    if (!found) return { least: 1, most: 1 };
    at += found[0].length;
    if (found[1]) return { least: found[1] === '+' ? 1 : 0, most: found[1] === '?' ? 1 : Infinity };
    const least = Number(found[2]);
    return { least, most: found[3] === '' ? least : found[4] === '' ? Infinity : Number(found[4]) };
  }

  /** The next atom: its literal character, its group, or neither. */
  function atom(): { text?: string; group?: Shape; dot?: boolean } {
    const character = pattern[at++] ?? '';
    if (character === '\\') {
      const escaped = pattern[at++] ?? '';
      if (/[AzQECapP0-9]/.test(escaped)) onlyRe2 ??= `\\${escaped} means something else to V8`;
      if (escaped === 'x') {
        if (pattern[at] === '{') onlyRe2 ??= '\\x{…} means something else to V8';
        return {};
      }
      return /[a-zA-Z0-9]/.test(escaped) ? {} : { text: escaped };
    }
    if (character === '[') {
      const inner = /^\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*/.exec(pattern.slice(at))?.[0] ?? '';
      if (/^\^?\]|\[:|\\[pPQ]/.test(inner)) onlyRe2 ??= `[${inner}] means something else to V8`;
      at += inner.length + 1;
      return {};
    }
    if (character === '(') {
      const opening = /^\?(?:P?<\w+>|[a-zA-Z-]*(:|\)))/.exec(pattern.slice(at))?.[0] ?? '';
      const flagsOnly = opening.endsWith(')');
      if (/^\?[a-zA-Z]*[^ims\-PPa-z:)<>]/.test(opening) || /^\?[ims-]*U/.test(opening)) {
        onlyRe2 ??= `(${opening} means something else to V8`;
      }
      if (flagsOnly && at !== 1) onlyRe2 ??= `(${opening} in the middle means something else to V8`;
      at += opening.length;
      if (flagsOnly) return {};
      const group = alternation();
      at += 1;
      return { group };
    }
    if (character === '.') return { dot: true };
    return /[\^$]/.test(character) ? {} : { text: character };
  }

  function alternation(): Shape {
    const shape: Shape = { literals: [], repeats: false, branches: false };
    let run = '';
    const flush = () => {
      if (run !== '') shape.literals.push(run);
      run = '';
    };
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        shape.branches = true;
        flush();
        continue;
      }
      const { text, group, dot } = atom();
      const { least, most } = quantifier();
      const many = most > 20;
      if (dot && many && openDots) onlyRe2 ??= 'two .* in a row';
      if (!group) openDots = dot ? many || openDots : openDots && least === 0;
      if (many && group && (group.repeats || group.branches)) onlyRe2 ??= 'a repetition of repetitions or of choices';
      if (many || group?.repeats) shape.repeats = true;
      if (text !== undefined && least === 1 && most === 1) {
        run += text;
        continue;
      }
      if (text !== undefined && least >= 1) run += text;
      flush();
      if (group && least >= 1 && !group.branches) shape.literals.push(...group.literals);
    }
    flush();
    if (shape.branches) shape.literals = [];
    return shape;
  }

  const shape = alternation();
  return { literals: shape.literals, onlyRe2 };
}

const compiled = new Map<string, { readonly re2: RE2JS } | { readonly v8: RegExp }>();
/** Patterns that were literal in a rule and passed at load; only these may run on V8. */
const accepted = new Set<string>();

/** Notes a literal pattern of a rule that RE2 accepts, so that it may run on the faster engine where that is safe. */
export function acceptPattern(pattern: string): void {
  if (inspectPattern(pattern).onlyRe2 === undefined) accepted.add(pattern);
}

function engine(pattern: string): { readonly re2: RE2JS } | { readonly v8: RegExp } {
  const known = compiled.get(pattern);
  if (known) return known;
  // A pattern made from a bundle's text could be any: the cache stays small.
  if (compiled.size > 1000) compiled.clear();
  const made = accepted.has(pattern) ? { v8: toRegExp(pattern, 'g') } : { re2: RE2JS.compile(pattern) };
  compiled.set(pattern, made);
  return made;
}

/** True where the pattern hits any part of the text. */
export function patternHits(text: string, pattern: string): boolean {
  const chosen = engine(pattern);
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
  const chosen = engine(pattern);
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
