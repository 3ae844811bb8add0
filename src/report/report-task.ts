// The task of a rule worker that also draws from the facts what a report shows beside its findings.

import { openStore } from '../facts/open-store.ts';
import evaluateTask, { type EvaluateSetup } from '../findings/evaluate-task.ts';
import type { Finding, Outcome } from '../findings/outcome.ts';
import { measured } from '../workers/profile.ts';
import { pathsToldOf } from './broken-paths.ts';
import { pictureFacts } from './picture-facts/picture-facts.ts';

/** The pictures, or the packet paths that findings tell of. */
export type ReportTask = { readonly is: 'pictures' } | { readonly is: 'paths'; readonly told: readonly Finding[] };

export default function setUp(setup: EvaluateSetup): (task: string | ReportTask) => Outcome | object {
  const store = openStore(setup.facts);
  const evaluate = evaluateTask(setup, store);
  return (task) => {
    if (typeof task === 'string') return evaluate(task);
    return measured(task.is, '', () => (task.is === 'pictures' ? pictureFacts(store) : pathsToldOf(store, task.told)));
  };
}
