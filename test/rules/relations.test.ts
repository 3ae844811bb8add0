// Every declared relation can hold: each side, as the tests beside the rules find it, has what the relation looks for.

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { Outcome } from '../../src/findings/outcome.ts';
import { ruleTestKit } from '../../src/findings/rule-test-kit.ts';
import { keysBy, type Stated } from '../../src/findings/shared-keys.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

const { rules, vocabulary, catalogue } = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const kit = ruleTestKit(catalogue);
const related = new Set(rules.flatMap(({ id, explains }) => (explains.length > 0 ? [id] : [])));
for (const { explains } of rules) for (const { id } of explains.flatMap((each) => each.rules)) related.add(id);

interface Case {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly gatheredAt?: string;
  readonly expect: { readonly verdict: string };
}

/** What the failing cases beside a rule find. */
const found = new Map<string, Stated[]>();
const { language, rules: compiled } = compileRules(rules, vocabulary);
for (const each of compiled.filter(({ rule }) => related.has(rule.id))) {
  const text = parse(readFileSync(each.rule.file.replace(/\.yaml$/, '.test.yaml'), 'utf8')) as Case & { cases: Case[] };
  const stated: Stated[] = [];
  for (const { files, gatheredAt, expect } of text.cases) {
    if (expect.verdict !== 'fail') continue;
    const all = Object.entries({ ...text.files, ...files }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    );
    const store = await kit.factsOf(Object.fromEntries(all), [each.rule], gatheredAt ?? text.gatheredAt);
    const [outcome] = kit.evaluate({ language, rules: [each] }, store) as Outcome[];
    const lines = all.map(([, content]) => content);
    stated.push(...(outcome?.findings ?? []).map((finding) => ({ ...finding, excerpts: lines })));
  }
  found.set(each.rule.id, stated);
}

for (const { id, explains } of rules) {
  for (const { rules: effects, by, why } of explains) {
    test(`${id} explains ${effects.map((effect) => effect.id).join(', ')} by ${by}: ${why}`, () => {
      const has = (rule: string, side: 'ofCause' | 'ofEffect') =>
        (found.get(rule) ?? []).some((finding) => keysBy[by][side](finding).length > 0);
      assert.ok(has(id, 'ofCause'), `no test of ${id} finds anything that could be shared by ${by}`);
      for (const effect of effects) {
        assert.ok(has(effect.id, 'ofEffect'), `no test of ${effect.id} finds anything that could be shared by ${by}`);
      }
    });
  }
}

test.run();
