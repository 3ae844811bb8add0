// OpenShift's own view of its health: ClusterOperators and the ClusterVersion.
//
//   kind: ClusterOperator
//   metadata: { name: etcd }
//   status: { conditions: [ { type: Degraded, status: "True", reason: EtcdMembers_UnhealthyMembers } ] }

import { bool, factType, list, object, optional, string, time } from '../../../fact-type.ts';
import { spanOf } from '../../../text/documents.ts';
import { factOf, type KubeObject, type ObjectReader, places } from '../kube-object.ts';
import { conditionPlaces, conditionsField, createdField, readCondition, readConditions } from '../shapes.ts';
import { boolAt, textAt, timeAt, treesAt } from '../tree.ts';

export const ClusterOperator = factType(
  'ClusterOperator',
  'One ClusterOperator.',
  {
    name: string('Name.'),
    createdAt: createdField,
    available: string('Status of condition Available; empty where it is missing.'),
    degraded: string('Status of condition Degraded.'),
    progressing: string('Status of condition Progressing.'),
    upgradeable: string('Status of condition Upgradeable.'),
    version: string('Version of the operator operand set.'),
    conditions: conditionsField,
    relatedNamespaces: list(string(), 'Namespaces among status.relatedObjects.'),
  },
  { object: { kind: 'ClusterOperator', name: 'name' } },
);

export const ClusterOperatorCondition = factType(
  'ClusterOperatorCondition',
  'One condition of a ClusterOperator.',
  {
    operator: string('Name of the ClusterOperator.'),
    type: string('Available, Degraded, Progressing, Upgradeable, …'),
    status: string('True, False or Unknown.'),
    reason: string('One word; empty where none is given.'),
    message: string('Text for people; empty where none is given.'),
    lastTransitionAt: optional(time('When the status last changed.')),
  },
  { object: { kind: 'ClusterOperator', name: 'operator' } },
);

export const ClusterVersion = factType(
  'ClusterVersion',
  'The ClusterVersion object: which release runs, and what was applied before.',
  {
    clusterId: string('spec.clusterID.'),
    channel: string('Empty where none is set.'),
    upstream: string('Update service; empty for the default.'),
    version: string('Release it should be at (status.desired).'),
    completedVersion: string('Last release that was applied in full; empty during the installation.'),
    image: string('Release image.'),
    history: list(
      object({
        version: string('Version.'),
        state: string('Completed or Partial.'),
        startedAt: optional(time('Start.')),
        completedAt: optional(time('End; absent while it lasts.')),
        verified: bool('Signature was verified.'),
        image: string('Image.'),
      }),
      'Newest first.',
    ),
    conditions: conditionsField,
    overrides: list(
      object({
        kind: string(),
        namespace: string('Namespace.'),
        name: string('Name.'),
        unmanaged: bool('Not managed.'),
      }),
      'Objects that the operator must not manage.',
    ),
    availableUpdates: list(string('Version.')),
    conditionalUpdates: list(string('Version.')),
  },
  { object: { kind: 'ClusterVersion' } },
);

export const clusterOperatorReader: ObjectReader = {
  reads: ['config.openshift.io/ClusterOperator'],
  yields: [ClusterOperator, ClusterOperatorCondition],
  read(object, wanted) {
    const facts = wanted.has(ClusterOperator.name) ? [readOperator(object)] : [];
    if (!wanted.has(ClusterOperatorCondition.name)) return facts;
    const conditions = treesAt(object.status, 'conditions').map((condition) => {
      const value = { operator: object.name, ...readCondition(condition) };
      return factOf(ClusterOperatorCondition, object, value, {
        span: spanOf(condition),
        key: [object.name, value.type],
      });
    });
    return [...facts, ...conditions];
  },
};

function readOperator(object: KubeObject) {
  const conditions = readConditions(object.status);
  const statusOf = (type: string) => conditions.find((one) => one.type === type)?.status ?? '';
  const at = conditionPlaces(object.status);
  const short = ['Available', 'Degraded', 'Progressing', 'Upgradeable'].flatMap((type) => {
    const span = at[`conditions.${type}`];
    return span ? [[type.toLowerCase(), span] as const] : [];
  });
  const related = treesAt(object.status, 'relatedObjects').filter((one) => one.resource === 'namespaces');
  const versions = treesAt(object.status, 'versions');
  const value = {
    name: object.name,
    createdAt: timeAt(object.metadata, 'creationTimestamp'),
    available: statusOf('Available'),
    degraded: statusOf('Degraded'),
    progressing: statusOf('Progressing'),
    upgradeable: statusOf('Upgradeable'),
    version: textAt(versions.find((one) => one.name === 'operator') ?? versions[0] ?? {}, 'version'),
    conditions,
    relatedNamespaces: related.map((one) => textAt(one, 'name')),
  };
  return factOf(ClusterOperator, object, value, { at: { ...at, ...Object.fromEntries(short) } });
}

export const clusterVersionReader: ObjectReader = {
  reads: ['config.openshift.io/ClusterVersion'],
  yields: [ClusterVersion],
  read(object) {
    const { spec, status } = object;
    const history = treesAt(status, 'history').map((one) => ({
      version: textAt(one, 'version'),
      state: textAt(one, 'state'),
      startedAt: timeAt(one, 'startedTime'),
      completedAt: timeAt(one, 'completionTime'),
      verified: boolAt(one, 'verified'),
      image: textAt(one, 'image'),
    }));
    const value = {
      clusterId: textAt(spec, 'clusterID'),
      channel: textAt(spec, 'channel'),
      upstream: textAt(spec, 'upstream'),
      version: textAt(status, 'desired', 'version') || (history[0]?.version ?? ''),
      completedVersion: history.find((one) => one.state === 'Completed')?.version ?? '',
      image: textAt(status, 'desired', 'image'),
      history,
      conditions: readConditions(status),
      overrides: treesAt(spec, 'overrides').map((one) => ({
        kind: textAt(one, 'kind'),
        namespace: textAt(one, 'namespace'),
        name: textAt(one, 'name'),
        unmanaged: boolAt(one, 'unmanaged'),
      })),
      availableUpdates: treesAt(status, 'availableUpdates').map((one) => textAt(one, 'version')),
      conditionalUpdates: treesAt(status, 'conditionalUpdates').map((one) => textAt(one, 'release', 'version')),
    };
    const at = places(object, {
      version: 'status.desired',
      history: 'status.history',
      channel: 'spec.channel',
      clusterId: 'spec.clusterID',
      overrides: 'spec.overrides',
      availableUpdates: 'status.availableUpdates',
    });
    return [factOf(ClusterVersion, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};
