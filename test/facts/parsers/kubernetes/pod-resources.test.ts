import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { computeQosClass, podAmounts } from '../../../../src/facts/parsers/kubernetes/pod-resources.ts';

const full = { resources: { limits: { cpu: '1', memory: '1Gi' } } };

test('limits of CPU and memory on every container make a pod Guaranteed', () => {
  assert.is(computeQosClass({ containers: [full, full] }), 'Guaranteed');
  assert.is(computeQosClass({ containers: [full], initContainers: [{}] }), 'Burstable');
  assert.is(computeQosClass({ containers: [full], ephemeralContainers: [{}] }), 'Guaranteed');
  assert.is(computeQosClass({ containers: [full, { resources: { limits: { cpu: '1' } } }] }), 'Burstable');
});

test('a request below the limit makes it Burstable', () => {
  const less = { resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } } };
  assert.is(computeQosClass({ containers: [less] }), 'Burstable');
});

test('no positive CPU or memory anywhere makes it BestEffort', () => {
  assert.is(computeQosClass({ containers: [{}] }), 'BestEffort');
  assert.is(
    computeQosClass({ containers: [{ resources: { requests: { cpu: '0', 'nvidia.com/gpu': '1' } } }] }),
    'BestEffort',
  );
});

test('pod-level resources decide where they are set', () => {
  assert.is(computeQosClass({ ...full, containers: [{}] }), 'Guaranteed');
});

test('the pod asks for its containers and sidecars, or its largest init container', () => {
  const cpu = (quantity: string, more = {}) => ({ resources: { requests: { cpu: quantity } }, ...more });
  const sidecar = cpu('100m', { restartPolicy: 'Always' });
  assert.is(podAmounts({ containers: [cpu('1'), cpu('500m')] }, 'requests').cpuMillis, 1500);
  assert.is(podAmounts({ containers: [cpu('1')], initContainers: [cpu('2')] }, 'requests').cpuMillis, 2000);
  assert.is(podAmounts({ containers: [cpu('1')], initContainers: [sidecar, cpu('1')] }, 'requests').cpuMillis, 1100);
  assert.is(podAmounts({ containers: [cpu('1')], overhead: { cpu: '250m' } }, 'requests').cpuMillis, 1250);
  assert.is(podAmounts({ containers: [{}], overhead: { cpu: '250m' } }, 'requests').cpuMillis, 250);
  assert.is(podAmounts({ containers: [{}], overhead: { cpu: '250m' } }, 'limits').cpuMillis, undefined);
});

test('a limit without a request is the request', () => {
  assert.equal(podAmounts({ containers: [full] }, 'requests'), { cpuMillis: 1000, memoryBytes: 1073741824 });
});

test('a pod limit needs a limit on every container', () => {
  assert.equal(podAmounts({ containers: [full, {}] }, 'limits'), { cpuMillis: undefined, memoryBytes: undefined });
  assert.is(podAmounts({ containers: [full, full] }, 'limits').cpuMillis, 2000);
  const zero = { resources: { limits: { cpu: '0' } } };
  assert.is(podAmounts({ containers: [full, zero] }, 'limits').cpuMillis, undefined);
});

test.run();
