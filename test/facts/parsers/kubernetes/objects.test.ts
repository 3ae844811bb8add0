import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, parse, value } from './read.ts';

const podList = `apiVersion: v1
kind: PodList
items:
- metadata: { name: checkout-0, namespace: shop, resourceVersion: "7" }
  spec:
    nodeName: worker-1
- metadata: { name: checkout-1, namespace: shop }
  spec: {}
`;

test('a typed list gives its kind to its items', () => {
  const pods = facts('Pod', podList);
  assert.equal(
    pods.map((pod) => [pod.key, pod.span, pod.version]),
    [
      ['Pod/shop/checkout-0', [4, 6], 7],
      ['Pod/shop/checkout-1', [7, 8], undefined],
    ],
  );
});

test('a List holds objects of several kinds', () => {
  const text = `apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Pod, metadata: { name: a, namespace: n } }
- { apiVersion: v1, kind: Service, metadata: { name: b, namespace: n } }
- apiVersion: v1
  kind: NodeList
  items:
  - metadata: { name: w1 }
`;
  const names = ['Pod', 'Service', 'KubernetesNode'].map((type) => facts(type, text)[0]?.key);
  assert.equal(names, ['Pod/n/a', 'Service/n/b', 'KubernetesNode/w1']);
});

test('each document of a file is an object', () => {
  const text = `---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Namespace
metadata: { name: bank }
`;
  assert.equal(
    facts('Namespace', text).map((fact) => fact.span),
    [
      [2, 4],
      [6, 8],
    ],
  );
});

test('JSON reads like YAML', () => {
  const text = '{\n "apiVersion": "v1",\n "kind": "Namespace",\n "metadata": {\n  "name": "shop"\n }\n}\n';
  assert.is(facts('Namespace', text)[0]?.key, 'Namespace/shop');
});

test('objects without a kind get the one of their path', () => {
  const text = '[{"metadata": {"name": "a", "namespace": "n"}, "spec": {}}]';
  assert.is(facts('Pod', text, 'bundle/cluster-resources/pods/n.json')[0]?.key, 'Pod/n/a');
  assert.is(facts('KubernetesNode', text, 'bundle/cluster-resources/nodes.json').length, 1);
  assert.is(parse(text, {}, 'bundle/other/thing.json').facts.length, 0);
});

test('an empty list gives no facts, but answers for its kind', () => {
  const text = 'apiVersion: v1\nitems: []\nkind: PodList\nmetadata: {}\n';
  const answer = { facts: [], problems: [], answered: ['Pod'] };
  assert.equal(parse(text), answer);
  assert.equal(parse('apiVersion: v1\nitems: null\nkind: PodList\nmetadata: {}\n'), answer);
});

test('an empty file gives nothing', () => {
  assert.equal(parse(''), { facts: [], problems: [], answered: [] });
});

test('a file cut off in the middle keeps the objects before the cut', () => {
  const cut = podList.slice(0, podList.indexOf('checkout-1') + 4);
  const { facts: read, problems } = parse(cut);
  assert.ok(read.some((fact) => fact.key === 'Pod/shop/checkout-0'));
  assert.ok(problems.length > 0);
});

test('a message in place of objects is a collection error', () => {
  const { facts: read, problems } = parse(`error: the server doesn't have a resource type "routes"\n`);
  assert.is(read.length, 0);
  assert.is(problems[0]?.code, 'COLLECTION_ERROR');
});

test('a mapping that is no API object is a collection error', () => {
  const { problems } = parse('global:\n  scrape_interval: 15s\n');
  assert.is(problems[0]?.code, 'COLLECTION_ERROR');
});

test('the answer of an API server that refused is told', () => {
  const text = 'apiVersion: v1\nkind: Status\nstatus: Failure\nreason: Forbidden\nmessage: nodes is forbidden\n';
  const { problems } = parse(text);
  assert.is(problems[0]?.detail, 'the API server answered: Forbidden nodes is forbidden');
});

test('types nobody wants are not read', () => {
  assert.equal(parse(podList, { has: () => false }).facts, []);
  const types = new Set(parse(podList, { has: (name) => name === 'Pod' }).facts.map((fact) => fact.type));
  assert.equal([...types], ['Pod']);
});

