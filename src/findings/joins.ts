// Finds what belongs to a subject: the facts whose fields equal its keys, by an index that is built once.

import type { Compiled } from '../rules/cel.ts';
import { runError, unwrap } from '../rules/cel.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import type { Candidate, Candidates } from './candidates.ts';

export interface Match {
  readonly found: readonly Candidate[];
  /** False where the bundle does not hold what was looked for, so that finding nothing says nothing. */
  readonly answered: boolean;
}

/** What a binding stands for, given the names before it. An error of CEL is thrown, an absent key finds nothing. */
export function matchesOf(compiled: CompiledBinding, scope: Record<string, unknown>, candidates: Candidates): Match {
  const key = compiled.on.map(({ key }) => keyValue(key, scope));
  const near = compiled.on.length > 0 ? candidates.lookup(compiled, key) : candidates.of(compiled);
  const labels: Record<string, string> = {};
  if (compiled.burst) {
    for (const [index, { field }] of compiled.on.entries()) {
      const name = field.join('.');
      const value = key[index];
      // Captures stand in lines, not on sources: no source could be asked for them.
      if (typeof value === 'string' && name === 'node') labels[name] = value;
    }
  }
  const found = compiled.where ? near.filter((candidate) => passes(compiled, candidate, scope, candidates)) : near;
  return { found, answered: found.length > 0 || candidates.wasRead(compiled, labels) };
}

function keyValue(key: Compiled, scope: object): unknown {
  try {
    return unwrap(key.run(scope));
  } catch (error) {
    if (runError(error).noSuchKey) return undefined;
    throw error;
  }
}

/** Whether a candidate meets `where`; decided once per candidate if `where` reads nothing else. */
export function passes(
  compiled: CompiledBinding,
  candidate: Candidate,
  scope: object,
  candidates: Candidates,
): boolean {
  const { where, whereAlone, binding } = compiled;
  if (!where) return true;
  const known = whereAlone ? candidates.decided(compiled).get(candidate) : undefined;
  if (known !== undefined) return known;
  const inner = Object.create(scope) as Record<string, unknown>;
  inner[binding.name] = candidate.value;
  const passed = where.run(inner);
  if (typeof passed !== 'boolean') throw new Error(`"where" of ${binding.name} is not true or false`);
  if (whereAlone) candidates.decided(compiled).set(candidate, passed);
  return passed;
}
