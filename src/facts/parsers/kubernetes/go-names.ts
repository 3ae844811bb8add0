// Gives old `kubectl cluster-info dump` output its API field names: before 1.14 it printed Go's own.
//
//   { "selfLink": "/api/v1/namespaces/kube-system/pods", "Items": [
//     { "name": "etcd-minikube", "Spec": { "Containers": [ … ], "DNSPolicy": "ClusterFirst" }, "Status": { "QOSClass": … } } ] }

import { wordTable } from '../../text/word-table.ts';
import { isTree, type Tree, textAt } from './tree.ts';

export const hasGoNames = (value: Tree): boolean => 'Items' in value && textAt(value, 'selfLink').startsWith('/api');

/** Keys below these are the user's own words. */
const freeKeys = new Set(['labels', 'annotations', 'Data', 'BinaryData', 'NodeSelector', 'MatchLabels', 'Selector']);

const renamed = wordTable<string>({
  LastTerminationState: 'lastState',
  EnvVarSource: 'valueFrom',
  IPs: 'ips',
});

/** Names of the pod's security context that the API has in the pod spec. */
const podSwitches = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'];

/** Renames in place, because the lines of a mapping are known by the mapping itself. Gives the objects of the list. */
export function renameGoList(list: Tree): readonly Tree[] {
  const items = Array.isArray(list.Items) ? list.Items.filter(isTree) : [];
  for (const item of items) renameKeys(item as Record<string, unknown>);
  return items;
}

function renameKeys(tree: Record<string, unknown>): void {
  const metadata: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const free = freeKeys.has(key) && !(isTree(value) && 'MatchLabels' in value);
    if (!free) renameInside(value);
    if (!/^[A-Z]/.test(key)) {
      metadata[key] = value;
      continue;
    }
    delete tree[key];
    tree[renamed[key] ?? apiName(key)] = value;
  }
  // Go embeds the metadata: name and labels stand beside Spec.
  if ('creationTimestamp' in metadata) tree.metadata = metadata;
  const context = tree.securityContext;
  if (!isTree(context) || !('containers' in tree)) return;
  for (const name of podSwitches) if (name in context) tree[name] = context[name];
}

function renameInside(value: unknown): void {
  if (Array.isArray(value)) for (const member of value) renameInside(member);
  else if (isTree(value)) renameKeys(value as Record<string, unknown>);
}

/** HTTPGet → httpGet, UID → uid, PodIP → podIP. */
function apiName(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0].length ?? 0;
  const lowered = capitals === 1 || capitals === name.length ? capitals : capitals - 1;
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered);
}
