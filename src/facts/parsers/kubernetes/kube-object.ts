// One API object as the readers of this folder see it, and how a reader makes a fact of it.

import type { Span } from '../../../bundle/source.ts';
import type { Fact, FactType, Places } from '../../fact-type.ts';
import type { Wanted } from '../../parser.ts';
import { spanAt, type Tree, textAt, textMapAt, treeAt } from './tree.ts';

export interface KubeObject {
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without those that hold a copy of the object or a token. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly whole: Tree;
  readonly metadata: Tree;
  readonly spec: Tree;
  readonly status: Tree;
  readonly span: Span;
  /** metadata.resourceVersion, where it is a number: the same object lies in a list and in its own file. */
  readonly version?: number;
}

/** Turns objects of some kinds into facts. */
export interface ObjectReader {
  /** `group/Kind`, the core group empty: `/Pod`, `apps/Deployment`. */
  readonly reads: readonly string[];
  readonly yields: readonly FactType[];
  read(object: KubeObject, wanted: Wanted): readonly Fact[];
}

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

export function kubeObject(whole: Tree, apiVersion: string, kind: string, span: Span): KubeObject {
  const metadata = treeAt(whole, 'metadata');
  const version = Number(textAt(metadata, 'resourceVersion') || Number.NaN);
  return {
    apiVersion,
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
    labels: textMapAt(metadata, 'labels'),
    annotations: annotationsOf(metadata),
    whole,
    metadata,
    spec: treeAt(whole, 'spec'),
    status: treeAt(whole, 'status'),
    span,
    ...(Number.isSafeInteger(version) ? { version } : {}),
  };
}

function annotationsOf(metadata: Tree): Readonly<Record<string, string>> {
  const all = textMapAt(metadata, 'annotations');
  const isLeftOut = (name: string) => name === lastAppliedAnnotation || name.endsWith('token-secret.value');
  if (!Object.keys(all).some(isLeftOut)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isLeftOut(name)));
}

/** The object that controls this one: a Pod's ReplicaSet. */
export function controllerOf(object: KubeObject): { ownerKind: string; ownerName: string } {
  const all = object.metadata.ownerReferences;
  const owners: readonly Tree[] = Array.isArray(all) ? all : [];
  const owner = owners.find((reference) => reference?.controller === true) ?? owners[0] ?? {};
  return { ownerKind: textAt(owner, 'kind'), ownerName: textAt(owner, 'name') };
}

/** A static pod is known to the kubelet by the hash of its manifest; its copy in the API has a uid of its own. */
export function kubeletUidOf({ metadata, annotations }: KubeObject): string {
  return annotations['kubernetes.io/config.hash'] ?? textAt(metadata, 'uid');
}

/** One fact of an object. Its key is the fact type and the object, or `key` where an object gives several. */
export function factOf<T>(
  type: FactType<T>,
  object: KubeObject,
  value: T,
  more: { readonly span?: Span | undefined; readonly at?: Places; readonly key?: readonly unknown[] } = {},
): Fact {
  const key = more.key ?? (object.namespace ? [object.namespace, object.name] : [object.name]);
  return type.fact(more.span ?? object.span, value, {
    ...(more.at && Object.keys(more.at).length > 0 ? { at: more.at } : {}),
    key: [type.name, ...key].join('/'),
    ...(object.version === undefined ? {} : { version: object.version }),
  });
}

const splitPaths = new Map<string, readonly string[]>();

/** `placesOf` with paths as text: `places(pod, { phase: 'status.phase' })`. */
export function places(object: KubeObject, paths: Readonly<Record<string, string>>): Places {
  const places: Record<string, Span> = {};
  for (const name in paths) {
    const path = paths[name]!;
    const keys = splitPaths.get(path) ?? path.split('.');
    splitPaths.set(path, keys);
    const span = spanAt(object.whole, keys);
    if (span) places[name] = span;
  }
  return places;
}
