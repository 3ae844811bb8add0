// Matches one line with one pattern, by V8's fast engine where that is sure to be quick, else by RE2's linear one.

import { RE2JS } from 're2js';
import { toRegExp } from '../text/re2.ts';
import type { LogPattern } from './scan-log.ts';

export interface LineMatcher {
  readonly isCaseless: boolean;
  /** The named groups of a hit. */
  match(line: string): Record<string, string> | undefined;
}

/** For a pattern of which nobody said on how long a line V8 is quick. */
const longestByDefault = 1000;

export function createLineMatcher({ pattern, longestOnV8 = longestByDefault }: LogPattern): LineMatcher {
  const v8 = longestOnV8 > 0 ? toRegExp(pattern) : undefined;
  let re2: RE2JS | undefined;
  let names: readonly string[] = [];

  function byV8(expression: RegExp, line: string): Record<string, string> | undefined {
    const match = expression.exec(line);
    if (!match) return undefined;
    const groups: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.groups ?? {})) if (value !== undefined) groups[name] = value;
    return groups;
  }

  function byRe2(line: string): Record<string, string> | undefined {
    if (!re2) {
      re2 = RE2JS.compile(pattern);
      names = Object.keys(re2.namedGroups());
    }
    const matcher = re2.matcher(line);
    if (!matcher.find()) return undefined;
    const groups: Record<string, string> = {};
    for (const name of names) {
      const value = matcher.group(name);
      if (value !== null && value !== undefined) groups[name] = value;
    }
    return groups;
  }

  return {
    isCaseless: v8?.ignoreCase ?? /^\(\?[ms]*i/.test(pattern),
    match: (line) => (v8 && line.length <= longestOnV8 ? byV8(v8, line) : byRe2(line)),
  };
}
