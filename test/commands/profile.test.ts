// `analyze --profile`: tells where the time went, beside the answer, and leaves the report as it is.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drydock, filesIn, newFolder } from './drydock.ts';

const samples = new URL('../../samples/', import.meta.url).pathname;
const sample = join(samples, 'swap-on-node');

test('stages, kinds of source, rules and formats are told on standard error, and no byte of the report is another', () => {
  const [plain, profiled] = [newFolder(), newFolder()];
  const first = drydock('analyze', sample, '-o', plain);
  const second = drydock('analyze', sample, '-o', profiled, '--profile');
  assert.is(second.code, first.code);
  assert.is(second.out, first.out.replaceAll(plain, profiled));
  for (const stage of [
    'rules and layouts',
    'threads: parse',
    'threads: rules',
    'html',
    'write to disk',
    'MiB of memory',
  ])
    assert.ok(second.err.includes(stage), `${stage}: ${second.err}`);
  assert.match(second.err, /threads: parse .*\n +[A-Z]\w+ /);
  assert.is(first.err, '');
  assert.equal(filesIn(profiled), filesIn(plain));
  for (const folder of [plain, profiled]) rmSync(folder, { recursive: true });
});

test('a batch is many runs, and refuses it', () => {
  const { code, err } = drydock('analyze', sample, join(samples, 'healthy'), '--profile', '-o', newFolder());
  assert.is(code, 2);
  assert.match(err, '--profile is for one bundle');
});

test.run();
