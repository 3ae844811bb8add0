// Outcomes of rules that have nothing to look at in a bundle: most rules, in most bundles; they need not be compiled.

import type { FactStore } from '../facts/store.ts';
import { type Rule, sourceName } from '../rules/rule.ts';
import { logPatternId } from '../rules/wanted.ts';
import type { Outcome } from './outcome.ts';

/** What `evaluate` would say, where the first name of `given` decides alone that there is no subject; else undefined. */
export function outcomeWithoutSubjects({ id, given: [first] }: Rule, store: FactStore): Outcome | undefined {
  const common = { rule: id, errors: [], findings: [] } as const;
  if (!wasRead()) return { ...common, verdict: 'no-data', examined: 0, missing: [sourceName(first)] };
  // Whether the rule needs the time of gathering, which is then what is missing, only its expressions tell.
  if (first.is !== 'log' || store.gatheredAt === undefined) return undefined;
  if (store.hits(logPatternId(first.log, first.pattern.text)).length > 0) return undefined;
  return { ...common, verdict: 'pass', examined: store.logSources(first.log), missing: [] };

  function wasRead(): boolean {
    if (first.is === 'fact') return store.types.includes(first.fact);
    return first.is === 'log' ? store.logSources(first.log, {}) > 0 : store.types.includes('KubernetesObject');
  }
}
