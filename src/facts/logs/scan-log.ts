// Reads a log once for all rules: one search for the literals of all patterns, then each pattern on the lines that hit.

import type { LogName } from '../../bundle/catalogue.ts';
import { defaultLimits } from '../../bundle/limits.ts';
import type { Piece, Source } from '../../bundle/source.ts';
import type { LogHit } from '../store.ts';
import { createHitList, groupByOf } from './hit-list.ts';
import { journalHost, journalHosts, journalIdent, mentionsIdent } from './journal.ts';
import { createLineMatcher, type LineMatcher } from './line-matcher.ts';
import { lineTime } from './line-time.ts';

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

interface Ready {
  readonly pattern: LogPattern;
  readonly matcher: LineMatcher;
  /** Texts of which a hit contains one; empty where each line is tried. */
  readonly literals: readonly string[];
  /** Only lines of these processes count; undefined takes every line. */
  readonly idents: ReadonlySet<string> | undefined;
}

export interface LogScanner {
  /** True when some pattern asks for this source. */
  wants(source: Source): boolean;
  /** Hits in the order of lines, with the text of their first and last lines for excerpts. */
  scan(piece: Piece, text: string): ScannedLog;
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

/** Sources of kind `Journal` or `SystemLog` mix processes: there a line counts for a log only by its identifier. */
const mixedKinds = new Set(['Journal', 'SystemLog']);

function sourceIsOf(log: LogName, source: Source): boolean {
  if (!log.kinds.includes(source.kind)) return mixedKinds.has(source.kind) && (log.idents?.length ?? 0) > 0;
  return Object.entries(log.labels ?? {}).every(([label, values]) => values.includes(source.labels[label] ?? ''));
}

export function createLogScanner(
  patterns: readonly LogPattern[],
  logs: ReadonlyMap<string, LogName>,
  mostHits: number = defaultLimits.logHits,
): LogScanner {
  const groupBy = groupByOf(patterns);
  const cache = new Map<string, { names: readonly string[]; ready: readonly Ready[]; search: RegExp | undefined }>();

  function readyFor(source: Source) {
    const names = [...logs].flatMap(([name, log]) => (sourceIsOf(log, source) ? [name] : []));
    const mixed = mixedKinds.has(source.kind);
    const key = [mixed, ...names].join(' ');
    const known = cache.get(key);
    if (known) return known;
    const ready = patterns.flatMap((pattern) => {
      if (!names.includes(pattern.log)) return [];
      const idents = mixed ? new Set(logs.get(pattern.log)?.idents) : undefined;
      return [{ pattern, matcher: createLineMatcher(pattern), literals: literalsOf(pattern), idents }];
    });
    const made = { names, ready, search: ready.length > 0 ? searchFor(ready) : undefined };
    cache.set(key, made);
    return made;
  }

  return {
    wants: (source) => readyFor(source).ready.length > 0,
    scan(piece, text) {
      const { names, ready, search } = readyFor(piece.source);
      const mixed = mixedKinds.has(piece.source.kind);
      const present = mixed ? names.filter((name) => mentionsIdent(text, logs.get(name)?.idents ?? [])) : names;
      const kept = createHitList(mostHits, groupBy);
      const { leftOut } = kept;
      const lines = new Map<number, string>();
      const longLines: number[] = [];
      const unplaced = piece.source.labels.node === undefined;
      const hosts = unplaced ? journalHosts(text) : [];
      if (!search) return { hits: [], lines, hosts, logs: present, leftOut, longLines };
      let lineNumber = piece.firstLine;
      let counted = 0;
      search.lastIndex = 0;
      for (let found = search.exec(text); found; found = search.exec(text)) {
        const start = text.lastIndexOf('\n', found.index - 1) + 1;
        const newline = text.indexOf('\n', found.index);
        const end = newline < 0 ? text.length : newline;
        for (let at = text.indexOf('\n', counted); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) lineNumber++;
        counted = start;
        const line = text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
        if (line.length > longestLine) longLines.push(lineNumber);
        for (const hit of hitsOfLine(ready, line.slice(0, longestLine), lineNumber, piece.source)) {
          kept.add(hit);
          lines.set(lineNumber, line.slice(0, keptLength));
        }
        if (newline < 0) break;
        search.lastIndex = newline + 1;
      }
      const hits = kept.all();
      const shown = new Set(hits.flatMap((hit) => hit.span));
      for (const number of lines.keys()) if (!shown.has(number)) lines.delete(number);
      return { hits, lines, hosts, logs: present, leftOut, longLines };
    },
  };
}

const literalsOf = ({ hint, oneOf }: LogPattern): readonly string[] => (hint === undefined ? (oneOf ?? []) : [hint]);

/**
 * Finds a line worth trying: by literal texts alone, which no text can make slow. Where some pattern has none, each line
 * that is not empty.
 */
function searchFor(ready: readonly Ready[]): RegExp {
  if (ready.some(({ literals }) => literals.length === 0)) return /[^\n]/g;
  const literals = ready.flatMap((each) => each.literals.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  const flags = ready.some(({ matcher }) => matcher.isCaseless) ? 'gi' : 'g';
  return new RegExp([...new Set(literals)].join('|'), flags);
}

function* hitsOfLine(ready: readonly Ready[], line: string, number: number, source: Source): Generator<PatternHit> {
  let ident: string | undefined;
  for (const { pattern, matcher, literals, idents } of ready) {
    if (literals.length > 0 && !matcher.isCaseless && !literals.some((text) => line.includes(text))) continue;
    const captures = matcher.match(line);
    if (!captures) continue;
    if (idents) {
      ident ??= journalIdent(line);
      if (!idents.has(ident)) continue;
    }
    const time = lineTime(line);
    yield {
      pattern: pattern.id,
      path: source.path,
      span: [number, number],
      count: 1,
      firstTime: time,
      lastTime: time,
      captures,
      labels: placed(source, line),
    };
  }
}

/** A journal line says which machine it is of, where the path does not. */
function placed(source: Source, line: string): Source['labels'] {
  const host = source.labels.node === undefined ? journalHost(line) : undefined;
  return host === undefined ? source.labels : { ...source.labels, node: host };
}
