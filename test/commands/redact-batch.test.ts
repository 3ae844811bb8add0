// `--redact` over several inputs: what the reports hide, their folders, the index and its failures do not tell either.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetIndex } from '../../src/report/fleet/fleet-index.ts';
import { drydock, newFolder, write } from './drydock.ts';
import { swapRule } from './swap-rule.ts';

const rule = swapRule();
const machine = (name: string) => ({
  [`in/sosreport-${name}/proc/swaps`]: 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda1 partition 1024 0 -2\n',
  [`in/sosreport-${name}/etc/hostname`]: `${name}\n`,
  [`in/sosreport-${name}/sos_commands/host/hostname`]: `${name}\n`,
});

test('folders have numbers, the index says what the reports say, and only the journal knows the inputs', () => {
  const folder = write(newFolder(), {
    ...machine('pier-9-gw'),
    ...machine('quay-4-gw'),
    'in/sosreport-berth-7.acme.com.tar': 'this is no archive',
    'rules/own/swap-area.yaml': rule,
  });
  const words = ['--no-builtin-rules', '--rules', join(folder, 'rules'), '--redact', '--jobs', '1', '--quiet'];
  const out = join(folder, 'out');
  const inputs = readdirSync(join(folder, 'in')).map((name) => join(folder, 'in', name));
  const ran = drydock('analyze', ...inputs, '-o', out, ...words);
  assert.is(ran.code, 3, ran.err);
  const folders = readdirSync(out).filter((name) => !/^(?:index\.|journal)/.test(name));
  assert.equal(folders.sort(), ['bundle-2', 'bundle-3']);
  const pages = ['index.html', 'index.md', 'index.json'].map((name) => readFileSync(join(out, name), 'utf8'));
  for (const page of pages)
    for (const hidden of ['pier-9', 'quay-4', 'berth-7', 'acme', folder]) assert.not.ok(page.includes(hidden), hidden);
  const { bundles, failures } = JSON.parse(pages[2] ?? '') as FleetIndex;
  assert.equal(
    failures.map(({ name }) => name),
    ['bundle'],
  );
  for (const bundle of bundles) {
    const report = JSON.parse(readFileSync(join(out, bundle.folder, 'report.json'), 'utf8'));
    assert.is(bundle.name, report.bundle.name);
    assert.match(bundle.name, /^sosreport-host-\w{6}$/);
  }
  const asked = drydock(
    'query',
    out,
    'SELECT coalesce(folder, name) AS name, input FROM bundles ORDER BY 1',
    '-o',
    'json',
  );
  assert.equal(
    JSON.parse(asked.out).map(({ name, input }: Record<string, string>) => [name, input?.split('/').at(-1)]),
    [
      ['bundle', 'sosreport-berth-7.acme.com.tar'],
      ['bundle-2', 'sosreport-pier-9-gw'],
      ['bundle-3', 'sosreport-quay-4-gw'],
    ],
  );
});

test('a folder with plain reports is refused, and one with redacted reports takes no plain ones', () => {
  const folder = write(newFolder(), {
    ...machine('pier-9-gw'),
    ...machine('quay-4-gw'),
    'rules/own/swap-area.yaml': rule,
  });
  const inputs = readdirSync(join(folder, 'in')).map((name) => join(folder, 'in', name));
  const analyze = (out: string, ...words: readonly string[]) =>
    drydock(
      ...['analyze', ...inputs, '-o', join(folder, out), '--no-builtin-rules', '--rules', join(folder, 'rules')],
      ...['--jobs', '1', '--quiet', '--format', 'json', ...words],
    );
  assert.is(analyze('plain').code, 0);
  assert.is(analyze('redacted', '--redact').code, 0);
  const again = analyze('redacted', '--redact');
  assert.is(again.code, 0, again.err);
  for (const [out, ...words] of [['plain', '--redact'] as const, ['redacted'] as const]) {
    for (const dry of [[], ['--dry-run']]) {
      const { code, err } = analyze(out, ...words, ...dry);
      assert.is(code, 2, err);
      assert.match(err, /redact.*choose another folder with -o/);
    }
  }
  const map = join(folder, 'redacted', 'bundle', 'redaction-map.json');
  const { code, err } = analyze('redacted', '--redact', '--redact-key', map);
  assert.is(code, 2);
  assert.match(err, /lies in the output folder.*copy it elsewhere/);
  assert.is(analyze('other', '--redact', '--redact-key', map).code, 0);
});

test.run();
