// What rules leave unanswered becomes a gap of the coverage: rules refused, broken, too slow, or cut short.

import { basename, dirname } from 'node:path';
import type { Gap } from '../bundle/coverage.ts';
import { defaultLimits, type Limits, limitText } from '../bundle/limits.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import type { Outcome } from './outcome.ts';

/** Files are named by pack and name: where the program is installed must not reach a report. */
export function ruleGaps(
  { problems, rules }: Pick<Knowledge, 'problems' | 'rules'>,
  outcomes: readonly Outcome[],
  limits: Pick<Limits, 'findings'> = defaultLimits,
): Gap[] {
  const fileOf = new Map(rules.map(({ id, file }) => [id, shortPath(file)]));
  const refused = problems.map(({ file, line, column, message, suggestion }): Gap => {
    const more = suggestion === undefined ? '' : ` (${suggestion})`;
    return { code: 'RULE_REJECTED', path: shortPath(file), detail: `${line}:${column}: ${message}${more}` };
  });
  const broken = outcomes.flatMap(({ rule, errors }): Gap[] => {
    const [first] = errors;
    if (first === undefined) return [];
    const [, code = 'RULE_ERROR', said = ''] = coded.exec(first) ?? [];
    const others = errors.length > 1 ? ` (the first of ${errors.length} messages)` : '';
    return [{ code: code as Gap['code'], path: fileOf.get(rule) ?? rule, detail: `${said}${others}` }];
  });
  const cut = outcomes.flatMap((outcome): Gap[] => {
    if (outcome.verdict !== 'fail' || outcome.unlisted === undefined) return [];
    const detail = `${outcome.unlisted} more findings are not listed; ${limitText('findings', limits.findings)}`;
    return [{ code: 'LIMIT_FINDINGS', path: fileOf.get(outcome.rule) ?? outcome.rule, detail }];
  });
  return [...refused, ...broken, ...cut];
}

const coded = /^(?:(RULE_TIMEOUT|RULE_ERROR|WORKER_OOM|WORKER_CRASH): )?(.*)$/s;
const shortPath = (file: string): string => `${basename(dirname(file))}/${basename(file)}`;
