// What extends the API server: aggregated APIServices, CustomResourceDefinitions and Leases of its controllers.
//
//   kind: APIService
//   spec: { group: metrics.k8s.io, service: { namespace: monitoring, name: prometheus-adapter } }
//   status: { conditions: [ { type: Available, status: "False", reason: MissingEndpoints } ] }

import { bool, factType, int, list, object, optional, string, time } from '../../fact-type.ts';
import { Certificate } from '../certificate-facts.ts';
import { certificateFacts } from './certificates.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { conditionPlaces, conditionsField, createdField, readConditions } from './shapes.ts';
import { boolAt, countAt, hasTree, intAt, textAt, textsAt, timeAt, treesAt } from './tree.ts';

export const APIService = factType(
  'APIService',
  'One APIService.',
  {
    name: string('E.g. v1beta1.metrics.k8s.io.'),
    apiGroup: string('API group.'),
    apiVersion: string('API version.'),
    local: bool('Served by the API server itself.'),
    serviceNamespace: string('Namespace of the service.'),
    service: string('Service.'),
    servicePort: optional(int('Port of the service.')),
    available: string('Status of Available; empty where it is missing.'),
    reason: string('Reason of Available.'),
    message: string('Message of Available.'),
    hasCaBundle: bool('A CA bundle is set.'),
    insecureSkipTLSVerify: bool('The certificate of the service is not verified.'),
  },
  { object: { kind: 'APIService', name: 'name' } },
);

export const CustomResourceDefinition = factType(
  'CustomResourceDefinition',
  'One CustomResourceDefinition, without its schemas.',
  {
    name: string('Name.'),
    createdAt: createdField,
    apiGroup: string('API group.'),
    kind: string('Kind it defines.'),
    plural: string('Name in URLs.'),
    scope: string('Namespaced or Cluster.'),
    versions: list(
      object({
        name: string('Name.'),
        served: bool('Clients may use it.'),
        storage: bool('Objects are stored in it.'),
        deprecated: bool('Marked as deprecated.'),
      }),
    ),
    storedVersions: list(string(), 'Versions that objects in etcd may have.'),
    conversionStrategy: string('None or Webhook.'),
    conversionServiceNamespace: string('Namespace of the conversion webhook.'),
    conversionService: string('Service of the conversion webhook; empty for none.'),
    conditions: conditionsField,
  },
  { object: { kind: 'CustomResourceDefinition', name: 'name' } },
);

export const Lease = factType(
  'Lease',
  'One Lease: a heartbeat of a node, or who leads among controllers.',
  {
    namespace: string('kube-node-lease for nodes.'),
    name: string('Name of the node, for a node lease.'),
    holder: string('Who holds it.'),
    renewedAt: optional(time('Last renewal.')),
    acquiredAt: optional(time('When the holder got it.')),
    durationSeconds: optional(int('How long it holds without renewal.')),
    transitions: int('How often the holder changed.'),
  },
  { object: { kind: 'Lease', namespace: 'namespace', name: 'name' } },
);

export const apiServiceReader: ObjectReader = {
  reads: ['apiregistration.k8s.io/APIService'],
  yields: [APIService, Certificate],
  read(object, wanted) {
    const { spec, status } = object;
    const available = readConditions(status).find((one) => one.type === 'Available');
    const caBundle = textAt(spec, 'caBundle');
    const value = {
      name: object.name,
      apiGroup: textAt(spec, 'group'),
      apiVersion: textAt(spec, 'version'),
      local: !hasTree(spec, 'service'),
      serviceNamespace: textAt(spec, 'service', 'namespace'),
      service: textAt(spec, 'service', 'name'),
      servicePort: intAt(spec, 'service', 'port'),
      available: available?.status ?? '',
      reason: available?.reason ?? '',
      message: available?.message ?? '',
      hasCaBundle: caBundle !== '',
      insecureSkipTLSVerify: boolAt(spec, 'insecureSkipTLSVerify'),
    };
    const conditionsAt = conditionPlaces(status);
    const availableAt = conditionsAt['conditions.Available'];
    const at = { ...places(object, { service: 'spec.service' }), ...(availableAt ? { available: availableAt } : {}) };
    const facts = wanted.has(APIService.name) ? [factOf(APIService, object, value, { at })] : [];
    if (caBundle === '' || !wanted.has(Certificate.name)) return facts;
    const pem = Buffer.from(caBundle, 'base64').toString('latin1');
    return [...facts, ...certificateFacts(object, { caBundle: pem }, spec)];
  },
};

export const definitionReader: ObjectReader = {
  reads: ['apiextensions.k8s.io/CustomResourceDefinition'],
  yields: [CustomResourceDefinition],
  read(object) {
    const { spec, status } = object;
    const single = textAt(spec, 'version');
    const listed = treesAt(spec, 'versions').map((one) => ({
      name: textAt(one, 'name'),
      served: boolAt(one, 'served'),
      storage: boolAt(one, 'storage'),
      deprecated: boolAt(one, 'deprecated'),
    }));
    const value = {
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      apiGroup: textAt(spec, 'group'),
      kind: textAt(spec, 'names', 'kind'),
      plural: textAt(spec, 'names', 'plural'),
      scope: textAt(spec, 'scope'),
      versions:
        listed.length === 0 && single ? [{ name: single, served: true, storage: true, deprecated: false }] : listed,
      storedVersions: textsAt(status, 'storedVersions'),
      conversionStrategy: textAt(spec, 'conversion', 'strategy') || 'None',
      conversionServiceNamespace: textAt(spec, 'conversion', 'webhook', 'clientConfig', 'service', 'namespace'),
      conversionService: textAt(spec, 'conversion', 'webhook', 'clientConfig', 'service', 'name'),
      conditions: readConditions(status),
    };
    const at = places(object, {
      storedVersions: 'status.storedVersions',
      conversionService: 'spec.conversion',
      name: 'metadata.name',
    });
    return [factOf(CustomResourceDefinition, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};

export const leaseReader: ObjectReader = {
  reads: ['coordination.k8s.io/Lease'],
  yields: [Lease],
  read(object) {
    const value = {
      namespace: object.namespace,
      name: object.name,
      holder: textAt(object.spec, 'holderIdentity'),
      renewedAt: timeAt(object.spec, 'renewTime'),
      acquiredAt: timeAt(object.spec, 'acquireTime'),
      durationSeconds: intAt(object.spec, 'leaseDurationSeconds'),
      transitions: countAt(object.spec, 'leaseTransitions'),
    };
    const at = places(object, { renewedAt: 'spec.renewTime', transitions: 'spec.leaseTransitions' });
    return [factOf(Lease, object, value, { at })];
  },
};
