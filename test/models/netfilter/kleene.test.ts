import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alternatives,
  and,
  likely,
  not,
  or,
  settle,
  type Truth,
  unknown,
  withoutContradiction,
} from '../../../src/models/netfilter/kleene.ts';

const [a, b]: Truth[] = [unknown('A'), unknown('B')];

test('false dominates, and the negation of what is not known is not known', () => {
  assert.is(and(a!, false), false);
  assert.equal(and(a!, true), a);
  assert.is(or([a!, true]), true);
  assert.equal(or([a!, false]), a);
  assert.equal(not(a!), [{ atom: 'A', negated: true }]);
  assert.equal(not(not(a!)), a);
});

test('an assumption made before decides the same condition later', () => {
  assert.is(settle(a!, ['A']), true);
  assert.is(settle(a!, ['not: A']), false);
  assert.is(settle(not(a!), ['not: A']), true);
  assert.equal(settle(and(a!, b!), ['A']), b);
});

test('several conditions fail together, and that too is remembered', () => {
  const both = and(a!, b!);
  const { holds, fails } = alternatives(both as never);
  assert.equal(holds, ['A', 'B']);
  assert.equal(fails, ['not: all of (A; B)']);
  assert.is(settle(both, fails), false);
});

test('of what is nearly always so the other way is not followed', () => {
  assert.is(alternatives(likely('within the limit', true) as never).only, 'holds');
  assert.is(alternatives(likely('seen before', false) as never).only, 'fails');
  assert.equal(alternatives(not(likely('seen before', false)) as never).only, 'holds');
});

test('two ways that differ in one condition alone have the rest in common', () => {
  assert.equal(withoutContradiction(['X', 'A'], ['X', 'not: A']), ['X']);
  assert.equal(withoutContradiction(['A', 'B'], ['not: all of (A; B)']), []);
  assert.is(withoutContradiction(['A'], ['B']), undefined);
  assert.is(withoutContradiction(['A'], ['A']), undefined);
});

test.run();
