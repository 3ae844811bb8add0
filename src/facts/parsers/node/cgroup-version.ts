// The fact that says which version of cgroups a machine runs; three kinds of source tell it, one better than the other.

import { factType, node, string } from '../../fact-type.ts';

export const CgroupHierarchy = factType('CgroupHierarchy', 'The version of cgroups a machine runs.', {
  node: node(),
  version: string('`v1`, `v2`, or `hybrid`: v1 with an empty v2 tree at /sys/fs/cgroup/unified.'),
  from: string('What told it: `mounts`, `process` (/proc/<pid>/cgroup) or `proc-cgroups`.'),
});

/** Where several sources of a machine tell it, the mounts win: /proc/cgroups means little once v2 is in use. */
export const hierarchyTrust = { mounts: 3, process: 2, 'proc-cgroups': 1 } as const;
