// The one line that tells how far a batch is: done, failed, bytes, rate, time left, and what runs now.

import { basename } from 'node:path';
import type { BatchProgress } from './run-batch.ts';

const mebibyte = 1024 * 1024;

/** `millis`: since this run began. */
export function batchLine(progress: BatchProgress, millis: number): string {
  if (progress.total === 0) return 'looking at the inputs';
  const { total, done, failed, bytes, bytesOver, bytesBefore, running } = progress;
  const partly = running.reduce((sum, each) => sum + shareRead(each) * each.bundle.sizeBytes, 0);
  const bytesNow = bytesOver + partly - bytesBefore;
  const rate = bytesNow / Math.max(millis / 1000, 0.001);
  const left = rate > 0 ? timeText((bytes - bytesOver - partly) / rate) : '';
  return [
    `${done + failed} of ${total}${failed > 0 ? `, ${failed} failed` : ''}`,
    `${((bytesOver + partly) / mebibyte).toFixed(1)} of ${(bytes / mebibyte).toFixed(1)} MiB`,
    `${(rate / mebibyte).toFixed(1)} MiB/s`,
    left && `${left} left`,
    ...running.map((each) => `${basename(each.bundle.path)} ${stageText(each)}`),
  ]
    .filter(Boolean)
    .join(' · ');
}

type Each = BatchProgress['running'][number];

const shareRead = ({ bytesRead, bytesTotal }: Each): number =>
  bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : 0;

const stageText = (each: Each): string =>
  each.stage === 'read' ? `${Math.floor(shareRead(each) * 100)} %` : each.stage || 'starting';

export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
