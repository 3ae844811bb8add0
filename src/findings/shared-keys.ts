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
  node: both(({ objects }) => objects.flatMap((object) => nodeOf(object) ?? [])),
  named: { ofCause: namesOf, ofEffect: wordsOf },
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
export const containerOf = (subject: string): string | undefined => /, container ([^\s,]+)$/.exec(subject)?.[1];

const nodeOf = ({ kind, name, node }: ObjectRef): string | undefined => (kind === 'Node' ? (name ?? node) : node);

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

/** The workload itself, and the workloads of which a pod may be by its name. */
function workloadKeys({ kind, namespace, name = '' }: ObjectRef): string[] {
  if (workloadKinds.includes(kind)) return [joined('is', kind, namespace, name)];
  if (kind !== 'Pod') return [];
  return workloadKinds.flatMap((owner) => {
    const of = podNames[owner]?.exec(name)?.[1];
    return of === undefined ? [] : [joined('of', owner, namespace, of)];
  });
}

/** A workload looks for its pods, a pod for its workload; two pods of one workload are not the same. */
function wantedWorkloads({ objects }: Stated): string[] {
  return objects
    .flatMap(workloadKeys)
    .flatMap((key) => (key.startsWith('is\0') ? [key, `of${key.slice(2)}`] : [`is${key.slice(2)}`]));
}

function namesOf({ objects }: Stated): string[] {
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
  if (by !== 'named') return true;
  const namespace = cause.objects[0]?.namespace;
  if (namespace === undefined) return true;
  return (
    effect.objects.some((object) => namespaceOf(object).includes(namespace)) || wordsOf(effect).includes(namespace)
  );
}
