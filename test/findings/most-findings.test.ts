// A rule that finds very much: the first findings are listed, the others counted, and the verdict stays.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleGaps } from '../../src/findings/rule-gaps.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { api, outcome } from '../rules/small-world.ts';

const everything = "given: { container: Container }\nfailsWhen: 'true'\nsubject: '{{ container.name }}'\nmessage: x";
const containers = Array.from({ length: 10 }, (_, index) => api({ name: `c${index}` }));
const rules = [{ id: 'some-rule', file: '/opt/rules/pack/some-rule.yaml' } as Rule];

test('findings past the limit are counted in a gap that names the rule and the flag', () => {
  const result = outcome(everything, { facts: { Container: containers } }, { mostFindings: 3 });
  assert.is(result.verdict, 'fail');
  assert.is(result.examined, 10);
  assert.equal(
    result.findings.map(({ subject }) => subject),
    ['c0', 'c1', 'c2'],
  );
  assert.equal(ruleGaps({ problems: [], rules }, [result], { findings: 3 }), [
    {
      code: 'LIMIT_FINDINGS',
      path: 'pack/some-rule.yaml',
      detail: '7 more findings are not listed; the limit findings is 3, --limit findings=6 doubles it',
    },
  ]);
});

test('as many as the limit are all listed, without a gap', () => {
  const result = outcome(everything, { facts: { Container: containers } }, { mostFindings: 10 });
  assert.is(result.findings.length, 10);
  assert.equal(ruleGaps({ problems: [], rules }, [result]), []);
});

test.run();
