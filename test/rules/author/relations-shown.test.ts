// What rule authors get to read of relations: in show, in explain from both sides, and in the index.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { indexMarkdown } from '../../../src/rules/author/docs.ts';
import { explainRule } from '../../../src/rules/author/explain.ts';
import { showRule } from '../../../src/rules/author/show.ts';
import { checkRules } from '../../../src/rules/load-rules.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { ruleText, vocabulary } from '../small-world.ts';

const body = 'given: { container: Container }\nfailsWhen: container.restarts > 1\n';
const relation =
  'explains:\n  - { rules: [dead-pod], by: node, effectSays: lost, atLeast: error, why: It dies of it. }\n';
const file = (name: string, text: string) => ({ file: `rules/pack/${name}.yaml`, pack: 'pack', name, text });
const { rules } = checkRules(
  [file('some-rule', ruleText(`${body}${relation}`)), file('dead-pod', ruleText(`id: dead-pod\n${body}`))],
  vocabulary,
);
const named = (id: string): Rule => rules.find((rule) => rule.id === id) as Rule;

test('show ends with what the rule explains, and under which conditions', () => {
  assert.ok(
    showRule(named('some-rule')).endsWith(
      'Explains\n  - dead-pod, by node; this at least error; that says lost: It dies of it.',
    ),
  );
});

test('explain names the rules that may be the cause', () => {
  assert.ok(
    explainRule(named('dead-pod'), vocabulary, rules).endsWith('Explained by\n  - some-rule, by node: It dies of it.'),
  );
  assert.not.ok(explainRule(named('some-rule'), vocabulary, rules).includes('Explained by'));
});

test('the index has a table of all relations, and none where there are none', () => {
  assert.match(
    indexMarkdown(rules),
    '| [some-rule](pack/some-rule.yaml) | [dead-pod](pack/dead-pod.yaml) | node | It dies of it. |',
  );
  assert.not.ok(indexMarkdown([named('dead-pod')]).includes('What explains what'));
});

test.run();
