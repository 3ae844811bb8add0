// Reads the memory of a node, from `/proc/meminfo` and from `free` in any unit.
//
//   MemTotal:       24684084 kB                total        used        free      shared  buff/cache   available
//   HugePages_Total:       0           Mem:        24684084      954904    22803876        8872     1249144    23729180
//   Hugepagesize:       2048 kB        Swap:              0           0           0

import type { Source } from '../../../bundle/source.ts';
import { factType, int, node, optional } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues, placesOf } from '../../text/key-values.ts';
import { type Line, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { printedBytes } from '../../text/sizes.ts';

export const NodeMemory = factType('NodeMemory', 'Memory of a node, from /proc/meminfo or else from free.', {
  node: node(),
  totalBytes: int('Memory the kernel can use.'),
  freeBytes: int('Unused.'),
  availableBytes: optional(int('Estimate of what can be had without swapping; kernel 3.14 and later.')),
  swapTotalBytes: int('Swap; 0 when there is none.'),
  swapFreeBytes: int('Swap not in use.'),
  hugePagesTotal: optional(int('Huge pages of the default size.')),
  hugePagesFree: optional(int('Huge pages that nobody has taken.')),
  hugePageBytes: optional(int('The default size of a huge page.')),
});

export const procMeminfo = parser({
  reads: 'ProcMeminfo',
  yields: NodeMemory,
  parse(text, source) {
    const pairs = keyValues(spokenLines(text), ':');
    const values = new Map(pairs.map(({ key, value }) => [key, /^(\d+)(?: (kB))?$/.exec(value)]));
    const read = (key: string): number | undefined => {
      const match = values.get(key);
      return match ? Number(match[1]) * (match[2] === 'kB' ? 1024 : 1) : undefined;
    };
    const totalBytes = read('MemTotal');
    if (totalBytes === undefined) return { facts: [], problems: failedOutput(text, '/proc/meminfo') };
    const value = present({
      totalBytes,
      freeBytes: read('MemFree') ?? 0,
      availableBytes: read('MemAvailable'),
      swapTotalBytes: read('SwapTotal') ?? 0,
      swapFreeBytes: read('SwapFree') ?? 0,
      hugePagesTotal: read('HugePages_Total'),
      hugePagesFree: read('HugePages_Free'),
      hugePageBytes: read('Hugepagesize'),
    });
    const at = placesOf(pairs, {
      MemTotal: 'totalBytes',
      MemAvailable: 'availableBytes',
      SwapTotal: 'swapTotalBytes',
      HugePages_Total: 'hugePagesTotal',
      HugePages_Free: 'hugePagesFree',
    });
    const span = [pairs[0]?.line.number ?? 1, pairs.at(-1)?.line.number ?? 1] as const;
    return { facts: [NodeMemory.fact(span, value, { at, key: machineKey(source), version: 3 })], problems: [] };
  },
});

export const free = parser({
  reads: 'Free',
  yields: NodeMemory,
  parse(text, source) {
    const lines = spokenLines(text);
    const header = lines.find((line) => /^\s+total\s+used\s+free\b/.test(line.text));
    const memory = lines.find((line) => /^Mem:/.test(line.text));
    if (!header || !memory) return { facts: [], problems: failedOutput(text, 'output of free') };
    const swap = lines.find((line) => /^Swap:/.test(line.text));
    const unit = unitOf(source, memory);
    const cell = (line: Line | undefined, name: string): number | undefined => {
      const word = line?.text.trim().split(/\s+/)[header.text.trim().split(/\s+/).indexOf(name) + 1];
      if (word === undefined || !header.text.includes(name)) return undefined;
      return /^\d+$/.test(word) ? Number(word) * unit : printedBytes(word.replace(/B$/, ''));
    };
    const totalBytes = cell(memory, 'total');
    if (totalBytes === undefined) return { facts: [], problems: failedOutput(text, 'output of free') };
    const value = present({
      totalBytes,
      freeBytes: cell(memory, 'free') ?? 0,
      availableBytes: cell(memory, 'available'),
      swapTotalBytes: cell(swap, 'total') ?? 0,
      swapFreeBytes: cell(swap, 'free') ?? 0,
    });
    const numbers = [header, memory, swap ?? memory].map((line) => line.number);
    const span = [Math.min(...numbers), Math.max(...numbers)] as const;
    const version = unit === 1024 ? 2 : 1;
    return { facts: [NodeMemory.fact(span, value, { key: machineKey(source), version })], problems: [] };
  },
});

/** The table does not say its unit; the name of the file may (`free_-m`), and no machine has less than 64 MB. */
function unitOf(source: Source, memory: Line): number {
  const option = /free[_ -]*-?([bkmg])\b/.exec(source.path.split('/').at(-1) ?? '')?.[1];
  if (option !== undefined) return 1024 ** 'bkmg'.indexOf(option);
  const total = Number(memory.text.trim().split(/\s+/)[1]);
  if (total >= 65_536) return 1024;
  return total >= 512 ? 1024 ** 2 : 1024 ** 3;
}
