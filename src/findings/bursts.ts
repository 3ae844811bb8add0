// Gathers the hits of a log pattern into bursts: per group, the densest stretch that fits the rule's timespan.

import type { FactStore, LogHit } from '../facts/store.ts';
import type { CompiledBurst } from '../rules/compile-given.ts';

export interface Burst {
  /** `count`, `first`, `last`, and the captures and labels of its hits. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Lines that show it: where it begins, goes on and ends. */
  readonly lines: readonly [BurstLine, ...BurstLine[]];
}
export interface BurstLine {
  readonly path: string;
  readonly line: number;
}

/** One burst per group, in the order of the groups' names. */
export function burstsOf(burst: CompiledBurst, store: FactStore): Burst[] {
  const groups = new Map<string, LogHit[]>();
  for (const hit of store.hits(burst.patternId)) {
    if (burst.timespanMillis !== undefined && hit.firstTime === undefined) continue;
    const key = burst.groupBy.map((name) => groupValue(hit, name) ?? '').join('\0');
    const group = groups.get(key);
    if (group) group.push(hit);
    else groups.set(key, [hit]);
  }
  return [...groups.keys()].sort().map((key) => {
    const hits = (groups.get(key) ?? []).slice().sort(byTime);
    return burstOf(burst.timespanMillis === undefined ? hits : densest(hits, burst.timespanMillis));
  });
}

/** A capture hides a label of the same name: the line itself says it. */
const groupValue = (hit: LogHit, name: string): string | undefined => hit.captures[name] ?? hit.labels[name];

function burstOf(hits: readonly LogHit[]): Burst {
  const first = hits[0] as LogHit;
  const last = hits.at(-1) as LogHit;
  const times = hits
    .flatMap((hit) => [hit.firstTime, hit.lastTime])
    .filter((time) => time !== undefined)
    .sort();
  const raw = {
    ...first.labels,
    ...first.captures,
    count: hits.reduce((sum, hit) => sum + hit.count, 0),
    ...(times[0] === undefined ? {} : { first: times[0], last: times.at(-1) }),
  };
  const lines: BurstLine[] = [{ path: first.path, line: first.span[0] }];
  const middle = hits[Math.floor(hits.length / 2)];
  const ends = middle && hits.length > 2 ? [{ path: middle.path, line: middle.span[0] }] : [];
  for (const line of [...ends, { path: last.path, line: last.span[1] }]) {
    if (!lines.some((known) => known.path === line.path && known.line === line.line)) lines.push(line);
  }
  return { raw, lines: lines as [BurstLine, ...BurstLine[]] };
}

/** The stretch with the most lines; of several, the earliest. */
function densest(hits: readonly LogHit[], timespanMillis: number): readonly LogHit[] {
  const times = hits.map((hit) => Date.parse(hit.firstTime ?? ''));
  let best = { count: 0, from: 0, to: 0 };
  let count = 0;
  let from = 0;
  for (let to = 0; to < hits.length; to++) {
    count += hits[to]?.count ?? 0;
    while ((times[to] ?? 0) - (times[from] ?? 0) > timespanMillis) {
      count -= hits[from]?.count ?? 0;
      from += 1;
    }
    if (count > best.count) best = { count, from, to };
  }
  return hits.slice(best.from, best.to + 1);
}

function byTime(a: LogHit, b: LogHit): number {
  const [mine, other] = [a.firstTime ?? '', b.firstTime ?? ''];
  if (mine !== other) return mine < other ? -1 : 1;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.span[0] - b.span[0];
}
