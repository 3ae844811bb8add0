// Rules in their threads: one that takes too long or too much costs its own verdict alone.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits, type Limits } from '../../src/bundle/limits.ts';
import type { Piece } from '../../src/bundle/source.ts';
import { encodeFacts } from '../../src/facts/parse-source.ts';
import { createStoreBuilder, type SealedFacts } from '../../src/facts/seal-store.ts';
import { evaluateRules } from '../../src/findings/evaluate-rules.ts';
import { ruleGaps } from '../../src/findings/rule-gaps.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { Container, check, ruleText, vocabulary } from '../rules/small-world.ts';

const rule = (id: string, failsWhen: string): Rule => {
  const { rules, problems } = check(
    ruleText(`given: { container: Container }\nfailsWhen: '${failsWhen}'`).replace('some-rule', id),
    id,
  );
  assert.equal(problems, []);
  return rules[0] as Rule;
};

function facts(): SealedFacts {
  const builder = createStoreBuilder(vocabulary.factTypes);
  const source: Piece['source'] = { path: 'pods.yaml', kind: 'PodList', layout: 'plain', root: '', labels: {} };
  const values = Array.from({ length: 40 }, (_, pod) => {
    return { namespace: 'shop', pod: `checkout-${pod}`, name: 'api', node: 'w1', containerId: 'a' };
  });
  builder.add(source, 1, {
    facts: encodeFacts(values.map((value) => ({ type: Container.name, value, span: [1, 5] }))),
    problems: [],
    hits: [],
    kept: undefined,
    answered: [],
    hosts: [],
    logs: [],
  });
  return builder.seal();
}

const good = [rule('good-one', 'container.name == "api"'), rule('good-two', 'container.name == "web"')];
/** Within the steps of one evaluation, but for forty containers. */
const slow = rule('slow-one', 'lists.range(9000).all(a, lists.range(90).map(b, "x").sort().size() > 0) && false');
const hungry = rule(
  'hungry-one',
  'lists.range(9).map(a, lists.range(99000).map(b, [string(a), string(b), string(b)])).size() < 0',
);

const evaluated = (rules: readonly Rule[], limits: Partial<Limits>) =>
  evaluateRules({ rules, vocabulary }, facts(), { jobs: 2, limits: { ...defaultLimits, ...limits } });

for (const [bad, limits, code] of [
  [slow, { ruleMillis: 20 }, 'RULE_TIMEOUT'],
  [slow, { rulesMillis: 1 }, 'RULE_TIMEOUT'],
  [hungry, { workerBytes: 16 * 1024 * 1024 }, 'WORKER_OOM'],
] as const) {
  const [name] = Object.keys(limits);
  test(`${name}: a rule over it ends in an error, and a gap names its file`, async () => {
    const [outcome] = await evaluated([bad], limits);
    assert.is(outcome?.verdict, 'error');
    const [gap] = ruleGaps({ problems: [], rules: [bad] }, outcome ? [outcome] : []);
    assert.is(gap?.code, code);
    assert.match(gap?.path ?? '', `${bad.id}.yaml`);
    assert.match(gap?.detail ?? '', /--limit [a-z-]+=/);
  });
}

test('all other outcomes are those of a run without the bad ones', async () => {
  const limits = { ruleMillis: 1000 };
  const endless = rule(
    'endless-one',
    'lists.range(999).all(a, "{{x}}".matches("x+x+y") || lists.range(999).all(b, true))',
  );
  const alone = await evaluated(good, limits);
  const beside = await evaluated([endless, good[0] as Rule, slow, good[1] as Rule], limits);
  const names = new Set(good.map(({ id }) => id));
  assert.equal(
    beside.filter((outcome) => names.has(outcome.rule)),
    alone,
  );
});

test.run();
