// Keeps the hits of one pattern in one log few, however long the log: the first ones as they are, later ones counted
// together by minute and by what rules tell them apart by, and of those, if they are still too many, the last ones.

import type { LogPattern, PatternHit } from './scan-log.ts';

export interface HitList {
  add(hit: PatternHit): void;
  /** In the order of their first lines. */
  all(): PatternHit[];
  /** Lines, by pattern, that are counted nowhere but here. */
  readonly leftOut: ReadonlyMap<string, number>;
}

type Grown = { -readonly [K in keyof PatternHit]: PatternHit[K] };
type GroupBy = (pattern: string) => readonly string[];

/** By which captures and labels the rules group the hits of a pattern. */
export function groupByOf(patterns: readonly LogPattern[]): GroupBy {
  const known = new Map(patterns.map(({ id, groupBy = [] }) => [id, groupBy]));
  return (pattern) => known.get(pattern) ?? [];
}

const minuteOf = ({ firstTime }: PatternHit): string => firstTime?.replace(/:[\d.]+Z$/, '') ?? '';

/** Hits of which only the count matters: equal ones within a minute. */
const equalKey = (hit: PatternHit): string =>
  [hit.pattern, minuteOf(hit), hit.labels.node, ...Object.entries(hit.captures).flat()].join('\0');

function groupKey(hit: PatternHit, groupBy: GroupBy): string {
  const { pattern, labels, captures } = hit;
  return [pattern, minuteOf(hit), labels.node, ...groupBy(pattern).map((name) => captures[name] ?? '')].join('\0');
}

function grow(earlier: PatternHit, { count, span, lastTime }: PatternHit): void {
  const grown = earlier as Grown;
  grown.count += count;
  grown.span = [grown.span[0], Math.max(grown.span[1], span[1])];
  grown.lastTime = lastTime;
}

const firstOf = (most: number): number => Math.ceil(most / 2);

/** The hits of one piece of a log, as they are found. */
export function createHitList(most: number, groupBy: GroupBy): HitList {
  const firstByKey = new Map<string, PatternHit>();
  const laterByKey = new Map<string, Map<string, PatternHit>>();
  const counts = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const count = (map: Map<string, number>, name: string, by: number): void => {
    map.set(name, (map.get(name) ?? 0) + by);
  };
  return {
    leftOut,
    add(hit) {
      const { pattern } = hit;
      const equal = equalKey(hit);
      const first = firstByKey.get(equal);
      if (first) return grow(first, hit);
      if ((counts.get(pattern) ?? 0) < firstOf(most)) {
        firstByKey.set(equal, hit);
        count(counts, pattern, 1);
        return undefined;
      }
      const later = laterByKey.get(pattern) ?? new Map<string, PatternHit>();
      const key = groupKey(hit, groupBy);
      const earlier = later.get(key);
      if (earlier) return grow(earlier, hit);
      laterByKey.set(pattern, later.set(key, hit));
      const [oldest] = later.size > most - firstOf(most) ? later : [];
      if (!oldest) return undefined;
      later.delete(oldest[0]);
      count(leftOut, pattern, oldest[1].count);
    },
    all: () =>
      [...firstByKey.values(), ...[...laterByKey.values()].flatMap((later) => [...later.values()])].sort(
        (a, b) => a.span[0] - b.span[0],
      ),
  };
}

interface Piece {
  readonly hits: readonly PatternHit[];
  readonly leftOut?: ReadonlyMap<string, number>;
}

/**
 * The same for all pieces of one log, in the order of their lines: what is past the first hits is counted together. The
 * result is the same for all pieces at once and for some now and the others later.
 */
export function gathered<T extends Piece>(pieces: readonly T[], most: number, groupBy: GroupBy): T[] {
  const places = new Map<string, number>();
  const first = new Map<string, PatternHit>();
  const later = new Map<string, PatternHit>();
  return pieces.map((piece) => {
    const hits: PatternHit[] = [];
    for (const hit of piece.hits) {
      const own = { ...hit };
      const place = places.get(hit.pattern) ?? 0;
      if (place < firstOf(most)) {
        places.set(hit.pattern, place + 1);
        first.set(equalKey(hit), own);
        hits.push(own);
        continue;
      }
      const key = groupKey(hit, groupBy);
      const earlier = first.get(equalKey(hit)) ?? later.get(key);
      if (earlier) grow(earlier, hit);
      else {
        later.set(key, own);
        hits.push(own);
      }
    }
    return { ...piece, hits };
  });
}

/** Where that was not enough: the first hits and the last; those between are left out, and counted. */
export function thinned<T extends Piece>(pieces: readonly T[], most: number): T[] {
  const totals = new Map<string, number>();
  for (const { hits } of pieces) for (const { pattern } of hits) totals.set(pattern, (totals.get(pattern) ?? 0) + 1);
  const places = new Map<string, number>();
  return pieces.map((piece) => {
    const leftOut = new Map(piece.leftOut);
    const hits = piece.hits.filter(({ pattern, count }) => {
      const place = (places.get(pattern) ?? 0) + 1;
      places.set(pattern, place);
      const total = totals.get(pattern) ?? 0;
      if (total <= most || place <= firstOf(most) || place > total - (most - firstOf(most))) return true;
      leftOut.set(pattern, (leftOut.get(pattern) ?? 0) + count);
      return false;
    });
    return hits.length === piece.hits.length ? piece : { ...piece, hits, leftOut };
  });
}
