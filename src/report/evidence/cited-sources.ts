// The sources that a report cites, with the lines it points at: what is worth packing beside it.

import type { TextKeeper } from '../../facts/kept-text.ts';
import { isSecretPath, redactLines } from '../redact-secrets.ts';
import type { Place, Report } from '../report.ts';

/** One source as it was kept, without the secrets in it. */
export interface CitedSource {
  readonly path: string;
  /** Places the report points at, by line; overlapping ones are one. */
  readonly cited: readonly Range[];
  /** Runs of lines that are there; a small source is one run. */
  readonly runs: readonly Run[];
  /** Number of lines of the whole source; absent where it was not kept as a whole. */
  readonly lines?: number;
}

/** From 1, both inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export interface Run extends Range {
  readonly text: readonly string[];
}

/** A source up to this size goes whole. */
const wholeBytes = 64 * 1024;
/** Lines before and after a cited one, of a larger source. */
const contextLines = 20;
/** Of one place; what a rule points at is shorter, a whole object may not be. */
const mostLines = 2000;

/** In the order in which the report cites them, the worst finding first. */
export function citedSources(report: Report, text: Pick<TextKeeper, 'lines' | 'whole'>): CitedSource[] {
  return [...placesByPath(report)].map(([path, places]): CitedSource => {
    const cited = joined(places);
    const whole = text.whole(path);
    const ofSecret = isSecretPath(path);
    if (!whole) return { path, cited, runs: keptRuns(path, cited, text, ofSecret) };
    const safe = redactLines(whole, { ofSecret });
    const isSmall = whole.reduce((bytes, line) => bytes + line.length + 1, 0) <= wholeBytes;
    const ranges = isSmall ? [{ first: 1, last: whole.length }] : joined(places.map((place) => widened(place, whole)));
    const runs = ranges.map(({ first, last }) => ({ first, last, text: safe.slice(first - 1, last) }));
    return { path, cited, runs, lines: whole.length };
  });
}

/** Of a log only the lines that were hit are kept. */
function keptRuns(
  path: string,
  cited: readonly Range[],
  { lines }: Pick<TextKeeper, 'lines'>,
  ofSecret: boolean,
): Run[] {
  return cited.flatMap(({ first, last }): Run[] => {
    const kept = lines(path, [first, Math.min(last, first + mostLines - 1)]);
    return kept.length === 0 ? [] : [{ first, last: first + kept.length - 1, text: redactLines(kept, { ofSecret }) }];
  });
}

function widened({ first, last }: Range, whole: readonly string[]): Range {
  const end = Math.min(last, first + mostLines - 1);
  return { first: Math.max(1, first - contextLines), last: Math.min(whole.length, end + contextLines) };
}

/** In order, those that meet or touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first || a.last - b.last);
  const out: Range[] = [];
  for (const { first, last } of sorted) {
    const before = out.at(-1);
    if (before && first <= before.last + 1) out[out.length - 1] = { ...before, last: Math.max(before.last, last) };
    else out.push({ first, last });
  }
  return out;
}

/** Every place that the report names, wherever it does: whatever has a path and lines is one. */
function placesByPath(report: Report): Map<string, Place[]> {
  const byPath = new Map<string, Place[]>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (typeof value !== 'object' || value === null) return;
    if (isPlace(value)) byPath.set(value.path, [...(byPath.get(value.path) ?? []), value]);
    for (const each of Object.values(value)) visit(each);
  };
  visit(report.findings);
  visit(report.paths);
  visit(report.timeline);
  return byPath;
}

function isPlace(value: object): value is Place {
  const { path, first, last } = value as Partial<Place>;
  return typeof path === 'string' && typeof first === 'number' && typeof last === 'number';
}

/** All texts of the sources, paths included. */
export const textsOf = (sources: readonly CitedSource[]): string[] =>
  sources.flatMap(({ path, runs }) => [path, ...runs.map(({ text }) => text.join('\n'))]);
