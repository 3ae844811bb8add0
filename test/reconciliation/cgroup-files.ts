// Writes the cgroup tree of a node as it lies in a sosreport, in either version.

import { classPath, containerPath, podPath } from './cgroup-paths.ts';
import { cpuList } from './grants.ts';
import type { Random } from './random.ts';
import type { Cgroup, NodeWorld, QosClass } from './world.ts';

/** Of v1: what the kernel prints where there is no limit, 2^63 rounded down to a page. */
const noLimit = (page: number): string => (page === 4096 ? '9223372036854771712' : '9223372036854710272');

export function cgroupFiles(node: NodeWorld, random: Random): Record<string, string> {
  const files: Record<string, string> = {};
  const write = (path: string, cgroup: Cgroup): void => {
    const lines = node.version === 'v1' ? filesOfV1(cgroup, path, node, random) : filesOfV2(cgroup, path);
    for (const [file, text] of Object.entries(lines)) files[`sys/fs/cgroup/${file}`] = `${text}\n`;
  };
  write(classPath(node, undefined), node.all);
  for (const qosClass of ['Burstable', 'BestEffort'] as const satisfies readonly QosClass[]) {
    write(classPath(node, qosClass), qosClass === 'Burstable' ? node.burstable : node.bestEffort);
  }
  for (const pod of node.pods.filter(({ phase }) => phase === 'Running')) {
    write(podPath(node, pod), pod.cgroup);
    // A machine of its own runs the containers, and what they are given is inside of it.
    if (pod.runtimeClassName !== undefined) continue;
    for (const container of pod.containers) {
      if (container.role !== 'init') write(containerPath(node, pod, container), container.cgroup);
    }
    if (node.runtime === 'containerd') write(containerPath(node, pod, { id: random.hex(64) }), pause(node));
  }
  const anon = node.version === 'v1' ? `total_rss ${node.systemAnonBytes}` : `anon ${node.systemAnonBytes}`;
  const above = node.version === 'v1' ? 'memory/' : '';
  files[`sys/fs/cgroup/${above}system.slice/memory.stat`] = `${anon}\n`;
  if (node.version === 'v2')
    files['sys/fs/cgroup/cgroup.controllers'] = 'cpuset cpu io memory hugetlb pids rdma misc\n';
  return files;
}

/** The container that holds the namespaces of a pod; the API does not know it. */
const pause = ({ version }: NodeWorld): Cgroup => ({ weight: version === 'v1' ? 2 : 1 });

function filesOfV2(cgroup: Cgroup, path: string): Record<string, string | number> {
  const { throttled, tasks, stalledPercent } = cgroup;
  const files: Record<string, string | number> = {
    'cpu.weight': cgroup.weight,
    'cpu.max': `${cgroup.quotaMicros ?? 'max'} 100000`,
    'memory.max': cgroup.memoryBytes ?? 'max',
  };
  if ('swapBytes' in cgroup) files['memory.swap.max'] = cgroup.swapBytes ?? 'max';
  if (cgroup.hugepageBytes !== undefined) files['hugetlb.2MB.max'] = cgroup.hugepageBytes;
  if (cgroup.cpus !== undefined) files['cpuset.cpus'] = cgroup.cpus;
  if (cgroup.cpus) files['cpuset.cpus.effective'] = cgroup.cpus;
  if (throttled) {
    const { periods, throttledPeriods } = throttled;
    files['cpu.stat'] =
      `usage_usec ${periods * 9000}\nuser_usec 1\nsystem_usec 1\nnr_periods ${periods}\nnr_throttled ${throttledPeriods}\nthrottled_usec ${throttledPeriods * 20_000}`;
  }
  if (cgroup.oomKills !== undefined) {
    files['memory.events'] =
      `low 0\nhigh 0\nmax ${cgroup.oomKills}\noom ${cgroup.oomKills}\noom_kill ${cgroup.oomKills}`;
  }
  if (cgroup.usageBytes !== undefined) {
    files['memory.current'] = cgroup.usageBytes;
    files['memory.stat'] = `anon ${cgroup.usageBytes}\nfile 0\ninactive_file 0`;
  }
  if (tasks) Object.assign(files, { 'pids.current': tasks.now, 'pids.max': tasks.most });
  if (stalledPercent !== undefined) {
    const line = `avg10=0.00 avg60=${stalledPercent}.00 avg300=0.50 total=81237`;
    files['memory.pressure'] = `some ${line}\nfull ${line}`;
  }
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${path}/${file}`, text]));
}

function filesOfV1(cgroup: Cgroup, path: string, node: NodeWorld, random: Random): Record<string, string | number> {
  const { throttled, tasks } = cgroup;
  // The same tree under both names: gatherers follow the link or do not.
  const cpu = `${random.pick(['cpu,cpuacct', 'cpu'])}/${path}`;
  const files: Record<string, string | number> = {
    [`${cpu}/cpu.shares`]: cgroup.weight,
    [`${cpu}/cpu.cfs_quota_us`]: cgroup.quotaMicros ?? -1,
    [`${cpu}/cpu.cfs_period_us`]: 100_000,
    [`memory/${path}/memory.limit_in_bytes`]: cgroup.memoryBytes ?? noLimit(node.pageBytes),
  };
  if (cgroup.cpus !== undefined)
    files[`cpuset/${path}/cpuset.cpus`] = cgroup.cpus || cpuList(node.cores.flat().sort((a, b) => a - b));
  if (cgroup.hugepageBytes !== undefined) files[`hugetlb/${path}/hugetlb.2MB.limit_in_bytes`] = cgroup.hugepageBytes;
  if (throttled) {
    const { periods, throttledPeriods } = throttled;
    files[`${cpu}/cpu.stat`] =
      `nr_periods ${periods}\nnr_throttled ${throttledPeriods}\nthrottled_time ${throttledPeriods * 20_000_000}`;
  }
  if (cgroup.oomKills !== undefined) {
    files[`memory/${path}/memory.oom_control`] = `oom_kill_disable 0\nunder_oom 0\noom_kill ${cgroup.oomKills}`;
  }
  if (cgroup.usageBytes !== undefined) {
    files[`memory/${path}/memory.usage_in_bytes`] = cgroup.usageBytes;
    files[`memory/${path}/memory.stat`] =
      `cache 0\nrss ${cgroup.usageBytes}\ntotal_cache 0\ntotal_rss ${cgroup.usageBytes}\ntotal_inactive_file 0`;
  }
  if (tasks) Object.assign(files, { [`pids/${path}/pids.current`]: tasks.now, [`pids/${path}/pids.max`]: tasks.most });
  return files;
}
