// What is known of a pattern before it meets text.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inspectPattern } from '../../src/rules/patterns.ts';

test('the texts that every hit contains are found, longest first', () => {
  assert.equal(inspectPattern('pod \\S+ failed to start').literals, [' failed to start', 'pod ']);
  assert.equal(inspectPattern('(?:oom|kill)ed process (?P<pid>\\d+)').literals, ['ed process ']);
  assert.equal(inspectPattern('Killed process (?P<pid>\\d+) \\((?P<name>[^)]+)\\)').literals, ['Killed process ']);
  assert.equal(inspectPattern('a failed|b broke').literals, []);
  assert.equal(inspectPattern('colou?r is red').literals, ['r is red', 'colo']);
  assert.equal(inspectPattern('x{3} done').literals, [' done']);
});

test('named groups are known in both spellings', () => {
  assert.equal(inspectPattern('(?P<one>a)(?<two>b)(c)').groups, ['one', 'two']);
});

test('what RE2 refuses has a reason', () => {
  for (const pattern of ['(?=a)', '(?<!a)b', '(a)\\1', 'a{2000}', '(', '[z-a]', 'a**']) {
    assert.type(inspectPattern(pattern).refused, 'string', pattern);
  }
});

test('what V8 reads otherwise, or slowly, is known', () => {
  for (const pattern of [
    '(a+)+b',
    '(\\w+\\s*)*x',
    '(a|aa)+',
    '(.*)(.*)x$',
    '.*\\s*.+x',
    '\\Afoo',
    'foo\\z',
    '\\pL+',
    '[[:digit:]]',
    'a(?i)b',
    '(?U)a+',
    '[]a]b',
    '\\Qa.b\\E',
  ]) {
    assert.type(inspectPattern(pattern).onlyRe2, 'string', pattern);
  }
  for (const pattern of [
    '(?i)foo',
    'a .* b (.*) c .*',
    '(?:foo|bar)baz',
    '(a+)b',
    '[a-z]+\\d*',
    'a{2,5}',
    '\\[x\\]',
    '(?P<a>[^"]+)"',
    '(?i:foo) bar',
    '(foo)?',
  ]) {
    assert.is(inspectPattern(pattern).onlyRe2, undefined, pattern);
  }
});

test.run();
