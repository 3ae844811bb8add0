// Finds the API objects in documents: lists are unfolded, and objects without a kind get the one of their list or path.

import type { Span } from '../../../bundle/source.ts';
import type { Problem } from '../../parser.ts';
import { type Located, spanOf } from '../../text/documents.ts';
import { wordTable } from '../../text/word-table.ts';
import { hasGoNames, renameGoList } from './go-names.ts';
import { type KubeObject, kubeObject } from './kube-object.ts';
import { isTree, type Tree, textAt } from './tree.ts';

/** Troubleshoot and `kubectl get --raw` write objects without kind and apiVersion. */
const kindOfResource = wordTable<readonly [apiVersion: string, kind: string]>({
  pods: ['v1', 'Pod'],
  nodes: ['v1', 'Node'],
  events: ['v1', 'Event'],
  services: ['v1', 'Service'],
  endpoints: ['v1', 'Endpoints'],
  configmaps: ['v1', 'ConfigMap'],
  secrets: ['v1', 'Secret'],
  namespaces: ['v1', 'Namespace'],
  serviceaccounts: ['v1', 'ServiceAccount'],
  pvs: ['v1', 'PersistentVolume'],
  persistentvolumes: ['v1', 'PersistentVolume'],
  pvcs: ['v1', 'PersistentVolumeClaim'],
  persistentvolumeclaims: ['v1', 'PersistentVolumeClaim'],
  limitranges: ['v1', 'LimitRange'],
  resourcequotas: ['v1', 'ResourceQuota'],
  'resource-quotas': ['v1', 'ResourceQuota'],
  replicationcontrollers: ['v1', 'ReplicationController'],
  'replication-controllers': ['v1', 'ReplicationController'],
  deployments: ['apps/v1', 'Deployment'],
  replicasets: ['apps/v1', 'ReplicaSet'],
  statefulsets: ['apps/v1', 'StatefulSet'],
  daemonsets: ['apps/v1', 'DaemonSet'],
  jobs: ['batch/v1', 'Job'],
  cronjobs: ['batch/v1', 'CronJob'],
  ingress: ['networking.k8s.io/v1', 'Ingress'],
  ingresses: ['networking.k8s.io/v1', 'Ingress'],
  'network-policy': ['networking.k8s.io/v1', 'NetworkPolicy'],
  networkpolicies: ['networking.k8s.io/v1', 'NetworkPolicy'],
  endpointslices: ['discovery.k8s.io/v1', 'EndpointSlice'],
  poddisruptionbudgets: ['policy/v1', 'PodDisruptionBudget'],
  'pod-disruption-budgets': ['policy/v1', 'PodDisruptionBudget'],
  'storage-classes': ['storage.k8s.io/v1', 'StorageClass'],
  storageclasses: ['storage.k8s.io/v1', 'StorageClass'],
  volumeattachments: ['storage.k8s.io/v1', 'VolumeAttachment'],
  leases: ['coordination.k8s.io/v1', 'Lease'],
  'custom-resource-definitions': ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  customresourcedefinitions: ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  'priority-classes': ['scheduling.k8s.io/v1', 'PriorityClass'],
});

type Known = readonly [apiVersion: string, kind: string] | undefined;

/** `hints` are words of the path; `known` is what the catalogue says of a place whose objects carry no kind. */
export function unfold(documents: readonly Located[], hints: readonly string[], known?: Known) {
  const objects: KubeObject[] = [];
  const problems: Problem[] = [];
  const listed = new Set<string>();
  const hinted = known ?? hints.map((hint) => kindOfResource[hint.toLowerCase()]).find((kind) => kind !== undefined);
  for (const { value, span } of documents) {
    if (value === null || value === undefined) continue;
    const list = isTree(value) ? listedKind(value) : undefined;
    if (list !== undefined) listed.add(list);
    const found = isTree(value) || Array.isArray(value) ? objectsIn(value, span, hinted) : undefined;
    if (found) objects.push(...found.objects);
    if (found?.problem) problems.push(found.problem);
    if (!found) problems.push({ code: 'COLLECTION_ERROR', span: [span[0], span[0]], detail: notAnObject(value) });
  }
  return { objects, problems, listed };
}

/** `apps/Deployment` of a DeploymentList: its items are all there are, be it none. */
function listedKind(value: Tree): string | undefined {
  const kind = textAt(value, 'kind');
  if (!isList(value, kind) || kind.length <= 'List'.length) return undefined;
  const apiVersion = textAt(value, 'apiVersion');
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group}/${kind.slice(0, -'List'.length)}`;
}

function objectsIn(
  value: Tree | readonly unknown[],
  span: Span,
  hinted: Known,
): { objects: readonly KubeObject[]; problem?: Problem } | undefined {
  if (Array.isArray(value)) return { objects: members(value, span, hinted) };
  if (!isTree(value)) return undefined;
  if (hasGoNames(value)) return { objects: members(renameGoList(value), span, hinted) };
  const kind = textAt(value, 'kind');
  const apiVersion = textAt(value, 'apiVersion');
  if (kind === 'Status' && apiVersion === 'v1') return { objects: [], problem: refusal(value, span) };
  if (isList(value, kind)) return { objects: listMembers(value, span, hinted) };
  const object = oneObject(value, span, hinted);
  return object ? { objects: [object] } : undefined;
}

/** A list has items, or `items: null`; a kind of its own may end in List as well, but then has a name. */
function isList(value: Tree, kind: string): boolean {
  if (Array.isArray(value.items)) return true;
  return kind.endsWith('List') && textAt(value, 'metadata', 'name') === '' && !('spec' in value);
}

/** `PodList` tells the kind of its items; `List` does not. */
function listMembers(list: Tree, span: Span, hinted: Known): readonly KubeObject[] {
  const kind = textAt(list, 'kind');
  const ofItems: Known =
    kind.length > 'List'.length ? [textAt(list, 'apiVersion'), kind.slice(0, -'List'.length)] : hinted;
  return members(Array.isArray(list.items) ? list.items : [], span, ofItems);
}

function members(items: readonly unknown[], span: Span, known: Known): readonly KubeObject[] {
  return items.filter(isTree).flatMap((item) => {
    // A List may hold Lists: `kubectl get pods,nodes -o yaml` of saved files.
    if (isList(item, textAt(item, 'kind'))) return listMembers(item, spanOf(item) ?? span, known);
    const object = oneObject(item, spanOf(item) ?? span, known);
    return object ? [object] : [];
  });
}

function oneObject(value: Tree, span: Span, known: Known): KubeObject | undefined {
  const kind = textAt(value, 'kind') || (known?.[1] ?? '');
  const apiVersion = textAt(value, 'apiVersion') || (known?.[0] ?? '');
  // Insights archives write operator configurations as `{ apiVersion, kind, name, spec }`.
  const bare = value as { metadata?: unknown };
  if (bare.metadata === undefined && textAt(value, 'name') !== '') bare.metadata = { name: textAt(value, 'name') };
  if (kind === '' || apiVersion === '' || !isTree(value.metadata)) return undefined;
  return kubeObject(value, apiVersion, kind, span);
}

/** The API server said no, and the collector saved its answer in place of the objects. */
function refusal(status: Tree, span: Span): Problem {
  const detail = `the API server answered: ${textAt(status, 'reason')} ${textAt(status, 'message')}`.trimEnd();
  return { code: 'COLLECTION_ERROR', span, detail };
}

function notAnObject(value: unknown): string {
  if (typeof value === 'string') return `no API object, but text: ${value.slice(0, 80)}`;
  return 'no API object: kind, apiVersion or metadata is missing';
}
