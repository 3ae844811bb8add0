// `rules test`: runs the tests beside each rule and says what failed or lacks.

import { readFileSync } from 'node:fs';
import { compileRules } from '../compile.ts';
import { problemText, type Rule, type Vocabulary } from '../rule.ts';
import { type RuleTestResult, type TestKit, testRule } from '../test-rule.ts';
import { count } from './show.ts';

/** `rules/cpu/a.yaml` → `rules/cpu/a.test.yaml`. */
const testFileOf = (rule: Rule): string => rule.file.replace(/\.yaml$/, '.test.yaml');

export async function runRuleTests(
  rules: readonly Rule[],
  vocabulary: Vocabulary,
  kit: TestKit,
): Promise<{ readonly text: string; readonly ok: boolean; readonly results: readonly RuleTestResult[] }> {
  const compiled = compileRules(rules, vocabulary);
  const results: RuleTestResult[] = [];
  for (const rule of compiled.rules) {
    const file = testFileOf(rule.rule);
    results.push(await testRule(rule, compiled.language, { file, text: textOf(file) }, kit));
  }
  const lines = results.flatMap(({ rule, cases, problems }) => [
    ...problems.map(problemText),
    ...cases.flatMap(({ name, line, differences }) =>
      differences.map((difference) => `${rule}, case "${name}" (line ${line}): ${difference}`),
    ),
  ]);
  const cases = results.reduce((sum, each) => sum + each.cases.length, 0);
  const failed = results.flatMap((each) => each.cases).filter((each) => each.differences.length > 0).length;
  const summary = `${count(rules.length, 'rule')}, ${count(cases, 'case')}, ${failed} failed, ${count(lines.length, 'remark')}`;
  return { text: [...lines, summary].join('\n'), ok: lines.length === 0, results };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
