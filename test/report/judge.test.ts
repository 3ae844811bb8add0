// What the threads of the rules draw beside findings is what this thread would draw.

import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { openStore } from '../../src/facts/open-store.ts';
import { readBundle } from '../../src/facts/read-bundle.ts';
import { brokenPaths } from '../../src/report/broken-paths.ts';
import { judge } from '../../src/report/judge.ts';
import { pictureFacts } from '../../src/report/picture-facts/picture-facts.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

test('pictures and packet paths come from the threads as they would from here', async () => {
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
  const sample = fileURLToPath(new URL('../../samples/service-without-masquerade', import.meta.url));
  const { facts } = await readBundle(sample, { ...knowledge, limits: defaultLimits, jobs: 1 });
  const judged = await judge(knowledge, facts, { limits: defaultLimits, jobs: 2 });
  const store = openStore(facts);
  assert.ok(judged.pictures.nodes.length > 0);
  assert.equal(judged.pictures, pictureFacts(store));
  assert.ok(judged.broken.paths.length > 0);
  const packOf = (id: string) => knowledge.rules.find((rule) => rule.id === id)?.pack;
  assert.equal(judged.broken, brokenPaths(store, judged.outcomes, packOf));
});

test.run();
