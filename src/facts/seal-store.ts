// Collects what the parsers gave and seals it: facts as JSON bytes in shared memory, which every worker reads in place.

import type { Gap } from '../bundle/coverage.ts';
import type { Source } from '../bundle/source.ts';
import type { FactType } from './fact-type.ts';
import { withYear } from './logs/line-time.ts';
import { nodeNames } from './node-names.ts';
import { openStore, type SealedFacts } from './open-store.ts';
import { type FactLines, type ParsedSource, readKeys } from './parse-source.ts';
import { decodeAll, type SealedSources, type SealedType, sealBlocks } from './sealed-blocks.ts';
import type { FactStore, LogHit } from './store.ts';

export { openStore, type SealedFacts } from './open-store.ts';

interface Added {
  readonly source: Source;
  readonly firstLine: number;
  readonly parsed: ParsedSource;
}

export interface StoreBuilder {
  add(source: Source, firstLine: number, parsed: ParsedSource): void;
  /** `newestModified`: the newest time inside the archive, used when no file says when the bundle was gathered. */
  seal(newestModified?: string): SealedFacts;
}

export function createStoreBuilder(factTypes: readonly FactType[]): StoreBuilder {
  const ofNode = new Set(factTypes.filter(speaksOfItsNode).map((type) => type.name));
  const added: Added[] = [];
  return {
    add: (source, firstLine, parsed) => void added.push({ source, firstLine, parsed }),
    seal(newestModified) {
      added.sort((a, b) => compare(a.source.path, b.source.path) || a.firstLine - b.firstLine);
      const types = sealTypes(added, ofNode);
      const paths = added.map(({ source }) => ({ path: source.path, node: undefined }));
      const unnamed = openStore({
        sources: paths,
        types,
        hits: new Map(),
        logSources: new Map(),
        gatheredAt: undefined,
        joins: { gaps: [], infos: [] },
      });
      const gatheredAt = gatherTime(unnamed, newestModified);
      const names = nodeNames(
        unnamed,
        added.map(({ source }) => source),
      );
      const nodeOf = names.of;
      const sources = added.map(({ source }) => ({ path: source.path, node: nodeOf(source) }));
      const sealed: SealedFacts = {
        sources,
        types,
        hits: sealHits(added, nodeOf, gatheredAt),
        logSources: labelsOfLogs(added, nodeOf),
        gatheredAt,
        joins: { gaps: [...names.gaps, ...mixedClusters(types, paths)], infos: names.infos },
      };
      // What was copied into shared memory is let go.
      added.length = 0;
      return sealed;
    },
  };
}

function sealTypes(added: readonly Added[], ofNode: ReadonlySet<string>): Map<string, SealedType> {
  const byType = new Map<string, { index: number; lines: FactLines }[]>();
  for (const [index, { parsed }] of added.entries()) {
    for (const lines of parsed.facts) {
      const group = byType.get(lines.type);
      if (group) group.push({ index, lines });
      else byType.set(lines.type, [{ index, lines }]);
    }
  }
  const answered = new Set(added.flatMap(({ parsed }) => parsed.answered));
  const names = [...new Set([...byType.keys(), ...answered])].sort();
  return new Map(names.map((name) => [name, sealType(name, byType.get(name) ?? [], ofNode.has(name))]));
}

function sealType(name: string, parts: readonly { index: number; lines: FactLines }[], fillsNode: boolean): SealedType {
  const dropped = droppedOf(parts);
  // The older of two clusters is told of, see `mixedClusters`.
  const { bytes, marks, blocks } = sealBlocks(parts, name === 'ClusterVersion' ? new Set() : dropped);
  return { bytes, blocks, marks, dropped, fillsNode };
}

