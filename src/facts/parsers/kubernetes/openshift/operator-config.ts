// The operators' own settings and state (operator.openshift.io): overrides, conditions, roll-out of static pods.
//
//   kind: KubeAPIServer
//   spec: { managementState: Managed, unsupportedConfigOverrides: null }
//   status: { latestAvailableRevision: 6, nodeStatuses: [ { nodeName: master-0, currentRevision: 5 } ] }

import { bool, factType, int, list, object, optional, string, time } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import { conditionPlaces, conditionsField, createdField, readConditions } from '../shapes.ts';
import { hasTree, intAt, memberPlaces, textAt, textsAt, timeAt, treeAt, treesAt } from '../tree.ts';

export const OperatorConfig = factType(
  'OperatorConfig',
  'One object of operator.openshift.io, e.g. KubeAPIServer, Etcd, DNS or IngressController, or the image registry settings.',
  {
    kind: string('Kind.'),
    namespace: string('Empty for cluster-scoped ones.'),
    name: string('Name.'),
    createdAt: createdField,
    managementState: string('Managed, Unmanaged, Removed; empty where not set.'),
    logLevel: string('Log level; empty where not set.'),
    hasUnsupportedOverrides: bool('spec.unsupportedConfigOverrides is not empty.'),
    latestRevision: optional(int('Newest revision of the static pod.')),
    nodes: list(
      object({
        node: string('Node.'),
        currentRevision: int('0 before the first roll-out.'),
        targetRevision: int('0 where none is being rolled out.'),
        lastFailedRevision: int('0 where none failed.'),
        lastFailedReason: string('Why the roll-out failed.'),
        lastFailedErrors: list(string(), 'Errors of the failed roll-out.'),
        lastFailedAt: optional(time('When the roll-out failed.')),
      }),
      'Static pod roll-out by node.',
    ),
    readyReplicas: optional(int('Ready operands.')),
    conditions: conditionsField,
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

const kinds = [
  'Authentication CloudCredential ClusterCSIDriver CSISnapshotController Config Console DNS Etcd IngressController',
  'InsightsOperator KubeAPIServer KubeControllerManager KubeScheduler KubeStorageVersionMigrator MachineConfiguration',
  'Network OpenShiftAPIServer OpenShiftControllerManager ServiceCA Storage',
].flatMap((line) => line.split(' '));

export const operatorConfigReader: ObjectReader = {
  reads: [...kinds.map((kind) => `operator.openshift.io/${kind}`), 'imageregistry.operator.openshift.io/Config'],
  yields: [OperatorConfig],
  read(object) {
    const { spec, status } = object;
    const nodes = treesAt(status, 'nodeStatuses');
    const value = {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      managementState: textAt(spec, 'managementState'),
      logLevel: textAt(spec, 'logLevel'),
      hasUnsupportedOverrides:
        hasTree(spec, 'unsupportedConfigOverrides') &&
        Object.keys(treeAt(spec, 'unsupportedConfigOverrides')).length > 0,
      latestRevision: intAt(status, 'latestAvailableRevision'),
      nodes: nodes.map((one) => ({
        node: textAt(one, 'nodeName'),
        currentRevision: intAt(one, 'currentRevision') ?? 0,
        targetRevision: intAt(one, 'targetRevision') ?? 0,
        lastFailedRevision: intAt(one, 'lastFailedRevision') ?? 0,
        lastFailedReason: textAt(one, 'lastFailedReason'),
        lastFailedErrors: textsAt(one, 'lastFailedRevisionErrors'),
        lastFailedAt: timeAt(one, 'lastFailedTime'),
      })),
      readyReplicas: intAt(status, 'readyReplicas'),
      conditions: readConditions(status),
    };
    const at = {
      ...places(object, {
        managementState: 'spec.managementState',
        hasUnsupportedOverrides: 'spec.unsupportedConfigOverrides',
        latestRevision: 'status.latestAvailableRevision',
        nodes: 'status.nodeStatuses',
      }),
      ...memberPlaces('nodes', nodes, (one) => textAt(one, 'nodeName')),
      ...conditionPlaces(status),
    };
    return [
      factOf(OperatorConfig, object, value, { at, key: [object.group, object.kind, object.namespace, object.name] }),
    ];
  },
};
