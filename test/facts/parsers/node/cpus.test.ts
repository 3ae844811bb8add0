// Processors in every form they are printed in, and the kernel command line.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kernelCommandLine } from '../../../../src/facts/parsers/node/kernel-command-line.ts';
import { lscpu } from '../../../../src/facts/parsers/node/lscpu.ts';
import { lscpuJson } from '../../../../src/facts/parsers/node/lscpu-json.ts';
import { procCpuinfo } from '../../../../src/facts/parsers/node/proc-cpuinfo.ts';
import { sysCpu } from '../../../../src/facts/parsers/node/sys-cpu.ts';
import { read } from './read.ts';

const numaNodes = [
  { id: 0, cpus: [0, 2] },
  { id: 1, cpus: [1, 3] },
];

test('the list of properties gives the topology, indented or not', () => {
  const plain = `Architecture:          x86_64
CPU(s):                4
On-line CPU(s) list:   0-3
Thread(s) per core:    2
Core(s) per socket:    1
Socket(s):             2
Model name:            Intel(R) Xeon(R) Processor
L2 cache:              4096K
NUMA node(s):          2
NUMA node0 CPU(s):     0,2
NUMA node1 CPU(s):     1,3
`;
  const expected = {
    cpus: 4,
    online: [0, 1, 2, 3],
    threadsPerCore: 2,
    cores: 2,
    sockets: 2,
    numaNodes,
    architecture: 'x86_64',
    model: 'Intel(R) Xeon(R) Processor',
  };
  const { of, facts, spans } = read(lscpu, plain);
  assert.equal(of('CpuTopology'), [expected]);
  assert.equal(facts[0]?.at?.threadsPerCore, [4, 4]);
  assert.equal(spans('NumaNode'), ['10-10', '11-11']);
  const indented = plain
    .replace(/^(On-line|Thread|Core|Socket|NUMA node\d)/gm, '  $1')
    .replace('NUMA node(s)', 'NUMA:\n  NUMA node(s)');
  assert.equal(read(lscpu, indented).of('CpuTopology'), [expected]);
});

const table = `CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE MAXMHZ
  0    0      0    0 0:0:0:0          yes 3000
  1    1      1    1 1:1:1:1          yes 3000
  2    0      0    0 0:0:0:0          yes 3000
  3    1      1    1 1:1:1:1          yes 3000
  4    -      -    - -                 no -
`;

test('the table gives threads and the cores they share', () => {
  const { of, spans } = read(lscpu, table);
  const [topology] = of('CpuTopology');
  assert.equal([topology?.cpus, topology?.threadsPerCore, topology?.cores, topology?.sockets], [5, 2, 2, 2]);
  assert.equal(topology?.numaNodes, numaNodes);
  assert.equal(
    of('CpuCore').map(({ cpuList }) => cpuList),
    ['0,2', '1,3'],
  );
  assert.equal(of('CpuThread').at(-1), { cpu: 4, online: false });
  assert.equal(spans('CpuThread').at(-1), '6-6');
});

test('the parsable table says the same', () => {
  const text =
    '# The following is the parsable format\n# CPU,Core,Socket,Node,,L1d,L1i,L2,L3\n0,0,0,0,,0,0,0,0\n1,1,1,1,,1,1,1,1\n2,0,0,0,,0,0,0,0\n3,1,1,1,,1,1,1,1\n';
  const { of } = read(lscpu, text);
  assert.equal(
    of('CpuCore').map(({ cpuList }) => cpuList),
    ['0,2', '1,3'],
  );
  assert.equal(of('CpuTopology')[0]?.numaNodes, numaNodes);
});

test('JSON of new versions keeps what belongs together in children', () => {
  const fields = [
    { field: 'CPU(s):', data: '4', children: [{ field: 'On-line CPU(s) list:', data: '0-3' }] },
    { field: 'Thread(s) per core:', data: '1' },
    { field: 'NUMA:', data: null, children: [{ field: 'NUMA node0 CPU(s):', data: '0-3' }] },
  ];
  const [topology] = read(lscpuJson, JSON.stringify({ lscpu: fields })).of('CpuTopology');
  assert.equal(
    [topology?.cpus, topology?.threadsPerCore, topology?.numaNodes],
    [4, 1, [{ id: 0, cpus: [0, 1, 2, 3] }]],
  );
});

