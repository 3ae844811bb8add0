// `--dry-run`: what a batch would do now. Opens no bundle and writes nothing.

import { join } from 'node:path';
import { readJournal } from '../batch/journal.ts';
import { digestOfFile, planBatch, settingsDigest } from '../batch/plan.ts';
import { mixedFolder } from '../batch/refuse-mixed.ts';
import { hasReport } from '../batch/results.ts';
import { visibleLine } from '../report/visible.ts';
import type { BatchWish } from './batch.ts';
import { askedOf } from './batch-inputs.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

export async function dryRun(wish: BatchWish, settings: string, terminal: Terminal): Promise<ExitCode> {
  if (wish.flags.watch) throw new UsageError('--dry-run says what would be done now; --watch waits for what comes');
  const known = readJournal(wish.output);
  const mixed = mixedFolder(wish.output, wish.hidesNames, known);
  if (mixed !== undefined) throw new UsageError(mixed);
  const plan = await planBatch(askedOf(wish, terminal), known, {
    settings: settingsDigest(settings, await wish.filesDigest()),
    retryFailed: wish.flags['retry-failed'],
    hidesNames: wish.hidesNames,
    hasReport: (row) => hasReport(wish.output, row, wish.reportNames),
    isUnderWay: () => false,
    digest: digestOfFile,
  });
  const ahead = new Set(plan.waiting.map(({ path }) => path));
  for (const row of plan.rows) {
    const what = ahead.has(row.path)
      ? `to be analysed into ${join(wish.output, row.folder)}`
      : row.sameAs !== ''
        ? `the same archive as ${row.sameAs}`
        : row.state === 'failed'
          ? `failed before, --retry-failed tries it again: ${visibleLine(row.reason)}`
          : `done, in ${join(wish.output, row.folder)}`;
    terminal.say(`${sizeText(row.sizeBytes).padStart(10)}  ${visibleLine(row.path)}: ${what}`);
  }
  const bytes = plan.waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  terminal.say(`${plan.waiting.length} of ${plan.rows.length} to be analysed, ${sizeText(bytes)}; nothing was written`);
  return 0;
}

function sizeText(bytes: number): string {
  const [unit, size] =
    bytes >= 1024 ** 3 ? ['GiB', 1024 ** 3] : bytes >= 1024 ** 2 ? ['MiB', 1024 ** 2] : ['KiB', 1024];
  return `${(bytes / Number(size)).toFixed(1)} ${unit}`;
}
