// `drydock analyze --batch-child`: one of the processes of a batch.

import { join } from 'node:path';
import { serveBatch } from '../batch/child-side.ts';
import type { Done } from '../batch/messages.ts';
import { indexEntry } from '../report/render-index.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import { analyzeOne } from './analyze-one.ts';
import { digestOfFiles } from './deciding-files.ts';
import type { Plan } from './plan.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

/** The output folder of the plan is the one folder into which it may write. */
export async function batchChild(
  plan: Plan,
  knowledgeFor: () => Promise<Knowledge>,
  terminal: Terminal,
): Promise<ExitCode> {
  const parent = terminal.kin?.parent;
  if (!parent) throw new UsageError('--batch-child is for the program itself');
  const { signal } = terminal;
  let knowledge: Knowledge;
  try {
    knowledge = await knowledgeFor();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    parent.send({ told: 'refused', message: error.message });
    return 2;
  }
  const served = serveBatch(parent, {
    scratch: plan.output,
    signal,
    rules: new Map(knowledge.rules.map((rule) => [rule.id, rule])),
    async analyze({ input, folder, standing, jobs }, onProgress) {
      const own = { ...plan, jobs, quiet: true };
      const { report, written } = await analyzeOne(
        input,
        join(plan.output, folder),
        knowledge,
        own,
        terminal,
        onProgress,
        standing,
      );
      const [first] = report.bundle.inputs;
      const done: Omit<Done, 'told'> = { written, entry: indexEntry(report, folder, firstOf(written)) };
      return first ? { ...done, sha256: first.sha256 } : done;
    },
  });
  parent.send({
    told: 'ready',
    filesDigest: digestOfFiles(knowledge, plan.redact),
    warnings: knowledge.problems.map(problemText),
  });
  await served;
  return 0;
}

/** What a reader opens first, of the files of a report. */
const firstOf = (names: readonly string[]): string =>
  ['report.html', 'report.md'].find((name) => names.includes(name)) ?? names[0] ?? '';
