// Certificate dates that OpenShift notes on Secrets and ConfigMaps, and that survive when the content is removed.
//
//   annotations:
//     auth.openshift.io/certificate-hostnames: api.example.com
//     auth.openshift.io/certificate-issuer: openshift-kube-apiserver-operator_aggregator-client-signer@1631628808
//     auth.openshift.io/certificate-not-after: "2021-10-14T14:13:29Z"
//     auth.openshift.io/certificate-not-before: "2021-09-14T14:13:28Z"

import type { Fact } from '../../fact-type.ts';
import { factType, list, optional, string, time } from '../../fact-type.ts';
import { factOf, type KubeObject } from './kube-object.ts';
import { asTime, placesOf, treeAt } from './tree.ts';

export const CertificateInfo = factType(
  'CertificateInfo',
  'Validity of the certificate in a Secret or ConfigMap, as its annotations tell.',
  {
    namespace: string('Namespace.'),
    kind: string('Secret or ConfigMap.'),
    name: string('Name.'),
    notBefore: optional(time('Start of validity.')),
    notAfter: time('End of validity.'),
    issuer: string('Empty where not noted.'),
    hostnames: list(string(), 'Names the certificate is for.'),
    component: string('Owning component, from openshift.io/owning-component; empty where not noted.'),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

const prefix = 'auth.openshift.io/certificate-';
const expiries = [
  `${prefix}not-after`,
  'service.beta.openshift.io/expiry',
  'service.alpha.openshift.io/expiry',
  'cert-manager.io/not-after',
];

export function readCertificateInfo(object: KubeObject): readonly Fact[] {
  const { annotations } = object;
  const expiry = expiries.find((name) => asTime(annotations[name]) !== undefined);
  const notAfter = expiry && asTime(annotations[expiry]);
  if (!notAfter) return [];
  const value = {
    namespace: object.namespace,
    kind: object.kind,
    name: object.name,
    notBefore: asTime(annotations[`${prefix}not-before`]),
    notAfter,
    issuer: annotations[`${prefix}issuer`] ?? '',
    hostnames: (annotations[`${prefix}hostnames`] ?? '').split(',').filter((name) => name !== ''),
    component: annotations['openshift.io/owning-component'] ?? '',
  };
  const at = placesOf(treeAt(object.metadata, 'annotations'), {
    notAfter: [expiry],
    notBefore: [`${prefix}not-before`],
    issuer: [`${prefix}issuer`],
    hostnames: [`${prefix}hostnames`],
  });
  return [factOf(CertificateInfo, object, value, { at, key: [object.kind, object.namespace, object.name] })];
}
