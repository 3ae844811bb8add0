// Reads a log once for all rules: one search for the literals of all patterns, then each pattern on the lines that hit.

import type { LogName } from '../../bundle/catalogue.ts';
import { defaultLimits } from '../../bundle/limits.ts';
import { newlines } from '../../bundle/newlines.ts';
import type { Piece, Source } from '../../bundle/source.ts';
import type { LogHit } from '../store.ts';
import { createHitList, groupByOf } from './hit-list.ts';
import { journalHost, journalHosts, journalIdent } from './journal.ts';
import { lineTime } from './line-time.ts';
import { linesToTry } from './lines-to-try.ts';
import { createWantedPatterns, isMixed, type Ready } from './wanted-patterns.ts';

/** A pattern that some rule looks for in some log. */
export interface LogPattern {
  readonly id: string;
  /** Log name, e.g. `KubeletLog`. */
  readonly log: string;
  /** RE2 syntax, matched within one line. */
  readonly pattern: string;
  /** Literal text that every hit contains. */
  readonly hint?: string | undefined;
  /** Every hit contains one of these. With neither, each line is tried. */
  readonly oneOf?: readonly string[] | undefined;
  /** The longest line on which V8's engine is sure to be quick; 0 where it must not be used. */
  readonly longestOnV8?: number | undefined;
  /** Captures and labels by which some rule tells its hits apart. */
  readonly groupBy?: readonly string[] | undefined;
}

export interface PatternHit extends LogHit {
  readonly pattern: string;
}

export interface LogScanner {
  /** True when some pattern asks for this source. */
  wants(source: Source): boolean;
  /**
   * `utf8`: the bytes of the piece, as `asUtf8` gives them. Hits in the order of lines, with the text of their first and
   * last lines for excerpts.
   */
  scan(piece: Piece, utf8: Buffer): ScannedLog;
}

export interface ScannedLog {
  readonly hits: readonly PatternHit[];
  readonly lines: Map<number, string>;
  /** Machines that wrote a journal of which the path does not say whose it is; must-gather joins those of a role. */
  readonly hosts: readonly string[];
  /** The logs that this source is a part of; of a mixed journal those whose processes write in it. */
  readonly logs: readonly string[];
  /** Lines, by pattern, whose hits were too many to keep. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Lines worth a look of which only the beginning was looked at. */
  readonly longLines: readonly number[];
}

/** Patterns see so much of a line; the longest line in a real log had 106,747 characters. */
export const longestLine = 256 * 1024;

/** More than a report shows of a line, less than would fill the memory with lines of a megabyte. */
const keptLength = 8000;

export function createLogScanner(
  patterns: readonly LogPattern[],
  logs: ReadonlyMap<string, LogName>,
  mostHits: number = defaultLimits.logHits,
): LogScanner {
  const groupBy = groupByOf(patterns);
  const wantedFor = createWantedPatterns(patterns, logs);

  return {
    wants: (source) => wantedFor(source).isAny,
    scan({ source, firstLine }, utf8) {
      const wanted = wantedFor(source);
      const { ready, search, always } = wanted.tools();
      const kept = createHitList(mostHits, groupBy);
      const lines = new Map<number, string>();
      const longLines: number[] = [];
      const seen = new Set<string>();
      let lineNumber = firstLine;
      let counted = 0;
      for (const { start, end, tried } of linesToTry(utf8, search, always, seen)) {
        lineNumber += newlines(utf8, counted, start);
        counted = start;
        const line = lineOf(utf8, start, end);
        if (line.length > longestLine) longLines.push(lineNumber);
        const hits = hitsOfLine(
          tried.map((each) => ready[each] as Ready),
          line.slice(0, longestLine),
          lineNumber,
          source,
        );
        for (const hit of hits) kept.add(hit);
        if (hits.length > 0) lines.set(lineNumber, line.slice(0, keptLength));
      }
      const hits = kept.all();
      const shown = new Set(hits.flatMap((hit) => hit.span));
      for (const number of lines.keys()) if (!shown.has(number)) lines.delete(number);
      const hosts = source.labels.node === undefined ? journalHosts(utf8) : [];
      const present = [...wanted.logs].filter(
        ([, { idents = [] }]) => !isMixed(source) || idents.some((ident) => seen.has(ident)),
      );
      return { hits, lines, hosts, logs: present.map(([name]) => name), leftOut: kept.leftOut, longLines };
    },
  };
}

const carriageReturn = 0x0d;

/** Without the carriage return of Windows, and one more that a program wrote before its line end. */
function lineOf(utf8: Buffer, start: number, end: number): string {
  const most = end < utf8.length ? 2 : 1;
  let last = end;
  while (last > start && last > end - most && utf8[last - 1] === carriageReturn) last--;
  return utf8.toString('utf8', start, last);
}

function hitsOfLine(tried: readonly Ready[], line: string, number: number, source: Source): PatternHit[] {
  const hits: PatternHit[] = [];
  let ident: string | undefined;
  for (const { pattern, matcher, idents } of tried) {
    if (idents) {
      ident ??= journalIdent(line);
      if (!idents.has(ident)) continue;
    }
    const captures = matcher.match(line);
    if (!captures) continue;
    const time = lineTime(line);
    hits.push({
      pattern: pattern.id,
      path: source.path,
      span: [number, number],
      count: 1,
      firstTime: time,
      lastTime: time,
      captures,
      labels: placed(source, line),
    });
  }
  return hits;
}

/** A journal line says which machine it is of, where the path does not. */
function placed(source: Source, line: string): Source['labels'] {
  const host = source.labels.node === undefined ? journalHost(line) : undefined;
  return host === undefined ? source.labels : { ...source.labels, node: host };
}
