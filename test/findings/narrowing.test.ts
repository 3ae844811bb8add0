// Rules over many facts: what need not be read is left out, and no outcome shows it.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Source } from '../../src/bundle/source.ts';
import { encodeFacts } from '../../src/facts/parse-source.ts';
import { createStoreBuilder, openStore } from '../../src/facts/seal-store.ts';
import type { FactStore } from '../../src/facts/store.ts';
import { evaluate } from '../../src/findings/evaluate.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { CgroupMemory, Container, check, ruleText, vocabulary } from '../rules/small-world.ts';

const containers = Array.from({ length: 6000 }, (_, at) => ({
  namespace: at % 2 === 0 ? 'shop' : 'bank',
  pod: `pod-${at}`,
  name: at === 4321 ? 'odd' : 'api',
  ...(at % 3 > 0 && { qosClass: 'Guaranteed' }),
  containerId: `c${at}`,
  restarts: at,
  conditions: [],
  labels: {},
  extra: 'x'.repeat(600),
}));
const groups = Array.from({ length: 6000 }, (_, at) => ({
  containerId: `c${at}`,
  maxBytes: at,
  node: 'n'.repeat(600),
}));

function store(): FactStore {
  const builder = createStoreBuilder(vocabulary.factTypes);
  const source = (path: string): Source => ({ path, kind: 'Any', layout: 'plain', root: '', labels: {} });
  const facts = (type: string, values: readonly object[]) => ({
    facts: encodeFacts(values.map((value, at) => ({ type, value, span: [at + 1, at + 1] as const }))),
    problems: [],
    hits: [],
    kept: undefined,
    answered: [],
    hosts: [],
    logs: [],
  });
  builder.add(source('pods.yaml'), 1, facts(Container.name, containers));
  builder.add(source('cgroups'), 1, facts(CgroupMemory.name, groups));
  return openStore(builder.seal());
}

/** Counts the facts that were handed out for each question, and may refuse to leave any out. */
function watched(inner: FactStore, isWhole: boolean): { readonly store: FactStore; readonly most: () => number } {
  let most = 0;
  const read: FactStore['read'] = (type, having) => {
    const facts = inner.read(type, isWhole ? undefined : having);
    most = Math.max(most, facts.length);
    return facts;
  };
  return { store: { ...inner, read }, most: () => most };
}

const rules: Readonly<Record<string, { readonly body: string; readonly isNarrow: boolean; readonly verdict: string }>> =
  {
    'a name in a where': {
      body: `given: { container: { fact: Container, where: 'container.name == "odd" && container.restarts > 1' } }
failsWhen: container.restarts == 4321`,
      isNarrow: true,
      verdict: 'fail',
    },
    'one of several names': {
      body: `given: { container: { fact: Container, where: 'container.restarts > 1 && container.name in ["odd", "none"]' } }
failsWhen: container.restarts == 4321`,
      isNarrow: true,
      verdict: 'fail',
    },
    'a join by a key': {
      body: `given:
  container: { fact: Container, where: 'container.name == "odd"' }
  group: { fact: CgroupMemory, on: { containerId: container.containerId } }
failsWhen: group.?maxBytes.orValue(0) == 4321`,
      isNarrow: true,
      verdict: 'fail',
    },
    'joins of every fact': {
      body: `given:
  container: Container
  groups: { fact: CgroupMemory, on: { containerId: container.containerId }, many: true }
failsWhen: groups.exists(g, g.maxBytes > 5990)`,
      isNarrow: false,
      verdict: 'fail',
    },
    'a field that some facts lack, which is an error': {
      body: `given: { container: { fact: Container, where: 'container.qosClass == "Nothing"' } }
failsWhen: 'true'`,
      isNarrow: false,
      verdict: 'error',
    },
    'an optional field with another value instead': {
      body: `given:
  container: { fact: Container, where: 'container.name == "odd"' }
  groups: { fact: CgroupMemory, on: { containerId: container.containerId }, where: 'groups.?node.orValue("") == ""', many: true }
failsWhen: groups.size() > 0`,
      isNarrow: true,
      verdict: 'pass',
    },
  };

for (const [name, { body, isNarrow, verdict }] of Object.entries(rules)) {
  test(`the outcome is that of all facts: ${name}`, () => {
    const compiled = compileRules(check(ruleText(body)).rules, vocabulary);
    const [some, all] = [watched(store(), false), watched(store(), true)];
    const outcome = evaluate(compiled, some.store);
    assert.equal(outcome, evaluate(compiled, all.store));
    assert.is(outcome[0]?.verdict, verdict);
    assert.equal([some.most() < 6000, all.most()], [isNarrow, 6000]);
  });
}

test.run();
