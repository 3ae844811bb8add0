// `rules list`, `rules show` and `rules lint` as text.

import { type Explains, problemText, type Rule, type RuleProblem } from '../rule.ts';
import { nearest } from '../suggest.ts';

/** One line a rule: pack, severity, id, title. */
export function listRules(rules: readonly Rule[]): string {
  const rows = rules
    .map((rule) => [rule.pack, rule.severity, rule.id, rule.title] as const)
    .sort((a, b) => (a[0] + a[2] < b[0] + b[2] ? -1 : 1));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, count(rules.length, 'rule')].join('\n');
}

/** The rule called `id`; undefined with a suggestion where none is. */
export function findRule(
  rules: readonly Rule[],
  id: string,
): { readonly rule: Rule } | { readonly rule: undefined; readonly suggestion: string | undefined } {
  const rule = rules.find((each) => each.id === id || `${each.pack}/${each.id}` === id);
  if (rule) return { rule };
  return {
    rule,
    suggestion: nearest(
      id,
      rules.map((each) => each.id),
    ),
  };
}

/** A rule as its reader wants it: what it says and what to do, before how it decides. */
export function showRule(rule: Rule): string {
  const severity = [rule.severity, ...rule.severityWhen.map((each) => `${each.severity} when ${flat(each.when.text)}`)];
  const sections: readonly (readonly [string, string])[] = [
    ['Meaning', rule.meaning],
    ['Impact', rule.impact],
    ['Diagnosis', rule.diagnosis],
    ['Remediation', rule.remediation],
    ['Often wrong when', rule.falsePositives.map((each) => `- ${each}`).join('\n')],
    ['References', rule.references.map((each) => `- ${each}`).join('\n')],
    ['Fails when', rule.failsWhen.text.trim()],
    ['Applies when', rule.appliesWhen?.text.trim() ?? ''],
    ['Explains', rule.explains.map(explainsText).join('\n')],
  ];
  return [
    `${rule.id} · ${rule.title}`,
    `${severity.join(', ')} · ${rule.status} · pack ${rule.pack}${list(' · ', rule.catalog)}${list(' · tags ', rule.tags)}`,
    rule.file,
    ...sections.filter(([, text]) => text !== '').map(([title, text]) => `\n${title}\n${indent(text)}`),
  ].join('\n');
}

/** `- unready-node, by node; that says Unknown: why.` */
export function explainsText({ rules, by, causeSays, effectSays, atLeast, why }: Explains): string {
  const also = [
    atLeast && `this at least ${atLeast}`,
    causeSays && `this says ${causeSays}`,
    effectSays && `that says ${effectSays}`,
  ].filter(Boolean);
  return `- ${rules.map(({ id }) => id).join(', ')}, by ${[by, ...also].join('; ')}: ${why}`;
}

export function lintText(rules: readonly Rule[], problems: readonly RuleProblem[]): string {
  const lines = problems.map(problemText);
  const files = new Set(problems.map(({ file }) => file)).size;
  const bad = problems.length === 0 ? 'no problems' : `${count(problems.length, 'problem')} in ${count(files, 'file')}`;
  return [...lines, `${count(rules.length, 'sound rule')}, ${bad}`].join('\n');
}

export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

export const flat = (text: string): string => text.trim().replace(/\s+/g, ' ');
export const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
const list = (before: string, words: readonly string[]): string => (words.length > 0 ? before + words.join(' ') : '');
