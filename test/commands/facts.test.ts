// `facts`, `query` and `render`: what was read, from a bundle and from its saved form.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drydock, newFolder } from './drydock.ts';

const sample = new URL('../../samples/healthy', import.meta.url).pathname;
const folder = newFolder();
const saved = join(folder, 'healthy');
assert.is(drydock('analyze', sample, '-o', folder, '--save-facts', '--quiet').code, 0);

interface Printed {
  readonly name?: string;
  readonly place?: string;
}
const json = (text: string): readonly Printed[] => JSON.parse(text) as readonly Printed[];

test('facts lists the types, and the facts of one with their places', () => {
  const { out, code } = drydock('facts', sample, 'Pod', '-o', 'json');
  assert.is(code, 0);
  assert.equal(
    json(out).map(({ name }) => name),
    ['checkout-6c9f7d5b8-4xk2p', 'checkout-6c9f7d5b8-9mzqd'],
  );
  assert.match(json(out)[0]?.place ?? '', /namespaces\/shop\/core\/pods\.yaml:\d+-\d+$/);
  assert.match(drydock('facts', sample).out, /^Pod +2 /m);
});

test('saved facts are the same as those read anew', () => {
  assert.is(
    drydock('facts', saved, 'Container', '-o', 'json').out,
    drydock('facts', sample, 'Container', '-o', 'json').out,
  );
});

test('--where keeps the facts that meet it, and a field that is absent does not', () => {
  const names = (where: string) => json(drydock('facts', saved, 'Pod', '-o', 'json', '--where', where).out).length;
  assert.is(names('fact.phase == "Running"'), 2);
  assert.is(names('fact.phase == "Failed"'), 0);
  assert.is(names('fact.deletedAt < timestamp("2030-01-01T00:00:00Z")'), 0);
});

test('--where with a mistake shows the place and a suggestion', () => {
  const { code, err } = drydock('facts', saved, 'Pod', '--where', 'fact.phse == "Failed"');
  assert.is(code, 2);
  assert.match(err, /\^.*phse.*phase/s);
});

test('an unknown type gets a suggestion', () => {
  const { code, err } = drydock('facts', saved, 'Pods');
  assert.is(code, 2);
  assert.match(err, /Pod/);
});

test('query sees a view for each type', () => {
  const statement = 'SELECT name, qosClass, path FROM Pod ORDER BY name';
  const { code, out } = drydock('query', saved, statement, '-o', 'json');
  assert.is(code, 0);
  assert.equal(
    json(out).map(({ name }) => name),
    ['checkout-6c9f7d5b8-4xk2p', 'checkout-6c9f7d5b8-9mzqd'],
  );
});

test('query is read-only, and says where saved facts come from', () => {
  const copy = join(folder, 'copy.sqlite');
  for (const statement of ['DELETE FROM fact', `VACUUM INTO '${copy}'`, `ATTACH '${copy}' AS other`]) {
    assert.is(drydock('query', saved, statement).code, 2, statement);
  }
  assert.not.ok(existsSync(copy));
  assert.is(drydock('query', saved, 'WITH pods AS (SELECT name FROM Pod) SELECT count(*) FROM pods').code, 0);
  assert.match(drydock('query', join(folder, 'nothing.sqlite'), 'SELECT 1').err, '--save-facts');
});

test('render makes each format from a saved report, byte for byte', () => {
  for (const format of ['html', 'md', 'json']) {
    const target = join(folder, `again.${format}`);
    assert.is(drydock('render', join(saved, 'report.json'), '--format', format, '-o', target).code, 0);
    assert.is(readFileSync(target, 'utf8'), readFileSync(join(saved, `report.${format}`), 'utf8'));
  }
});

test('render refuses what is no report, by name', () => {
  const { code, err } = drydock('render', join(sample, 'README.md'));
  assert.is(code, 2);
  assert.match(err, 'README.md');
});

test('doctor and rules list run', () => {
  assert.is(drydock('doctor').code, 0);
  assert.is(drydock('rules', 'list').code, 0);
});

test.run();