test('/proc/cpuinfo tells which threads share a core', () => {
  const thread = (cpu: number, core: number) => `processor\t: ${cpu}\nphysical id\t: 0\ncore id\t\t: ${core}\n\n`;
  const { of } = read(procCpuinfo, thread(0, 0) + thread(1, 4) + thread(2, 0) + thread(3, 4));
  assert.equal(of('CpuTopology')[0]?.threadsPerCore, 2);
  assert.equal(
    of('CpuCore').map(({ cpus }) => cpus),
    [
      [0, 2],
      [1, 3],
    ],
  );
});

test('/proc/cpuinfo of s390x lists processors in a line each, and later kernels in blocks as well', () => {
  const listed = `vendor_id       : IBM/S390
# processors    : 2
processor 0: version = FF,  identification = 0E19C8,  machine = 8561
processor 1: version = FF,  identification = 0E19C8,  machine = 8561
`;
  const blocks = `${listed}
cpu number      : 0
physical id     : 1
core id         : 3

cpu number      : 1
physical id     : 1
core id         : 3
`;
  assert.equal(read(procCpuinfo, listed).of('CpuThread'), [
    { cpu: 0, online: true },
    { cpu: 1, online: true },
  ]);
  assert.equal(read(procCpuinfo, blocks).of('CpuCore'), [{ cpus: [0, 1], cpuList: '0-1' }]);
});

test('files of /sys say cores, NUMA nodes, sets of CPUs and the state of SMT', () => {
  const root = 'sysinfo.tgz!sys/devices/system';
  assert.equal(read(sysCpu, '3,67\n', `${root}/cpu/cpu67/topology/thread_siblings_list`).of('CpuCore'), [
    { cpus: [3, 67], cpuList: '3,67' },
  ]);
  assert.equal(read(sysCpu, '0-1,4\n', `${root}/node/node1/cpulist`).of('NumaNode'), [
    { id: 1, cpus: [0, 1, 4], cpuList: '0-1,4' },
  ]);
  assert.equal(read(sysCpu, '\n', `${root}/cpu/isolated`).of('CpuSet'), [{ name: 'isolated', cpus: [], cpuList: '' }]);
  assert.equal(read(sysCpu, ' (null)\n', `${root}/cpu/nohz_full`).of('CpuSet'), [
    { name: 'nohz_full', cpus: [], cpuList: '' },
  ]);
  assert.equal(read(sysCpu, '0\n', `${root}/cpu/smt/active`).of('SmtState'), [{ active: false }]);
  assert.equal(read(sysCpu, 'forceoff\n', `${root}/cpu/smt/control`).of('SmtState'), [{ control: 'forceoff' }]);
  assert.equal(read(sysCpu, '1\n', `${root}/cpu/cpu1/topology/core_id`).facts, []);
});

test('the command line keeps quoted values whole, and every repeated parameter in its order', () => {
  const text =
    'BOOT_IMAGE=(hd0)/vmlinuz ro isolcpus=domain,managed_irq,2-3,6 cgroup_no_v1="all" hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=8 dyndbg="file a.c +p"\n';
  const [line] = read(kernelCommandLine, text).of('KernelCommandLine') as {
    parameters: Record<string, string>;
    list: { name: string; value: string }[];
    cpus: unknown;
  }[];
  assert.equal(line?.parameters.cgroup_no_v1, 'all');
  assert.equal(line?.parameters.dyndbg, 'file a.c +p');
  assert.equal(line?.parameters.ro, '');
  assert.equal(
    line?.list.filter(({ name }) => name.startsWith('hugepage')).map(({ value }) => value),
    ['1G', '4', '2M', '8'],
  );
  assert.equal(line?.cpus, { isolcpus: [2, 3, 6] });
});

test.run();
