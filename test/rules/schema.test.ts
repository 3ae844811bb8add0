// rule.schema.json says the same as the loader.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { givenKeys } from '../../src/rules/read-given.ts';
import { requiredKeys, ruleKeys } from '../../src/rules/read-rule.ts';
import { severities, statuses } from '../../src/rules/rule.ts';
import { ruleText } from './small-world.ts';

const schema = JSON.parse(readFileSync(new URL('../../rules/rule.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

test('the schema knows the keys that the loader knows', () => {
  assert.equal(Object.keys(schema.properties).sort(), [...ruleKeys].sort());
  assert.equal([...schema.required].sort(), [...requiredKeys].sort());
  const forms = schema.properties.given.additionalProperties.oneOf as { properties?: object }[];
  assert.equal(
    forms.slice(1).map((form) => Object.keys(form.properties ?? {}).sort()),
    Object.values(givenKeys).map((keys) => [...keys].sort()),
  );
  assert.equal(schema.definitions.severity.enum, [...severities]);
  assert.equal(schema.properties.status.enum, [...statuses]);
});

test('the schema accepts a rule with everything in it', () => {
  const rule = ruleText(`
severity: { default: warning, critical: container.restarts > 9 }
catalog: [CPU-001]
tags: [cpu]
given:
  container: { fact: Container, where: container.ready }
  deployment: { object: apps/Deployment, on: { metadata.name: container.pod }, optional: true }
  burst: { log: KubeletLog, pattern: 'x (?P<y>a)', hint: 'x ', timespan: 10m, groupBy: [y], on: { node: container.node }, many: true }
let: { a: container.restarts }
appliesWhen: a > 1
failsWhen: true
evidence: [container.limits, burst]
falsePositives: [never]
references: ['https://example.org']
`);
  assert.ok(validate(parse(rule)), JSON.stringify(validate.errors));
});

test('the schema refuses what the loader refuses', () => {
  for (const wrong of [
    'severity: fatal',
    'failWhen: true',
    'id: Some_Rule',
    'catalog: [cpu]',
    'given: { a: { fact: X, log: Y } }',
  ]) {
    assert.not(
      validate(
        parse(ruleText(`${wrong}\n${wrong.startsWith('given') ? '' : 'given: { c: Container }\n'}failsWhen: c`)),
      ),
      wrong,
    );
  }
});

test('the rule template fits the schema', () => {
  const template = readFileSync(new URL('../../templates/rule/rule.yaml', import.meta.url), 'utf8');
  assert.ok(
    validate(parse(template.replaceAll('%id%', 'a-b').replaceAll('%title%', 'A b'))),
    JSON.stringify(validate.errors),
  );
});

test.run();
