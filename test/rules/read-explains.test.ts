// What a rule says it explains is checked at load, with the place and a way out.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { keysBy } from '../../src/findings/shared-keys.ts';
import { checkRules } from '../../src/rules/load-rules.ts';
import { explainsKeys } from '../../src/rules/read-explains.ts';
import { problemText, sharedBy } from '../../src/rules/rule.ts';
import { ruleText, vocabulary } from './small-world.ts';

const body = 'given: { container: Container }\nfailsWhen: container.restarts > 1\n';
const file = (name: string, text: string) => ({ file: `rules/pack/${name}.yaml`, pack: 'pack', name, text });
const cause = (explains: string) => file('some-rule', ruleText(`${body}explains:\n${explains}`));
const effect = file('dead-pod', ruleText(`id: dead-pod\n${body}`));
const check = (explains: string, more: readonly string[] = []) => {
  const { rules, problems } = checkRules([cause(explains), effect], vocabulary, undefined, more);
  return { rules, problems: problems.map((problem) => problemText(problem).replace('rules/pack/some-rule.yaml:', '')) };
};

test('a relation is read whole', () => {
  const { rules, problems } = check(
    '  - { rules: [dead-pod], by: node, causeSays: a, effectSays: "b|c", atLeast: error, why: It dies of it. }',
  );
  assert.equal(problems, []);
  const [relation] = rules.find(({ id }) => id === 'some-rule')?.explains ?? [];
  assert.equal(relation, {
    rules: [{ id: 'dead-pod', line: 4, column: 15 }],
    by: 'node',
    causeSays: 'a',
    effectSays: 'b|c',
    atLeast: 'error',
    why: 'It dies of it.',
  });
});

test('an unknown rule is named with its place and the nearest known one, and costs the relation alone', () => {
  const { rules, problems } = check('  - { rules: [dead-pot, dead-pod], by: node, why: It dies of it. }');
  assert.equal(problems, ['4:15: "explains" names rule "dead-pot", which does not exist (did you mean "dead-pod"?)']);
  const own = rules.find(({ id }) => id === 'some-rule');
  assert.equal(
    own?.explains.map((each) => each.rules.map(({ id }) => id)),
    [['dead-pod']],
  );
});

test('rules that are known and not loaded may be named', () => {
  const line = '  - { rules: [built-in], by: node, why: It dies of it. }';
  assert.is(check(line).problems.length, 1);
  assert.equal(check(line, ['built-in']).problems, []);
});

test('each form that a relation cannot have is told with its place and a way out', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['  - { rules: [dead-pod], by: nodes, why: It dies. }', /^4:30: unknown by "nodes" \(did you mean "node"\?\)/],
    ['  - { rules: [dead-pod], by: node }', /^4:5: missing key "why" in "explains"/],
    ['  - { rules: [dead-pod], by: node, says: x, why: It dies. }', /^4:36: unknown key "says" in "explains"/],
    ['  - { rules: [dead-pod], by: node, effectSays: "(", why: It dies. }', /^4:48: RE2 refuses the pattern/],
    ['  - { rules: [dead-pod], by: cluster, why: It dies. }', /^4:30: "by: cluster" needs "effectSays"/],
    ['  - { rules: [some-rule], by: node, why: It dies. }', /^4:15: a rule does not explain itself/],
    ['  - { rules: [dead-pod], by: node, why: It dies }', /^4:41: "why" is one sentence for the reader/],
    ['  - { rules: [dead-pod], by: node, atLeast: fatal, why: It dies. }', /^4:45: unknown severity "fatal"/],
    ['  - dead-pod', /^4:5: each of "explains" must say "rules", "by" and "why"/],
    ['  { rules: [dead-pod] }', /^4:3: "explains" must be a list/],
  ];
  for (const [text, expected] of wrong) assert.match(check(text).problems[0] ?? 'no problem', expected, text);
});

test('the schema knows the same keys and words, and asks a cluster-wide relation for its words too', () => {
  const schema = JSON.parse(readFileSync(new URL('../../rules/rule.schema.json', import.meta.url), 'utf8'));
  const { properties } = schema.properties.explains.items;
  assert.equal(Object.keys(properties).sort(), [...explainsKeys].sort());
  assert.equal(properties.by.enum, [...sharedBy]);
  assert.equal(Object.keys(keysBy).sort(), [...sharedBy].sort());
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  const accepts = (relation: string) =>
    validate(parse(cause(`  - { rules: [dead-pod], ${relation}, why: It dies. }`).text));
  assert.ok(accepts('by: node'));
  assert.ok(accepts('by: cluster, effectSays: lost'));
  assert.not.ok(accepts('by: cluster'));
});

test.run();