test('a wanted object comes whole, whatever its kind', () => {
  const text = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { size: 3 }\n';
  const has = () => false;
  const [fact] = parse(text, { has, objects: new Set(['example.com/Widget']) }).facts;
  assert.equal(fact?.value, {
    kind: 'Widget',
    group: 'example.com',
    namespace: '',
    name: 'w',
    apiVersion: 'example.com/v1',
    labels: {},
    annotations: {},
    object: { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 3 } },
  });
  assert.is(parse(text, { has, objects: 'all' }).facts.length, 1);
  assert.is(parse(text, { has, objects: new Set(['/Widget']) }).facts.length, 0);
});

test('no fact holds the content of a Secret', () => {
  const text = `apiVersion: v1
kind: Secret
metadata:
  name: s
  namespace: n
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","data":{"password":"aHVudGVyMg=="}}'
    openshift.io/token-secret.value: aHVudGVyMg==
data: { password: aHVudGVyMg== }
stringData: { other: hunter2 }
`;
  const { facts: read } = parse(text, { objects: 'all' });
  assert.ok(read.some((fact) => fact.type === 'KubernetesObject'));
  assert.not.match(JSON.stringify(read), 'aHVudGVyMg');
  assert.not.match(JSON.stringify(read), 'hunter2');
});

test('an object being deleted is told, whatever its kind', () => {
  const text = `apiVersion: example.com/v1
kind: Widget
metadata:
  name: w
  deletionTimestamp: "2024-05-01T12:00:00Z"
  finalizers: [example.com/keep]
`;
  const [fact] = facts('DeletingObject', text);
  assert.equal(fact?.value, {
    kind: 'Widget',
    group: 'example.com',
    namespace: '',
    name: 'w',
    deletedAt: '2024-05-01T12:00:00Z',
    finalizers: ['example.com/keep'],
  });
  assert.equal(fact?.at, { deletedAt: [5, 5], finalizers: [6, 6] });
});

test('the version of the manifest that was applied is told', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: d
  namespace: n
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"apps/v1beta1","kind":"Deployment"}'
`;
  const [fact] = facts('AppliedApiVersion', text);
  assert.is(fact?.key, 'AppliedApiVersion/apps/Deployment/n/d');
  assert.is(value('AppliedApiVersion', text).lastApplied, 'apps/v1beta1');
});

test('fields of the wrong shape read as missing', () => {
  const odd = `apiVersion: v1
kind: Pod
metadata: { name: 7, namespace: n, labels: [a], annotations: text, resourceVersion: abc }
spec: { containers: text, nodeName: [x], volumes: { a: 1 }, tolerations: [null, 3] }
status: [1, 2]
`;
  assert.equal(parse(odd).problems, []);
  assert.is(facts('Pod', odd)[0]?.key, 'Pod/n/7');
});

test('labels named like parts of JavaScript objects are only labels', () => {
  const text =
    '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":{"__proto__":"x","constructor":"y"}}}';
  const labels = value('Namespace', text).labels;
  assert.equal(Object.entries(labels).sort(), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('the Go field names of an old cluster-info dump are understood', () => {
  const text = `{
  "selfLink": "/api/v1/namespaces/n/pods",
  "resourceVersion": "5",
  "Items": [
    {
      "name": "etcd", "namespace": "n", "resourceVersion": "4", "creationTimestamp": "2019-03-08T08:48:30Z",
      "labels": { "Tier": "control-plane" },
      "Spec": {
        "Containers": [ { "Name": "etcd", "Resources": { "Limits": null, "Requests": { "cpu": "1" } },
          "LivenessProbe": { "Exec": null, "HTTPGet": { "Path": "/health", "Port": 2381, "Scheme": "HTTP" } } } ],
        "NodeName": "minikube", "SecurityContext": { "HostNetwork": true } },
      "Status": { "Phase": "Running", "PodIP": "10.0.0.1", "QOSClass": "Burstable",
        "ContainerStatuses": [ { "Name": "etcd", "RestartCount": 2, "LastTerminationState": { "Terminated": { "ExitCode": 137, "Reason": "Error" } } } ] }
    }
  ]
}
`;
  const path = 'kube-system/pods.json';
  const { node, phase, podIPs, qosClass, hostNetwork, labels } = value('Pod', text, path);
  assert.equal([node, phase, podIPs, qosClass, hostNetwork], ['minikube', 'Running', ['10.0.0.1'], 'Burstable', true]);
  assert.equal(labels, { Tier: 'control-plane' });
  assert.is(facts('Pod', text, path)[0]?.version, 4);
  const container = value('Container', text, path);
  assert.is(container.requests.cpuMillis, 1000);
  assert.is(container.livenessProbe.path, '/health');
  assert.is(container.lastState.terminated.exitCode, 137);
});

test.run();
