// How many ways a backtracking engine may have to try before it gives a pattern up: by its form, whatever the text.

import type { Branches, Item } from './pattern-tree.ts';

export interface PatternCost {
  /** Steps grow with this power of the length of the text. */
  readonly exponent: number;
  /** Constant factor of bounded choices. */
  readonly ways: number;
  /** Steps may grow exponentially, or with a power too high to be worth counting. */
  readonly endless?: string;
}

/** A repetition up to this is a constant factor, past it a power. */
const smallBound = 20;
const mostWays = 10_000;

/** A repetition that the next character may or may not end. */
interface Open {
  readonly set: string | undefined;
  readonly ways: number;
}

interface Part {
  readonly ambiguous: number;
  readonly runs: boolean;
  readonly ways: number;
  readonly open: readonly Open[];
  /** Sets of what it can begin with; undefined where that cannot be told. */
  readonly firsts: readonly string[] | undefined;
  readonly repeats: boolean;
  readonly hasBranches: boolean;
}

export function costOf(branches: Branches): PatternCost {
  const reasons: string[] = [];
  if (hasNeighbouringDots(branches)) reasons.push('two .* in a row');
  const whole = alternation(branches, reasons);
  const isAnchored = branches.length === 1 && branches[0]?.[0]?.node.is === 'edge' && branches[0][0].node.text === '^';
  if (whole.ways > mostWays) reasons.push('too many choices in bounded repetitions');
  const exponent = (isAnchored ? 0 : 1) + whole.ambiguous + (whole.runs || whole.open.length > 0 ? 1 : 0);
  const [endless] = reasons;
  return { exponent, ways: whole.ways, ...(endless !== undefined && { endless }) };
}

function alternation(branches: Branches, reasons: string[]): Part {
  const parts = branches.map((items) => sequence(items, reasons));
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const firsts = parts.every((part) => part.firsts) ? parts.flatMap((part) => part.firsts ?? []) : undefined;
  // Where no two branches begin alike, only one of them is ever tried to its end.
  const isClear = firsts !== undefined && parts.every((part, index) => areApart(part, parts.slice(index + 1)));
  return {
    ambiguous: Math.max(...parts.map((part) => part.ambiguous)),
    runs: parts.some((part) => part.runs),
    ways: isClear ? Math.max(...parts.map((part) => part.ways)) : parts.reduce((sum, part) => sum + part.ways, 0),
    open: parts.flatMap((part) => part.open),
    firsts,
    repeats: parts.some((part) => part.repeats),
    hasBranches: true,
  };
}

const areApart = (part: Part, others: readonly Part[]): boolean =>
  others.every((other) => !part.firsts?.some((a) => other.firsts?.some((b) => overlap(a, b))));

