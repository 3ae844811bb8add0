// ConfigMaps, and the certificates in them.
//
//   kind: ConfigMap
//   data: { ca-bundle.crt: "-----BEGIN CERTIFICATE-----…", config.yaml: "…" }

import { factType, list, map, string } from '../../fact-type.ts';
import { Certificate } from '../certificate-facts.ts';
import { CertificateInfo, readCertificateInfo } from './certificate-annotations.ts';
import { certificateFacts } from './certificates.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { annotationsField, createdField, labelsField } from './shapes.ts';
import { keyPlaces, textMapAt, timeAt, treeAt } from './tree.ts';

/** Longer values stay out of facts; the keys are always listed. */
const longestValue = 64 * 1024;

export const ConfigMap = factType(
  'ConfigMap',
  'One ConfigMap.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    keys: list(string(), 'Keys of data and binaryData.'),
    data: map(string(), 'Values of up to 64 KiB.'),
  },
  { object: { kind: 'ConfigMap', namespace: 'namespace', name: 'name' } },
);

export const configMapReader: ObjectReader = {
  reads: ['/ConfigMap'],
  yields: [ConfigMap, CertificateInfo, Certificate],
  read(object, wanted) {
    const data = textMapAt(object.whole, 'data');
    const facts = wanted.has(CertificateInfo.name) ? [...readCertificateInfo(object)] : [];
    if (wanted.has(Certificate.name)) facts.push(...certificateFacts(object, treeAt(object.whole, 'data')));
    if (!wanted.has(ConfigMap.name)) return facts;
    const keys = [...Object.keys(data), ...Object.keys(treeAt(object.whole, 'binaryData'))];
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      keys,
      data: Object.fromEntries(Object.entries(data).filter(([, text]) => text.length <= longestValue)),
    };
    const at = { ...places(object, { data: 'data' }), ...keyPlaces('data', treeAt(object.whole, 'data')) };
    return [...facts, factOf(ConfigMap, object, value, { at })];
  },
};
