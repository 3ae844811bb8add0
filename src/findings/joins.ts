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
  const found = compiled.where ? passing(compiled, near, scope, candidates) : near;
  return { found, answered: found.length > 0 || candidates.wasRead(compiled, labelsOf(compiled, key)) };
}

/** By which the sources of a log are told apart: captures stand in lines, no source could be asked for them. */
function labelsOf({ burst, on }: CompiledBinding, key: readonly unknown[]): Readonly<Record<string, string>> {
  const node = burst ? key[on.findIndex(({ field }) => field.join('.') === 'node')] : undefined;
  return typeof node === 'string' ? { node } : {};
}

function keyValue(key: Compiled, scope: object): unknown {
  try {
    return unwrap(key.run(scope));
  } catch (error) {
    if (runError(error).noSuchKey) return undefined;
    throw error;
  }
}

/** Those that meet `where`; decided once for a list if `where` reads nothing but the fact. */
function passing(
  compiled: CompiledBinding,
  near: readonly Candidate[],
  scope: Record<string, unknown>,
  candidates: Candidates,
): readonly Candidate[] {
  const decided = compiled.whereAlone ? candidates.decided(compiled) : undefined;
  const known = decided?.get(near);
  if (known) return known;
  const { name } = compiled.binding;
  try {
    const found = near.filter((candidate) => passes(compiled, candidate, scope));
    // The list itself where all do: what was made of it is shared.
    const passed = found.length === near.length ? near : found;
    decided?.set(near, passed);
    return passed;
  } finally {
    // Where the join fails, no text may speak of the last one looked at.
    scope[name] = undefined;
  }
}

/** Whether a candidate meets `where`; sets the name of the binding in `scope`. */
export function passes(
  { where, binding }: CompiledBinding,
  candidate: Candidate,
  scope: Record<string, unknown>,
): boolean {
  if (!where) return true;
  scope[binding.name] = candidate.value;
  const passed = where.run(scope);
  if (typeof passed !== 'boolean') throw new Error(`"where" of ${binding.name} is not true or false`);
  return passed;
}
