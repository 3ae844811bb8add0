// The one line that tells how far a bundle is: bytes read, rate, stage, time left.

import type { ReadProgress } from '../facts/read-bundle.ts';
import type { Terminal } from './terminal.ts';

const mebibyte = 1024 * 1024;
const intervalMillis = 100;
const stages = { read: 'reading', rules: 'running rules', report: 'writing the report' } as const;

/** A function to call as often as one likes; it shows at most ten lines a second. */
export function progressLine(input: string, terminal: Terminal) {
  const name = input.split('/').at(-1) ?? input;
  const start = terminal.clock();
  let shownAt = Number.NEGATIVE_INFINITY;
  return (stage: keyof typeof stages, progress?: ReadProgress): void => {
    const now = terminal.clock();
    if (progress && now - shownAt < intervalMillis) return;
    shownAt = now;
    terminal.progress([name, stages[stage], progress && amounts(progress, now - start)].filter(Boolean).join(' · '));
  };
}

function amounts({ bytesRead, bytesTotal, entries }: ReadProgress, millis: number): string {
  const seconds = Math.max(millis / 1000, 0.001);
  const rate = bytesRead / seconds;
  const left = rate > 0 && bytesTotal > bytesRead ? `${Math.ceil((bytesTotal - bytesRead) / rate)} s left` : '';
  const of = bytesTotal > 0 ? ` of ${(bytesTotal / mebibyte).toFixed(1)}` : '';
  return [
    `${(bytesRead / mebibyte).toFixed(1)}${of} MiB`,
    `${entries} entries`,
    `${(rate / mebibyte).toFixed(1)} MiB/s`,
    left,
  ]
    .filter(Boolean)
    .join(' · ');
}
