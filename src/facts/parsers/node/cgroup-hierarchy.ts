// Tells which version of cgroups a machine runs, from `/proc/cgroups` and `/proc/<pid>/cgroup`.
//
//   #subsys_name	hierarchy	num_cgroups	enabled          0::/kubepods.slice/kubepods-pod7a96….slice/crio-1d3d….scope
//   cpuset	3	1	1                                       4:memory:/kubepods/burstable/pod7a96…/1d3d…

import { readCgroupPath } from '../../../models/cgroup-path.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { CgroupHierarchy, hierarchyTrust } from './cgroup-version.ts';
import { ProcessCgroup } from './process-cgroup.ts';

export const procCgroups = parser({
  reads: 'ProcCgroups',
  yields: CgroupHierarchy,
  parse(text, source) {
    const lines = spokenLines(text);
    const rows = lines.filter((line) => /^\w+\s+\d+\s+\d+\s+[01]\s*$/.test(line.text));
    const first = rows[0];
    const last = rows.at(-1);
    if (!first || !last) return { facts: [], problems: failedOutput(text, '/proc/cgroups') };
    const bound = rows.filter((line) => line.text.split(/\s+/)[1] !== '0');
    // With every controller in v2 the file is meaningless; some left over in v1 do not tell a hybrid from it.
    const version = bound.length === 0 ? 'v2' : 'v1';
    const value = { version, from: 'proc-cgroups' };
    const more = { key: machineKey(source), version: hierarchyTrust['proc-cgroups'] };
    return { facts: [CgroupHierarchy.fact([first.number, last.number], value, more)], problems: [] };
  },
});

export const procPidCgroup = parser({
  reads: 'ProcPidCgroup',
  yields: [CgroupHierarchy, ProcessCgroup],
  parse(text, source) {
    const entries = spokenLines(text).flatMap((line) => {
      const [, id, names, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line.text.trim()) ?? [];
      return id === undefined || names === undefined || path === undefined ? [] : [{ line, id, names, path }];
    });
    const first = entries[0];
    const last = entries.at(-1);
    if (!first || !last) return { facts: [], problems: failedOutput(text, 'a /proc/<pid>/cgroup') };
    const unified = entries.find(({ id }) => id === '0');
    // systemd keeps `name=systemd` as a v1 hierarchy of its own beside v2.
    const controllers = entries.filter(({ id, names }) => id !== '0' && !names.startsWith('name='));
    const version = !unified ? 'v1' : controllers.length === 0 ? 'v2' : 'hybrid';
    const hierarchy = CgroupHierarchy.fact(
      [first.line.number, last.line.number],
      { version, from: 'process' },
      { key: machineKey(source), version: hierarchyTrust.process },
    );
    const owned = [...controllers.filter(({ names }) => names === 'memory'), ...entries].find(
      ({ path }) => readCgroupPath(path).level === 'container',
    );
    if (!owned) return { facts: [hierarchy], problems: [] };
    const { podUid, containerId } = readCgroupPath(owned.path);
    const pid = /(?:^|\/)proc\/(\d+)\/cgroup$/.exec(source.path)?.[1];
    const value = present({
      pid: pid === undefined ? undefined : Number(pid),
      cgroup: owned.path,
      podUid,
      containerId,
    });
    const more = pid === undefined ? {} : { key: machineKey(source, pid), version: 2 };
    return { facts: [hierarchy, ProcessCgroup.fact(lineSpan(owned.line), value, more)], problems: [] };
  },
});
