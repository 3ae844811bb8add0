// Which patterns V8 may run, and on lines of which length: none of them can stall the scan of a log.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLineMatcher } from '../../src/facts/logs/line-matcher.ts';
import { inspectPattern } from '../../src/rules/patterns.ts';

const refused = (pattern: string): string | undefined => {
  const { refused: byRe2, onlyRe2 } = inspectPattern(pattern);
  return byRe2 ?? onlyRe2;
};

test('forms that take a backtracking engine exponential time are refused for logs, with the reason', () => {
  for (const pattern of [
    '(a+)+$',
    '(a|aa)+$',
    '(a|a?)+$',
    '(a|a)*$',
    '(.*)*x$',
    '^(.*)*,.*,.*x$',
    '(\\w+\\s?)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x+x+)+y',
    '(?:a{1,2})+b',
    '(?:a?b?)+c',
    '(?:a?){20}a{20}',
    '(?:x[a-z]{1,20}){1,20}q',
    '(?:a|b|ab){1,20}c',
    '(?:(?:ab?)*c?)*d',
    '.*.*.*x',
  ]) {
    assert.type(refused(pattern), 'string', pattern);
  }
});

test('what only looks like it is not refused', () => {
  for (const pattern of [
    '(?:[a-z]+ ){2}x',
    'a{3}b{2,9}c',
    '(?:foo|bar){1,3}x',
    '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}',
    '(?:[0-9]+m)?[0-9.]+s',
  ]) {
    assert.is(refused(pattern), undefined, pattern);
  }
});

/** Patterns that pass, each with a line made to keep a backtracking engine busy. */
const busy: readonly (readonly [pattern: string, unit: string])[] = [
  ['x.*y.*z', 'xy'],
  ['x.*x.*x.*x.*y', 'x'],
  ['.*,.*,.*,.*,.*x$', ','],
  ['a.*b.*c|b.*a.*d|x.*x.*y', 'abx'],
  ['\\S+ \\S+ (?P<a>\\S+):(?P<b>\\S+)!', 'a: '],
  ['[a-z]+[a-z0-9]+[a-z]+[0-9]$', 'a'],
  ['a[^b]*c', 'a'],
  ['(?:.*a){12}b', 'a'],
  ['(?i)k.*e.*y', 'kE'],
  ['a.{0,200}b.{0,200}c', 'ab'],
  ['"(?P<k>[^"]*)".*"(?P<v>[^"]*)".*end', '"a"'],
];

for (const [pattern, unit] of busy) {
  test(`quick on long lines: ${pattern}`, () => {
    const { longestOnV8, onlyRe2 } = inspectPattern(pattern);
    assert.is(onlyRe2, undefined);
    const matcher = createLineMatcher({ id: 'p', log: 'KubeletLog', pattern, longestOnV8 });
    const { user } = process.threadCpuUsage();
    // Just short enough for V8, just too long for it, and long.
    for (const length of [longestOnV8, longestOnV8 + 1, 20_000]) {
      const count = Math.ceil(Math.min(length, 20_000) / unit.length);
      const line = unit.repeat(count).slice(0, Math.min(length, 20_000));
      assert.is(matcher.match(line), undefined);
    }
    const millis = (process.threadCpuUsage().user - user) / 1000;
    assert.ok(millis < 2000, `${millis} ms of processor time`);
  });
}

test('both engines say the same of a line', () => {
  const lines = [
    'k  ey: "a b" end',
    'E0805 x: pod "shop/api" failed: dial tcp 10.0.0.1:443: i/o timeout',
    'a\u00a0b',
    '',
  ];
  for (const pattern of [
    '(?P<k>\\w+)\\s+(?P<v>\\w+)',
    'pod "(?P<p>[^"]+)" failed: (?P<e>.*)$',
    '(?i)POD',
    'a\\sb',
    '\\S+',
  ]) {
    const fast = createLineMatcher({ id: 'p', log: 'l', pattern, longestOnV8: 1000 });
    const linear = createLineMatcher({ id: 'p', log: 'l', pattern, longestOnV8: 0 });
    for (const line of lines) assert.equal(fast.match(line), linear.match(line), `${pattern} on ${line}`);
  }
});

test('where no one text is in each hit, there are texts of which each hit holds one', () => {
  assert.equal(inspectPattern('giving up|(?:level=fatal|panic): x').oneOf, ['giving up', 'level=fatal', 'panic']);
  assert.equal(inspectPattern('giving up|[a-z]+ panic').oneOf, ['giving up', ' panic']);
  assert.equal(inspectPattern('giving up|[a-z]+').oneOf, []);
  assert.equal(inspectPattern('(?i:giving) up now').literals, [' up now']);
  assert.equal(inspectPattern('giving up (?i)now').literals, ['giving up ']);
  assert.equal(inspectPattern('(giving (?i)up) now').literals, ['giving ', ' now']);
});

test.run();
