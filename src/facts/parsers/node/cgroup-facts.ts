// Fact types of the cgroup tree, one for each thing that a single file says, the same for both versions.

import { bool, double, factType, int, list, node, optional, string } from '../../fact-type.ts';

const place = {
  node: node(),
  cgroup: string('Path below the mount of the hierarchy, beginning with `/`; `/` is the root.'),
  version: string('`v1` or `v2`.'),
  level: string('`container`, `pod`, `qos`, `node` (all pods together) or `other`.'),
  qosClass: optional(string('Guaranteed, Burstable or BestEffort, from the path; absent outside of pods.')),
  podUid: optional(string('metadata.uid of the pod; for a static pod the hash of its manifest.')),
  containerId: optional(string('64 hexadecimal digits; set where level is `container`.')),
};

export const CgroupControllers = factType('CgroupControllers', 'Controllers that the root of cgroup v2 offers.', {
  ...place,
  controllers: list(string(), 'E.g. cpu, cpuset, memory, pids.'),
});

export const CgroupCpuShares = factType('CgroupCpuShares', 'cpu.shares (v1): weight of a cgroup for CPU time.', {
  ...place,
  shares: int('2 to 262144; 1024 stand for one CPU.'),
});

export const CgroupCpuWeight = factType('CgroupCpuWeight', 'cpu.weight (v2): weight of a cgroup for CPU time.', {
  ...place,
  weight: int('1 to 10000.'),
});

export const CgroupCpuQuota = factType('CgroupCpuQuota', 'CPU time a cgroup may use in one period.', {
  ...place,
  quotaMicros: optional(int('cpu.cfs_quota_us, or the first number of cpu.max; absent when there is no limit.')),
});

export const CgroupCpuPeriod = factType('CgroupCpuPeriod', 'The period to which the CPU quota of a cgroup applies.', {
  ...place,
  periodMicros: int('cpu.cfs_period_us, or the second number of cpu.max; 100000 by default.'),
});

export const CgroupCpuStat = factType('CgroupCpuStat', 'cpu.stat: how often a cgroup was throttled since it exists.', {
  ...place,
  periods: int('Periods that ended.'),
  throttledPeriods: int('Periods in which the quota was used up.'),
  throttledMicros: int('Time for which tasks were held back, summed over CPUs.'),
  usageMicros: optional(int('CPU time used; v2 only.')),
});

export const CgroupCpuset = factType('CgroupCpuset', 'CPUs that tasks of a cgroup may run on.', {
  ...place,
  cpus: list(int('CPU number.')),
  cpuList: string('As the file has it, e.g. `0-3,8`; may be empty.'),
  effective: bool('True for cpuset.cpus.effective and cpuset.effective_cpus: what the kernel really allows.'),
});

export const CgroupMemoryLimit = factType('CgroupMemoryLimit', 'Hard memory limit of a cgroup.', {
  ...place,
  limitBytes: optional(int('memory.limit_in_bytes or memory.max; absent when there is no limit.')),
});

export const CgroupMemoryUsage = factType('CgroupMemoryUsage', 'Memory a cgroup uses, page cache included.', {
  ...place,
  usageBytes: int('memory.usage_in_bytes or memory.current.'),
});

export const CgroupMemoryPeak = factType('CgroupMemoryPeak', 'The most memory a cgroup has used.', {
  ...place,
  peakBytes: int('memory.max_usage_in_bytes or memory.peak.'),
});

export const CgroupMemoryThreshold = factType('CgroupMemoryThreshold', 'A soft bound on the memory of a cgroup.', {
  ...place,
  bound: string('`high`, `low` or `min` (v2), `soft` (v1).'),
  bytes: optional(int('Absent for `max`.')),
});

export const CgroupMemoryFailures = factType(
  'CgroupMemoryFailures',
  'memory.failcnt (v1): how often the limit was hit.',
  {
    ...place,
    failures: int('Allocations that first had to reclaim memory.'),
  },
);

