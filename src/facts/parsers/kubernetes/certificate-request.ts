// CertificateSigningRequests: who asked for which certificate, and what became of it.
//
//   kind: CertificateSigningRequest
//   spec: { signerName: kubernetes.io/kubelet-serving, username: system:node:worker-1 }
//   status: { conditions: [ { type: Approved } ], certificate: … }

import { bool, factType, list, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { conditionPlaces, conditionsField, createdField, readConditions } from './shapes.ts';
import { textAt, textsAt, timeAt } from './tree.ts';

export const CertificateSigningRequest = factType(
  'CertificateSigningRequest',
  'One CertificateSigningRequest.',
  {
    name: string('Name.'),
    createdAt: createdField,
    signerName: string('Signer, e.g. kubernetes.io/kubelet-serving.'),
    username: string('User.'),
    requestedNode: string('Node in a username like system:node:worker-1; empty for others.'),
    groups: list(string(), 'Groups.'),
    usages: list(string(), 'Key usages.'),
    state: string('Pending, Approved, Denied or Failed.'),
    issued: bool('The certificate is there.'),
    conditions: conditionsField,
  },
  { object: { kind: 'CertificateSigningRequest', name: 'name' } },
);

export const certificateRequestReader: ObjectReader = {
  reads: ['certificates.k8s.io/CertificateSigningRequest'],
  yields: [CertificateSigningRequest],
  read(object) {
    const { spec, status } = object;
    const conditions = readConditions(status);
    const username = textAt(spec, 'username');
    const nodePrefix = 'system:node:';
    const value = {
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      signerName: textAt(spec, 'signerName'),
      username,
      requestedNode: username.startsWith(nodePrefix) ? username.slice(nodePrefix.length) : '',
      groups: textsAt(spec, 'groups'),
      usages: textsAt(spec, 'usages'),
      state: ['Denied', 'Failed', 'Approved'].find((type) => conditions.some((one) => one.type === type)) ?? 'Pending',
      issued: textAt(status, 'certificate') !== '',
      conditions,
    };
    const at = places(object, {
      signerName: 'spec.signerName',
      username: 'spec.username',
      createdAt: 'metadata.creationTimestamp',
      state: 'status',
    });
    return [factOf(CertificateSigningRequest, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};
