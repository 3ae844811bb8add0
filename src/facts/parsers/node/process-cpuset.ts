// Reads /proc/<pid>/cpuset: the path of a process' cgroup, which a sosreport has where /proc/<pid>/cgroup is missing.
//
//   /kubepods/burstable/pod7a96c459-d529-44ae-9f99-90d3798d6426/1d3d308a7d48…

import { readCgroupPath } from '../../../models/cgroup-path.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { ProcessCgroup } from './process-cgroup.ts';

export const processCpuset = parser({
  reads: 'ProcPidCpuset',
  yields: ProcessCgroup,
  parse(text, source) {
    const pid = /(?:^|[/!])proc\/(\d+)\/cpuset$/.exec(source.path)?.[1];
    const [line] = spokenLines(text);
    if (pid === undefined || !line) return { facts: [], problems: [] };
    const cgroup = line.text.trim();
    if (!cgroup.startsWith('/')) return { facts: [], problems: failedOutput(text, 'a /proc/<pid>/cpuset') };
    const { level, podUid, containerId } = readCgroupPath(cgroup);
    if (level !== 'container') return { facts: [], problems: [] };
    const value = present({ pid: Number(pid), cgroup, podUid, containerId });
    // /proc/<pid>/cgroup says more, where it was gathered.
    return {
      facts: [ProcessCgroup.fact(lineSpan(line), value, { key: machineKey(source, pid), version: 1 })],
      problems: [],
    };
  },
});
