// What rules leave unanswered is named in the coverage.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../src/findings/outcome.ts';
import { ruleGaps } from '../../src/findings/rule-gaps.ts';
import type { Rule } from '../../src/rules/rule.ts';

const rules = [{ id: 'a', file: '/opt/drydock/rules/pack/a.yaml' } as Rule];
const outcome = (errors: readonly string[]): Outcome => ({
  rule: 'a',
  verdict: 'error',
  examined: 0,
  missing: [],
  errors,
  findings: [],
});

test('a refused rule is named by its pack and file, not by where the program is installed', () => {
  const problems = [{ file: '/opt/drydock/rules/pack/b.yaml', line: 3, column: 1, message: 'm', suggestion: 's' }];
  assert.equal(ruleGaps({ problems, rules }, []), [
    { code: 'RULE_REJECTED', path: 'pack/b.yaml', detail: '3:1: m (s)' },
  ]);
});

test('a rule that took too long and one that broke are gaps, one for each rule', () => {
  const gaps = [['RULE_TIMEOUT: slow'], ['x:1: no such key', 'x:2: no such key'], []].flatMap((errors) =>
    ruleGaps({ problems: [], rules }, [outcome(errors)]),
  );
  assert.equal(gaps, [
    { code: 'RULE_TIMEOUT', path: 'pack/a.yaml', detail: 'slow' },
    { code: 'RULE_ERROR', path: 'pack/a.yaml', detail: 'x:1: no such key (the first of 2 messages)' },
  ]);
});

test.run();
