// Reads `df`, in blocks or in inodes: how full filesystems are.
//
//   Filesystem     1K-blocks    Used Available Use% Mounted on       Filesystem      Inodes  IUsed   IFree IUse% Mounted on
//   /dev/vda1       40470732 3590360  36863988   9% /                /dev/vda1      5160960 100929 5060031    2% /

import type { Source, Span } from '../../../bundle/source.ts';
import { factType, int, node, optional, string } from '../../fact-type.ts';
import { type Parsed, parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { printedBytes } from '../../text/sizes.ts';

export const FilesystemUsage = factType('FilesystemUsage', 'How full a filesystem is, from df.', {
  node: node(),
  device: string('Device, remote path, or a word such as tmpfs.'),
  mountPoint: string('Where it is mounted.'),
  sizeBytes: int('Size.'),
  usedBytes: int('In use.'),
  availableBytes: int('What an ordinary user may still write.'),
  usedPercent: optional(int('As printed, rounded up; absent for filesystems without a size.')),
});

export const InodeUsage = factType('InodeUsage', 'How many inodes of a filesystem are taken, from df -i.', {
  node: node(),
  device: string('Device, remote path, or a word such as tmpfs.'),
  mountPoint: string('Where it is mounted.'),
  inodes: int('Inodes there are.'),
  usedInodes: int('Inodes taken.'),
  freeInodes: int('Inodes left.'),
  usedPercent: optional(int('As printed, rounded up; absent for filesystems without inodes.')),
});

export const df = parser({
  reads: ['Df', 'DfInodes'],
  yields: [FilesystemUsage, InodeUsage],
  parse(text, source) {
    const lines = spokenLines(text);
    const head = lines.findIndex((line) => /^Filesystem\s/.test(line.text) && /Mounted on\s*$/.test(line.text));
    const header = lines[head]?.text;
    if (header === undefined) return { facts: [], problems: failedOutput(text, 'output of df') };
    const rows = readRows(lines.slice(head + 1), /\sType\s/.test(header));
    return /\sInodes\s/.test(header) ? inodes(rows, source) : blocks(rows, header, source);
  },
});

interface Row {
  readonly span: Span;
  readonly device: string;
  readonly mountPoint: string;
  readonly numbers: readonly string[];
  readonly usedPercent: number | undefined;
}

/** Older versions break the line after a long device. */
function readRows(lines: readonly Line[], typed: boolean): Row[] {
  const rows: Row[] = [];
  let held: Line | undefined;
  for (const line of lines) {
    const whole = held ? `${held.text} ${line.text.trim()}` : line.text;
    const first = held?.number ?? line.number;
    const type = typed ? '\\s+\\S+' : '';
    const match = new RegExp(
      `^(.+?)${type}\\s+([\\d.]+\\S*|-)\\s+(-?[\\d.]+\\S*|-)\\s+(-?[\\d.]+\\S*|-)\\s+(?:(\\d+)%|-)\\s+(.+)$`,
    ).exec(whole);
    held = match || /\s/.test(line.text.trim()) ? undefined : line;
    if (!match) continue;
    const [, device = '', total = '', used = '', left = '', percent, mountPoint = ''] = match;
    const usedPercent = percent === undefined ? undefined : Number(percent);
    rows.push({
      span: [first, line.number],
      device: device.trim(),
      mountPoint,
      numbers: [total, used, left],
      usedPercent,
    });
  }
  return rows;
}

function blocks(rows: readonly Row[], header: string, source: Source): Parsed {
  const unit = unitOf(header);
  const size = (word: string | undefined): number => {
    if (word === undefined || word === '-') return 0;
    return /^-?\d+$/.test(word) ? Number(word) * unit : (printedBytes(word) ?? 0);
  };
  const facts = rows.map(({ span, device, mountPoint, numbers, usedPercent }) => {
    const [sizeBytes, usedBytes, availableBytes] = numbers.map(size);
    const value = present({
      device,
      mountPoint,
      sizeBytes: sizeBytes ?? 0,
      usedBytes: usedBytes ?? 0,
      availableBytes: availableBytes ?? 0,
      usedPercent,
    });
    return FilesystemUsage.fact(span, value, { key: machineKey(source, device, mountPoint) });
  });
  return { facts, problems: [] };
}

function inodes(rows: readonly Row[], source: Source): Parsed {
  const count = (word: string | undefined): number => {
    if (word === undefined || word === '-') return 0;
    return /^-?\d+$/.test(word) ? Number(word) : (printedBytes(word) ?? 0);
  };
  const facts = rows.map(({ span, device, mountPoint, numbers, usedPercent }) => {
    const [total, used, left] = numbers.map(count);
    const value = present({
      device,
      mountPoint,
      inodes: total ?? 0,
      usedInodes: used ?? 0,
      freeInodes: left ?? 0,
      usedPercent,
    });
    return InodeUsage.fact(span, value, { key: machineKey(source, device, mountPoint) });
  });
  return { facts, problems: [] };
}

/** `1K-blocks`, `1024-blocks`, `2M-blocks`; `Size` means that each number has its unit. */
function unitOf(header: string): number {
  const word = /(\d+[KMGT]?B?)-blocks/.exec(header)?.[1];
  return word === undefined ? 1 : (printedBytes(word) ?? 1024);
}
