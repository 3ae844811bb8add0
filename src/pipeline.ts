// The whole program: a bundle goes in, a report comes out.

import type { Limits } from './bundle/limits.ts';
import type { Case } from './bundle/read-case.ts';
import type { TextKeeper } from './facts/kept-text.ts';
import { type ReadProgress, readBundle } from './facts/read-bundle.ts';
import type { SealedFacts } from './facts/seal-store.ts';
import { openStore } from './facts/seal-store.ts';
import { ruleGaps } from './findings/rule-gaps.ts';
import { buildReport } from './report/build-report.ts';
import { bundleFacts } from './report/bundle-facts.ts';
import { judge } from './report/judge.ts';
import type { Report } from './report/report.ts';
import { hintsFor } from './rules/hints.ts';
import type { Knowledge } from './rules/knowledge.ts';

export interface AnalyzeOptions {
  readonly limits: Limits;
  /** Number of worker threads; it never changes a byte of the report. */
  readonly jobs: number;
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: 'read' | 'rules' | 'report', progress?: ReadProgress) => void) | undefined;
}

/** `input`: the path of a bundle, or a case of several. Reads it, runs the rules, builds the report. Rejects with `InputError` when the input is no bundle at all. */
export async function analyze(
  input: string | Case,
  knowledge: Knowledge,
  options: AnalyzeOptions,
): Promise<{
  readonly report: Report;
  readonly facts: SealedFacts;
  readonly text: TextKeeper;
  /** Folders that the layouts begin at. */
  readonly roots: readonly string[];
}> {
  const { catalogue, demand } = knowledge;
  const { onProgress, ...reading } = options;
  const bundle = await readBundle(input, {
    ...reading,
    catalogue,
    demand,
    onProgress: (each) => onProgress?.('read', each),
  });
  onProgress?.('rules');
  const { outcomes, broken, pictures } = await judge(knowledge, bundle.facts, options);
  onProgress?.('report');
  const rules = new Map(knowledge.rules.map((rule) => [rule.id, rule]));
  const { moments, ...pictured } = pictures;
  const report = buildReport({
    tool: { name: 'drydock', version: options.version, rulesDigest: knowledge.digest },
    bundle: {
      ...bundleFacts(openStore(bundle.facts)),
      name: bundle.intake.name,
      kinds: bundle.intake.layouts,
      inputs: bundle.intake.inputs,
    },
    rules,
    outcomes,
    paths: broken.paths,
    events: moments,
    pictured,
    coverage: {
      ...bundle.coverage,
      gaps: [...bundle.coverage.gaps, ...ruleGaps(knowledge, outcomes, options.limits), ...broken.gaps],
    },
    linesOf: bundle.text.lines,
    hints: hintsFor(catalogue, bundle.intake.layouts),
  });
  const roots = bundle.intake.roots.map(({ root }) => root);
  return { report, facts: bundle.facts, text: bundle.text, roots };
}
