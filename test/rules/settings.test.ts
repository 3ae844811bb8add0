// Settings: named thresholds, and one file that overrides them.

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSettings } from '../../src/rules/settings.ts';

const text =
  'full: { value: 0.8, unit: share, doc: Nearly full. }\nmost: { value: 5, doc: Many. }\nnames: { value: [a, b], doc: Known. }\n';
const own = readSettings(text, 's.yaml');

test('each setting has the type of its value', () => {
  assert.equal(own.problems, []);
  assert.equal(
    Object.entries(own.settings).map(([name, { type }]) => `${name} ${type}`),
    ['full double', 'most int', 'names list'],
  );
});

test('an override changes values and nothing else', () => {
  const { settings, problems } = readSettings('full: 1\nmost: { value: 7 }\n', 'mine.yaml', own.settings);
  assert.equal(problems, []);
  assert.equal(settings, {
    full: { type: 'double', value: 1, doc: 'Nearly full.', unit: 'share' },
    most: { type: 'int', value: 7, doc: 'Many.' },
  });
});

test('an unknown setting and a wrong type are problems with their places', () => {
  const { problems } = readSettings('ful: 1\nmost: 7.5\n', 'mine.yaml', own.settings);
  assert.equal(problems, [
    { file: 'mine.yaml', line: 1, column: 1, message: 'unknown setting "ful"', suggestion: 'did you mean "full"?' },
    { file: 'mine.yaml', line: 2, column: 1, message: 'setting "most" needs a value of type int' },
  ]);
});

test('a setting without a reason is a problem', () => {
  assert.is(readSettings('most: 5\n', 's.yaml').problems[0]?.message, 'setting "most" needs a "doc": why this value');
});

test('the settings of the rules are fine', () => {
  const file = new URL('../../rules/settings.yaml', import.meta.url);
  assert.equal(readSettings(readFileSync(file, 'utf8'), 'settings.yaml').problems, []);
});

test.run();
