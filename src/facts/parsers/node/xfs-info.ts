// Reads `xfs_info`: how a filesystem was made. Without `ftype=1` no container runtime can keep its layers there.
//
//   meta-data=/dev/vda4              isize=512    agcount=4, agsize=163840 blks
//            =                       sectsz=512   attr=2, projid32bit=1
//            =                       crc=1        finobt=1, sparse=1, rmapbt=0
//   data     =                       bsize=4096   blocks=655360, imaxpct=25
//   naming   =version 2              bsize=4096   ascii-ci=0, ftype=1

import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, linesOf } from '../../text/lines.ts';
import { present } from '../../text/present.ts';

export const XfsFilesystem = factType('XfsFilesystem', 'How an XFS filesystem was made, from xfs_info.', {
  node: node(),
  device: string('Device or file, e.g. /dev/mapper/rhel-root.'),
  mountPoint: optional(string('Where it is mounted, when the name of the output tells.')),
  crc: optional(int('1: version 5 with checksums; 0: version 4. Absent in outputs of old tools.')),
  ftype: optional(int('1: directory entries tell the type of file. Absent in outputs of old tools.')),
  blockBytes: optional(int('Size of a block of data.')),
  blocks: optional(int('Number of blocks of data.')),
  sectorBytes: optional(int('Size of a sector.')),
  reflink: optional(int('1: files can share blocks.')),
  log: optional(string('`internal`, or the device of the log.')),
});

export const xfsInfo = parser({
  reads: 'XfsInfo',
  yields: XfsFilesystem,
  parse(text, source) {
    const lines = linesOf(text);
    const heads = lines.flatMap((line, index) => (line.text.startsWith('meta-data=') ? [index] : []));
    if (heads.length === 0) return { facts: [], problems: failedOutput(text, 'output of xfs_info') };
    const mountPoint = heads.length === 1 ? mountPointOf(source.path) : undefined;
    const facts = heads.map((head, place) => {
      const block = lines.slice(head, heads[place + 1]);
      const end = block.findIndex((line) => !/^(?:meta-data|data|naming|log|realtime|\s)\s*=/.test(line.text));
      return filesystem(end < 0 ? block : block.slice(0, end), mountPoint);
    });
    return { facts, problems: [] };
  },
});

function filesystem(lines: readonly Line[], mountPoint: string | undefined) {
  const sections = new Map<string, Map<string, string>>();
  const at: Record<string, readonly [number, number]> = {};
  let section = '';
  for (const { text, number } of lines) {
    section = /^[a-z-]+/.exec(text)?.[0] ?? section;
    const values = sections.get(section) ?? new Map<string, string>();
    sections.set(section, values);
    const rest = text.slice(text.indexOf('=') + 1);
    if (/^[a-z]/.test(text)) values.set('', rest.replace(/\s+[\w-]+=.*$/, '').trim());
    for (const [, key = '', value = ''] of rest.matchAll(/([A-Za-z0-9_-]+)=([^\s,]+)/g)) {
      values.set(key, value);
      if (key === 'ftype' || key === 'crc') at[key] = [number, number];
    }
  }
  const number = (name: string, key: string): number | undefined => {
    const text = sections.get(name)?.get(key);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const log = sections.get('log')?.get('');
  const value = present({
    device: sections.get('meta-data')?.get('') ?? '',
    mountPoint,
    crc: number('meta-data', 'crc'),
    ftype: number('naming', 'ftype'),
    blockBytes: number('data', 'bsize'),
    blocks: number('data', 'blocks'),
    sectorBytes: number('meta-data', 'sectsz'),
    reflink: number('meta-data', 'reflink'),
    log: log === undefined ? undefined : log.replace(/^internal.*$/, 'internal'),
  });
  return XfsFilesystem.fact([lines[0]?.number ?? 1, lines.at(-1)?.number ?? 1], value, { at });
}

/** sos writes `xfs_info /var/lib` to a file `xfs_info_.var.lib`; a dot of the path itself cannot be told apart. */
function mountPointOf(path: string): string | undefined {
  const written = /xfs_info_(\.\S*)$/.exec(path)?.[1];
  return written === undefined ? undefined : written.replaceAll('.', '/');
}
