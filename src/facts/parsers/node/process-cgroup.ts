// The fact that says which pod and container a process belongs to; two files of /proc tell it.

import { factType, int, node, optional, string } from '../../fact-type.ts';

export const ProcessCgroup = factType('ProcessCgroup', 'The pod and container a process belongs to, by its cgroup.', {
  node: node(),
  pid: optional(int('Process, from the path of the file.')),
  cgroup: string('Path of the cgroup.'),
  podUid: optional(string('metadata.uid of the pod.')),
  containerId: optional(string('64 hexadecimal digits.')),
});
