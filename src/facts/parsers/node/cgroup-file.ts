// Reads one file of the cgroup tree; the path says whose it is.
//
//   sys/fs/cgroup/kubepods.slice/kubepods-pod7a96c459_….slice/crio-1d3d….scope/cpu.max
//
//   200000 100000

import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { linesOf } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { cgroupFacts, isReadCgroupFile } from './cgroup-contents.ts';
import { cgroupFactTypes } from './cgroup-facts.ts';
import { locateCgroupFile } from './cgroup-location.ts';

/** Files that say nothing in cgroups which lack their controller, or anywhere but at the root. */
const mayBeBare = new Set([
  'cgroup.controllers',
  'cpu.stat',
  'memory.stat',
  'cpu.pressure',
  'memory.pressure',
  'io.pressure',
]);

export const cgroupFile = parser({
  reads: 'CgroupFile',
  yields: cgroupFactTypes,
  parse(text, source) {
    const located = locateCgroupFile(source.path);
    const labelled =
      source.labels.cgroup === undefined ? located : locateBelow(source.labels.cgroup, located.file, located);
    const lines = linesOf(text);
    if (!isReadCgroupFile(located.file) || lines.length === 0) return { facts: [], problems: [] };
    const keyOf = (type: string) => machineKey(source, type, located.file, labelled.version, labelled.cgroup);
    const facts = cgroupFacts({ ...labelled, lines }, keyOf);
    const problems =
      facts.length > 0 || mayBeBare.has(located.file) ? [] : failedOutput(text, `a value of ${located.file}`);
    return { facts, problems };
  },
});

/** The label is the path below the mount; a controller's folder may or may not be part of it. */
function locateBelow(cgroup: string, file: string, located: ReturnType<typeof locateCgroupFile>) {
  const below = locateCgroupFile(file, `${cgroup}/${file}`);
  return { file, cgroup: below.cgroup, version: located.version === 'v1' ? ('v1' as const) : below.version };
}
