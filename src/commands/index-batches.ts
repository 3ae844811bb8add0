// `drydock index`: one index over the output folders of several batches, as parts of one (`--shard`) or days leave them.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { finishedBatch } from '../batch/finished-batch.ts';
import { indexPages } from '../batch/index-pages.ts';
import { JournalError, journalName } from '../batch/journal.ts';
import { counted } from '../report/wording.ts';
import { writeReport } from '../report/write-report.ts';
import { loadKnowledge } from '../rules/knowledge.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock index REPORTS... [-o DIR]

  REPORTS are output folders of batches that are over: the parts of --shard, or of several days. Their reports stay
  where they are; the index leads to them, holds all of them against each other, and tells what is new in a cluster.
  \`drydock query DIR\` then asks all of them at once.

  -o, --output DIR        where index.html, index.md and index.json go (${join('out', 'reports')})
  --rules DIR             more rules that the batches ran with, repeatable: they tell what is comparable
  --no-builtin-rules, --quiet`;

/** Exit code 3 where there are bundles without a report, or with gaps. */
export async function indexCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o', default: join('out', 'reports') },
      rules: { type: 'string', multiple: true, default: [] },
      'no-builtin-rules': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const folders = [...new Set(positionals.map((folder) => resolve(folder)))];
  const output = resolve(values.output);
  if (folders.length === 0) throw new UsageError(`index needs the output folders of batches\n\n${usage}`);
  if (folders.includes(output) || existsSync(join(output, journalName)))
    throw new UsageError(`${output} has the index of its own batch: choose another folder with -o`);
  const batches = folders.map((folder) => openBatch(folder, output));
  const entries = batches.flatMap((batch) => batch.entries);
  const failures = batches.flatMap((batch) => batch.failures);
  const knowledge = loadKnowledge({ builtin: !values['no-builtin-rules'], ruleDirs: values.rules, packs: [] });
  const rules = new Map(knowledge.rules.map((rule) => [rule.id, rule]));
  const written = await writeReport(output, await indexPages(entries, failures, output, rules));
  if (!values.quiet) {
    for (const path of written) terminal.say(`Index: ${path}`);
    terminal.say(
      `${counted(entries.length + failures.length, 'bundle')} of ${counted(folders.length, 'batch', 'batches')}`,
    );
  }
  return failures.length > 0 || entries.some(({ gaps }) => gaps > 0) ? 3 : 0;
}

function openBatch(folder: string, output: string) {
  try {
    return finishedBatch(folder, output);
  } catch (error) {
    throw error instanceof JournalError ? new UsageError(error.message) : error;
  }
}
