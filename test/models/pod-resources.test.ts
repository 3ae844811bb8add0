// What a pod asks for as a whole, its cgroup, and its oom score.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { oomScoreAdj } from '../../src/models/oom-score.ts';
import {
  type ContainerAmounts,
  nodeCgroup,
  podCgroup,
  podLimit,
  podRequest,
  qosShares,
} from '../../src/models/pod-resources.ts';

const each = (role: ContainerAmounts['role'], request?: number, limit?: number): ContainerAmounts => ({
  role,
  requests: { cpuMillis: request },
  limits: { cpuMillis: limit },
});

test('init containers run before the others, beside the sidecars started before them', () => {
  const containers = [
    each('init', 900),
    each('sidecar', 100),
    each('init', 1500),
    each('container', 500),
    each('container', 300),
  ];
  assert.is(podRequest({ qosClass: 'Burstable', containers }, 'cpuMillis'), 1600);
  const small = [each('sidecar', 100), each('init', 200), each('container', 500)];
  assert.is(podRequest({ qosClass: 'Burstable', containers: small, overhead: { cpuMillis: 50 } }, 'cpuMillis'), 650);
});

test('a limit stands in for a request, and the resources of the pod for those of its containers', () => {
  const containers = [each('container', undefined, 700)];
  assert.is(podRequest({ qosClass: 'Guaranteed', containers }, 'cpuMillis'), 700);
  assert.is(podRequest({ qosClass: 'Burstable', containers, podRequests: { cpuMillis: 250 } }, 'cpuMillis'), 250);
});

test('one container without a limit leaves the pod without one', () => {
  assert.is(
    podLimit({ qosClass: 'Burstable', containers: [each('container', 1, 500), each('init', 1)] }, 'cpuMillis'),
    undefined,
  );
  assert.is(
    podLimit({ qosClass: 'Burstable', containers: [each('container', 1, 500), each('init', 1, 900)] }, 'cpuMillis'),
    900,
  );
  assert.is(
    podLimit({ qosClass: 'Burstable', containers: [each('container')], podLimits: { cpuMillis: 400 } }, 'cpuMillis'),
    400,
  );
});

test('the cgroup of a pod follows its class', () => {
  const limits = { cpuMillis: 500, memoryBytes: 1024 };
  const whole: ContainerAmounts = { role: 'container', requests: limits, limits };
  assert.equal(podCgroup({ qosClass: 'Guaranteed', containers: [whole] }), {
    shares: 512,
    quotaMicros: 50_000,
    memoryLimitBytes: 1024,
  });
  assert.equal(podCgroup({ qosClass: 'Burstable', containers: [whole, each('container', 100)] }), { shares: 614 });
  assert.equal(podCgroup({ qosClass: 'BestEffort', containers: [each('container')] }), { shares: 2 });
});

test('classes and all pods together', () => {
  assert.is(qosShares('BestEffort', [500]), 2);
  assert.is(qosShares('Burstable', [500, 250]), 768);
  const reserved = [{ cpuMillis: 500, memoryBytes: 100 }, { memoryBytes: 24 }];
  assert.equal(nodeCgroup({ cpuMillis: 4000, memoryBytes: 1024 }, reserved), { shares: 3584, memoryLimitBytes: 900 });
});

test('the oom score follows class, request and node', () => {
  const node = { nodeCritical: false, nodeMemoryBytes: 1000, memoryRequestBytes: 100 };
  assert.is(oomScoreAdj({ ...node, qosClass: 'Guaranteed' }), -997);
  assert.is(oomScoreAdj({ ...node, qosClass: 'BestEffort' }), 1000);
  assert.is(oomScoreAdj({ ...node, qosClass: 'BestEffort', nodeCritical: true }), -997);
  assert.is(oomScoreAdj({ ...node, qosClass: 'Burstable' }), 900);
  assert.is(oomScoreAdj({ ...node, qosClass: 'Burstable', memoryRequestBytes: 0 }), 999);
  assert.is(oomScoreAdj({ ...node, qosClass: 'Burstable', memoryRequestBytes: 1000 }), 3);
  assert.is(oomScoreAdj({ ...node, qosClass: 'Burstable', memoryRequestBytes: 10, besideBytes: [300, 200] }), 800);
});

test.run();
