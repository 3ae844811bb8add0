// Cgroup files of both versions, dumps of them, and what tells the version.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupDump } from '../../../../src/facts/parsers/node/cgroup-dump.ts';
import { cgroupFile } from '../../../../src/facts/parsers/node/cgroup-file.ts';
import { procCgroups, procPidCgroup } from '../../../../src/facts/parsers/node/cgroup-hierarchy.ts';
import { mounts } from '../../../../src/facts/parsers/node/mounts.ts';
import { processCpuset } from '../../../../src/facts/parsers/node/process-cpuset.ts';
import { processOomScore } from '../../../../src/facts/parsers/node/process-oom-score.ts';
import { read } from './read.ts';

const id = '1d3d308a7d48a27814a68bf33a44acf4441c9c02463ca0bc1cdfdc8c0b4a8496';
const slice =
  'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7a96c459_d529_44ae_9f99_90d3798d6426.slice';
const scope = `${slice}/crio-${id}.scope`;
const place = {
  cgroup: `/${scope}`,
  version: 'v2',
  level: 'container',
  qosClass: 'Burstable',
  podUid: '7a96c459-d529-44ae-9f99-90d3798d6426',
  containerId: id,
};
const inTree = (file: string, text: string) => read(cgroupFile, text, `sys/fs/cgroup/${scope}/${file}`);
const ofMemory = (file: string, text: string) => read(cgroupFile, text, `sys/fs/cgroup/memory/${scope}/${file}`);

test('cpu.max says quota and period of a container', () => {
  const { of } = inTree('cpu.max', '200000 100000\n');
  assert.equal(of('CgroupCpuQuota'), [{ ...place, quotaMicros: 200000 }]);
  assert.equal(of('CgroupCpuPeriod'), [{ ...place, periodMicros: 100000 }]);
});

test('no limit is an absent field, whichever way the kernel writes it', () => {
  assert.equal(inTree('cpu.max', 'max 100000\n').of('CgroupCpuQuota'), [place]);
  assert.equal(inTree('memory.max', 'max\n').of('CgroupMemoryLimit'), [place]);
  const v1 = { ...place, version: 'v1' };
  assert.equal(ofMemory('memory.limit_in_bytes', '9223372036854771712\n').of('CgroupMemoryLimit'), [v1]);
  assert.equal(ofMemory('memory.limit_in_bytes', '9223372036854710272\n').of('CgroupMemoryLimit'), [v1]);
  assert.equal(read(cgroupFile, '-1\n', `sys/fs/cgroup/cpu,cpuacct/${scope}/cpu.cfs_quota_us`).of('CgroupCpuQuota'), [
    v1,
  ]);
});

test('throttled time is in microseconds for both versions', () => {
  const v2 = 'usage_usec 9\nuser_usec 5\nsystem_usec 4\nnr_periods 100\nnr_throttled 40\nthrottled_usec 2500\n';
  const v1 = 'nr_periods 100\nnr_throttled 40\nthrottled_time 2500999\n';
  const counted = { periods: 100, throttledPeriods: 40, throttledMicros: 2500 };
  assert.equal(inTree('cpu.stat', v2).of('CgroupCpuStat'), [{ ...place, ...counted, usageMicros: 9 }]);
  const old = read(cgroupFile, v1, `sys/fs/cgroup/cpu/${scope}/cpu.stat`).of('CgroupCpuStat');
  assert.equal(old, [{ ...place, version: 'v1', ...counted }]);
});

test('cpu.stat of a cgroup without the cpu controller is no problem', () => {
  const { facts, problems } = inTree('cpu.stat', 'usage_usec 9\nuser_usec 5\nsystem_usec 4\n');
  assert.equal([facts, problems], [[], []]);
});

test('kills are counted in memory.events and in memory.oom_control', () => {
  const events = inTree('memory.events', 'low 0\nhigh 3\nmax 12\noom 2\noom_kill 1\n').of('CgroupMemoryEvents');
  assert.equal(events, [{ ...place, oomKills: 1, oomEvents: 2, maxEvents: 12, highEvents: 3 }]);
  const [old] = ofMemory('memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n').of(
    'CgroupMemoryEvents',
  );
  assert.equal([old?.oomKills, old?.underOom, old?.oomKillDisabled], [5, false, false]);
});