export const CgroupMemoryEvents = factType('CgroupMemoryEvents', 'memory.events or memory.oom_control of a cgroup.', {
  ...place,
  oomKills: optional(int('Processes of this cgroup (v2: and those below it) that the kernel killed.')),
  oomEvents: optional(int('How often the limit was reached and reclaim failed; v2.')),
  maxEvents: optional(int('How often usage went to the limit; v2.')),
  highEvents: optional(int('How often usage went above memory.high; v2.')),
  oomKillDisabled: optional(bool('True when tasks are stopped and not killed; v1.')),
  underOom: optional(bool('True when tasks were being held at the time; v1.')),
});

export const CgroupMemoryStat = factType('CgroupMemoryStat', 'memory.stat: what the memory of a cgroup is used for.', {
  ...place,
  anonBytes: optional(int('`anon`, or `total_rss`: memory that is no page cache.')),
  fileBytes: optional(int('`file`, or `total_cache`: page cache.')),
  inactiveFileBytes: optional(int('`inactive_file`, or `total_inactive_file`: usage less this is the working set.')),
  shmemBytes: optional(int('`shmem`: tmpfs and shared memory, emptyDir volumes of medium Memory among it.')),
});

export const CgroupSwapLimit = factType('CgroupSwapLimit', 'Swap a cgroup may use.', {
  ...place,
  limitBytes: optional(int('memory.swap.max or memory.memsw.limit_in_bytes; absent when there is no limit.')),
  includesMemory: bool('True for v1, where the limit is for memory and swap together.'),
});

export const CgroupSwapUsage = factType('CgroupSwapUsage', 'Swap a cgroup uses.', {
  ...place,
  usageBytes: int('memory.swap.current or memory.memsw.usage_in_bytes.'),
  includesMemory: bool('True for v1, where memory and swap are counted together.'),
});

export const CgroupHugepageLimit = factType('CgroupHugepageLimit', 'Huge pages of one size that a cgroup may use.', {
  ...place,
  pageSize: string('As resources of Kubernetes spell it: `2Mi`, `1Gi`.'),
  limitBytes: optional(int('hugetlb.<size>.limit_in_bytes or hugetlb.<size>.max; absent when there is no limit.')),
});

export const CgroupPidsLimit = factType('CgroupPidsLimit', 'pids.max: tasks a cgroup may have.', {
  ...place,
  limit: optional(int('Absent for `max`.')),
});

export const CgroupPidsUsage = factType('CgroupPidsUsage', 'pids.current: tasks a cgroup has.', {
  ...place,
  tasks: int('Processes and threads.'),
});

export const CgroupPressure = factType('CgroupPressure', 'Share of time for which tasks waited for a resource.', {
  ...place,
  resource: string('`cpu`, `memory` or `io`.'),
  someAvg10: double('Percent of the last 10 s in which some task waited.'),
  someAvg60: double('Percent of the last 60 s.'),
  someAvg300: double('Percent of the last 300 s.'),
  fullAvg10: optional(double('Percent of the last 10 s in which every task waited; old kernels have none for cpu.')),
  fullAvg60: optional(double('Percent of the last 60 s.')),
  fullAvg300: optional(double('Percent of the last 300 s.')),
});

export const cgroupFactTypes = [
  CgroupControllers,
  CgroupCpuShares,
  CgroupCpuWeight,
  CgroupCpuQuota,
  CgroupCpuPeriod,
  CgroupCpuStat,
  CgroupCpuset,
  CgroupMemoryLimit,
  CgroupMemoryUsage,
  CgroupMemoryPeak,
  CgroupMemoryThreshold,
  CgroupMemoryFailures,
  CgroupMemoryEvents,
  CgroupMemoryStat,
  CgroupSwapLimit,
  CgroupSwapUsage,
  CgroupHugepageLimit,
  CgroupPidsLimit,
  CgroupPidsUsage,
  CgroupPressure,
];
