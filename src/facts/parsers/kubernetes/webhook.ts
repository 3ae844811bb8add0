// Admission webhooks: each webhook of a configuration is a fact.
//
//   kind: ValidatingWebhookConfiguration
//   webhooks:
//   - name: validate.example.com
//     failurePolicy: Fail
//     clientConfig: { service: { namespace: shop, name: validator, path: /validate } }

import { bool, dyn, factType, int, list, object, optional, string } from '../../fact-type.ts';
import { spanOf } from '../../text/documents.ts';
import { Certificate } from '../certificate-facts.ts';
import { certificateFacts } from './certificates.ts';
import { factOf, type ObjectReader } from './kube-object.ts';
import { hasTree, intAt, placesOf, textAt, textsAt, treeAt, treesAt } from './tree.ts';

export const AdmissionWebhook = factType(
  'AdmissionWebhook',
  'One webhook of a validating or mutating webhook configuration.',
  {
    kind: string('ValidatingWebhookConfiguration or MutatingWebhookConfiguration.'),
    configuration: string('Name of the configuration.'),
    name: string('Name of the webhook.'),
    failurePolicy: string('Fail or Ignore.'),
    timeoutSeconds: int('10 where not set.'),
    serviceNamespace: string('Empty where a URL is called.'),
    service: string('Service.'),
    servicePort: int('443 where not set.'),
    path: string('Path.'),
    url: string('Empty where a service is called.'),
    hasCaBundle: bool('A CA bundle is set.'),
    sideEffects: string('None or NoneOnDryRun in v1.'),
    matchPolicy: string('Exact or Equivalent.'),
    namespaceSelector: dyn('Selector as written; empty matches every namespace.'),
    objectSelector: dyn('Selector as written; empty matches every object.'),
    rules: list(
      object({
        apiGroups: list(string(), 'API groups; `*` is all.'),
        apiVersions: list(string(), 'API versions; `*` is all.'),
        resources: list(string(), 'Resources; `*` is all.'),
        operations: list(string(), 'CREATE, UPDATE, DELETE, CONNECT or `*`.'),
        scope: string('Cluster, Namespaced or `*`.'),
      }),
    ),
    reinvocationPolicy: optional(string('Never or IfNeeded; absent for validating ones.')),
  },
  { object: { kind: 'kind', name: 'configuration' } },
);

export const webhookReader: ObjectReader = {
  reads: [
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  ],
  yields: [AdmissionWebhook, Certificate],
  read(object, wanted) {
    return treesAt(object.whole, 'webhooks').flatMap((webhook) => {
      const client = treeAt(webhook, 'clientConfig');
      const name = textAt(webhook, 'name');
      const caBundle = textAt(client, 'caBundle');
      const reinvocation = textAt(webhook, 'reinvocationPolicy');
      const value = {
        kind: object.kind,
        configuration: object.name,
        name,
        failurePolicy: textAt(webhook, 'failurePolicy') || 'Fail',
        timeoutSeconds: intAt(webhook, 'timeoutSeconds') ?? 10,
        serviceNamespace: textAt(client, 'service', 'namespace'),
        service: textAt(client, 'service', 'name'),
        servicePort: hasTree(client, 'service') ? (intAt(client, 'service', 'port') ?? 443) : 0,
        path: textAt(client, 'service', 'path'),
        url: textAt(client, 'url'),
        hasCaBundle: caBundle !== '',
        sideEffects: textAt(webhook, 'sideEffects'),
        matchPolicy: textAt(webhook, 'matchPolicy'),
        namespaceSelector: treeAt(webhook, 'namespaceSelector'),
        objectSelector: treeAt(webhook, 'objectSelector'),
        rules: treesAt(webhook, 'rules').map((rule) => ({
          apiGroups: textsAt(rule, 'apiGroups'),
          apiVersions: textsAt(rule, 'apiVersions'),
          resources: textsAt(rule, 'resources'),
          operations: textsAt(rule, 'operations'),
          scope: textAt(rule, 'scope') || '*',
        })),
        reinvocationPolicy: reinvocation || undefined,
      };
      const at = placesOf(webhook, {
        name: ['name'],
        failurePolicy: ['failurePolicy'],
        timeoutSeconds: ['timeoutSeconds'],
        service: ['clientConfig', 'service'],
        namespaceSelector: ['namespaceSelector'],
        rules: ['rules'],
      });
      const key = [object.kind, object.name, name];
      const facts = wanted.has(AdmissionWebhook.name)
        ? [factOf(AdmissionWebhook, object, value, { span: spanOf(webhook), at, key })]
        : [];
      if (caBundle === '' || !wanted.has(Certificate.name)) return facts;
      const pem = Buffer.from(caBundle, 'base64').toString('latin1');
      return [...facts, ...certificateFacts(object, { [name]: pem }, {})];
    });
  },
};
