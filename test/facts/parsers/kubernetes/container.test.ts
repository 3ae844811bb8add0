import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value } from './read.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: checkout-0, namespace: shop, uid: u1 }
spec:
  nodeName: worker-1
  securityContext: { runAsUser: 1000 }
  containers:
  - name: api
    image: shop/api:1
    resources:
      requests:
        cpu: 500m
        hugepages-2Mi: 4Mi
        nvidia.com/gpu: 1
      limits:
        memory: 1Gi
    ports:
    - containerPort: 8080
      hostPort: 80
    livenessProbe:
      httpGet: { path: /healthz, port: http }
    readinessProbe:
      exec: { command: [cat, /ready] }
      timeoutSeconds: 5
    env:
    - name: EMPTY
    - name: NODE
      valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
    - name: CPU
      valueFrom: { resourceFieldRef: { resource: limits.cpu, divisor: 1m } }
    - name: PASSWORD
      valueFrom: { secretKeyRef: { name: db, key: password } }
    securityContext:
      privileged: true
      capabilities: { add: [NET_ADMIN] }
status:
  qosClass: Burstable
  containerStatuses:
  - name: other
  - name: api
    containerID: cri-o://9f676bab
    restartCount: 4
    state:
      waiting:
        reason: CrashLoopBackOff
        message: back-off 5m0s
    lastState:
      terminated:
        exitCode: 137
        reason: OOMKilled
        finishedAt: "2024-05-01T12:00:00Z"
`;

test('spec and status of a container are one fact', () => {
  const it = value('Container', pod);
  assert.equal([it.namespace, it.pod, it.podUid, it.node, it.name], ['shop', 'checkout-0', 'u1', 'worker-1', 'api']);
  assert.equal([it.role, it.qosClass, it.restartCount, it.ready], ['container', 'Burstable', 4, false]);
  assert.equal([it.containerId, it.runtime], ['9f676bab', 'cri-o']);
  assert.equal(it.state, { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } });
  assert.is(it.lastState.terminated.exitCode, 137);
  assert.is(it.lastState.terminated.reason, 'OOMKilled');
});

test('lines of the spec and of the status are known field by field', () => {
  const [fact] = facts('Container', pod);
  const at = (words: string) => lineOf(pod, words);
  assert.equal(fact?.span, [at('name: api'), at('NET_ADMIN')]);
  assert.equal(fact?.at?.requests, [at('requests:'), at('nvidia')]);
  assert.equal(fact?.at?.limits, [at('limits:'), at('1Gi')]);
  assert.equal(fact?.at?.state, [at('state:'), at('back-off')]);
  assert.equal(fact?.at?.lastState, [at('lastState:'), at('finishedAt')]);
  assert.equal(fact?.at?.restartCount, [at('restartCount'), at('restartCount')]);
  assert.is(fact?.key, 'Container/shop/checkout-0/container/api');
});

test('resources are numbers, and their text beside them', () => {
  const { requests, limits } = value('Container', pod);
  assert.equal(requests, {
    cpuMillis: 500,
    hugepages: { '2Mi': 4194304 },
    extended: { 'nvidia.com/gpu': 1 },
    raw: { cpu: '500m', 'hugepages-2Mi': '4Mi', 'nvidia.com/gpu': '1' },
  });
  assert.is(limits.memoryBytes, 1073741824);
  assert.not.ok('cpuMillis' in limits);
});

test('probes carry the defaults of Kubernetes', () => {
  const it = value('Container', pod);
  assert.equal(it.livenessProbe, {
    type: 'httpGet',
    path: '/healthz',
    port: 'http',
    scheme: 'HTTP',
    host: '',
    service: '',
    command: [],
    initialDelaySeconds: 0,
    timeoutSeconds: 1,
    periodSeconds: 10,
    failureThreshold: 3,
    successThreshold: 1,
  });
  assert.equal(
    [it.readinessProbe.type, it.readinessProbe.command, it.readinessProbe.timeoutSeconds],
    ['exec', ['cat', '/ready'], 5],
  );
  assert.not.ok('startupProbe' in it);
});

test('environment variables tell where their value comes from', () => {
  assert.equal(value('Container', pod).env, [
    { name: 'EMPTY', value: '', optional: false },
    { name: 'NODE', fieldPath: 'spec.nodeName', optional: false },
    { name: 'CPU', resource: 'limits.cpu', divisor: '1m', optional: false },
    { name: 'PASSWORD', secretName: 'db', secretKey: 'password', optional: false },
  ]);
});

test('the user of the pod holds for a container that sets none', () => {
  const { securityContext, ports } = value('Container', pod);
  assert.equal(securityContext, {
    privileged: true,
    runAsUser: 1000,
    capabilitiesAdd: ['NET_ADMIN'],
    capabilitiesDrop: [],
    seccompType: '',
  });
  assert.equal(ports, [{ name: '', port: 8080, hostPort: 80, hostIP: '', protocol: 'tcp' }]);
});

test('init containers, sidecars and ephemeral containers have their role', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: n }
spec:
  containers: [ { name: c } ]
  initContainers: [ { name: i }, { name: s, restartPolicy: Always } ]
  ephemeralContainers: [ { name: e, targetContainerName: c } ]
status:
  initContainerStatuses: [ { name: s, restartCount: 2 } ]
`;
  const roles = facts('Container', text).map((fact) => {
    const { name, role, restartCount, targetContainer } = fact.value as Record<string, unknown>;
    return [name, role, restartCount, targetContainer];
  });
  assert.equal(roles, [
    ['c', 'container', 0, ''],
    ['i', 'init', 0, ''],
    ['s', 'sidecar', 2, ''],
    ['e', 'ephemeral', 0, 'c'],
  ]);
});

test.run();
