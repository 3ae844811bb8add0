// The kubelet's configuration, flags and checkpoints.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kubeletConfig } from '../../../../src/facts/parsers/node/kubelet-config.ts';
import { cpuManagerState, memoryManagerState } from '../../../../src/facts/parsers/node/kubelet-state.ts';
import { kubeletUnits } from '../../../../src/facts/parsers/node/kubelet-units.ts';
import { processes } from '../../../../src/facts/parsers/node/processes.ts';
import { read } from './read.ts';

const yaml = `kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
failSwapOn: false
memorySwap:
  swapBehavior: LimitedSwap
cpuManagerPolicy: static
cpuManagerPolicyOptions:
  full-pcpus-only: "true"
reservedSystemCPUs: 0-1,32-33
cpuCFSQuotaPeriod: 50ms
podPidsLimit: 4096
systemReserved:
  memory: 1Gi
  cpu: 500m
evictionHard:
  memory.available: 100Mi
featureGates:
  NodeSwap: true
allowedUnsafeSysctls: ["kernel.msg*"]
`;

test('the kubelet file is read with the places of its settings', () => {
  const { facts, of, problems } = read(kubeletConfig, yaml);
  const [config] = of('KubeletConfiguration');
  assert.equal(problems, []);
  const { raw, ...named } = config ?? {};
  assert.equal(named, {
    origin: 'file',
    failSwapOn: false,
    swapBehavior: 'LimitedSwap',
    cpuCfsQuotaPeriodMicros: 50000,
    cpuManagerPolicy: 'static',
    cpuManagerPolicyOptions: { 'full-pcpus-only': 'true' },
    reservedSystemCpus: '0-1,32-33',
    reservedCpus: [0, 1, 32, 33],
    systemReserved: { memory: '1Gi', cpu: '500m' },
    kubeReserved: {},
    enforceNodeAllocatable: [],
    evictionHard: { 'memory.available': '100Mi' },
    evictionSoft: {},
    podPidsLimit: 4096,
    allowedUnsafeSysctls: ['kernel.msg*'],
    featureGates: { NodeSwap: true },
    clusterDns: [],
  });
  assert.is((raw as { kind: string }).kind, 'KubeletConfiguration');
  assert.equal(facts[0]?.at?.failSwapOn, [3, 3]);
  assert.equal(facts[0]?.at?.cpuManagerPolicyOptions, [7, 8]);
});

test('configz has the configuration inside', () => {
  const [config] = read(
    kubeletConfig,
    '{"kubeletconfig":{"failSwapOn":true,"maxPods":250,"cpuCFSQuotaPeriod":"100ms"}}',
  ).of('KubeletConfiguration');
  assert.equal(
    [config?.origin, config?.failSwapOn, config?.maxPods, config?.cpuCfsQuotaPeriodMicros],
    ['configz', true, 250, 100000],
  );
});

test('a kubeconfig of the same name is none', () => {
  const { facts, problems } = read(kubeletConfig, 'apiVersion: v1\nkind: Config\nclusters: []\n');
  assert.equal([facts, problems], [[], []]);
});

test('values that a program wrote out as 0 were not set', () => {
  const [config] = read(
    kubeletConfig,
    'kind: KubeletConfiguration\ncpuCFSQuotaPeriod: 0s\nmaxPods: 0\ncpuManagerPolicy: ""\n',
  ).of('KubeletConfiguration');
  for (const field of ['cpuCfsQuotaPeriodMicros', 'maxPods', 'cpuManagerPolicy'])
    assert.not.ok(Object.hasOwn(config ?? {}, field), field);
});

test('flags are found in a unit with continued lines, and in the environment of a drop-in', () => {
  const unit =
    '[Service]\nType=notify\nExecStart=/usr/bin/kubelet \\\n  --config=/etc/kubernetes/kubelet.conf \\\n  --v=2 --fail-swap-on\n';
  const found = read(kubeletUnits, unit, 'etc/systemd/system/kubelet.service');
  assert.equal(found.of('KubeletFlags'), [
    { origin: 'unit', flags: { config: '/etc/kubernetes/kubelet.conf', v: '2', 'fail-swap-on': 'true' } },
  ]);
  assert.equal(found.spans('KubeletFlags'), ['3-5']);
  const dropIn =
    '[Service]\nEnvironment="KUBELET_EXTRA_ARGS=--fail-swap-on=false --node-labels=a=b,c=d"\nEnvironmentFile=-/etc/default/kubelet\n';
  const [flags] = read(kubeletUnits, dropIn, 'etc/systemd/system/kubelet.service.d/20-swap.conf').of('KubeletFlags');
  assert.equal(flags?.flags, { 'fail-swap-on': 'false', 'node-labels': 'a=b,c=d' });
});

