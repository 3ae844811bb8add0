// One API object as the readers of this folder see it, and how a reader makes a fact of it.

import type { Span } from '../../../bundle/source.ts';
import type { Fact, FactType, Places } from '../../fact-type.ts';
import type { Wanted } from '../../parser.ts';
import { placesOf, type Tree, textAt, textMapAt, treeAt } from './tree.ts';

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
  const annotations = Object.entries(textMapAt(metadata, 'annotations')).filter(
    ([name]) => name !== lastAppliedAnnotation && !name.endsWith('token-secret.value'),
  );
  const version = Number(textAt(metadata, 'resourceVersion') || Number.NaN);
  return {
    apiVersion,
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
    labels: textMapAt(metadata, 'labels'),
    annotations: Object.fromEntries(annotations),
    whole,
    metadata,
    spec: treeAt(whole, 'spec'),
    status: treeAt(whole, 'status'),
    span,
    ...(Number.isSafeInteger(version) ? { version } : {}),
  };
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
  return type.fact(more.span ?? object.span, dropUndefined(value) as T, {
    ...(more.at && Object.keys(more.at).length > 0 ? { at: more.at } : {}),
    key: [type.name, ...key].join('/'),
    ...(object.version === undefined ? {} : { version: object.version }),
  });
}

/** `placesOf` with paths as text: `places(pod, { phase: 'status.phase' })`. */
export function places(object: KubeObject, paths: Readonly<Record<string, string>>): Places {
  const split = Object.entries(paths).map(([name, path]) => [name, path.split('.')] as const);
  return placesOf(object.whole, Object.fromEntries(split));
}

/** An absent field is absent, never `undefined`: facts compare and print the same before and after JSON. */
function dropUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    const field = (value as Tree)[key];
    if (field !== undefined) kept.push([key, typeof field === 'object' ? dropUndefined(field) : field]);
  }
  return Object.fromEntries(kept);
}
