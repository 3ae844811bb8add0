// One of the two bundles that are compared: its report, and its facts and lines where they are there.

import { factTypes } from '../facts/parsers.ts';
import type { FactStore, StoredFact } from '../facts/store.ts';
import type { ObjectRef } from '../findings/outcome.ts';
import { groupBy } from '../report/compare.ts';
import type { Report } from '../report/report.ts';
import { steadyPaths } from './steady-path.ts';

export interface SideParts {
  readonly which: 'before' | 'after';
  readonly report: Report;
  readonly from: 'bundle' | 'saved facts' | 'report';
  readonly facts?: FactStore;
  /** Every source that was read; absent where only its facts are known. */
  readonly sources?: readonly { readonly path: string; readonly node: string | undefined }[];
  /** Folders that layouts begin at; absent where nobody kept them. */
  readonly roots?: readonly string[];
  readonly lines?: (path: string, span: readonly [number, number]) => readonly string[];
}

/** What two bundles of one cluster call the same file. */
export interface Place {
  readonly node: string;
  readonly steady: string;
}

export interface Side extends SideParts {
  read(type: string): readonly StoredFact[];
  place(path: string): Place;
  /** The sources at that place, by their own paths. */
  at(place: Place): readonly string[];
  /** True for a namespace of which something was gathered. */
  hasNamespace(namespace: string): boolean;
  /** True for a node whose own files were gathered. */
  hasNode(node: string): boolean;
  /** Whether the object is in the bundle; undefined where nothing tells. */
  hasObject(object: ObjectRef): boolean | undefined;
}

/** They name objects that may be gone by then. */
const hearsay = new Set(['Event', 'ServiceChain', 'ServiceFrontend', 'ServiceMapElement']);

export function openSide(parts: SideParts): Side {
  const { facts, report } = parts;
  const steady = steadyPaths(parts.roots);
  const sources = parts.sources ?? sourcesOf(facts);
  const nodes = new Map(sources.map(({ path, node }) => [path, node ?? '']));
  const place = (path: string): Place => ({ node: nodes.get(path) ?? '', steady: steady(path) });
  const keyOf = ({ node, steady: path }: Place) => `${node}\0${path}`;
  const byPlace = groupBy(
    sources.map(({ path }) => path),
    (path) => keyOf(place(path)),
  );
  const read = (type: string): readonly StoredFact[] => (facts?.types.includes(type) ? facts.read(type) : []);
  const ownNodes = new Set(sources.flatMap(({ node }) => node ?? []));
  let namespaces: ReadonlySet<string> | undefined;
  const objects = new Map<string, ReadonlySet<string>>();

  function namesOf(kind: string): ReadonlySet<string> {
    const known = objects.get(kind) ?? objectsOf(kind, read);
    objects.set(kind, known);
    return known;
  }

  return {
    ...parts,
    read,
    place,
    at: (each) => byPlace.get(keyOf(each)) ?? [],
    hasNamespace(namespace) {
      namespaces ??= facts ? namespacesOf(read, sources) : namespacesSaid(report);
      return namespaces.has(namespace);
    },
    hasNode: (node) => ownNodes.has(node),
    hasObject(object) {
      if (!facts) return undefined;
      const names = namesOf(object.kind);
      if (object.kind === 'Node' && object.name !== undefined && ownNodes.has(object.name)) return true;
      return names.size === 0 ? undefined : names.has(`${object.namespace ?? ''}/${object.name ?? ''}`);
    },
  };
}

function sourcesOf(facts: FactStore | undefined): { path: string; node: string | undefined }[] {
  const found = new Map<string, string | undefined>();
  for (const type of facts?.types ?? []) {
    const ofMachine = factTypes.find(({ name }) => name === type)?.fields.node;
    const isOwn = ofMachine?.is === 'optional' && ofMachine.of.is === 'node';
    for (const { path, value } of facts?.read(type) ?? []) {
      const node = isOwn && typeof value.node === 'string' ? value.node : undefined;
      if (found.get(path) === undefined) found.set(path, node);
    }
  }
  return [...found].map(([path, node]) => ({ path, node }));
}

function objectsOf(kind: string, read: (type: string) => readonly StoredFact[]): ReadonlySet<string> {
  const names = new Set<string>();
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  for (const { name: type, object, fields } of factTypes) {
    if (!object || hearsay.has(type)) continue;
    const kindField = object.kind in fields ? object.kind : undefined;
    if (kindField === undefined && object.kind !== kind) continue;
    for (const { value } of read(type)) {
      if (kindField !== undefined && value[kindField] !== kind) continue;
      names.add(`${text(value[object.namespace ?? ''])}/${text(value[object.name ?? ''])}`);
    }
  }
  return names;
}

/** Of objects that lie in them, not of the Namespaces themselves: `oc adm inspect` writes those that it was asked for. */
function namespacesOf(
  read: (type: string) => readonly StoredFact[],
  sources: readonly { readonly path: string }[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path } of sources) {
    const name = /(?:^|[/!])namespaces\/([^/]+)\//.exec(path)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (const type of ['KubernetesObject', 'Pod', 'Service', 'Workload', 'ServiceEndpoints']) {
    for (const { value } of read(type)) if (typeof value.namespace === 'string') names.add(value.namespace);
  }
  return names;
}

function namespacesSaid({ findings, timeline }: Report): ReadonlySet<string> {
  const said = [...findings.flatMap(({ objects }) => objects), ...timeline.flatMap(({ object }) => object ?? [])];
  return new Set(said.flatMap(({ namespace }) => namespace ?? []));
}
