// Secrets: that they are there and of which type. Their content is never read, but for the public certificates in them.
//
//   kind: Secret
//   type: kubernetes.io/tls
//   metadata: { annotations: { auth.openshift.io/certificate-not-after: "2023-09-14T14:18:27Z" } }

import { factType, list, string } from '../../fact-type.ts';
import { Certificate } from '../certificate-facts.ts';
import { CertificateInfo, readCertificateInfo } from './certificate-annotations.ts';
import { certificateFacts } from './certificates.ts';
import { factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import { annotationsField, createdField, labelsField } from './shapes.ts';
import { isTree, type Tree, textAt, timeAt, treeAt } from './tree.ts';

export const Secret = factType(
  'Secret',
  'One Secret, without its content.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    type: string('E.g. kubernetes.io/tls.'),
    keys: list(string(), 'Names of its entries, never their values.'),
  },
  { object: { kind: 'Secret', namespace: 'namespace', name: 'name' } },
);

export const secretReader: ObjectReader = {
  reads: ['/Secret'],
  yields: [Secret, CertificateInfo, Certificate],
  read(object, wanted) {
    const facts = wanted.has(CertificateInfo.name) ? [...readCertificateInfo(object)] : [];
    if (wanted.has(Certificate.name)) facts.push(...certificateFacts(object, publicCertificates(object)));
    if (!wanted.has(Secret.name)) return facts;
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      type: textAt(object.whole, 'type') || 'Opaque',
      keys: Object.keys(treeAt(object.whole, 'data')),
    };
    const at = places(object, { type: 'type', annotations: 'metadata.annotations' });
    return [...facts, factOf(Secret, object, value, { at })];
  },
};

/** The `….crt` entries as text. Every service account token repeats the cluster CA, which its ConfigMap tells as well. */
function publicCertificates(secret: KubeObject): Tree {
  if (textAt(secret.whole, 'type') === 'kubernetes.io/service-account-token') return {};
  const data = secret.whole.data;
  if (!isTree(data)) return {};
  const decoded = Object.entries(data)
    .filter(([key, value]) => key.endsWith('.crt') && typeof value === 'string')
    .map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('latin1')]);
  return Object.fromEntries(decoded);
}
