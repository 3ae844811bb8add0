// Namespaces and service accounts.
//
//   kind: Namespace
//   metadata: { name: shop, labels: { istio-injection: enabled } }
//   status: { phase: Terminating, conditions: [ { type: NamespaceContentRemaining, status: "True" } ] }

import { bool, factType, list, optional, string, time } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import {
  annotationsField,
  conditionPlaces,
  conditionsField,
  createdField,
  labelsField,
  readConditions,
} from './shapes.ts';
import { optionalBool, textAt, textsAt, timeAt, treesAt } from './tree.ts';

export const Namespace = factType(
  'Namespace',
  'One Namespace (or OpenShift Project, where only that was gathered).',
  {
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    deletedAt: optional(time('Set while it is being deleted.')),
    phase: string('Active or Terminating.'),
    finalizers: list(string(), 'spec.finalizers.'),
    conditions: conditionsField,
  },
  { object: { kind: 'Namespace', name: 'name' } },
);

export const ServiceAccount = factType(
  'ServiceAccount',
  'One ServiceAccount.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    secrets: list(string(), 'Secrets.'),
    imagePullSecrets: list(string(), 'Secrets with registry credentials.'),
    automountToken: optional(bool('automountServiceAccountToken.')),
  },
  { object: { kind: 'ServiceAccount', namespace: 'namespace', name: 'name' } },
);

export const namespaceReader: ObjectReader = {
  reads: ['/Namespace', 'project.openshift.io/Project'],
  yields: [Namespace],
  read(object) {
    const value = {
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      deletedAt: timeAt(object.metadata, 'deletionTimestamp'),
      phase: textAt(object.status, 'phase'),
      finalizers: textsAt(object.spec, 'finalizers'),
      conditions: readConditions(object.status),
    };
    const at = places(object, {
      labels: 'metadata.labels',
      annotations: 'metadata.annotations',
      deletedAt: 'metadata.deletionTimestamp',
      phase: 'status.phase',
      finalizers: 'spec.finalizers',
    });
    return [factOf(Namespace, object, value, { at: { ...at, ...conditionPlaces(object.status) } })];
  },
};

export const serviceAccountReader: ObjectReader = {
  reads: ['/ServiceAccount'],
  yields: [ServiceAccount],
  read(object) {
    const names = (key: string) => treesAt(object.whole, key).map((one) => textAt(one, 'name'));
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      secrets: names('secrets'),
      imagePullSecrets: names('imagePullSecrets'),
      automountToken: optionalBool(object.whole, 'automountServiceAccountToken'),
    };
    return [factOf(ServiceAccount, object, value, { at: places(object, { imagePullSecrets: 'imagePullSecrets' }) })];
  },
};
