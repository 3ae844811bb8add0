// What a finding and its likely cause share, as keys: two findings that hold an equal key are about the same thing.

import type { SharedBy } from '../rules/rule.ts';
import { operatorNamespaces } from './operator-namespaces.ts';
import type { ObjectRef } from './outcome.ts';

/** A finding as far as grouping looks at it. */
export interface Stated {
  readonly rule: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly subject: string;
  readonly message: string;
  /** The first is what the finding is about. */
  readonly objects: readonly ObjectRef[];
  /** The lines of its evidence. */
  readonly excerpts: readonly string[];
  /** RFC 3339; without the time of gathering, which says nothing of when it happened. */
  readonly times: readonly string[];
}

type Keys = (finding: Stated) => readonly string[];

/** Keys under which a cause can be found, and those under which an effect looks for it. */
export const keysBy: Readonly<Record<SharedBy, { readonly ofCause: Keys; readonly ofEffect: Keys }>> = {
  object: both(({ objects }) => objects.slice(0, 1).flatMap(objectKey)),
  pod: both(podKeys),
  workload: { ofCause: ({ objects }) => objects.flatMap(workloadKeys), ofEffect: wantedWorkloads },
  node: both(nodesOf),
  device: both(deviceKeys),
  'named-by-effect': { ofCause: nameOf, ofEffect: wordsOf },
  'named-by-cause': { ofCause: wordsOf, ofEffect: nameOf },
  operator: { ofCause: ({ objects }) => objects.slice(0, 1).flatMap(namespaceOf), ofEffect: lookedAfter },
  namespace: both(({ objects }) => objects.flatMap(namespaceOf)),
  cluster: both(() => ['']),
};

function both(keys: Keys): { readonly ofCause: Keys; readonly ofEffect: Keys } {
  return { ofCause: keys, ofEffect: keys };
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.map((part) => part ?? '').join('\0');

const objectKey = ({ kind, namespace, name }: ObjectRef): string[] =>
  name === undefined && namespace === undefined ? [joined(kind)] : [joined(kind, namespace, name)];

function podKeys({ objects }: Stated): string[] {
  const pods = objects.filter(({ kind, name }) => kind === 'Pod' && name !== undefined);
  return pods.map(({ namespace, name }) => joined(namespace, name));
}

/** The container that a subject names: `shop/cart-0, container api`. */
export const containerOf = (subject: string): string | undefined => /, container ([^\s,]+)(?:,|$)/.exec(subject)?.[1];

/** Mirror pods are named after their node. */
const mirrorPod = /^(?:etcd|kube-apiserver|kube-controller-manager|kube-scheduler|openshift-kube-scheduler)-(.+)$/;

function nodesOf({ objects }: Stated): string[] {
  return objects.flatMap(({ kind, name, node }) => {
    if (kind === 'Node') return name ?? node ?? [];
    return node ?? (kind === 'Pod' ? mirrorPod.exec(name ?? '')?.[1] : undefined) ?? [];
  });
}

const devices = /\b(?:(sd[a-z]+|vd[a-z]+|xvd[a-z]+|dm-\d+)\d*|(nvme\d+)(?:n\d+(?:p\d+)?)?)\b/g;

/** A disk of a node, whatever partition of it is spoken of. */
function deviceKeys(finding: Stated): string[] {
  const [node] = nodesOf(finding);
  const named = [...`${finding.subject} ${finding.message}`.matchAll(devices)].map((found) => found[1] ?? found[2]);
  return [...new Set(named)].map((disk) => joined(node, disk));
}

const namespaceOf = ({ kind, namespace, name }: ObjectRef): string[] => {
  const of = kind === 'Namespace' ? name : namespace;
  return of === undefined ? [] : [of];
};

const workloadKinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];
/** Characters that Kubernetes draws for the end of a name: no vowels, and nothing that looks like another. */
const drawn = '[bcdfghjklmnpqrstvwxz2456789]{5}';
const podNames: Readonly<Record<string, RegExp>> = {
  Deployment: new RegExp(`^(.+)-[bcdf-hj-np-tv-xz2456789]{6,10}-${drawn}$`),
  ReplicaSet: new RegExp(`^(.+)-${drawn}$`),
  StatefulSet: /^(.+)-\d+$/,
  DaemonSet: new RegExp(`^(.+)-${drawn}$`),
  Job: new RegExp(`^(.+)-${drawn}$`),
};

/** The workload itself, and those to which a pod or a ReplicaSet may belong by its name. */
function workloadKeys({ kind, namespace, name = '' }: ObjectRef): string[] {
  const owner = kind === 'ReplicaSet' ? /^(.+)-[bcdf-hj-np-tv-xz0-9]{4,10}$/.exec(name)?.[1] : undefined;
  const above = owner === undefined ? [] : [joined('of', 'Deployment', namespace, owner)];
  if (workloadKinds.includes(kind)) return [joined('is', kind, namespace, name), ...above];
  if (kind !== 'Pod') return [];
  return workloadKinds.flatMap((workload) => {
    const of = podNames[workload]?.exec(name)?.[1];
    return of === undefined ? [] : [joined('of', workload, namespace, of)];
  });
}

/** A workload looks for its pods, a pod for its workload; two pods of one workload are not the same. */
function wantedWorkloads({ objects }: Stated): string[] {
  return objects
    .flatMap(workloadKeys)
    .flatMap((key) => (key.startsWith('is\0') ? [key, `of${key.slice(2)}`] : [`is${key.slice(2)}`]));
}

function nameOf({ objects }: Stated): string[] {
  const [about] = objects;
  return about?.name === undefined ? [] : [about.name];
}

/** Every word of what an effect says, as names of objects are written. */
function wordsOf({ message, excerpts }: Stated): string[] {
  return [...new Set([message, ...excerpts].join('\n').match(/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/g) ?? [])];
}

function lookedAfter({ objects }: Stated): string[] {
  return objects.flatMap(({ kind, name }) => (kind === 'ClusterOperator' && name ? operatorNamespaces(name) : []));
}

/** What equal keys do not settle. */
export function alsoShared(by: SharedBy, cause: Stated, effect: Stated): boolean {
  if (by === 'pod') {
    const [one, other] = [containerOf(cause.subject), containerOf(effect.subject)];
    return one === undefined || other === undefined || one === other;
  }
  if (by === 'named-by-effect') return saysNamespace(effect, cause.objects[0]?.namespace);
  if (by === 'named-by-cause') return saysNamespace(cause, effect.objects[0]?.namespace);
  return true;
}

/** The same name in another namespace is another object. */
function saysNamespace(finding: Stated, namespace: string | undefined): boolean {
  if (namespace === undefined) return true;
  return finding.objects.flatMap(namespaceOf).includes(namespace) || wordsOf(finding).includes(namespace);
}
