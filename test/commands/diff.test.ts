import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderJson } from '../../src/report/report-json.ts';
import { sampleReport } from '../report/sample-report.ts';
import { drydock, filesIn, newFolder, write } from './drydock.ts';

const sample = new URL('../../samples/swap-on-node', import.meta.url).pathname;
const complete = { ...sampleReport, coverage: { ...sampleReport.coverage, gap: 0, gaps: [] } };
const [worst] = complete.findings;
const folder = write(newFolder(), {
  'before/report.json': renderJson({ ...complete, findings: [] }),
  'after/report.json': renderJson(complete),
  'gaps/report.json': renderJson({
    ...complete,
    coverage: { ...complete.coverage, gaps: [{ code: 'FILE_UNREADABLE', path: 'x/y.yaml', detail: 'EIO' }] },
  }),
  'other/report.json': renderJson({
    ...complete,
    bundle: { ...complete.bundle, cluster: { ...complete.bundle.cluster, id: 'another' } },
  }),
});
const at = (name: string) => join(folder, name);

test('two reports: three files, and the words on the terminal', () => {
  const output = newFolder();
  const { code, out, err } = drydock('diff', at('before'), at('after/report.json'), '-o', output);
  assert.is(code, 0, err);
  assert.equal(Object.keys(filesIn(output)), ['diff.html', 'diff.json', 'diff.md']);
  assert.match(out, /not compared/);
  for (const name of ['html', 'json', 'md']) assert.ok(out.includes(`Diff: ${join(output, `diff.${name}`)}`));
});

test('new findings fail a build that asks for it, and old ones do not', () => {
  const quiet = ['--quiet', '--format', 'json'];
  assert.is(worst?.severity, 'critical');
  const failsOn = (before: string, severity: string) =>
    drydock('diff', at(before), at('after'), '-o', newFolder(), '--fail-on', severity, ...quiet).code;
  assert.is(failsOn('after', 'info'), 0);
  assert.is(failsOn('before', 'info'), 1);
  assert.is(failsOn('before', 'none'), 0);
});

test('a side with a gap, and another cluster, are exit code 3', () => {
  for (const name of ['gaps', 'other']) {
    const { code, out, err } = drydock('diff', at('after'), at(name), '-o', newFolder(), '--quiet');
    assert.equal([code, out, err], [3, '', '']);
  }
});

test('what is wrong in the call is said, and nothing is written', () => {
  const output = join(newFolder(), 'out');
  for (const words of [
    [],
    [at('before')],
    [at('before'), at('after'), 'third'],
    [at('before'), at('after'), '--format', 'csv'],
  ]) {
    const { code, err } = drydock('diff', ...words, '-o', output);
    assert.is(code, 2);
    assert.match(err, /^drydock: /);
  }
  const broken = write(newFolder(), { 'x.json': '{"schema": "other/1"}' });
  const { code, err } = drydock('diff', join(broken, 'x.json'), at('after'), '-o', output, '--quiet');
  assert.is(code, 2);
  assert.match(err, /x\.json: This is not a report/);
});

test('a bundle beside its own report with saved facts: nothing but what fails on', () => {
  const output = newFolder();
  assert.is(drydock('analyze', sample, '-o', output, '--save-facts', '--quiet', '--format', 'json').code, 0);
  const saved = join(output, 'swap-on-node');
  const { code, err } = drydock('diff', saved, sample, '-o', join(output, 'diff'), '--quiet', '--format', 'json');
  assert.is(code, 0, err);
  const diff = JSON.parse(filesIn(join(output, 'diff'))['diff.json'] ?? '');
  assert.equal([diff.before.from, diff.after.from, diff.settings.compared], ['saved facts', 'bundle', true]);
  assert.equal(diff.settings.changes, []);
  assert.equal(diff.settings.notComparable, []);
  assert.is(diff.findings.still.length, diff.after.findings);
});

test.run();
