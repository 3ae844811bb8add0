// Reads sealed facts in any thread. Knows no parser: a thread that runs rules need not load them.

import type { Gap, Info } from '../bundle/coverage.ts';
import { countOf, decodeAll, decodeBlock, mayHave, type SealedSources, type SealedType } from './sealed-blocks.ts';
import type { FactStore, LogHit, StoredFact } from './store.ts';

/** Plain data that can be posted to a worker; the bytes are shared, not copied. */
export interface SealedFacts {
  readonly sources: SealedSources;
  readonly types: ReadonlyMap<string, SealedType>;
  readonly hits: ReadonlyMap<string, readonly LogHit[]>;
  /** For each log, the labels of its sources, with the node where it is known. */
  readonly logSources: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
  readonly gatheredAt: string | undefined;
  /** What could not be joined: machines to nodes, objects of several clusters; and machines joined by another sign than their name. */
  readonly joins: { readonly gaps: readonly Gap[]; readonly infos: readonly Info[] };
}

/** Reads sealed facts; each block of a type is decoded at its first use. */
export function openStore(sealed: SealedFacts): FactStore {
  const decoded = new Map<string, readonly StoredFact[]>();
  /** Rules ask for the sources of a log once for each subject. */
  const logCounts = new Map<string, number>();
  /** Blocks of types of which not all are decoded. */
  const single = new Map<string, Map<number, readonly StoredFact[]>>();

  function readBlocks(name: string, type: SealedType, indexes: readonly number[]): readonly StoredFact[] {
    const known = single.get(name) ?? new Map<number, readonly StoredFact[]>();
    single.set(name, known);
    return indexes.flatMap((index) => {
      const facts = known.get(index) ?? decodeBlock(type, index, sealed.sources);
      known.set(index, facts);
      return facts;
    });
  }

  return {
    types: [...sealed.types.keys()].sort(),
    gatheredAt: sealed.gatheredAt,
    logSources(log, labels = {}) {
      const asked = Object.entries(labels);
      const key = [log, ...asked.flat()].join('\0');
      const known = logCounts.get(key);
      if (known !== undefined) return known;
      const sources = sealed.logSources.get(log) ?? [];
      const count = sources.filter((source) => asked.every(([name, value]) => source[name] === value)).length;
      logCounts.set(key, count);
      return count;
    },
    hits: (pattern) => sealed.hits.get(pattern) ?? [],
    read(name, having = []) {
      const known = decoded.get(name);
      if (known) return known;
      const type = sealed.types.get(name);
      if (!type) return [];
      const all = [...Array(countOf(type)).keys()];
      const meant = having.length === 0 ? all : all.filter((index) => mayHave(type, index, having));
      if (meant.length < all.length) return readBlocks(name, type, meant);
      const facts = decodeAll(type, sealed.sources, single.get(name));
      single.delete(name);
      decoded.set(name, facts);
      return facts;
    },
  };
}
