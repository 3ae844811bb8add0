// Reads a log once for all rules: one search for the literals of all patterns, then each pattern on the lines that hit.

import type { LogName } from '../../bundle/catalogue.ts';
import type { Piece, Source } from '../../bundle/source.ts';
import type { LogHit } from '../store.ts';
import { toRegExp } from '../text/re2.ts';
import { lineTime } from './line-time.ts';

/** A pattern that some rule looks for in some log. */
export interface LogPattern {
  readonly id: string;
  /** Log name, e.g. `KubeletLog`. */
  readonly log: string;
  /** RE2 syntax, matched within one line. */
  readonly pattern: string;
  /** Literal text that every hit contains; without it each line is tried. */
  readonly hint?: string | undefined;
}

export interface PatternHit extends LogHit {
  readonly pattern: string;
}

interface Ready {
  readonly pattern: LogPattern;
  readonly expression: RegExp;
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
}

const journalHost = /^[A-Z][a-z]{2} +\d+ [\d:.]+ (\S+) \S+?(?:\[\d+\])?: /;
const journalIdent = /^\S+\s+\d+\s+\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:|^\d{4}-\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:/;

/** Sources of kind `Journal` or `SystemLog` mix processes: there a line counts for a log only by its identifier. */
const mixedKinds = new Set(['Journal', 'SystemLog']);

export function sourceIsOf(log: LogName, source: Source): boolean {
  if (!log.kinds.includes(source.kind)) return mixedKinds.has(source.kind) && (log.idents?.length ?? 0) > 0;
  return Object.entries(log.labels ?? {}).every(([label, values]) => values.includes(source.labels[label] ?? ''));
}

export function createLogScanner(patterns: readonly LogPattern[], logs: ReadonlyMap<string, LogName>): LogScanner {
  const cache = new Map<string, { ready: readonly Ready[]; search: RegExp | undefined }>();

  function readyFor(source: Source) {
    const names = [...logs].flatMap(([name, log]) => (sourceIsOf(log, source) ? [name] : []));
    const mixed = mixedKinds.has(source.kind);
    const key = [mixed, ...names].join(' ');
    const known = cache.get(key);
    if (known) return known;
    const ready = patterns.flatMap((pattern) => {
      if (!names.includes(pattern.log)) return [];
      const idents = mixed ? new Set(logs.get(pattern.log)?.idents) : undefined;
      return [{ pattern, expression: toRegExp(pattern.pattern), idents }];
    });
    const made = { ready, search: ready.length > 0 ? searchFor(ready) : undefined };
    cache.set(key, made);
    return made;
  }

  return {
    wants: (source) => readyFor(source).ready.length > 0,
    scan(piece, text) {
      const { ready, search } = readyFor(piece.source);
      const hits: PatternHit[] = [];
      const lines = new Map<number, string>();
      const unplaced = piece.source.labels.node === undefined;
      const hosts = unplaced ? hostsOf(text) : [];
      if (!search) return { hits, lines, hosts };
      const open = new Map<string, PatternHit>();
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
        for (const hit of hitsOfLine(ready, line, lineNumber, piece.source)) {
          merge(hit, open, hits);
          lines.set(lineNumber, line);
        }
        if (newline < 0) break;
        search.lastIndex = newline + 1;
      }
      const shown = new Set(hits.flatMap((hit) => hit.span));
      for (const number of lines.keys()) if (!shown.has(number)) lines.delete(number);
      return { hits, lines, hosts };
    },
  };
}

/** Finds a line worth trying: any literal, or any whole pattern that has none. */
function searchFor(ready: readonly Ready[]): RegExp {
  const literals = ready.map(({ pattern, expression }) => {
    if (!pattern.hint) return `(?:${unnamed(expression.source)})`;
    return pattern.hint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const flags = ready.some(({ expression }) => expression.ignoreCase) ? 'gim' : 'gm';
  return new RegExp([...new Set(literals)].join('|'), flags);
}

/** The same group name may stand in two patterns, but not twice in one expression. */
const unnamed = (source: string): string => source.replace(/\(\?<[A-Za-z_]\w*>/g, '(?:');

function* hitsOfLine(ready: readonly Ready[], line: string, number: number, source: Source): Generator<PatternHit> {
  let ident: string | undefined;
  for (const { pattern, expression, idents } of ready) {
    if (pattern.hint && !expression.ignoreCase && !line.includes(pattern.hint)) continue;
    const match = expression.exec(line);
    if (!match) continue;
    if (idents) {
      if (ident === undefined) {
        const parts = journalIdent.exec(line);
        ident = parts?.[1] ?? parts?.[2] ?? '';
      }
      if (!idents.has(ident)) continue;
    }
    const captures: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.groups ?? {})) if (value !== undefined) captures[name] = value;
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
  const host = source.labels.node === undefined ? journalHost.exec(line)?.[1] : undefined;
  return host === undefined ? source.labels : { ...source.labels, node: host };
}

function hostsOf(text: string): string[] {
  const hosts = new Set<string>();
  let last = '';
  // Nearly every line has the host of the line before: compare first, search only on a change.
  for (let start = 0; start >= 0 && start < text.length; ) {
    const end = text.indexOf('\n', start);
    const head = text.slice(start, Math.min(end < 0 ? text.length : end, start + 120));
    if (last === '' || !head.includes(last)) {
      const host = journalHost.exec(head)?.[1];
      if (host === undefined && hosts.size === 0 && start > 1000) return [];
      if (host !== undefined) {
        last = ` ${host} `;
        hosts.add(host);
      }
    }
    start = end < 0 ? -1 : end + 1;
  }
  return [...hosts].sort();
}

/** Equal hits within one minute become one with a count, so that a flooded log costs no memory. */
function merge(hit: PatternHit, open: Map<string, PatternHit>, hits: PatternHit[]): void {
  const minute = hit.firstTime?.replace(/:[\d.]+Z$/, '') ?? '';
  const key = [hit.pattern, minute, hit.labels.node, ...Object.entries(hit.captures).flat()].join('\0');
  const earlier = open.get(key);
  if (!earlier) {
    open.set(key, hit);
    hits.push(hit);
    return;
  }
  const grown = earlier as { -readonly [K in keyof PatternHit]: PatternHit[K] };
  grown.count += 1;
  grown.span = [earlier.span[0], hit.span[1]];
  grown.lastTime = hit.lastTime;
}