/** Of facts with one key those that are not the newest. */
function droppedOf(parts: readonly { lines: FactLines }[]): Set<number> {
  const dropped = new Set<number>();
  const [first, ...others] = parts;
  if (first && others.length === 0 && first.lines.keys.areDistinct) return dropped;
  const kept = new Map<string, { ordinal: number; version: number }>();
  let start = 0;
  for (const { lines } of parts) {
    for (const [place, [key, version]] of readKeys(lines.keys).entries()) {
      if (key === 0) continue;
      const mine = { ordinal: start + place, version };
      const other = kept.get(key);
      if (other) dropped.add(mine.version > other.version ? other.ordinal : mine.ordinal);
      if (!other || mine.version > other.version) kept.set(key, mine);
    }
    start += lines.blocks.reduce((sum, { count }) => sum + count, 0);
  }
  return dropped;
}

function sealHits(
  added: readonly Added[],
  nodeOf: (source: Source) => string | undefined,
  gatheredAt: string | undefined,
): Map<string, LogHit[]> {
  const hits = new Map<string, LogHit[]>();
  for (const { source, parsed } of added) {
    const node = nodeOf(source);
    for (const { pattern, ...hit } of parsed.hits) {
      const group = hits.get(pattern) ?? [];
      group.push({
        ...hit,
        labels: node === undefined ? hit.labels : { ...hit.labels, node },
        firstTime: withYear(hit.firstTime, gatheredAt),
        lastTime: withYear(hit.lastTime, gatheredAt),
      });
      hits.set(pattern, group);
    }
  }
  return hits;
}

function labelsOfLogs(
  added: readonly Added[],
  nodeOf: (source: Source) => string | undefined,
): Map<string, readonly Readonly<Record<string, string>>[]> {
  // A long log comes in pieces: each machine counts once for a log and a path.
  const found = new Map<string, Map<string, Readonly<Record<string, string>>>>();
  for (const { source, parsed } of added) {
    const node = nodeOf(source);
    const nodes = node === undefined ? parsed.hosts : [node];
    for (const log of parsed.logs) {
      const labels = found.get(log) ?? new Map<string, Readonly<Record<string, string>>>();
      found.set(log, labels);
      for (const each of nodes) labels.set(`${source.path}\0${each}`, { ...source.labels, node: each });
      if (nodes.length === 0) labels.set(source.path, source.labels);
    }
  }
  return new Map([...found].map(([log, labels]) => [log, [...labels.values()]]));
}

/** Objects of one name are taken for one object: of two clusters, the newer one is read and the other is not. */
function mixedClusters(types: SealedFacts['types'], sources: SealedSources): Gap[] {
  const type = types.get('ClusterVersion');
  if (!type) return [];
  const paths = new Map<string, string>();
  for (const { value, path } of decodeAll({ ...type, dropped: new Set() }, sources)) {
    const id = value.clusterId;
    if (typeof id === 'string' && id !== '' && !paths.has(id)) paths.set(id, path);
  }
  const [first, ...others] = paths;
  return others.map(([id, path]) => {
    const detail = `cluster ${id}, beside cluster ${first?.[0]} of ${first?.[1]}: of two objects with one name only the newer was read; give each cluster a report of its own`;
    return { code: 'CLUSTERS_MIXED', path, detail };
  });
}

/** Heartbeats are minutes old when a bundle is gathered, events hours; entries that are this much newer were packed anew. */
const packedAnewMillis = 24 * 60 * 60 * 1000;

/** When the bundle was gathered: what its files say, else its newest entry, else the newest event or heartbeat. */
function gatherTime(store: FactStore, newestModified: string | undefined): string | undefined {
  const said = newest(store, 'GatherTime', 'gatheredAt');
  if (said) return said;
  const seen = [newest(store, 'Event', 'lastAt'), newest(store, 'NodeCondition', 'lastHeartbeatAt')]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  if (seen === undefined || newestModified === undefined) return newestModified ?? seen;
  return Date.parse(newestModified) - Date.parse(seen) > packedAnewMillis ? seen : newestModified;
}

function newest(store: FactStore, type: string, field: string): string | undefined {
  const times = store.read(type).map(({ value }) => value[field]);
  return times
    .filter((time): time is string => typeof time === 'string')
    .sort()
    .at(-1);
}

function speaksOfItsNode(type: FactType): boolean {
  const field = type.fields.node;
  return field?.is === 'optional' && field.of.is === 'node';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
