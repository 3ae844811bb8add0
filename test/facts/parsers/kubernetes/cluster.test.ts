import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value, values } from './read.ts';

test('a namespace that cannot go tells why', () => {
  const it = value(
    'Namespace',
    `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled }, deletionTimestamp: "2024-05-01T12:00:00Z" }
spec: { finalizers: [kubernetes] }
status: { phase: Terminating, conditions: [ { type: NamespaceContentRemaining, status: "True" } ] }
`,
  );
  assert.equal([it.phase, it.finalizers, it.deletedAt], ['Terminating', ['kubernetes'], '2024-05-01T12:00:00Z']);
  assert.equal([it.labels, it.conditions[0].type], [{ 'istio-injection': 'enabled' }, 'NamespaceContentRemaining']);
});

test('a signing request is pending until a condition says otherwise', () => {
  const request = (conditions: string) => `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: csr-1 }
spec: { signerName: kubernetes.io/kubelet-serving, username: "system:node:worker-1" }
status: { conditions: [${conditions}] }
`;
  const it = value('CertificateSigningRequest', request(''));
  assert.equal([it.state, it.requestedNode, it.issued], ['Pending', 'worker-1', false]);
  assert.is(value('CertificateSigningRequest', request('{ type: Approved }')).state, 'Approved');
  assert.is(value('CertificateSigningRequest', request('{ type: Denied }')).state, 'Denied');
});

test('each webhook is a fact on its own lines', () => {
  const text = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: c }
webhooks:
- name: a.example.com
  failurePolicy: Ignore
  timeoutSeconds: 30
  clientConfig:
    service: { namespace: n, name: s, path: /v }
  rules:
  - { apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [pods] }
- name: b.example.com
  clientConfig: { url: "https://b.example.com" }
`;
  const [a] = facts('AdmissionWebhook', text);
  const [first, second] = values('AdmissionWebhook', text);
  assert.equal([first.failurePolicy, first.timeoutSeconds, first.service, first.servicePort], ['Ignore', 30, 's', 443]);
  assert.equal(a?.span, [lineOf(text, 'a.example.com'), lineOf(text, 'apiGroups')]);
  assert.equal([second.failurePolicy, second.timeoutSeconds, second.url], ['Fail', 10, 'https://b.example.com']);
});

test('an APIService tells why it is not available', () => {
  const it = value(
    'APIService',
    `apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.metrics.k8s.io }
spec: { group: metrics.k8s.io, version: v1beta1, service: { namespace: m, name: adapter, port: 443 } }
status: { conditions: [ { type: Available, status: "False", reason: MissingEndpoints, message: none } ] }
`,
  );
  assert.equal([it.local, it.service, it.available, it.reason], [false, 'adapter', 'False', 'MissingEndpoints']);
});

test('a definition tells served and stored versions', () => {
  const it = value(
    'CustomResourceDefinition',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions: [ { name: v1, served: true, storage: true }, { name: v1alpha1, served: false, storage: false } ]
status: { storedVersions: [v1alpha1, v1] }
`,
  );
  assert.equal([it.kind, it.storedVersions], ['Widget', ['v1alpha1', 'v1']]);
  assert.equal(it.versions[1], { name: 'v1alpha1', served: false, storage: false, deprecated: false });
});

test('leases, classes, bindings and policies are read', () => {
  const lease = value(
    'Lease',
    'apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: w, namespace: kube-node-lease }\nspec: { holderIdentity: w, renewTime: "2024-05-01T12:00:00.000000Z", leaseTransitions: 3 }\n',
  );
  assert.equal([lease.holder, lease.renewedAt, lease.transitions], ['w', '2024-05-01T12:00:00.000000Z', 3]);
  const runtime = value(
    'RuntimeClass',
    'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: { name: kata }\nhandler: kata\noverhead: { podFixed: { cpu: 250m } }\n',
  );
  assert.equal([runtime.handler, runtime.overhead.cpuMillis], ['kata', 250]);
  const priority = value(
    'PriorityClass',
    'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 1000\n',
  );
  assert.equal([priority.priority, priority.preemptionPolicy], [1000, 'PreemptLowerPriority']);
  const binding = value(
    'RoleBinding',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [ { kind: ServiceAccount, namespace: n, name: s } ]\n',
  );
  assert.equal(
    [binding.role, binding.subjects],
    ['cluster-admin', [{ kind: 'ServiceAccount', namespace: 'n', name: 's' }]],
  );
  const policy = value(
    'NetworkPolicy',
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: n }\nspec: { podSelector: {}, egress: [ {} ] }\n',
  );
  assert.equal([policy.policyTypes, policy.ingress, policy.egress], [['Ingress', 'Egress'], [], [{}]]);
});

test('Istio mutual TLS is read with its ports', () => {
  const it = value(
    'PeerAuthentication',
    'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: p, namespace: n }\nspec: { mtls: { mode: STRICT }, portLevelMtls: { 8080: { mode: DISABLE } } }\n',
  );
  assert.equal([it.mode, it.portModes], ['STRICT', { 8080: 'DISABLE' }]);
});

test('objects of the ACI CNI come as they are', () => {
  const it = value(
    'AciObject',
    'apiVersion: aci.snat/v1\nkind: SnatPolicy\nmetadata: { name: s }\nspec: { snatIp: [10.20.175.81] }\n',
  );
  assert.equal([it.group, it.kind, it.spec], ['aci.snat', 'SnatPolicy', { snatIp: ['10.20.175.81'] }]);
});

test.run();
