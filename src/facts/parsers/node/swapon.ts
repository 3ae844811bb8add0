// Reads `swapon --show` (with or without `--bytes`) and `swapon --summary`.
//
//   NAME       TYPE          SIZE USED PRIO        Filename      Type       Size     Used  Priority
//   /dev/loop0 partition 67104768    0   -2        /dev/dm-1     partition  8388604  0     -2

import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { intOf } from '../../text/plain-values.ts';
import { printedBytes } from '../../text/sizes.ts';
import { type Area, SwapArea, SwapState, swapFacts } from './swap-facts.ts';

export const swapon = parser({
  reads: 'Swapon',
  yields: [SwapArea, SwapState],
  parse(text, source) {
    const lines = spokenLines(text);
    const head = lines.findIndex((line) => /^(?:NAME\s+TYPE\s+SIZE|Filename\s+Type\s+Size)/.test(line.text));
    const header = lines[head];
    if (!header) return { facts: [], problems: failedOutput(text, 'output of swapon') };
    // The summary is /proc/swaps, which counts in KiB.
    const unit = header.text.startsWith('Filename') ? 1024 : 1;
    const size = (word: string) => (/^\d+$/.test(word) ? Number(word) * unit : (printedBytes(word) ?? 0));
    const areas: Area[] = lines.slice(head + 1).flatMap((line) => {
      const [device, type, total, used, priority] = line.text.trim().split(/\s+/);
      if (device === undefined || type === undefined || total === undefined) return [];
      const value = {
        device,
        type,
        sizeBytes: size(total),
        usedBytes: size(used ?? '0'),
        priority: intOf(priority) ?? 0,
      };
      return [{ span: lineSpan(line), value }];
    });
    return {
      facts: swapFacts(areas, [header.number, areas.at(-1)?.span[1] ?? header.number], source, 1),
      problems: [],
    };
  },
});
