// Analyses archives one after the other in this one process, without children and journal: what a batch is compared with.
//
//   node test/bench/in-process-loop.ts FOLDER OUTPUT [RULES]     with RULES none of our own

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stemOf } from '../../src/batch/folder-names.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { analyzeOne } from '../../src/commands/analyze-one.ts';
import type { Plan } from '../../src/commands/plan.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

const [, , folder = '', output = '', rules] = process.argv;
const knowledge = loadKnowledge({ builtin: rules === undefined, ruleDirs: rules ? [rules] : [], packs: [] });
const plan: Plan = {
  ...{ output, formats: ['html', 'md', 'json'], jobs: 1, limits: defaultLimits, failOn: 9, saveFacts: false },
  ...{ evidence: false, quiet: true, verbose: false },
};
const silent = () => undefined;
const terminal: Terminal = {
  ...{ say: silent, warn: silent, progress: silent, isTerminal: false, color: false, columns: 80, clock: () => 0 },
  signal: new AbortController().signal,
};
for (const name of readdirSync(folder).sort())
  await analyzeOne(join(folder, name), join(output, stemOf(name)), knowledge, plan, terminal);
