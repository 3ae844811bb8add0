import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { summarise } from '../../../src/models/path/summarise.ts';
import type { Branch, Verdict } from '../../../src/models/path/trace.ts';

const branch = (verdict: Verdict, weight: number, ...assumptions: readonly string[]): Branch => ({
  weight,
  assumptions,
  steps: [],
  end: { verdict, node: '', reason: '', symptom: '' },
});
const shares = (...branches: readonly Branch[]) =>
  summarise(branches).map(({ verdict, least, most }) => `${verdict} ${least}-${most}`);

test('without assumptions least and most are the share of the dice', () => {
  assert.equal(shares(branch('delivered', 1 / 3), branch('dropped', 2 / 3)), [
    'delivered 0.333333333-0.333333333',
    'dropped 0.666666667-0.666666667',
  ]);
});

test('an open condition makes an interval of what it decides, and of nothing else', () => {
  assert.equal(shares(branch('delivered', 0.5), branch('refused', 0.5, 'A'), branch('dropped', 0.5, 'not: A')), [
    'delivered 0.5-0.5',
    'refused 0-0.5',
    'dropped 0-0.5',
  ]);
});

test('alternatives that end alike are certain together', () => {
  assert.equal(shares(branch('dropped', 1, 'A'), branch('dropped', 1, 'not: A')), ['dropped 1-1']);
});

test('what is taken for granted opens nothing', () => {
  assert.equal(shares(branch('delivered', 1, 'the bundle holds all Pods')), ['delivered 1-1']);
});

test('with very many conditions the bounds are wider, never wrong', () => {
  const many = Array.from({ length: 20 }, (_, at) => [
    branch('delivered', 1, `${at}`),
    branch('dropped', 1, `not: ${at}`),
  ]);
  assert.equal(shares(...many.flat()), ['delivered 0-1', 'dropped 0-1']);
});

test.run();
