// Reads a log once for all rules: one search for the literals of all patterns, then each pattern on the lines that hit.

import type { LogName } from '../../bundle/catalogue.ts';
import type { Piece, Source } from '../../bundle/source.ts';
import type { LogHit } from '../store.ts';
import { toRegExp } from '../text/re2.ts';
import { journalHost, journalHosts, journalIdent, mentionsIdent } from './journal.ts';
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
  /** The logs that this source is a part of; of a mixed journal those whose processes write in it. */
  readonly logs: readonly string[];
}

/** More than a report shows of a line, less than would fill the memory with lines of a megabyte. */
const keptLength = 8000;

/** Sources of kind `Journal` or `SystemLog` mix processes: there a line counts for a log only by its identifier. */
const mixedKinds = new Set(['Journal', 'SystemLog']);

function sourceIsOf(log: LogName, source: Source): boolean {
  if (!log.kinds.includes(source.kind)) return mixedKinds.has(source.kind) && (log.idents?.length ?? 0) > 0;
  return Object.entries(log.labels ?? {}).every(([label, values]) => values.includes(source.labels[label] ?? ''));
}

export function createLogScanner(patterns: readonly LogPattern[], logs: ReadonlyMap<string, LogName>): LogScanner {
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
      return [{ pattern, expression: toRegExp(pattern.pattern), idents }];
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
      const hits: PatternHit[] = [];
      const lines = new Map<number, string>();
      const unplaced = piece.source.labels.node === undefined;
      const hosts = unplaced ? journalHosts(text) : [];
      if (!search) return { hits, lines, hosts, logs: present };
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
          lines.set(lineNumber, line.slice(0, keptLength));
        }
        if (newline < 0) break;
        search.lastIndex = newline + 1;
      }
      const shown = new Set(hits.flatMap((hit) => hit.span));
      for (const number of lines.keys()) if (!shown.has(number)) lines.delete(number);
      return { hits, lines, hosts, logs: present };
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
      ident ??= journalIdent(line);
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
  const host = source.labels.node === undefined ? journalHost(line) : undefined;
  return host === undefined ? source.labels : { ...source.labels, node: host };
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
