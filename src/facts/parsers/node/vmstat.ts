// Reads how much a node swaps: `/proc/vmstat` counts pages since boot, `vmstat` prints KiB per second.
//
//   pswpin 18220                        procs -----------memory---------- ---swap-- -----io----
//   pswpout 90112                        r  b   swpd   free   buff  cache   si   so    bi    bo
//                                        2  0      0 279448   2108 741208    0    0     1     3

import { bool, factType, int, node } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';

export const SwapCounter = factType('SwapCounter', 'Pages swapped since boot, from /proc/vmstat.', {
  node: node(),
  pagesIn: int('Pages read back from swap (pswpin).'),
  pagesOut: int('Pages written to swap (pswpout).'),
});

export const SwapRate = factType('SwapRate', 'How fast a node swaps: one line of vmstat.', {
  node: node(),
  sinceBoot: bool('True for the first line, which is the average since boot; false for one interval.'),
  inBytesPerSecond: int('Read back from swap (si).'),
  outBytesPerSecond: int('Written to swap (so).'),
});

export const procVmstat = parser({
  reads: 'ProcVmstat',
  yields: SwapCounter,
  parse(text, source) {
    const lines = spokenLines(text);
    const find = (name: string) => {
      const line = lines.find((candidate) => candidate.text.startsWith(`${name} `));
      const value = /^\w+ (\d+)\s*$/.exec(line?.text ?? '')?.[1];
      return line && value !== undefined ? { line: line.number, value: Number(value) } : undefined;
    };
    const into = find('pswpin');
    const out = find('pswpout');
    if (!into || !out) {
      // A kernel without swap support counts everything but these.
      const isVmstat = lines.some((line) => /^nr_free_pages \d+$/.test(line.text));
      return { facts: [], problems: isVmstat ? [] : failedOutput(text, 'a /proc/vmstat') };
    }
    const span = [Math.min(into.line, out.line), Math.max(into.line, out.line)] as const;
    const value = { pagesIn: into.value, pagesOut: out.value };
    return { facts: [SwapCounter.fact(span, value, { key: machineKey(source, 'swap') })], problems: [] };
  },
});

export const vmstat = parser({
  reads: 'Vmstat',
  yields: SwapRate,
  parse(text) {
    const lines = spokenLines(text);
    const header = lines.find((line) => /^\s*r\s+b\s.*\bsi\s+so\b/.test(line.text));
    if (!header) {
      // `vmstat -d` and `-s` say nothing of rates.
      const isOther = /^\s*disk-|\bK total memory$/m.test(text);
      return { facts: [], problems: isOther ? [] : failedOutput(text, 'output of vmstat') };
    }
    const names = header.text.trim().split(/\s+/);
    const rows = lines.filter((line) => line.number > header.number && /^\s*\d+\s+\d+\s+\d/.test(line.text));
    const facts = rows.flatMap((line, index) => {
      const cells = line.text.trim().split(/\s+/);
      const bytes = (name: string) => Number(cells[names.indexOf(name)]) * 1024;
      const value = { sinceBoot: index === 0, inBytesPerSecond: bytes('si'), outBytesPerSecond: bytes('so') };
      const isWhole = Number.isSafeInteger(value.inBytesPerSecond) && Number.isSafeInteger(value.outBytesPerSecond);
      return isWhole ? [SwapRate.fact(lineSpan(line), value)] : [];
    });
    return { facts, problems: facts.length > 0 ? [] : failedOutput(text, 'output of vmstat') };
  },
});
