// Rules kept as checked are the same as rules read anew, and nothing is kept that does not fit any more.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkedRulesJson, checkedRulesName, readCheckedRules } from '../../src/rules/checked-rules.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { readRuleFile } from '../../src/rules/load-rules.ts';

const { rules, vocabulary } = loadKnowledge({ builtin: true, ruleDirs: [], packs: ['swap'], anew: true });
const [rule] = rules;
if (!rule) throw new Error('the pack swap has no rule');

let folder = '';
test.before.each(() => {
  folder = `${mkdtempSync(join(tmpdir(), 'drydock-test-'))}/`;
});
test.after.each(() => rmSync(folder, { recursive: true }));

const keep = (text: string) => writeFileSync(`${folder}${checkedRulesName}`, text);
const json = checkedRulesJson(rules, readRuleFile, vocabulary);

test('every rule that is kept is the one that its file gives', () => {
  keep(json);
  const checked = readCheckedRules(folder, vocabulary);
  for (const each of rules) {
    assert.equal(checked.of(readRuleFile(each)), JSON.parse(JSON.stringify(each)), each.id);
  }
});

test('a rule whose file was changed, moved or given another name is not taken from what was kept', () => {
  keep(json);
  const checked = readCheckedRules(folder, vocabulary);
  const file = readRuleFile(rule);
  assert.is(checked.of({ ...file, text: `${file.text}\n` }), undefined);
  assert.is(checked.of({ ...file, pack: 'other' }), undefined);
  assert.is(checked.of({ ...file, name: 'other' }), undefined);
});

test('other fact types, logs or types of settings make all of it void; other values of settings do not', () => {
  keep(json);
  const [setting = '', was] = Object.entries(vocabulary.settings)[0] ?? [];
  if (!was) throw new Error('there is no setting');
  const withSetting = (change: object) => ({
    ...vocabulary,
    settings: { ...vocabulary.settings, [setting]: { ...was, ...change } },
  });
  const isKept = (other: typeof vocabulary) => readCheckedRules(folder, other).of(readRuleFile(rule)) !== undefined;
  assert.ok(isKept(withSetting({ value: 1 })));
  assert.not(isKept(withSetting({ type: 'dyn' })));
  assert.not(isKept({ ...vocabulary, logs: [...vocabulary.logs, 'OtherLog'] }));
  assert.not(isKept({ ...vocabulary, factTypes: vocabulary.factTypes.slice(1) }));
});

test('a file that is cut off, empty or of something else is as good as none', () => {
  for (const text of [json.slice(0, json.length / 2), '', 'null', '[]', '{"checkedBy": 1}']) {
    keep(text);
    assert.is(readCheckedRules(folder, vocabulary).of(readRuleFile(rule)), undefined, text.slice(0, 20));
  }
  rmSync(`${folder}${checkedRulesName}`);
  assert.is(readCheckedRules(folder, vocabulary).of(readRuleFile(rule)), undefined);
});

test.run();
