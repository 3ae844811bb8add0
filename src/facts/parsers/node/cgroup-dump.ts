// Reads cgroup files that were written one after the other into one text, in any of three ways.
//
//   /sys/fs/cgroup/kubepods.slice/cpu.weight:157           grep -r . /sys/fs/cgroup
//
//   ==> /sys/fs/cgroup/kubepods.slice/cpu.weight <==       tail -n +1
//   157
//
//   /sys/fs/cgroup/kubepods.slice/cpu.weight               for f in …; do echo $f; cat $f; done
//   157

import type { Source } from '../../../bundle/source.ts';
import type { Fact } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, linesOf } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { cgroupFacts, isReadCgroupFile } from './cgroup-contents.ts';
import { cgroupFactTypes } from './cgroup-facts.ts';
import { locateCgroupFile } from './cgroup-location.ts';

export const cgroupDump = parser({
  reads: 'CgroupDump',
  yields: cgroupFactTypes,
  parse(text, source) {
    const parts = splitDump(linesOf(text));
    if (parts.length === 0) return { facts: [], problems: failedOutput(text, 'a dump of cgroup files') };
    return { facts: parts.flatMap((part) => factsOf(part, source)), problems: [] };
  },
});

interface Part {
  readonly path: string;
  readonly lines: Line[];
}

const name =
  '((?:[^\\s:]\\S*/)?(?:cpu|cpuset|cpuacct|memory|pids|io|hugetlb|cgroup|blkio|rdma|misc|irq)\\.[A-Za-z0-9_.]+)';
const titled = new RegExp(`^(?:==> *|[#>$-]+ +(?:cat +)?)?${name}(?: *<==|:)?$`);
const prefixed = new RegExp(`^${name}:(.*)$`);

function splitDump(lines: readonly Line[]): Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    const title = titled.exec(line.text.trim())?.[1];
    const [, path, text] = prefixed.exec(line.text) ?? [];
    const last = parts.at(-1);
    if (path !== undefined && text !== undefined && text !== '') {
      if (last?.path === path) last.lines.push({ text, number: line.number });
      else parts.push({ path, lines: [{ text, number: line.number }] });
    } else if (title !== undefined) {
      parts.push({ path: title, lines: [] });
    } else if (line.text.trim() !== '') {
      last?.lines.push(line);
    }
  }
  return parts;
}

function factsOf({ path, lines }: Part, source: Source): Fact[] {
  const located = locateCgroupFile(path);
  if (!isReadCgroupFile(located.file)) return [];
  // From inside of a container it would look like the root.
  if (located.file === 'cgroup.controllers' && !path.includes('sys/fs/cgroup/')) return [];
  // A dump of relative paths was made inside of a cgroup that only the catalogue may know.
  const inside = path.includes('sys/fs/cgroup/') ? '' : (source.labels.cgroup ?? '');
  const cgroup = [inside.replace(/\/+$/, ''), located.cgroup].filter((part) => part !== '').join('/');
  const keyOf = (type: string) => machineKey(source, type, located.file, located.version, cgroup);
  return cgroupFacts({ ...located, cgroup, lines }, keyOf);
}
