// Facts about objects of any kind: the object whole where a rule asks for it, what is being deleted, which APIs wrote it.
//
//   metadata:
//     deletionTimestamp: "2024-05-01T12:00:00Z"
//     finalizers: [kubernetes.io/pvc-protection]

import type { Fact } from '../../fact-type.ts';
import { dyn, factType, int, list, optional, string, time } from '../../fact-type.ts';
import type { Wanted } from '../../parser.ts';
import { factOf, type KubeObject, lastAppliedAnnotation, places } from './kube-object.ts';
import { annotationsField, labelsField } from './shapes.ts';
import { intAt, isTree, type Tree, textAt, textsAt, timeAt, treeAt } from './tree.ts';

const naming = { object: { kind: 'kind', namespace: 'namespace', name: 'name' } };
const identity = {
  kind: string('Kind.'),
  group: string('API group; empty for the core group.'),
  namespace: string('Empty for a cluster-scoped object.'),
  name: string('Name.'),
};

export const KubernetesObject = factType(
  'KubernetesObject',
  'An API object as it is, of a kind that some rule names. Without metadata.managedFields; Secrets without content.',
  {
    ...identity,
    apiVersion: string('E.g. apps/v1.'),
    labels: labelsField,
    annotations: annotationsField,
    object: dyn('The whole object.'),
  },
  naming,
);

export const DeletingObject = factType(
  'DeletingObject',
  'An object of any kind that is being deleted.',
  {
    ...identity,
    deletedAt: time('metadata.deletionTimestamp.'),
    deletionGraceSeconds: optional(int('Grace period.')),
    finalizers: list(string(), 'What must happen first.'),
  },
  naming,
);

export const AppliedApiVersion = factType(
  'AppliedApiVersion',
  'API version in which somebody last wrote an object with `kubectl apply`: manifests may still use it.',
  {
    ...identity,
    apiVersion: string('Version in which the object was gathered, e.g. apps/v1.'),
    lastApplied: string('apiVersion in kubectl’s last-applied annotation.'),
  },
  naming,
);

export function readAnyObject(object: KubeObject, wanted: Wanted): readonly Fact[] {
  const facts: Fact[] = [];
  const { kind, group, namespace, name } = object;
  const key = [group, kind, namespace, name];
  const which = { kind, group, namespace, name };
  if (wanted.objects === 'all' || wanted.objects.has(`${group}/${kind}`)) {
    const { apiVersion, labels, annotations } = object;
    const value = { ...which, apiVersion, labels, annotations, object: withoutSecrets(object) };
    const at = places(object, { metadata: 'metadata', spec: 'spec', status: 'status', data: 'data' });
    facts.push(factOf(KubernetesObject, object, value, { at, key }));
  }
  const deletedAt = timeAt(object.metadata, 'deletionTimestamp');
  if (deletedAt && wanted.has(DeletingObject.name)) {
    const deletionGraceSeconds = intAt(object.metadata, 'deletionGracePeriodSeconds');
    const value = { ...which, deletedAt, deletionGraceSeconds, finalizers: textsAt(object.metadata, 'finalizers') };
    const at = places(object, { deletedAt: 'metadata.deletionTimestamp', finalizers: 'metadata.finalizers' });
    facts.push(factOf(DeletingObject, object, value, { at, key }));
  }
  const lastApplied = wanted.has(AppliedApiVersion.name) ? lastAppliedVersion(object) : '';
  if (lastApplied) {
    const at = places(object, { lastApplied: 'metadata.annotations' });
    facts.push(
      factOf(AppliedApiVersion, object, { ...which, apiVersion: object.apiVersion, lastApplied }, { at, key }),
    );
  }
  return facts;
}

function lastAppliedVersion(object: KubeObject): string {
  const text = textAt(object.metadata, 'annotations', lastAppliedAnnotation);
  return /"apiVersion":\s*"([^"]+)"/.exec(text)?.[1] ?? '';
}

/** What no fact may hold: the content of Secrets, also in the copy that kubectl notes. */
function withoutSecrets({ group, kind, whole }: KubeObject): Tree {
  if (group !== '' || kind !== 'Secret') return whole;
  const { data, stringData, ...rest } = whole;
  const annotations = Object.entries(treeAt(rest, 'metadata', 'annotations')).filter(
    ([name]) => name !== lastAppliedAnnotation && !name.endsWith('token-secret.value'),
  );
  const metadata = isTree(rest.metadata) ? rest.metadata : {};
  return { ...rest, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } };
}
