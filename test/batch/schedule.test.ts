// The order of work: largest first, as many as the memory allows, and one that needs the machine alone last.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bundle } from '../../src/batch/plan.ts';
import { byWork, memoryFor, nextOf } from '../../src/batch/schedule.ts';

const mebibyte = 1024 * 1024;
const bundle = (path: string, sizeBytes: number): Bundle => ({
  path,
  input: path,
  folder: path,
  kind: 'file',
  sizeBytes,
});
const [small, middle, large] = [bundle('s', 1000), bundle('m', 4 * mebibyte), bundle('l', 50 * mebibyte)] as const;
const waits = (each: Bundle, alone = false) => ({ bundle: each, alone });
const room = { children: 4, budgetBytes: memoryFor(large) + memoryFor(small) };

test('the largest comes first, and of equal ones the first by path', () => {
  const order = [small, bundle('b', 5), large, bundle('a', 5), middle].sort(byWork).map(({ path }) => path);
  assert.equal(order, ['l', 'm', 's', 'a', 'b']);
});

test('beside one that runs begins the largest that the memory still allows', () => {
  assert.is(nextOf([waits(large), waits(middle), waits(small)], [], room), 0);
  assert.is(nextOf([waits(middle), waits(small)], [waits(large)], room), 1);
  assert.is(nextOf([waits(middle)], [waits(large)], room), undefined);
});

test('one that is larger than all the memory begins when nothing else runs', () => {
  const tight = { children: 4, budgetBytes: 1 };
  assert.is(nextOf([waits(large)], [], tight), 0);
  assert.is(nextOf([waits(small)], [waits(large)], tight), undefined);
});

test('no more begin than there may be children', () => {
  assert.is(nextOf([waits(small)], [waits(small), waits(small)], { children: 2, budgetBytes: 2 ** 50 }), undefined);
});

test('one that needs the machine alone waits for the others, and nothing begins beside it', () => {
  assert.is(nextOf([waits(large, true), waits(small)], [], room), 1);
  assert.is(nextOf([waits(large, true)], [waits(small)], room), undefined);
  assert.is(nextOf([waits(large, true)], [], room), 0);
  assert.is(nextOf([waits(small)], [waits(large, true)], room), undefined);
});

test.run();
