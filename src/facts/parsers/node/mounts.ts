// Reads mount tables: /proc/mounts and /etc/mtab, `mount -l`, `findmnt`, and /proc/<pid>/mountinfo.
//
//   /dev/vda1 / ext4 rw,relatime 0 0                        /dev/vda1 on / type ext4 (rw,relatime) [cloudimg-rootfs]
//   TARGET   SOURCE     FSTYPE OPTIONS                      39 0 253:0 / / rw,relatime shared:1 - xfs /dev/vda1 rw,attr2
//   |-/sys   sysfs      sysfs  rw,nosuid

import type { Source } from '../../../bundle/source.ts';
import { type Fact, factType, list, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { mountOptions, unescapeMount } from '../../text/mount-words.ts';
import { CgroupHierarchy, hierarchyTrust } from './cgroup-version.ts';

export const Mount = factType('Mount', 'One mounted filesystem.', {
  node: node(),
  device: string('Device, remote path, or a word such as tmpfs.'),
  mountPoint: string('Where it is mounted.'),
  fsType: string('Type of the filesystem.'),
  options: list(string(), 'Mount options, e.g. rw, noexec.'),
});

/** A path has at most 4096 characters, and so have the options of a mount. */
const longestLine = 20_000;

interface Mounted {
  readonly line: Line;
  readonly value: { device: string; mountPoint: string; fsType: string; options: string[] };
}

export const mounts = parser({
  reads: 'Mounts',
  yields: [Mount, CgroupHierarchy],
  parse(text, source) {
    if (isOfAnotherProcess(source)) return { facts: [], problems: [] };
    const lines = spokenLines(text);
    const head = lines.findIndex((line) => /^TARGET\s+SOURCE\s+FSTYPE\s+OPTIONS/.test(line.text));
    const found = head >= 0 ? readFindmnt(lines.slice(head)) : lines.flatMap((line) => readLine(line) ?? []);
    if (found.length === 0) return { facts: [], problems: failedOutput(text, 'a mount table') };
    // `mount -l`, findmnt and /proc/mounts of one machine say the same; what is mounted twice on a place stays.
    const seen = new Map<string, number>();
    const facts: Fact[] = found.map(({ line, value }) => {
      const same = `${value.device}\u0000${value.mountPoint}`;
      const nth = (seen.get(same) ?? 0) + 1;
      seen.set(same, nth);
      return Mount.fact(lineSpan(line), value, { key: machineKey(source, same, nth) });
    });
    const hierarchy = hierarchyOf(found, source);
    return { facts: hierarchy ? [...facts, hierarchy] : facts, problems: [] };
  },
});

/** A process may have a mount namespace of its own: what it sees is not what the host has. */
function isOfAnotherProcess(source: Source): boolean {
  const pid = /(?:^|[/!])proc\/(\d+)\/mount(?:s|info)$/.exec(source.path)?.[1];
  return pid !== undefined && pid !== '1';
}

function readLine(line: Line): Mounted | undefined {
  const text = line.text.trim();
  const listed = readListed(line, text);
  if (listed) return listed;
  const info = /^\d+ \d+ \d+:\d+ \S+ (\S+) (\S+)(?: \S+:\d+| unbindable)* - (\S+) (\S+)(?: (\S+))?$/.exec(text);
  if (info) return mounted(line, info[4], info[1], info[3], bothOptions(info[2], info[5]));
  const proc = /^(\S+) (\/\S*) ([\w.-]+) (\S+) \d+ \d+$/.exec(text);
  return proc ? mounted(line, proc[1], proc[2], proc[3], proc[4]) : undefined;
}

/** Up to the last ` type `: a mount point may hold the word itself. One pattern for all would try each with each. */
function readListed(line: Line, text: string): Mounted | undefined {
  const on = text.indexOf(' on /', 1);
  if (on < 0 || text.length > longestLine) return undefined;
  for (let type = text.lastIndexOf(' type '); type > on + 4; type = text.lastIndexOf(' type ', type - 1)) {
    const rest = /^([\w.-]+) \((.*)\)(?: \[[^[\]]*\])?$/.exec(text.slice(type + 6));
    if (rest) return mounted(line, text.slice(0, on), text.slice(on + 4, type), rest[1], rest[2]);
  }
  return undefined;
}

/** Those of the mount and those of the filesystem, as /proc/mounts has them: read-only when one of the two is. */
function bothOptions(ofMount = '', ofFilesystem = ''): string {
  const options = [...new Set([...mountOptions(ofMount), ...mountOptions(ofFilesystem)])];
  return (options.includes('ro') ? ['ro', ...options.filter((each) => !/^r[ow]$/.test(each))] : options).join(',');
}

function readFindmnt([header, ...lines]: readonly Line[]): Mounted[] {
  const titles = ['TARGET', 'SOURCE', 'FSTYPE', 'OPTIONS'];
  const starts = titles.map((title) => header?.text.search(new RegExp(`\\b${title}\\b`)) ?? 0);
  const after = /OPTIONS\s+(\S)/.exec(header?.text ?? '');
  const end = after ? (header?.text.lastIndexOf(after[1] ?? '', after.index + after[0].length) ?? 0) : Infinity;
  return lines.flatMap((line) => {
    const cells = starts.map((start, index) => line.text.slice(start, starts[index + 1] ?? end).trim());
    // Branches are drawn with `|-` and `` `- ``, or with line characters.
    const mountPoint = cells[0]?.replace(/^[^/]*/, '');
    // A bind mount or subvolume names its root after the device: `/dev/sda3[/ostree/deploy]`.
    return mountPoint ? [mounted(line, cells[1]?.replace(/\[\/.*\]$/, ''), mountPoint, cells[2], cells[3])] : [];
  });
}

function mounted(line: Line, device = '', mountPoint = '', fsType = '', options = ''): Mounted {
  const value = {
    device: unescapeMount(device),
    mountPoint: unescapeMount(mountPoint),
    fsType,
    options: mountOptions(options),
  };
  return { line, value };
}

function hierarchyOf(found: readonly Mounted[], source: Source): Fact | undefined {
  const inTree = found.filter(({ value }) => /^(?:\/host)?\/sys\/fs\/cgroup(?:\/|$)/.test(value.mountPoint));
  const unified = inTree.find(({ value }) => value.fsType === 'cgroup2');
  const controller = inTree.find(({ value }) => value.fsType === 'cgroup' && !value.options.includes('name=systemd'));
  const line = unified?.line ?? controller?.line;
  if (!line) return undefined;
  const version = unified && controller ? 'hybrid' : unified ? 'v2' : 'v1';
  const more = { key: machineKey(source), version: hierarchyTrust.mounts };
  return CgroupHierarchy.fact(lineSpan(line), { version, from: 'mounts' }, more);
}
