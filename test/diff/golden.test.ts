// One pair as a person reads it; `node test/diff/golden.test.ts --write` writes it anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderDiff } from '../../src/diff/render-diff.ts';
import { all, diffOf, drop, edit, planted, untouched } from './pairs.ts';

const file = new URL('planted.md', import.meta.url);
const gathered = 'must-gather/quay-io-example-must-gather-sha256-5c1d';
const node = 'sosreport-worker-1-2024-09-03-kxqzvbn';
const deployments = `${gathered}/namespaces/shop/apps/deployments.yaml`;
const week = all(
  edit(`${gathered}/timestamp`, /2024-09-03/g, '2024-09-10'),
  edit(`${node}/sos_commands/date/date`, /Sep +3/, 'Sep 10'),
  edit(`${node}/proc/swaps`, /$/, '/dev/dm-1                               partition\t4194300\t\t0\t\t-2\n'),
  edit(deployments, 'checkout:2.4.1', 'checkout:2.5.0'),
  edit(deployments, /^ {4}replicas: 2$/m, '    replicas: 3'),
  drop(`${gathered}/cluster-scoped-resources/core/nodes/master-0.yaml`),
  drop(`${node}/sos_commands/kernel/sysctl_-a`),
);

const diff = diffOf(await untouched('healthy'), await planted('healthy', week));
const text = renderDiff(diff, 'md');
if (process.argv.includes('--write')) writeFileSync(file, text);

test('the diff of a week reads as it was signed', () => {
  assert.is(text, readFileSync(file, 'utf8'));
});

test('the same two bundles give the same bytes, whatever the number of workers', async () => {
  const [a, b] = [await untouched('healthy', 1), await untouched('healthy', 2)];
  for (const format of ['html', 'md', 'json'] as const) {
    assert.is(renderDiff(diffOf(a, b), format), renderDiff(diffOf(b, a), format));
  }
});

test.run();
