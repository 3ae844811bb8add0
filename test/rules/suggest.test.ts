// The nearest known word.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { didYouMean, editDistance, nearest } from '../../src/rules/suggest.ts';

test('a typo leads to its word, a swap of neighbours counts once', () => {
  assert.is(editDistance('faliswhen', 'failswhen'), 1);
  assert.is(nearest('faliswhen', ['appliesWhen', 'failsWhen']), 'failsWhen');
  assert.is(didYouMean('Contaner', ['Container', 'Pod']), 'did you mean "Container"?');
});

test('a word that is like none leads nowhere', () => {
  assert.is(nearest('fatal', ['critical', 'error', 'warning', 'info']), undefined);
  assert.is(didYouMean('x', []), undefined);
});

test('of two that are equally near the first by name is taken', () => {
  assert.is(nearest('pod', ['pol', 'pad']), 'pad');
});

test.run();
