// Reads `explains`: which findings of other rules a finding leads to, and what both must share for that.

import { isMap, isSeq, type Node } from 'yaml';
import { inspectPattern } from './patterns.ts';
import type { Explains, Rule, RuleProblem } from './rule.ts';
import { severities, sharedBy } from './rule.ts';
import type { Reading } from './rule-reader.ts';
import { didYouMean } from './suggest.ts';

export const explainsKeys = ['rules', 'by', 'causeSays', 'effectSays', 'atLeast', 'why'] as const;
const longestWhy = 200;

export function readExplains(node: Node | undefined, own: string, reading: Reading): Explains[] {
  if (!node) return [];
  if (!isSeq(node) || node.items.length === 0) {
    reading.complain(node, '"explains" must be a list', '- { rules: [unready-node], by: node, why: … }');
    return [];
  }
  return node.items.flatMap((each) => readOne(each as Node, own, reading) ?? []);
}

function readOne(node: Node, own: string, reading: Reading): Explains | undefined {
  if (!isMap(node)) {
    reading.complain(node, 'each of "explains" must say "rules", "by" and "why"');
    return undefined;
  }
  const values = reading.keys(node, explainsKeys, ['rules', 'by', 'why'], '"explains"');
  const rules = readRules(values.get('rules'), own, reading);
  const by = reading.oneOf(values.get('by'), 'by', sharedBy);
  const causeSays = readPattern(values.get('causeSays'), 'causeSays', reading);
  const effectSays = readPattern(values.get('effectSays'), 'effectSays', reading);
  const atLeast = reading.oneOf(values.get('atLeast'), 'severity', severities);
  const why = reading.text(values.get('why'), 'why');
  if (why !== undefined && (why.length > longestWhy || !/[^.]\.$/.test(why) || /[<>]/.test(why))) {
    reading.complain(values.get('why'), `"why" is one sentence for the reader, of at most ${longestWhy} characters`);
  }
  if (by === 'cluster' && !values.has('effectSays')) {
    const way = 'give the words of an effect that has this cause';
    reading.complain(
      values.get('by'),
      '"by: cluster" needs "effectSays": in one cluster much goes wrong at a time',
      way,
    );
  }
  if (!by || why === undefined) return undefined;
  return {
    rules,
    by,
    ...(causeSays && { causeSays }),
    ...(effectSays && { effectSays }),
    ...(atLeast && { atLeast }),
    why,
  };
}

function readRules(node: Node | undefined, own: string, reading: Reading): Explains['rules'] {
  const places = node && isSeq(node) ? (node.items as Node[]) : node ? [node] : [];
  return places.flatMap((each) => {
    const id = reading.text(each, 'explains.rules');
    if (id === own) reading.complain(each, 'a rule does not explain itself');
    return id === undefined || id === own ? [] : [{ id, ...reading.place(each) }];
  });
}

function readPattern(node: Node | undefined, name: string, reading: Reading): string | undefined {
  const pattern = reading.text(node, name);
  const refused = pattern === undefined ? undefined : inspectPattern(pattern).refused;
  if (refused === undefined) return pattern;
  reading.complain(node, `RE2 refuses the pattern: ${refused}`);
  return undefined;
}

/**
 * Takes relations to rules that nobody knows out of the rules, and tells of each. The rule itself stays: what it finds is
 * true without them.
 */
export function withKnownEffects(
  rules: readonly Rule[],
  known: ReadonlySet<string>,
): { readonly rules: readonly Rule[]; readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const checked = rules.map((rule): Rule => {
    const unknown = rule.explains.flatMap((each) => each.rules.filter(({ id }) => !known.has(id)));
    if (unknown.length === 0) return rule;
    for (const { id, line, column } of unknown) {
      const suggestion = didYouMean(id, known);
      const message = `"explains" names rule "${id}", which does not exist`;
      problems.push({ file: rule.file, line, column, message, ...(suggestion && { suggestion }) });
    }
    const explains = rule.explains.map((each) => ({ ...each, rules: each.rules.filter(({ id }) => known.has(id)) }));
    return { ...rule, explains: explains.filter((each) => each.rules.length > 0) };
  });
  return { rules: checked, problems };
}