test('flags are found in a file of environment, and in one of arguments', () => {
  const environment = read(
    kubeletUnits,
    '# comment\nKUBELET_EXTRA_ARGS="--node-ip=10.0.0.1 --v=4"\n',
    'etc/default/kubelet',
    { unit: 'kubelet' },
  );
  assert.equal(environment.of('KubeletFlags')[0]?.flags, { 'node-ip': '10.0.0.1', v: '4' });
  const args = read(kubeletUnits, '--kubeconfig=/c\n--fail-swap-on=false\n', 'args/kubelet', { unit: 'kubelet' });
  assert.equal(args.of('KubeletFlags')[0]?.flags, { kubeconfig: '/c', 'fail-swap-on': 'false' });
  assert.equal(args.spans('KubeletFlags'), ['1-2']);
});

test('a unit of another service gives nothing', () => {
  assert.equal(
    read(kubeletUnits, '[Service]\nExecStart=/usr/bin/crio --log-level=info\n', 'etc/systemd/system/crio.service')
      .facts,
    [],
  );
});

test('the processes of a node are found in any form of ps, the kubelet with its flags', () => {
  const forms = {
    aux: 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot        1712  3.1  1.2 195712  7756 ?        Ssl  18:58   0:22 /usr/bin/kubelet --v 2 --fail-swap-on=false\n',
    ef: 'UID          PID    PPID  C STIME TTY          TIME CMD\nroot        1712       1  3 18:58 ?        00:00:22 kubenswrapper /usr/bin/kubelet --v 2 --fail-swap-on=false\n',
    lstart:
      'F S   UID     PID    PPID                  STARTED TT           TIME CMD\n4 S     0    1712       1 Fri Feb 11 18:58:06 2022 ?        00:00:22 hyperkube kubelet --v 2 --fail-swap-on=false\n',
  };
  for (const [name, text] of Object.entries(forms)) {
    const { of, spans } = read(processes, text);
    assert.equal(
      of('Process').map(({ name, pid }) => [name, pid]),
      [['kubelet', 1712]],
      name,
    );
    const flags = of('KubeletFlags')[0]?.flags as Record<string, string>;
    assert.equal([flags.v, flags['fail-swap-on']], ['2', 'false'], name);
    assert.equal(spans('KubeletFlags'), ['2-2'], name);
  }
});

test('other processes, and lists that end in another column, give nothing', () => {
  const { facts, problems } = read(
    processes,
    '    PID USER     COMMAND         CGROUP\n      1 root     kubelet         8:pids:/init.scope\n',
  );
  assert.equal([facts, problems], [[], []]);
  assert.equal(read(processes, '  PID COMMAND\n    2 [kthreadd]\n    3 vim kubelet.conf\n').facts, []);
});

test('exclusive CPUs belong to a pod and a container', () => {
  const text =
    '{"policyName":"static","defaultCpuSet":"0-1,4","entries":{"7a96c459-d529":{"checkout":"2-3"},"b":{"api":"5"}},"checksum":353318134}';
  const { of } = read(cpuManagerState, text);
  const entries = [
    { podUid: '7a96c459-d529', container: 'checkout', cpus: [2, 3], cpuList: '2-3' },
    { podUid: 'b', container: 'api', cpus: [5], cpuList: '5' },
  ];
  assert.equal(of('CpuManagerState'), [{ policyName: 'static', defaultCpus: [0, 1, 4], entries }]);
  assert.equal(of('CpuAssignment'), entries);
});

test('the oldest checkpoint knows containers by their id alone', () => {
  const { of } = read(
    cpuManagerState,
    '{"policyName":"static","defaultCpuSet":"0","entries":{"1d3d308a":"2-3"},"checksum":1}',
  );
  assert.equal(of('CpuAssignment'), [{ container: '1d3d308a', cpus: [2, 3], cpuList: '2-3' }]);
});

test('a state without entries is a state', () => {
  assert.equal(
    read(cpuManagerState, '{"policyName":"none","defaultCpuSet":"","checksum":1353318690}').of('CpuManagerState'),
    [{ policyName: 'none', defaultCpus: [], entries: [] }],
  );
  assert.equal(
    read(memoryManagerState, '{"policyName":"None","machineState":{},"checksum":4236770233}').of('MemoryManagerState'),
    [{ policyName: 'None', entries: [] }],
  );
});

test.run();