test('the working set can be had from either memory.stat', () => {
  const [v2] = inTree('memory.stat', 'anon 100\nfile 50\ninactive_file 20\nshmem 1\n').of('CgroupMemoryStat');
  assert.equal([v2?.anonBytes, v2?.inactiveFileBytes], [100, 20]);
  const [v1] = ofMemory('memory.stat', 'rss 1\ninactive_file 1\ntotal_rss 100\ntotal_inactive_file 20\n').of(
    'CgroupMemoryStat',
  );
  assert.equal([v1?.anonBytes, v1?.inactiveFileBytes], [100, 20]);
});

test('an empty cpuset is a set, a broken one a problem', () => {
  assert.equal(inTree('cpuset.cpus', '\n').of('CgroupCpuset'), [{ ...place, cpus: [], cpuList: '', effective: false }]);
  const [found] = inTree('cpuset.cpus.effective', '0-1,8\n').of('CgroupCpuset');
  assert.equal([found?.cpus, found?.effective], [[0, 1, 8], true]);
  assert.is(inTree('cpuset.cpus', 'cat: permission denied\n').problems[0]?.code, 'COLLECTION_ERROR');
});

test('pressure of a cgroup has both kinds of waiting', () => {
  const text = 'some avg10=1.50 avg60=2.00 avg300=0.10 total=9\nfull avg10=0.00 avg60=0.50 avg300=0.00 total=3\n';
  const [found] = inTree('memory.pressure', text).of('CgroupPressure');
  assert.equal([found?.resource, found?.someAvg10, found?.fullAvg60], ['memory', 1.5, 0.5]);
});

test('labels tell where a file stood when its path does not', () => {
  const { of } = read(cgroupFile, '1024\n', 'collected/cpu.shares', { cgroup: `cpu,cpuacct/${slice}` });
  assert.equal(
    of('CgroupCpuShares').map(({ level, version, shares }) => [level, version, shares]),
    [['pod', 'v1', 1024]],
  );
});

test('a container of Docker or Podman belongs to no pod', () => {
  const { of } = read(cgroupFile, '100\n', `sys/fs/cgroup/machine.slice/libpod-${id}.scope/cpu.weight`);
  const [found] = of('CgroupCpuWeight');
  assert.equal([found?.level, found?.containerId, found?.podUid], ['container', id, undefined]);
});

const dumps = {
  'grep -r': [
    `/sys/fs/cgroup/${scope}/cpu.weight:39`,
    `/sys/fs/cgroup/${scope}/cpu.stat:nr_periods 7`,
    `/sys/fs/cgroup/${scope}/cpu.stat:nr_throttled 2`,
    `/sys/fs/cgroup/${scope}/cpu.stat:throttled_usec 5`,
  ],
  'tail -n +1': [
    `==> /sys/fs/cgroup/${scope}/cpu.weight <==`,
    '39',
    '',
    `==> /sys/fs/cgroup/${scope}/cpu.stat <==`,
    'nr_periods 7',
    'nr_throttled 2',
    'throttled_usec 5',
  ],
  'echo and cat': [
    `/sys/fs/cgroup/${scope}/cpu.weight`,
    '39',
    `/sys/fs/cgroup/${scope}/cpu.stat`,
    'nr_periods 7',
    'nr_throttled 2',
    'throttled_usec 5',
  ],
};
const expected = { 'grep -r': ['1-1', '2-4'], 'tail -n +1': ['2-2', '5-7'], 'echo and cat': ['2-2', '4-6'] };

for (const [name, lines] of Object.entries(dumps)) {
  test(`a dump made by ${name} reads as the tree does`, () => {
    const { of, spans, problems } = read(cgroupDump, `${lines.join('\n')}\n`);
    assert.equal(of('CgroupCpuWeight'), [{ ...place, weight: 39 }]);
    assert.equal(of('CgroupCpuStat'), [{ ...place, periods: 7, throttledPeriods: 2, throttledMicros: 5 }]);
    assert.equal([...spans('CgroupCpuWeight'), ...spans('CgroupCpuStat')], expected[name as keyof typeof expected]);
    assert.equal(problems, []);
  });
}

