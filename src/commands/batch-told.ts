// What a batch says of each bundle and of all together, and the exit code that goes with it.

import { join } from 'node:path';
import { entryOf, type JournalRow, type RowHead } from '../batch/journal.ts';
import type { Severity } from '../findings/outcome.ts';
import { severityLine } from '../report/render-summary.ts';
import { visibleLine } from '../report/visible.ts';
import { counted } from '../report/wording.ts';
import type { BatchWish } from './batch.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export function tellFailed({ state, path, reason }: RowHead, advice: string, terminal: Terminal): void {
  if (state !== 'failed') return;
  terminal.warn(`drydock: ${visibleLine(path)}: ${visibleLine(reason)}${advice && `\n  ${advice}`}`);
}

export function tellOver(row: JournalRow, advice: string, wish: BatchWish, terminal: Terminal): void {
  tellFailed(row, advice, terminal);
  if (row.state === 'failed' || wish.quiet) return;
  terminal.progress('');
  terminal.say(
    row.sameAs === ''
      ? `${visibleLine(join(wish.output, row.folder))}: ${summaryOf(row, terminal.color)}`
      : `${visibleLine(row.path)} is the same archive as ${visibleLine(row.sameAs)}`,
    'painted',
  );
}

function summaryOf(row: JournalRow, color: boolean): string {
  const { rules, gaps } = entryOf(row);
  const countOf = (severity: Severity) => rules.filter((rule) => rule.severity === severity).length;
  const counts = {
    critical: countOf('critical'),
    error: countOf('error'),
    warning: countOf('warning'),
    info: countOf('info'),
  };
  return [severityLine(counts, { color }), gaps > 0 && counted(gaps, 'gap')].filter(Boolean).join('; ');
}

/** What all rows together come to, taken up row by row. */
export interface Tally {
  readonly done: number;
  readonly failed: number;
  /** With workers, of a run that does not wait for them. */
  readonly waiting: number;
  readonly copies: number;
  readonly withGaps: number;
  /** A finding is as bad as `--fail-on` says, or worse. */
  readonly fails: boolean;
}

export function tallyOf(rows: Iterable<JournalRow>, failsOn: (severity: Severity) => boolean): Tally {
  const tally = { done: 0, failed: 0, waiting: 0, copies: 0, withGaps: 0, fails: false };
  for (const row of rows) {
    tally[row.state] += 1;
    if (row.sameAs !== '') tally.copies += 1;
    if (row.state !== 'done') continue;
    const { rules, gaps } = entryOf(row);
    if (gaps > 0) tally.withGaps += 1;
    tally.fails ||= rules.some(({ severity }) => failsOn(severity));
  }
  return tally;
}

export function tallyText({ done, failed, waiting, copies }: Tally): string {
  const parts = [
    `${done + failed + waiting} bundles`,
    `${done} with a report`,
    failed > 0 && `${failed} failed`,
    waiting > 0 && `${waiting} with the workers; the same command takes up what comes of them`,
    copies > 0 && `${copies} of them the same archive as another`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** 2 when nothing came of the batch at all; a bundle without a report among others leaves it incomplete. */
export function exitCodeOf({ done, failed, waiting, withGaps, fails }: Tally, waits: boolean): ExitCode {
  const without = failed + (waits ? waiting : 0);
  if (done === 0 && without > 0) return 2;
  if (without > 0 || withGaps > 0) return 3;
  return fails ? 1 : 0;
}
