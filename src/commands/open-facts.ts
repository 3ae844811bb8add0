// The facts of an input for commands that ask them: read anew from a bundle or a case, or opened where they were saved.

import { availableParallelism } from 'node:os';
import type { Limits } from '../bundle/limits.ts';
import type { Case } from '../bundle/read-case.ts';
import { openSavedFacts } from '../facts/database.ts';
import { readBundle } from '../facts/read-bundle.ts';
import { openStore } from '../facts/seal-store.ts';
import type { FactStore } from '../facts/store.ts';
import { counted } from '../report/wording.ts';
import { loadKnowledge } from '../rules/knowledge.ts';
import { progressLine } from './progress-line.ts';
import { factsFile } from './query.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** With exit code 3 where the bundle could not be read as a whole: a fact that is not there may still be true. */
export async function openFacts(
  input: string | Case,
  limits: Limits,
  terminal: Terminal,
): Promise<{ store: FactStore; code: ExitCode }> {
  const saved = typeof input === 'string' ? factsFile(input) : '';
  if (saved.endsWith('.sqlite')) {
    try {
      return { store: openSavedFacts(saved), code: 0 };
    } catch (error) {
      if (saved === input) throw error;
      // A folder without saved facts is a bundle.
    }
  }
  const { catalogue, demand } = loadKnowledge({ builtin: false, ruleDirs: [], packs: [], everything: true });
  const line = progressLine(typeof input === 'string' ? input : input.name, terminal);
  const { facts, coverage } = await readBundle(input, {
    catalogue,
    demand,
    limits,
    jobs: availableParallelism(),
    signal: terminal.signal,
    onProgress: (progress) => line('read', progress),
  });
  terminal.progress('');
  const places = coverage.gaps.length;
  if (places > 0)
    terminal.warn(
      `drydock: ${counted(places, 'gap')}, so facts may be missing; \`drydock analyze\` names each with its place`,
    );
  return { store: openStore(facts), code: places > 0 ? 3 : 0 };
}
