// Texts with `{{ CEL }}` inside are cut at the right braces.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isWritable, textParts } from '../../src/rules/texts.ts';

test('text and expressions alternate, with their places', () => {
  assert.equal(textParts('a {{ b.c }}, {{d}}!'), [
    { is: 'text', text: 'a ' },
    { is: 'cel', text: 'b.c', start: 5 },
    { is: 'text', text: ', ' },
    { is: 'cel', text: 'd', start: 15 },
    { is: 'text', text: '!' },
  ]);
});

test('braces of maps and of strings do not end an expression', () => {
  assert.equal(textParts(`{{ {'a': {'b': 1}}['a'] }}{{ "}}" }}`), [
    { is: 'cel', text: `{'a': {'b': 1}}['a']`, start: 3 },
    { is: 'cel', text: '"}}"', start: 29 },
  ]);
});

test('an expression without an end, and an empty one, are told with their places', () => {
  assert.equal(textParts('ab {{ c }'), { start: 3, message: '"{{" without "}}"' });
  assert.equal(textParts('ab {{ }}'), { start: 3, message: '"{{ }}" is empty' });
});

test('what cannot be read in a text is not writable', () => {
  for (const type of [
    'string',
    'list<int>',
    'dyn',
    'map<string, double>',
    'google.protobuf.Timestamp',
    'Quantity',
    'list',
  ]) {
    assert.ok(isWritable(type), type);
  }
  for (const type of ['Container', 'list<Container>', 'optional<int>', 'map<string, Container>'])
    assert.not(isWritable(type), type);
});

test.run();
