// What rule authors get to read: list, show, explain, docs; and the files of a new rule.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsers } from '../../../src/facts/parsers.ts';
import { factsMarkdown, indexMarkdown } from '../../../src/rules/author/docs.ts';
import { readKindDocs, readUndecidable } from '../../../src/rules/author/docs-sources.ts';
import { explainRule } from '../../../src/rules/author/explain.ts';
import { newRule } from '../../../src/rules/author/new-rule.ts';
import { findRule, lintText, listRules, showRule } from '../../../src/rules/author/show.ts';
import { findRuleFiles } from '../../../src/rules/load-rules.ts';
import { check, ruleText, vocabulary } from '../small-world.ts';

const { rules } = check(
  ruleText(`
given:
  container: Container
  memory: { fact: NodeMemory, on: { node: container.node } }
  burst: { log: KubeletLog, pattern: 'probe of (?P<pod>\\S+) failed', on: { pod: container.pod } }
let: { share: memory.totalBytes / 2 }
appliesWhen: container.qosClass == "Guaranteed"
failsWhen: container.limits.memoryBytes > share && container.restarts > settings.mostRestarts
catalog: [MEM-001]
`),
);
const builtinRules = new URL('../../../rules', import.meta.url).pathname;
const [rule] = rules;
if (!rule) throw new Error('the rule did not load');

test('the list has a line a rule and their number', () => {
  assert.is(listRules(rules), 'pack  warning  some-rule  Something is wrong\n1 rule');
});

test('a rule is found by id, or the nearest one is named', () => {
  assert.is(findRule(rules, 'pack/some-rule').rule, rule);
  assert.equal(findRule(rules, 'some-rul'), { rule: undefined, suggestion: 'some-rule' });
});

test('show begins with what the reader needs', () => {
  assert.match(
    showRule(rule),
    /^some-rule · Something is wrong\nwarning · stable · pack pack · MEM-001\n[^\n]*\n\nMeaning\n {2}Meaning\./,
  );
});

test('explain says how parts are joined, what is read, and which settings count', () => {
  const text = explainRule(rule, vocabulary);
  for (const line of [
    'One evaluation per Container, called "container".',
    '"memory" is the NodeMemory with node = container.node. Without it the subject is undecided, and NodeMemory is named as missing.',
    '"burst" is the KubeletLog with pod = container.pod. A log that was read and holds no such line passes the subject.',
    '"share" is memory.totalBytes / 2',
    'Container: One container of a pod.',
    '  limits.memoryBytes: Memory.',
    'mostRestarts = 5: More than this is no accident.',
  ]) {
    assert.ok(text.includes(line), `${line}\n\n${text}`);
  }
});

test('the index is a table by pack, with catalog ids', () => {
  assert.match(
    indexMarkdown(rules),
    '| warning | [some-rule](pack/some-rule.yaml) | Something is wrong | Container, NodeMemory, KubeletLog | MEM-001 |',
  );
});

test('FACTS.md has every type with its fields, where it is read, and functions and settings', () => {
  const text = factsMarkdown(vocabulary, [{ reads: ['KubernetesManifest'], yields: [{ name: 'Container' }] }]);
  for (const line of [
    '## Container',
    'Read from: KubernetesManifest.',
    '| limits.memoryBytes | int, or absent | Memory. |',
    '| conditions[].status | string | Status. |',
    '| startedAt | timestamp, or absent | Start. |',
    '| mostRestarts | 5 |  | More than this is no accident. |',
    '| `string.matches(string): bool` | Whether an RE2 pattern hits a part of the text. |',
  ]) {
    assert.ok(text.includes(line), line);
  }
});

test('the index ends with what cannot be decided, and which rules decide the rest', () => {
  const undecidable = [{ catalog: 'MEM-001', part: 'Growth', reason: 'One moment.' }];
  assert.ok(
    indexMarkdown(rules, undecidable).endsWith(
      '| MEM-001 | Growth | One moment. | [some-rule](pack/some-rule.yaml) |\n',
    ),
  );
});

test('FACTS.md has a row for each kind that is read, with its place, its format and its forms', () => {
  const readers = [{ reads: ['Df'], yields: [{ name: 'InodeUsage' }, { name: 'FilesystemUsage' }] }];
  const kinds = {
    docs: { Df: 'df, blocks.' },
    byContent: new Set(['Df']),
    formats: { Df: { from: 'df(1)', reads: ['-T', 'a | b'] } },
  };
  const text = factsMarkdown(vocabulary, readers, kinds, () => ['insights: df', 'sosreport: **/df']);
  const row = '| Df | df, blocks. | `**/df`, by content | FilesystemUsage, InodeUsage | df(1) | -T; a \\| b |';
  assert.ok(text.includes(row), text);
});

test('the format of every kind that a parser reads is told, and of no other', () => {
  const { formats, docs } = readKindDocs(builtinRules);
  const read = new Set(parsers.flatMap(({ reads }) => reads));
  const without = [...read].filter((kind) => !formats[kind] || !docs[kind]);
  assert.equal(without, [], 'add these to rules/formats.yaml, and to kinds.yaml');
  assert.equal(
    Object.keys(formats).filter((kind) => !read.has(kind)),
    [],
    'no parser reads these',
  );
  assert.ok(readUndecidable(builtinRules).length > 0);
});

test('lint says what is wrong, or that nothing is', () => {
  assert.is(lintText(rules, []), '1 sound rule, no problems');
  assert.is(
    lintText([], [{ file: 'a.yaml', line: 1, column: 2, message: 'm', suggestion: 's' }]),
    'a.yaml:1:2: m (s)\n0 sound rules, 1 problem in 1 file',
  );
});

test('a new rule gets its files, and nothing is overwritten', () => {
  const dir = mkdtempSync(join(tmpdir(), 'drydock-rules-'));
  const templates = new URL('../../../templates/rule', import.meta.url).pathname;
  try {
    assert.ok(newRule('memory/unset-limit', dir, templates).ok);
    assert.equal(
      findRuleFiles(dir).map(({ pack, name }) => `${pack}/${name}`),
      ['memory/unset-limit'],
    );
    const file = join(dir, 'memory/unset-limit.yaml');
    assert.match(readFileSync(file, 'utf8'), 'id: unset-limit\ntitle: Unset limit\n');
    writeFileSync(file, 'mine');
    assert.not(newRule('memory/unset-limit', dir, templates).ok);
    assert.is(readFileSync(file, 'utf8'), 'mine');
    for (const name of ['../x/y', 'memory', 'Memory/x', 'a/../b', 'a/b/c'])
      assert.not(newRule(name, dir, templates).ok, name);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test.run();
