// Puts effects under their likely cause, by what rules say they explain and what two findings share. Pure.

import { patternHits } from '../rules/patterns.ts';
import type { Explains, SharedBy } from '../rules/rule.ts';
import { severities, sharedBy } from '../rules/rule.ts';
import { alsoShared, keysBy, type Stated } from './shared-keys.ts';

export type { Stated } from './shared-keys.ts';

/** Effects of one direct cause, for one reason; numbers are places in the list of findings. */
export interface Link {
  readonly cause: number;
  readonly effects: readonly number[];
  readonly why: string;
}

/** A finding that nothing else explains, and all that follows from it. */
export interface Group {
  readonly cause: number;
  readonly links: readonly Link[];
}

interface Relation {
  readonly by: SharedBy;
  readonly effectSays: string | undefined;
  readonly why: string;
  /** Findings of the cause's rule by what they share; the likeliest first. */
  readonly causes: ReadonlyMap<string, readonly number[]>;
  /** Rules between the deepest cause and this one: of two that explain the same, the nearer one does. */
  readonly depth: number;
}
/** A finding with its place in time, in milliseconds; where nothing is known, no time rules it out. */
interface Placed extends Stated {
  readonly began: number;
  readonly ended: number;
}
interface Parent {
  readonly cause: number;
  readonly why: string;
}

/** Clocks of nodes differ; and a machine that is lost says why in a log that begins when it has booted again. */
const toleranceMillis = 15 * 60_000;

/** The order of the groups is that of the findings; each finding is in at most one. */
export function groupByCause(stated: readonly Stated[], explainsOf: (rule: string) => readonly Explains[]): Group[] {
  const findings = stated.map(placed);
  const relations = relationsOf(findings, explainsOf);
  const parents = new Map<number, Parent>();
  for (const [at, effect] of findings.entries()) {
    const parent = parentOf(at, effect, findings, relations.get(effect.rule) ?? [], parents);
    if (parent) parents.set(at, parent);
  }
  const children = new Map<number, number[]>();
  for (const [effect, { cause }] of parents) put(children, cause, effect);
  return [...children.keys()]
    .filter((cause) => !parents.has(cause))
    .sort((a, b) => a - b)
    .map((cause) => ({ cause, links: linksFrom(cause, children, parents) }));
}

/** For each rule whose findings may be effects: the relations to it that have a cause among the findings. */
function relationsOf(
  findings: readonly Placed[],
  explainsOf: (rule: string) => readonly Explains[],
): Map<string, Relation[]> {
  const byRule = new Map<string, number[]>();
  for (const [at, { rule }] of findings.entries()) put(byRule, rule, at);
  const depths = depthsOf([...byRule.keys()].sort(), explainsOf);
  const relations = new Map<string, Relation[]>();
  for (const [rule, places] of [...byRule].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const likeliest = places.toSorted((a, b) => compareCauses(findings[a] as Placed, findings[b] as Placed) || a - b);
    for (const { rules, by, causeSays, effectSays, atLeast, why } of explainsOf(rule)) {
      const effects = rules.filter(({ id }) => byRule.has(id));
      if (effects.length === 0) continue;
      const causes = new Map<string, number[]>();
      for (const at of likeliest) {
        const { severity, subject, message } = findings[at] as Placed;
        if (atLeast && severities.indexOf(severity) > severities.indexOf(atLeast)) continue;
        if (!hits([subject, message], causeSays)) continue;
        for (const key of new Set(keysBy[by].ofCause(findings[at] as Placed))) put(causes, key, at);
      }
      const relation = { by, effectSays, why, causes, depth: depths.get(rule) ?? 0 };
      for (const { id } of effects) put(relations, id, relation);
    }
  }
  return relations;
}

/** The more severe, then the earlier one. */
function compareCauses(a: Placed, b: Placed): number {
  return rank(a) - rank(b) || (a.began < b.began ? -1 : a.began > b.began ? 1 : 0);
}

/** How many rules, of those that found something, may stand before each. */
function depthsOf(rules: readonly string[], explainsOf: (rule: string) => readonly Explains[]): Map<string, number> {
  const depths = new Map(rules.map((rule) => [rule, 0]));
  // A circle of rules would go on for ever.
  for (const _ of rules) {
    let changed = false;
    for (const rule of rules) {
      for (const { id } of explainsOf(rule).flatMap((each) => each.rules)) {
        const depth = (depths.get(rule) ?? 0) + 1;
        if ((depths.get(id) ?? depth) >= depth) continue;
        depths.set(id, depth);
        changed = true;
      }
    }
    if (!changed) break;
  }
  return depths;
}

/** The nearest cause that is possible: what is shared most closely, then what stands directly before the effect. */
function parentOf(
  at: number,
  effect: Placed,
  findings: readonly Placed[],
  relations: readonly Relation[],
  parents: ReadonlyMap<number, Parent>,
): Parent | undefined {
  const nearest = relations.toSorted((a, b) => sharedBy.indexOf(a.by) - sharedBy.indexOf(b.by) || b.depth - a.depth);
  const keys = new Map<SharedBy, readonly string[]>();
  for (const { by, effectSays, why, causes } of nearest) {
    const sought = keys.get(by) ?? keysBy[by].ofEffect(effect);
    keys.set(by, sought);
    const candidates = new Set(sought.flatMap((key) => causes.get(key) ?? []));
    if (candidates.size === 0 || !hits([effect.subject, effect.message, ...effect.excerpts], effectSays)) continue;
    for (const cause of candidates) {
      const stated = findings[cause];
      if (!stated || follows(cause, at, parents) || !isPossible(stated, effect)) continue;
      if (alsoShared(by, stated, effect)) return { cause, why };
    }
  }
  return undefined;
}

/** A cause is at most one step milder than its effect, and does not begin after it. */
function isPossible(cause: Placed, effect: Placed): boolean {
  return rank(cause) <= rank(effect) + 1 && cause.began <= effect.ended + toleranceMillis;
}

function placed(finding: Stated): Placed {
  const times = finding.times.map(Date.parse).filter(Number.isFinite);
  const began = times.length > 0 ? Math.min(...times) : Number.NEGATIVE_INFINITY;
  return { ...finding, began, ended: times.length > 0 ? Math.max(...times) : Number.POSITIVE_INFINITY };
}

const hits = (texts: readonly string[], pattern: string | undefined): boolean =>
  pattern === undefined || texts.some((text) => patternHits(text, pattern));

/** True where `finding` is, by way of others, an effect of `cause`, or the same. */
function follows(finding: number, cause: number, parents: ReadonlyMap<number, Parent>): boolean {
  for (let at: number | undefined = finding; at !== undefined; at = parents.get(at)?.cause)
    if (at === cause) return true;
  return false;
}

const rank = (finding: Stated): number => severities.indexOf(finding.severity);

/** All that follows from a cause, the direct effects first. */
function linksFrom(
  root: number,
  children: ReadonlyMap<number, readonly number[]>,
  parents: ReadonlyMap<number, Parent>,
): Link[] {
  const links: Link[] = [];
  for (let causes = [root]; causes.length > 0; causes = causes.flatMap((cause) => children.get(cause) ?? [])) {
    for (const cause of causes) {
      const byWhy = new Map<string, number[]>();
      for (const effect of children.get(cause) ?? []) {
        const why = parents.get(effect)?.why ?? '';
        put(byWhy, why, effect);
      }
      for (const [why, effects] of byWhy) links.push({ cause, effects: effects.sort((a, b) => a - b), why });
    }
  }
  return links;
}

function put<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
