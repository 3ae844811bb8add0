// Chooses the places that show a finding: few, short, and those that the conditions have read.

import type { Span } from '../bundle/source.ts';
import type { CompiledRule } from '../rules/compile.ts';
import type { Read } from '../rules/expression-reads.ts';
import type { Candidate, Candidates } from './candidates.ts';
import type { Evidence } from './outcome.ts';

const mostPlaces = 3;
const longestPlace = 12;

/** What the names of `given` stand for in one evaluation. */
export type Bound = ReadonlyMap<string, readonly Candidate[]>;

export interface Shown {
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** The candidates that give it. */
  readonly candidates: readonly Candidate[];
}

/** The subject first, then what is joined to it, each by path and line. */
export function evidenceOf(rule: CompiledRule, bound: Bound, scope: Record<string, unknown>, all: Candidates): Shown {
  const shown: Evidence[] = [];
  const candidates = new Set<Candidate>();
  const show = (binding: string, picked: readonly Candidate[], places: (candidate: Candidate) => readonly Place[]) => {
    for (const place of fewPlaces(picked, places).sort(byPlace)) shown.push({ ...place, binding });
    for (const candidate of picked.slice(0, mostPlaces)) if (places(candidate).length > 0) candidates.add(candidate);
  };
  if (rule.evidence) {
    for (const { name, path, binding } of rule.evidence) {
      const picked = bound.get(name) ?? membersOf(letValue(scope, name), all);
      show(binding, picked, (candidate) => placesAt(candidate, [path], []));
    }
  } else {
    for (const [name, held] of bound) {
      const picked = held.length > 1 ? pickedByLet(rule, name, held, scope, all) : held;
      show(name, picked, (candidate) => placesRead(rule, name, candidate));
    }
  }
  const [first, ...others] = shown;
  if (first) return { evidence: [first, ...others], candidates: [...candidates] };
  // What was named is not there: the subject itself always is.
  const [name, held] = [...bound][0] as [string, readonly Candidate[]];
  const subject = held[0] as Candidate;
  const [place] = wholePlaces(subject) as [Place, ...Place[]];
  return { evidence: [{ ...cut(place), binding: name }], candidates: [subject] };
}

/** The place of the field that one side of a reconciliation reads; a whole fact where it reads no field that has one. */
export function sideEvidence(
  rule: CompiledRule,
  reads: readonly Read[],
  bound: Bound,
  scope: Record<string, unknown>,
  all: Candidates,
): Evidence | undefined {
  const closest = reads.toSorted((a, b) => b.path.length - a.path.length);
  for (const { name, path } of closest) {
    const held = bound.get(name) ?? [];
    const [candidate] = held.length > 1 ? pickedByLet(rule, name, held, scope, all) : held;
    const [place] = candidate ? placesAt(candidate, [path], []) : [];
    if (place) return { ...cut(place), binding: name };
  }
  return undefined;
}

export interface Place {
  readonly path: string;
  readonly span: Span;
}

function placesRead(rule: CompiledRule, name: string, candidate: Candidate): readonly Place[] {
  const ways = (reads: readonly Read[]) => reads.filter((read) => read.name === name).map((read) => read.path);
  const literals = [...rule.literals];
  const decides = ways(rule.reads);
  const told = placesAt(candidate, ways(rule.messageReads), literals, false);
  if (decides.length === 0 && rule.bindings[0].binding.name !== name) return told;
  const decided = placesAt(candidate, decides, literals, false);
  // What decides has no place of its own, e.g. because it is absent: then the whole fact shows it.
  return decided.length === 0 ? wholePlaces(candidate) : [...decided, ...told];
}

/** Places of fields. `conditions` with the text "Ready" in the rule is the place of that condition, where it is known. */
function placesAt(
  candidate: Candidate,
  ways: readonly (readonly string[])[],
  literals: readonly string[],
  orWhole = true,
): readonly Place[] {
  const { at, path } = candidate;
  const places: Place[] = [];
  for (const way of at ? ways : []) {
    for (let length = way.length; length > 0; length--) {
      const prefix = way.slice(0, length).join('.');
      const named = literals.map((literal) => at?.[`${prefix}.${literal}`]).filter((span) => span !== undefined);
      const span = at && Object.hasOwn(at, prefix) ? at[prefix] : undefined;
      if (named.length > 0) places.push(...named.map((each) => ({ path, span: each })));
      else if (span) places.push({ path, span });
      if (named.length > 0 || span) break;
    }
  }
  return places.length === 0 && orWhole ? wholePlaces(candidate) : places;
}

function wholePlaces({ lines, path, span }: Candidate): readonly Place[] {
  return lines ? lines.map(({ path, line }) => ({ path, span: [line, line] as const })) : [{ path, span }];
}

/** At most three places, the first of each candidate before the second of any; neighbours become one. */
function fewPlaces(picked: readonly Candidate[], places: (candidate: Candidate) => readonly Place[]): Place[] {
  const each = picked.slice(0, mostPlaces).map(places);
  const kept: Place[] = [];
  const most = Math.max(0, ...each.map((list) => list.length));
  for (let round = 0; round < most; round++) {
    for (const list of each) {
      const place = list[round];
      if (place && !joinTo(kept, cut(place)) && kept.length < mostPlaces) kept.push(cut(place));
    }
  }
  return kept;
}

/** Widens a kept place that touches this one, as long as the result is short. */
function joinTo(kept: Place[], place: Place): boolean {
  for (const [index, other] of kept.entries()) {
    if (other.path !== place.path) continue;
    const first = Math.min(other.span[0], place.span[0]);
    const last = Math.max(other.span[1], place.span[1]);
    const within = place.span[0] >= other.span[0] && place.span[1] <= other.span[1];
    const touches = place.span[0] <= other.span[1] + 1 && other.span[0] <= place.span[1] + 1;
    if (!within && (!touches || last - first >= longestPlace)) continue;
    kept[index] = { path: place.path, span: [first, last] };
    return true;
  }
  return false;
}

function cut({ path, span }: Place): Place {
  return { path, span: [span[0], Math.min(span[1], span[0] + longestPlace - 1)] };
}

/** Of a long list, the members that a `let` has picked out tell more than the first ones. */
function pickedByLet(
  rule: CompiledRule,
  name: string,
  held: readonly Candidate[],
  scope: Record<string, unknown>,
  all: Candidates,
): readonly Candidate[] {
  const members = new Set(held);
  for (const each of rule.lets) {
    if (!rule.letOrigins.get(each)?.includes(name)) continue;
    const picked = membersOf(letValue(scope, each), all).filter((candidate) => members.has(candidate));
    if (picked.length > 0 && picked.length < held.length) return picked;
  }
  return held;
}

function membersOf(value: unknown, all: Candidates): Candidate[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map((each) => all.ofValue(each)).filter((each) => each !== undefined);
}

/** A `let` may fail where no condition needed it: then it has nothing to show. */
function letValue(scope: Record<string, unknown>, name: string): unknown {
  try {
    return scope[name];
  } catch {
    return undefined;
  }
}

/** By path and line. */
export function byPlace(a: Place, b: Place): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.span[0] - b.span[0] || a.span[1] - b.span[1];
}
