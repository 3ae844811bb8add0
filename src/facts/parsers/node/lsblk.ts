// Reads `lsblk`, as a tree, as a list (`-f`), and as pairs (`-P`): block devices and what is mounted from them.
//
//   NAME   MAJ:MIN RM   SIZE RO TYPE MOUNTPOINT        NAME="vda1" KNAME="vda1" ROTA="1" TYPE="part" MOUNTPOINT="/"
//   sda      8:0    0   127G  0 disk
//   `-sda3   8:3    0 125.9G  0 part /sysroot

import type { Source, Span } from '../../../bundle/source.ts';
import { type Parsed, parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { printedBytes } from '../../text/sizes.ts';
import { BlockDevice } from './block-device.ts';

export const lsblk = parser({
  reads: 'Lsblk',
  yields: BlockDevice,
  parse(text, source) {
    const lines = spokenLines(text);
    const pairs = lines.filter((line) => /^[A-Z][A-Z:%-]*="/.test(line.text));
    if (pairs.length > 0) return { facts: pairs.map((line) => readPairs(line, source)), problems: [] };
    const head = lines.findIndex((line) => /^NAME\b/.test(line.text));
    const header = lines[head];
    if (!header) return { facts: [], problems: failedOutput(text, 'output of lsblk') };
    return readTree(header, lines.slice(head + 1), source);
  },
});

function readPairs(line: Line, source: Source) {
  const cells = new Map([...line.text.matchAll(/([A-Z:%-]+)="([^"]*)"/g)].map((match) => [match[1], match[2] ?? '']));
  return deviceFact(
    lineSpan(line),
    (name) => cells.get(name),
    (cells.get('MOUNTPOINT') ?? cells.get('MOUNTPOINTS') ?? '').split('\\x0a'),
    source,
  );
}

interface Row {
  readonly line: Line;
  lastLine: number;
  readonly name: string;
  readonly cells: ReadonlyMap<string, string | undefined>;
  readonly mountPoints: string[];
}

/** Numbers stand to the right, words to the left: so a cell is what touches the columns of its header word. */
function readTree(header: Line, lines: readonly Line[], source: Source): Parsed {
  const columns = [...header.text.matchAll(/\S+/g)].map((match) => ({
    name: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const mounted = columns.findIndex(({ name }) => /^MOUNTPOINTS?$/.test(name));
  const mountPointOf = (line: Line): string[] => {
    if (mounted < 0) return [];
    // A column to its right may hold wider numbers than its title; blanks inside a mount point are single ones.
    const cell = line.text
      .slice(columns[mounted]?.start, columns[mounted + 1]?.start)
      .trim()
      .split(/\s{2,}/)[0];
    return cell ? [cell] : [];
  };
  const rows: Row[] = [];
  for (const line of lines) {
    const words = [...line.text.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }));
    const device = words.find(({ text }) => /[A-Za-z0-9]/.test(text));
    if (!device || columns.length === 0) continue;
    if (device.start > (columns[1]?.start ?? Infinity)) {
      // Since util-linux 2.37 each further mount point of a device has a line of its own.
      const last = rows.at(-1);
      if (last && columns[mounted]?.start === device.start) {
        last.mountPoints.push(...mountPointOf(line));
        last.lastLine = line.number;
      }
      continue;
    }
    const cells = new Map(
      columns.slice(1).map((column) => {
        const touching = words.filter((word) => word !== device && word.start < column.end && word.end > column.start);
        return [column.name, touching[0]?.text];
      }),
    );
    const name = device.text.replace(/^[^A-Za-z0-9]+/, '');
    rows.push({ line, lastLine: line.number, name, cells, mountPoints: mountPointOf(line) });
  }
  const facts = rows.map(({ line, lastLine, name, cells, mountPoints }) =>
    deviceFact(
      [line.number, lastLine],
      (column) => (column === 'NAME' ? name : cells.get(column)),
      mountPoints,
      source,
    ),
  );
  return { facts, problems: [] };
}

function deviceFact(
  span: Span,
  cell: (name: string) => string | undefined,
  mountPoints: readonly string[],
  source: Source,
) {
  const flag = (name: string): boolean | undefined =>
    /^[01]$/.test(cell(name) ?? '') ? cell(name) === '1' : undefined;
  const value = present({
    name: cell('NAME') ?? cell('KNAME') ?? '',
    type: cell('TYPE') || undefined,
    sizeBytes: printedBytes(cell('SIZE') ?? ''),
    fsType: cell('FSTYPE') || undefined,
    readOnly: flag('RO'),
    rotational: flag('ROTA'),
    transport: cell('TRAN') || undefined,
    mountPoints: mountPoints.filter((each) => each !== ''),
  });
  // `lsblk` tells the mount points and `lsblk -t` what spins: of each sort the fullest is kept.
  const key = machineKey(source, value.name, value.rotational === undefined ? 'plain' : 'topology');
  return BlockDevice.fact(span, value, {
    key,
    version: Object.keys(value).length + value.mountPoints.length,
  });
}