function sequence(items: readonly Item[], reasons: string[]): Part {
  let ambiguous = 0;
  let runs = false;
  let ways = 1;
  let open: Open[] = [];
  let firsts: string[] | undefined = [];
  let isBeginning = true;
  let repeats = false;
  let hasBranches = false;

  const count = (each: Open): void => {
    if (each.ways === Number.POSITIVE_INFINITY) ambiguous += 1;
    else ways *= each.ways;
  };
  /** What comes next decides which open repetitions end here for sure. */
  const meet = (sets: readonly string[] | undefined, mayBeAbsent: boolean): void => {
    const still: Open[] = [];
    for (const each of open) {
      const { set } = each;
      if (set === undefined || !sets || sets.some((other) => overlap(set, other))) count(each);
      else if (mayBeAbsent) still.push(each);
      else if (each.ways === Number.POSITIVE_INFINITY) runs = true;
    }
    open = still;
  };

  for (const { node, least, most } of items) {
    if (node.is === 'edge') {
      if (node.text !== '$') continue;
      runs ||= open.length > 0;
      open = [];
      continue;
    }
    const isMany = most > smallBound;
    const inner = node.is === 'group' ? alternation(node.branches, reasons) : undefined;
    const sets = node.is === 'group' ? inner?.firsts : [node.set];
    meet(sets, least === 0);
    if (isBeginning) firsts = sets && firsts && [...firsts, ...sets];
    isBeginning &&= least === 0;
    if (isMany || inner?.repeats) repeats = true;
    if (!inner) {
      const times = isMany ? Number.POSITIVE_INFINITY : most - least + 1;
      if (times > 1) open.push({ set: sets?.[0], ways: times });
      continue;
    }
    hasBranches ||= inner.hasBranches;
    const rounds = Math.min(most, smallBound);
    // Its own beginning follows its end.
    const looped = most > 1 ? inner.open.filter(({ set }) => isAmbiguous(set, inner.firsts)) : [];
    const innerWays = looped.reduce((product, each) => product * Math.min(each.ways, mostWays), inner.ways);
    if (isMany && (inner.repeats || inner.hasBranches || innerWays > 1 || inner.ambiguous > 0)) {
      reasons.push('a repetition of repetitions or of choices');
    }
    if (!isMany && most > 1 && looped.some((each) => each.ways === Number.POSITIVE_INFINITY)) {
      reasons.push('a repetition of repetitions');
    }
    ways *= Math.min(innerWays, mostWays) ** rounds * (isMany ? 1 : most - least + 1);
    ambiguous += inner.ambiguous * rounds + (isMany ? 1 : 0);
    runs ||= inner.runs;
    open.push(...inner.open);
  }
  return { ambiguous, runs, ways, open, firsts: isBeginning ? undefined : firsts, repeats, hasBranches };
}

const isAmbiguous = (set: string | undefined, sets: readonly string[] | undefined): boolean =>
  set === undefined || !sets || sets.some((other) => overlap(set, other));

const known = new Map<string, string | undefined>();

/** Whether some character is in both sets; where a set cannot be read it is taken to hold all. */
function overlap(a: string, b: string): boolean {
  const [mine, other] = [charactersOf(a), charactersOf(b)];
  if (mine === undefined || other === undefined) return true;
  for (const character of mine) if (other.includes(character)) return true;
  return false;
}

/** Of the first 256 characters and a few far ones those in the set; capital letters count as small ones. */
const samples = [...Array(256).keys(), 0x130, 0x2028, 0x4e2d, 0xfeff, 0xffff].map((code) => String.fromCharCode(code));

function charactersOf(set: string): string | undefined {
  if (known.has(set)) return known.get(set);
  let found: string | undefined;
  try {
    const expression = new RegExp(`^${set}$`, 'is');
    found = samples.filter((character) => expression.test(character)).join('');
    // A character that is none of the samples is told from no other.
    if (found === '') found = undefined;
  } catch {
    found = undefined;
  }
  known.set(set, found);
  return found;
}

/** `.*` and what may be empty or is one too, with nothing between that must match. */
function hasNeighbouringDots(branches: Branches): boolean {
  let isOpen = false;
  const walk = (all: Branches): boolean =>
    all.some((items) =>
      items.some(({ node, least, most }) => {
        if (node.is === 'group') return walk(node.branches);
        if (node.is === 'edge') return false;
        const isMany = most > smallBound;
        if (node.isDot && isMany && isOpen) return true;
        isOpen = node.isDot ? isMany || isOpen : isOpen && least === 0;
        return false;
      }),
    );
  return walk(branches);
}

/** About what V8 does in two milliseconds. */
const mostSteps = 2_000_000;

/** The longest text on which the steps of such a pattern stay few. */
export function longestFor({ exponent, ways, endless }: PatternCost): number {
  if (endless !== undefined) return 0;
  if (exponent < 2) return ways > 100 ? Math.floor(mostSteps / ways) : Number.POSITIVE_INFINITY;
  let factorial = 1;
  for (let each = 2; each <= exponent; each++) factorial *= each;
  return Math.floor(((mostSteps * factorial) / ways) ** (1 / exponent));
}
