// Tells from a path of the cgroup tree which cgroup, which file and which version of the hierarchy it is.

export interface CgroupLocation {
  /** `cpu.max` */
  readonly file: string;
  /** Path below the mount of the hierarchy, without slashes at its ends. */
  readonly cgroup: string;
  readonly version: 'v1' | 'v2';
}

const controllers =
  /^(?:(?:cpu|cpuacct|cpuset|memory|pids|blkio|devices|freezer|hugetlb|net_cls|net_prio|perf_event|rdma|misc)(?:,|$))+$/;
const onlyV1 =
  /^(?:cpu\.(?:shares|cfs_|rt_)|cpuacct\.|cpuset\.(?:effective_|sched_|mem_|memory_)|memory\.(?:limit|usage|max_usage|soft_limit|memsw|kmem|oom_control|failcnt))/;

/** `below` is the path below the mount when it is known already; else what precedes `sys/fs/cgroup` is cut off. */
export function locateCgroupFile(path: string, below = belowMount(path)): CgroupLocation {
  const parts = below.split('/').filter((part) => part !== '' && part !== '.');
  const file = parts.pop() ?? '';
  const first = parts[0] ?? '';
  if (first === 'unified') return { file, cgroup: parts.slice(1).join('/'), version: 'v2' };
  if (controllers.test(first) || first === 'systemd') return { file, cgroup: parts.slice(1).join('/'), version: 'v1' };
  return { file, cgroup: parts.join('/'), version: onlyV1.test(file) ? 'v1' : 'v2' };
}

function belowMount(path: string): string {
  const mount = path.lastIndexOf('sys/fs/cgroup/');
  return mount < 0 ? path : path.slice(mount + 'sys/fs/cgroup/'.length);
}