test('/proc/cgroups tells v2 by hierarchies that are all 0', () => {
  const header = '#subsys_name\thierarchy\tnum_cgroups\tenabled\n';
  assert.equal(read(procCgroups, `${header}cpu\t0\t9\t1\nmemory\t0\t9\t1\n`).of('CgroupHierarchy')[0]?.version, 'v2');
  assert.equal(read(procCgroups, `${header}cpu\t2\t9\t1\nmemory\t0\t9\t1\n`).of('CgroupHierarchy')[0]?.version, 'v1');
});

test('the cgroup of a process tells the version, and its container', () => {
  const v2 = read(procPidCgroup, `0::/${scope}\n`, 'proc/1516/cgroup');
  assert.equal(v2.of('CgroupHierarchy'), [{ version: 'v2', from: 'process' }]);
  assert.equal(v2.of('ProcessCgroup')[0]?.pid, 1516);
  const v1 = read(procPidCgroup, `2:cpu,cpuacct:/${scope}\n1:name=systemd:/${scope}\n`);
  assert.is(v1.of('CgroupHierarchy')[0]?.version, 'v1');
  const hybrid = read(procPidCgroup, '2:cpu,cpuacct:/\n1:name=systemd:/init.scope\n0::/init.scope\n');
  assert.is(hybrid.of('CgroupHierarchy')[0]?.version, 'hybrid');
  assert.equal(hybrid.of('ProcessCgroup'), []);
});

test('the limit of huge pages has the size of a page in the name of its file', () => {
  const of2Mi = { ...place, pageSize: '2Mi', limitBytes: 0 };
  assert.equal(inTree('hugetlb.2MB.max', '0\n').of('CgroupHugepageLimit'), [of2Mi]);
  assert.equal(inTree('hugetlb.1GB.max', 'max\n').of('CgroupHugepageLimit'), [{ ...place, pageSize: '1Gi' }]);
  const v1 = read(cgroupFile, '4194304\n', `sys/fs/cgroup/hugetlb/${scope}/hugetlb.2MB.limit_in_bytes`);
  assert.equal(v1.of('CgroupHugepageLimit'), [{ ...of2Mi, version: 'v1', limitBytes: 4194304 }]);
  assert.equal(inTree('hugetlb.2MB.rsvd.max', '0\n').facts, []);
});

test('memory.stat says what is anonymous and what is page cache, in both versions', () => {
  const used = { anonBytes: 7, fileBytes: 5, inactiveFileBytes: 3, shmemBytes: 1 };
  const v2 = 'anon 7\nfile 5\nkernel 9\nshmem 1\ninactive_file 3\n';
  assert.equal(inTree('memory.stat', v2).of('CgroupMemoryStat'), [{ ...place, ...used }]);
  const v1 = 'cache 0\nrss 0\ntotal_cache 5\ntotal_rss 7\ntotal_shmem 1\ntotal_inactive_file 3\n';
  assert.equal(ofMemory('memory.stat', v1).of('CgroupMemoryStat'), [{ ...place, version: 'v1', ...used }]);
});

test('/proc/<pid>/cpuset names the container where it can', () => {
  const path = 'proc/1516/cpuset';
  const [owner] = read(processCpuset, `/${scope}\n`, path).of('ProcessCgroup');
  assert.equal([owner?.pid, owner?.containerId], [1516, id]);
  assert.equal(read(processCpuset, '/\n', path).facts, []);
  assert.equal(read(processCpuset, 'nothing\n', path).problems.length, 1);
});

test('/proc/<pid>/oom_score_adj is a number from -1000 to 1000', () => {
  const path = 'root/proc/1516/oom_score_adj';
  assert.equal(read(processOomScore, '-997\n', path).of('ProcessOomScore'), [{ pid: 1516, oomScoreAdj: -997 }]);
  assert.equal(read(processOomScore, '4000\n', path).problems.length, 1);
  assert.equal(read(processOomScore, '', path).problems, []);
});

test('mounts tell the three versions apart', () => {
  const tmpfs = 'tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0\n';
  const cpu = 'cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0\n';
  const unified = 'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n';
  const version = (text: string) => read(mounts, text).of('CgroupHierarchy')[0]?.version;
  assert.is(version(tmpfs + cpu), 'v1');
  assert.is(version(tmpfs + cpu + unified), 'hybrid');
  assert.is(version('cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n'), 'v2');
});

test.run();
