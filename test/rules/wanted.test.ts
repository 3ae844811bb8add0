// What rules ask of a bundle.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { logPatternId, wantedOf } from '../../src/rules/wanted.ts';
import { check, ruleText } from './small-world.ts';

test('fact types, objects and patterns are gathered from all rules', () => {
  const { rules, problems } = check(
    ruleText(`
given:
  container: Container
  deployment: { object: apps/Deployment, many: true }
  pod: { object: Pod, many: true }
  burst: { log: KubeletLog, pattern: 'pod (?P<pod>\\S+) failed', optional: true }
failsWhen: 'true'
`),
  );
  assert.equal(problems, []);
  const { factTypes, objects, logPatterns } = wantedOf(rules);
  assert.equal([...factTypes].sort(), ['Container', 'KubernetesObject']);
  assert.equal([...objects].sort(), ['/Pod', 'apps/Deployment']);
  const pattern = 'pod (?P<pod>\\S+) failed';
  const id = logPatternId('KubeletLog', pattern);
  assert.equal(logPatterns, [{ id, log: 'KubeletLog', pattern, longestOnV8: 2000, groupBy: [], hint: ' failed' }]);
});

test('a pattern that several rules look for is looked for once', () => {
  const text = (hint: string) =>
    ruleText(
      `given: { burst: { log: KernelLog, pattern: 'oom (a|b) killed', hint: '${hint}' } }\nfailsWhen: 'true'\nsubject: x`,
    );
  const rules = [' killed', 'oom '].flatMap((hint) => check(text(hint)).rules);
  assert.equal(
    wantedOf(rules).logPatterns.map(({ hint }) => hint),
    [' killed'],
  );
});

test.run();
