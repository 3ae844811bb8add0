// Bad input: a clear message with the place, the right exit code, and nothing lost of the rest.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Report } from '../../src/report/report.ts';
import { drydock, newFolder, write } from './drydock.ts';
import { swapRule } from './swap-rule.ts';

const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1024 0 -2\n';
const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
spec:
  containers:
  - name: app
    image: registry.example.com/app:1
status:
  phase: Running
`;
const reportIn = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;

test('a file that is no archive: exit 2, its name, what it is instead, and what to do', () => {
  const folder = write(newFolder(), { 'must-gather.tar.gz': '<!DOCTYPE html><html><body>Please log in</body></html>' });
  const { code, err, out } = drydock('analyze', join(folder, 'must-gather.tar.gz'), '-o', join(folder, 'out'));
  assert.is(code, 2);
  assert.match(err, 'must-gather.tar.gz');
  assert.not.match(err, /\n\s+at /);
  assert.is(out, '');
  assert.not.ok(existsSync(join(folder, 'out')));
});

test('an input that does not exist: exit 2 and its name', () => {
  const { code, err } = drydock('analyze', '/nowhere/bundle.tar.gz');
  assert.is(code, 2);
  assert.match(err, '/nowhere/bundle.tar.gz');
});

test('an empty folder: exit 2 and a sentence', () => {
  const folder = newFolder();
  const { code, err } = drydock('analyze', folder, '-o', join(folder, 'out'));
  assert.is(code, 2);
  assert.match(err, /empty/i);
});

test('a truncated archive: exit 3, the gap is named, and what came before the cut is analysed', () => {
  const folder = write(newFolder(), {
    'sos/proc/swaps': swaps,
    'sos/filler': new Uint8Array(300_000).map((_, index) => (index * 7919 + (index >> 3)) & 255),
  });
  const archive = join(folder, 'sos.tar');
  execFileSync('tar', ['-cf', archive, '-C', folder, 'sos/proc/swaps', 'sos/filler']);
  truncateSync(archive, Math.floor(statSync(archive).size / 2));
  const { code } = drydock('analyze', archive, '-o', join(folder, 'out'));
  assert.is(code, 3);
  const { coverage } = reportIn(join(folder, 'out', 'sos'));
  assert.ok(
    coverage.gaps.some((gap) => gap.code === 'ARCHIVE_TRUNCATED'),
    JSON.stringify(coverage.gaps),
  );
  assert.is(coverage.entries, coverage.analysed + coverage.empty + coverage.notRelevant + coverage.gap);
});

test('one broken document costs itself alone', () => {
  const root = 'must-gather/namespaces/shop/pods';
  const folder = write(newFolder(), {
    [`in/${root}/good/good.yaml`]: pod('good'),
    [`in/${root}/bad/bad.yaml`]: 'apiVersion: v1\nkind: Pod\nmetadata: {name: "bad\n  x: [1\n',
  });
  const { code } = drydock('analyze', join(folder, 'in'), '-o', join(folder, 'out'));
  assert.is(code, 3);
  const { coverage } = reportIn(join(folder, 'out', 'in'));
  assert.equal([...new Set(coverage.gaps.map(({ path }) => path.split('/').at(-1)))], ['bad.yaml']);
  assert.ok(coverage.analysed >= 1);
});

test('of several inputs the bad one is named and the others get their reports and an index: exit 3', () => {
  const folder = write(newFolder(), { 'a/proc/swaps': swaps, 'b.tar.gz': 'not an archive', 'c/proc/swaps': swaps });
  const inputs = ['a', 'b.tar.gz', 'c'].map((name) => join(folder, name));
  const { code, err } = drydock('analyze', ...inputs, '-o', join(folder, 'out'));
  assert.is(code, 3);
  assert.match(err, 'b.tar.gz');
  for (const file of ['a/report.html', 'c/report.html', 'index.html', 'index.md', 'index.json']) {
    assert.ok(existsSync(join(folder, 'out', file)), file);
  }
  assert.match(readFileSync(join(folder, 'out', 'index.md'), 'utf8'), 'b');
});

const mistakes: Readonly<Record<string, readonly [from: string, to: string, said: RegExp]>> = {
  'an unknown key': ['failsWhen:', 'failWhen:', /failWhen.*failsWhen/s],
  'an unknown fact type': ['area: SwapArea', 'area: SwapAera', /SwapAera.*SwapArea/s],
  'an unknown field': ['failsWhen: area.sizeBytes', 'failsWhen: area.sizeByte', /sizeByte.*sizeBytes/s],
  'a type error': ['area.sizeBytes > 0', 'area.device > 0', /string/],
  'a condition that is no condition': ['area.sizeBytes > 0', 'area.sizeBytes + 1', /true or false/],
  'an unknown function': ['area.sizeBytes > 0', 'area.device.startWith("/")', /startWith/],
  'an unknown severity': ['severity: warning', 'severity: warn', /warn/],
  'a syntax error in CEL': ['area.sizeBytes > 0', 'area.sizeBytes >', /:8:/],
  'broken YAML': ['tags: [swap]', 'tags: [swap', /mistaken\.yaml:\d+:\d+/],
  'another id than its file': ['id: mistaken', 'id: other', /other/],
  'a pattern that RE2 refuses': [
    'area: SwapArea\nfailsWhen: area.sizeBytes > 0',
    "area: SwapArea\n  hit: { log: KubeletLog, pattern: '(a)\\1' }\nfailsWhen: area.sizeBytes > 0",
    /pattern/i,
  ],
};

for (const [name, [from, to, said]] of Object.entries(mistakes)) {
  test(`a rule with ${name}: its place is told, the other rules run, and the report says what was not asked`, () => {
    const text = swapRule('mistaken');
    assert.ok(text.includes(from), `the text to change is there: ${from}`);
    const folder = write(newFolder(), {
      'rules/own/mistaken.yaml': text.replace(from, to),
      'rules/own/sound.yaml': swapRule('sound'),
      'in/proc/swaps': swaps,
    });
    const words = ['--no-builtin-rules', '--rules', join(folder, 'rules')];
    const { code, err } = drydock('analyze', join(folder, 'in'), '-o', join(folder, 'out'), ...words);
    assert.is(code, 3, err);
    assert.match(err, /mistaken\.yaml:\d+:\d+/);
    assert.match(err, said);
    const report = reportIn(join(folder, 'out', 'in'));
    assert.equal(
      report.findings.map(({ rule }) => rule),
      ['sound'],
    );
    assert.ok(report.coverage.gaps.some((gap) => gap.code === 'RULE_REJECTED'));
    assert.is(drydock('rules', 'lint', ...words).code, 2);
  });
}

test('a wrong option: exit 2 and what there is', () => {
  assert.is(drydock('analyze', '--fail-on', 'loud', 'x').code, 2);
  assert.is(drydock('analyze', '--format', 'pdf', 'x').code, 2);
  assert.is(drydock('analize').code, 2);
  assert.match(drydock('analyze', '--nonsense').err, '--nonsense');
});

test('a word that every object knows is no command', () => {
  for (const words of [['constructor'], ['__proto__'], ['rules', 'toString']]) {
    const { code, err } = drydock(...words);
    assert.is(code, 2);
    assert.match(err, 'no command');
  }
});

test('a folder of rules or a pack that is not there: exit 2 and its name', () => {
  const folder = write(newFolder(), { 'in/proc/swaps': swaps });
  assert.match(drydock('analyze', join(folder, 'in'), '--rules', join(folder, 'none')).err, join(folder, 'none'));
  const { code, err } = drydock('analyze', join(folder, 'in'), '--pack', 'none');
  assert.is(code, 2);
  assert.match(err, '--pack none');
});

test('an output folder that cannot be made: exit 2, why, and what to do', () => {
  const folder = write(newFolder(), { 'in/proc/swaps': swaps, taken: 'a file' });
  const { code, err } = drydock('analyze', join(folder, 'in'), '-o', join(folder, 'taken'));
  assert.is(code, 2);
  assert.match(err, /Cannot write .*taken.*-o/s);
  assert.not.match(err, /internal|\n\s+at /);
});

test('bundles of one name get folders of their own, also beside one that is called like the second', () => {
  const folder = write(newFolder(), { 'x/a/proc/swaps': swaps, 'y/a/proc/swaps': swaps, 'a-2/proc/swaps': swaps });
  const inputs = ['x/a', 'y/a', 'a-2'].map((name) => join(folder, name));
  assert.is(drydock('analyze', ...inputs, '-o', join(folder, 'out')).code, 0);
  for (const name of ['a', 'a-2', 'a-2-2']) assert.ok(existsSync(join(folder, 'out', name, 'report.json')), name);
});

test('a file that is none of its kind fills no report with a gap a line', () => {
  const folder = write(newFolder(), { 'in/proc/swaps': 'nonsense : x\n'.repeat(5000) });
  assert.is(drydock('analyze', join(folder, 'in'), '-o', join(folder, 'out')).code, 3);
  assert.ok(reportIn(join(folder, 'out', 'in')).coverage.gaps.length <= 21);
});

test('facts of a bundle with gaps: exit 3 and a word on it', () => {
  const folder = write(newFolder(), { 'in/proc/swaps': `${swaps}\0\0\0` });
  const { code, err, out } = drydock('facts', join(folder, 'in'), 'SwapArea');
  assert.is(code, 3);
  assert.match(out, '/dev/sda2');
  assert.match(err, /gap/);
});

test('--fail-on makes a finding count: exit 1', () => {
  const folder = write(newFolder(), { 'rules/own/sound.yaml': swapRule('sound'), 'in/proc/swaps': swaps });
  const words = [
    'analyze',
    join(folder, 'in'),
    '-o',
    join(folder, 'out'),
    '--no-builtin-rules',
    '--rules',
    join(folder, 'rules'),
  ];
  assert.is(drydock(...words).code, 0);
  assert.is(drydock(...words, '--fail-on', 'warning').code, 1);
  assert.is(drydock(...words, '--fail-on', 'error').code, 0);
});

test.run();
