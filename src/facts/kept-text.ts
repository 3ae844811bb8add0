// The text that excerpts are cut from, kept compressed while the bundle streams by.

import { zstdDecompressSync } from 'node:zlib';
import type { Span } from '../bundle/source.ts';
import type { KeptText, KeptWhole } from './parse-source.ts';
import { decode } from './text/decode.ts';

export interface TextKeeper {
  keep(path: string, text: KeptText): void;
  /** The lines of a span, without line ends; fewer when a line was not kept. */
  lines(path: string, span: Span): readonly string[];
  /** All lines of a source; absent where only single lines were kept, or none. */
  whole(path: string): readonly string[] | undefined;
}

export function createTextKeeper(): TextKeeper {
  const kept = new Map<string, KeptText[]>();
  let open: { path: string; lines: readonly string[] } | undefined;

  function wholeLines(path: string, { whole, isPacked, part }: KeptWhole): readonly string[] {
    if (open?.path !== path) {
      const unpacked = isPacked ? zstdDecompressSync(whole) : whole;
      const decoded = decode(part ? unpacked.subarray(...part) : unpacked).text;
      open = { path, lines: decoded.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) };
    }
    return open.lines;
  }

  return {
    keep: (path, text) => void kept.set(path, [...(kept.get(path) ?? []), text]),
    lines(path, [first, last]) {
      const texts = kept.get(path) ?? [];
      const whole = texts.find((text) => 'whole' in text);
      if (whole) return wholeLines(path, whole).slice(first - 1, last);
      const single = texts.flatMap((text) => ('lines' in text ? [text.lines] : []));
      const found: string[] = [];
      for (let number = first; number <= last; number++) {
        const line = single.find((lines) => lines.has(number))?.get(number);
        if (line === undefined) break;
        found.push(line);
      }
      return found;
    },
    whole(path) {
      const whole = kept.get(path)?.find((text) => 'whole' in text);
      return whole && wholeLines(path, whole);
    },
  };
}
