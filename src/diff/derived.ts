// Facts as they are compared: pods by what they belong to, since their own names and addresses are new with each of them.

import type { StoredFact } from '../facts/store.ts';
import type { Side } from './side.ts';

type Value = Readonly<Record<string, unknown>>;

/** A function from the fact to its value, with what `rules/diff.yaml` may name beside its own fields. */
export function derivedValues(side: Side, type: string, pods: readonly string[]): (fact: StoredFact) => Value {
  if (type === 'Container') {
    return ({ value }) => ({ ...value, workload: workloadOf(textOf(value.owner), textOf(value.pod)) });
  }
  if (pods.length === 0) return ({ value }) => value;
  const names = podNames(side);
  return ({ value }) => ({
    ...value,
    ...Object.fromEntries(
      pods.map((field) => [field, tallied(listOf(value[field]).map((each) => named(each, names)))]),
    ),
  });
}

/** `ReplicaSet web-6c9f7d5b8` → `Deployment web`, `Job sync-28391200` → `Job sync`. */
export function workloadOf(owner: string, pod: string): string {
  const [kind = '', name = pod] = owner.split(' ');
  if (kind === 'ReplicaSet') {
    const stem = name.replace(/-[bcdf-hj-np-tv-z0-9]{5,10}$/, '');
    return stem === name ? owner : `Deployment ${stem}`;
  }
  if (kind === 'ReplicationController') return owner.replace(/^ReplicationController (.*)-\d+$/, 'DeploymentConfig $1');
  if (kind === 'Job') return owner.replace(/-\d{6,}$/, '');
  return owner;
}

/** Addresses of pods, hostNetwork or not, to what the pod belongs to. */
function podNames(side: Side): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { value } of side.read('Pod')) {
    const kind = textOf(value.ownerKind);
    const pod = textOf(value.name);
    const owner = kind === '' || kind === 'Node' ? `Pod ${pod}` : `${kind} ${textOf(value.ownerName)}`;
    for (const address of listOf(value.podIPs)) {
      // Pods of the network of their host share its address.
      if (value.hostNetwork !== true) names.set(textOf(address), `a pod of ${workloadOf(owner, pod)}`);
    }
  }
  return names;
}

const isOnPod = /^a pod of /;

function named(entry: unknown, names: ReadonlyMap<string, string>): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  const each = entry as Value;
  const address = textOf(each.ip) || textOf(each.address);
  const pod = textOf(each.pod);
  const name = names.get(address) ?? (pod === '' ? address : `a pod of ${stemOfPod(pod)}`);
  const port = typeof each.port === 'number' ? ` port ${each.port}` : '';
  return isOnPod.test(name) ? `${name}${port}` : `${name}${port === '' ? '' : `:${each.port as number}`}`;
}

/** Where the pod itself was not gathered. */
const stemOfPod = (pod: string): string =>
  pod.replace(/-[bcdf-hj-np-tv-z0-9]{5,10}-[bcdf-hj-np-tv-z0-9]{5}$|-[bcdf-hj-np-tv-z0-9]{5}$/, '');

function tallied(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).sort();
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
