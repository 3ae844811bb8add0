// What a set of rules asks of the bundle: fact types, whole objects, and patterns to look for in logs.

import type { LogPattern } from '../facts/logs/scan-log.ts';
import { inspectPattern } from './patterns.ts';
import type { Rule } from './rule.ts';

/** The same pattern in the same log is looked for once, however many rules ask. */
export const logPatternId = (log: string, pattern: string): string => `${log} ${pattern}`;

/** The fact types that the names of a rule stand for. */
export const factTypesOf = ({ given }: Rule): string[] =>
  given.flatMap((each) => (each.is === 'fact' ? each.fact : []));

export interface RulesWant {
  readonly factTypes: ReadonlySet<string>;
  /** `group/Kind`; the core group is empty: `/Pod`. */
  readonly objects: ReadonlySet<string>;
  readonly logPatterns: readonly LogPattern[];
}

export function wantedOf(rules: readonly Rule[]): RulesWant {
  const factTypes = new Set<string>();
  const objects = new Set<string>();
  const patterns = new Map<string, LogPattern>();
  for (const binding of rules.flatMap((rule) => rule.given)) {
    if (binding.is === 'fact') factTypes.add(binding.fact);
    else if (binding.is === 'object') {
      factTypes.add('KubernetesObject');
      objects.add(binding.object);
    } else {
      const pattern = binding.pattern.text;
      const id = logPatternId(binding.log, pattern);
      const { literals, oneOf, longestOnV8 } = inspectPattern(pattern);
      const hint = binding.hint ?? literals[0];
      const before = patterns.get(id)?.hint;
      const longest = [hint, before].filter((each) => each !== undefined).sort(longestFirst)[0];
      // Long texts are rarer, and quicker to search for, also where there are several.
      const isLonger = oneOf.length > 0 && Math.min(...oneOf.map((text) => text.length)) > (longest?.length ?? 0);
      const texts = isLonger ? oneOf : longest === undefined ? [] : [longest];
      const hints = texts.length === 1 ? { hint: texts[0] } : texts.length > 0 ? { oneOf: texts } : {};
      const asked = [...binding.groupBy, ...binding.on.map(({ field }) => field), ...(patterns.get(id)?.groupBy ?? [])];
      const groupBy = [...new Set(asked)].sort();
      patterns.set(id, { id, log: binding.log, pattern, longestOnV8, groupBy, ...hints });
    }
  }
  return { factTypes, objects, logPatterns: [...patterns.keys()].sort().map((id) => patterns.get(id) as LogPattern) };
}

const longestFirst = (a: string, b: string): number => b.length - a.length || (a < b ? -1 : 1);
