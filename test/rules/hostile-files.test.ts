// Rule files that mean no good: each is refused quickly and by name, and costs no other rule.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadRules } from '../../src/rules/load-rules.ts';
import { oneLine } from '../../src/rules/texts.ts';
import { newFolder, write } from '../commands/drydock.ts';
import { ruleText, vocabulary } from './small-world.ts';

const good = ruleText("given: { container: Container }\nfailsWhen: 'true'").replace('some-rule', 'good');

/** What is said of a file that lies beside a good one. */
function said(content: string | Uint8Array): string[] {
  const folder = write(newFolder(), { 'pack/bad.yaml': content, 'pack/good.yaml': good });
  const { rules, problems } = loadRules([folder], vocabulary);
  assert.equal(
    rules.map(({ id }) => id),
    ['good'],
  );
  for (const { file } of problems) assert.match(file, /pack\/bad\.yaml$/);
  return problems.map(({ message }) => message);
}

test('a file nested to the end of the stack is refused', () => {
  assert.ok(said('['.repeat(200_000)).length > 0);
  assert.ok(
    said(`a:\n${Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(depth + 1)}a:\n`).join('')}`).length > 0,
  );
});

test('aliases that multiply are refused, not followed', () => {
  const levels = [...'bcdefghij'].map(
    (name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join()}]`,
  );
  assert.ok(said(`a: &a [x, x]\n${levels.join('\n')}\nid: *j\n`).length > 0);
});

test('very many keys are refused in the time of one look at each', () => {
  const { user } = process.threadCpuUsage();
  assert.ok(said(Array.from({ length: 30_000 }, (_, index) => `k${index}: 1\n`).join('')).length > 0);
  assert.ok((process.threadCpuUsage().user - user) / 1e6 < 10);
});

test('a key that stands twice is named', () => {
  assert.ok(said(`${good.replace('good', 'bad')}title: another\n`).includes('the key "title" stands twice'));
});

test('a large file is refused without being read whole', () => {
  assert.ok(said(Buffer.alloc(50 * 1024 * 1024, '# \n')).includes('a rule file of more than 256 KiB'));
});

test('a title is words: no tags, and nothing that cannot be seen', () => {
  const titled = (title: string) => said(good.replace('good', 'bad').replace(/^title: .*$/m, `title: ${title}`));
  assert.ok(titled('"<script>alert(1)</script>"').includes('"title" holds a tag'));
  assert.ok(titled('"a \\e[31m b"').includes('"title" holds a character that cannot be seen'));
  assert.ok(titled('"a \\u202e b"').includes('"title" holds a character that cannot be seen'));
});

test('a text of blanks is made one line in the time of its shown part', () => {
  assert.is(oneLine(' '.repeat(5_000_000)), '…');
  assert.is(oneLine('a \n b'), 'a b');
});

test.run();
