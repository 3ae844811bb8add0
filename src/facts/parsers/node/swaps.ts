// Reads `/proc/swaps`: the swap areas in use. More than the header line means that swap is on (the kubelet's own test).
//
//   Filename                                Type            Size            Used            Priority
//   /dev/dm-1                               partition       8388604         0               -2

import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { type Area, SwapArea, SwapState, swapFacts } from './swap-facts.ts';

export const swaps = parser({
  reads: 'ProcSwaps',
  yields: [SwapArea, SwapState],
  parse(text, source) {
    const [header, ...rows] = spokenLines(text);
    if (!header || !/^Filename\s+Type\s+Size/.test(header.text)) {
      return { facts: [], problems: failedOutput(text, '/proc/swaps') };
    }
    const areas: Area[] = rows.flatMap((line) => {
      const [, device, type, size, used, priority] =
        /^(\S+)\s+(\w+)\s+(\d+)(?:\s+(\d+))?(?:\s+(-?\d+))?/.exec(line.text) ?? [];
      if (device === undefined || type === undefined || size === undefined) return [];
      const sizeBytes = Number(size) * 1024;
      const usedBytes = Number(used ?? 0) * 1024;
      return [{ span: lineSpan(line), value: { device, type, sizeBytes, usedBytes, priority: Number(priority ?? 0) } }];
    });
    return {
      facts: swapFacts(areas, [header.number, areas.at(-1)?.span[1] ?? header.number], source, 2),
      problems: [],
    };
  },
});
