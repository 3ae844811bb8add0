import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstStep } from '../../src/report/first-step.ts';

test('the first item of a list, with the lines that belong to it', () => {
  assert.equal(firstStep('1. Free the\n   disk.\n2. Start it.'), { text: 'Free the disk.', of: 2 });
  assert.equal(firstStep('- Free it.\n\n- Start it.'), { text: 'Free it.', of: 2 });
});

test('a lead is passed over, other prose before a list is the first thing', () => {
  assert.equal(firstStep('One of these:\n\n1. Free it.\n2. Grow it.'), { text: 'Free it.', of: 2 });
  assert.equal(firstStep('Free it. Then:\n\nwait.\n1. Start it.'), { text: 'Free it. Then:', of: 1 });
});

test('of long prose the first sentence, and never half a code span', () => {
  const long = 'word '.repeat(60);
  assert.is(firstStep(`Set \`a. b\` first. ${long}`).text, 'Set `a. b` first.');
  assert.is(firstStep(`${long}${long}.`).text, '');
});

test('a block of code is no sentence', () => {
  assert.is(firstStep('```sh\nreboot\n```').text, '');
  assert.is(firstStep('').text, '');
});

test.run();
