// What rules leave unanswered becomes a gap of the coverage: a rule that was refused, one that broke, one that took too long.

import { basename, dirname } from 'node:path';
import type { Gap } from '../bundle/coverage.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import type { Outcome } from './outcome.ts';

/** Files are named by pack and name: where the program is installed must not reach a report. */
export function ruleGaps(
  { problems, rules }: Pick<Knowledge, 'problems' | 'rules'>,
  outcomes: readonly Outcome[],
): Gap[] {
  const fileOf = new Map(rules.map(({ id, file }) => [id, shortPath(file)]));
  const refused = problems.map(({ file, line, column, message, suggestion }): Gap => {
    const more = suggestion === undefined ? '' : ` (${suggestion})`;
    return { code: 'RULE_REJECTED', path: shortPath(file), detail: `${line}:${column}: ${message}${more}` };
  });
  const broken = outcomes.flatMap(({ rule, errors }): Gap[] => {
    const [first] = errors;
    if (first === undefined) return [];
    const [, code = 'RULE_ERROR', said = ''] = /^(?:(RULE_TIMEOUT|RULE_ERROR): )?(.*)$/s.exec(first) ?? [];
    const others = errors.length > 1 ? ` (the first of ${errors.length} messages)` : '';
    return [{ code: code as Gap['code'], path: fileOf.get(rule) ?? rule, detail: `${said}${others}` }];
  });
  return [...refused, ...broken];
}

const shortPath = (file: string): string => `${basename(dirname(file))}/${basename(file)}`;
