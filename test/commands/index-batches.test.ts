// `drydock index`: the parts of a batch as one, with links that hold, and never without what is missing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetIndex } from '../../src/report/fleet/fleet-index.ts';
import { drydock, newFolder, write } from './drydock.ts';
import { swapRule } from './swap-rule.ts';

const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda1 partition 1024 0 -2\n';

test('several batches become one index, whose links lead to the reports, and which query reads', () => {
  const folder = write(newFolder(), {
    'in/one/proc/swaps': swaps,
    'in/two/proc/swaps': swaps,
    'in/three/proc/swaps': swaps,
    'in/four': 'no bundle',
    'rules/own/swap-area.yaml': swapRule(),
  });
  const rules = ['--no-builtin-rules', '--rules', join(folder, 'rules')];
  const analyze = (out: string, one: string, other: string, ...words: readonly string[]) => {
    const inputs = [one, other].map((name) => join(folder, 'in', name));
    return drydock('analyze', ...inputs, ...words, '-o', join(folder, out), '--jobs', '1', '--quiet', ...rules);
  };
  assert.is(analyze('monday', 'one', 'two').code, 0);
  assert.is(analyze('tuesday', 'three', 'four').code, 3);
  assert.is(analyze('wednesday', 'one', 'two', '--since', '2999-01-01').code, 0);
  const batches = ['monday', 'tuesday', 'wednesday'].map((out) => join(folder, out));
  const out = join(folder, 'all');
  const made = drydock('index', ...batches, '-o', out, ...rules);
  assert.is(made.code, 3, made.err);
  assert.match(made.out, '4 bundles of 3 batches');
  const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8')) as FleetIndex;
  assert.equal(index.bundles.map(({ name }) => name).sort(), ['one', 'three', 'two']);
  assert.equal(
    index.failures.map(({ name }) => name),
    ['four'],
  );
  for (const bundle of index.bundles) assert.ok(existsSync(join(out, bundle.folder, bundle.page)), bundle.folder);
  const asked = drydock('query', out, 'SELECT count(DISTINCT folder) AS found FROM findings', '-o', 'json');
  assert.equal(JSON.parse(asked.out), [{ found: 3 }]);
  const again = drydock('index', ...batches.reverse(), '-o', out, ...rules, '--quiet');
  assert.is(again.out, '');
  assert.equal(JSON.parse(readFileSync(join(out, 'index.json'), 'utf8')), index);
  const own = drydock('index', ...batches, '-o', batches[0] ?? '');
  assert.is(own.code, 2);
  assert.match(own.err, /index of its own batch/);
});

test('what is no batch is named, and nothing is written', () => {
  const folder = write(newFolder(), { 'reports/a/report.json': '{}' });
  const { code, err } = drydock('index', join(folder, 'reports'), '-o', join(folder, 'all'));
  assert.is(code, 2);
  assert.match(err, /reports is no output folder of a batch/);
  assert.not.ok(existsSync(join(folder, 'all')));
});

test.run();
