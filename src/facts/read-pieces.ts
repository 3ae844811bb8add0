// Holds what the workers made of the pieces of a bundle until all are there, and no more hits of a log than are kept.

import type { Gap } from '../bundle/coverage.ts';
import { type Limits, limitText } from '../bundle/limits.ts';
import type { Piece } from '../bundle/source.ts';
import { gathered, groupByOf, thinned } from './logs/hit-list.ts';
import type { LogPattern } from './logs/scan-log.ts';
import type { KeptText, ParsedSource } from './parse-source.ts';

export interface ReadPiece {
  readonly piece: Omit<Piece, 'bytes'>;
  readonly parsed: ParsedSource;
}

export interface ReadPieces {
  add(read: ReadPiece): void;
  /** Everything, source by source. */
  take(): ReadPiece[];
}

interface OfSource {
  reads: ReadPiece[];
  hits: number;
  /** So many hits make it worth its time to count them together. */
  gatherAt: number;
}

export function createReadPieces({ logHits }: Pick<Limits, 'logHits'>, patterns: readonly LogPattern[]): ReadPieces {
  const groupBy = groupByOf(patterns);
  // Up to here all hits of each pattern stay as they are.
  const firstHits = Math.ceil(logHits / 2);
  const bySource = new Map<string, OfSource>();
  const gather = (of: OfSource): void => {
    const inOrder = of.reads.sort((a, b) => a.piece.firstLine - b.piece.firstLine);
    of.reads = withHits(inOrder, (parsed) => gathered(parsed, logHits, groupBy));
    of.hits = of.reads.reduce((sum, { parsed }) => sum + parsed.hits.length, 0);
    of.gatherAt = 2 * of.hits + 4 * logHits;
  };
  return {
    add(read) {
      const { source, edition } = read.piece;
      const key = `${edition ?? 0} ${source.path}`;
      const of = bySource.get(key) ?? { reads: [], hits: 0, gatherAt: 4 * logHits };
      bySource.set(key, of);
      of.reads.push(read);
      of.hits += read.parsed.hits.length;
      if (of.hits > of.gatherAt) gather(of);
    },
    take() {
      const all = [...bySource.values()];
      bySource.clear();
      return all.flatMap((of) => {
        if (of.hits <= firstHits) return of.reads;
        gather(of);
        return withHits(of.reads, (parsed) => thinned(parsed, logHits));
      });
    },
  };
}

/** The pieces with fewer hits; what only those left out would have shown is let go. */
function withHits(
  reads: readonly ReadPiece[],
  fewer: (parsed: readonly ParsedSource[]) => readonly ParsedSource[],
): ReadPiece[] {
  const parsed = fewer(reads.map((read) => read.parsed));
  // A hit that grew ends in a later piece than its own.
  const shown = new Set(parsed.flatMap(({ hits }) => hits.flatMap((hit) => hit.span)));
  return reads.map(({ piece, parsed: before }, index) => {
    const now = parsed[index] ?? before;
    return { piece, parsed: now === before ? before : { ...now, kept: keptOf(now, shown) } };
  });
}

function keptOf({ kept }: ParsedSource, shown: ReadonlySet<number>): KeptText | undefined {
  if (!kept || 'whole' in kept) return kept;
  const lines = new Map([...kept.lines].filter(([number]) => shown.has(number)));
  return lines.size > 0 ? { lines } : undefined;
}

const longestPattern = 80;

/** Lines that were counted, but whose hits are not kept: one gap for each pattern of a source. */
export function leftOutGaps(reads: readonly ReadPiece[], { logHits }: Pick<Limits, 'logHits'>): Gap[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { piece, parsed } of reads) {
    for (const [pattern, count] of parsed.leftOut ?? []) {
      const ofPath = counts.get(piece.source.path) ?? new Map<string, number>();
      counts.set(piece.source.path, ofPath.set(pattern, (ofPath.get(pattern) ?? 0) + count));
    }
  }
  return [...counts].flatMap(([path, ofPath]) =>
    [...ofPath].map(([pattern, count]): Gap => {
      const named = pattern.length > longestPattern ? `${pattern.slice(0, longestPattern)}…` : pattern;
      const detail = `${count} more lines of ${named} were left out; ${limitText('logHits', logHits)}`;
      return { code: 'LIMIT_FINDINGS', path, detail };
    }),
  );
}
