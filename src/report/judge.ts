// Runs the rules, and in the same threads what a report draws beside the findings: they have decoded the facts already.

import { openStore, type SealedFacts } from '../facts/open-store.ts';
import { type EvaluateOptions, evaluateWith } from '../findings/evaluate-rules.ts';
import type { Outcome } from '../findings/outcome.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { TaskError } from '../workers/pool.ts';
import { type BrokenPaths, pathsToldOf, tellingOfPaths } from './broken-paths.ts';
import { type PictureFacts, pictureFacts } from './picture-facts/picture-facts.ts';
import type { ReportTask } from './report-task.ts';

export interface Judged {
  /** In the order of the rules. */
  readonly outcomes: readonly Outcome[];
  readonly broken: BrokenPaths;
  readonly pictures: PictureFacts;
}

export async function judge(knowledge: Knowledge, facts: SealedFacts, options: EvaluateOptions): Promise<Judged> {
  const packs = new Map(knowledge.rules.map(({ id, pack }) => [id, pack]));
  const { outcomes, answer } = await evaluateWith<ReportTask, Omit<Judged, 'outcomes'>>(knowledge, facts, options, {
    module: new URL('./report-task.ts', import.meta.url),
    async ask(run, judged) {
      const pictures = run({ is: 'pictures' }).catch(orHere(() => pictureFacts(openStore(facts))));
      const paths = judged.then((all) => {
        const told = tellingOfPaths(all, (rule) => packs.get(rule));
        const here = () => pathsToldOf(openStore(facts), told);
        return told.length === 0 ? here() : run({ is: 'paths', told }).catch(orHere(here));
      });
      const [drawn, broken] = await Promise.all([pictures, paths]);
      return { pictures: drawn as PictureFacts, broken: broken as BrokenPaths };
    },
  });
  return { outcomes, ...answer };
}

/** What costs a thread its life, e.g. by its memory, is done in this one. */
const orHere =
  <T>(work: () => T) =>
  (error: unknown): T => {
    if (error instanceof TaskError) return work();
    throw error;
  };
