// CEL as rules use it: fact values, own functions, and arithmetic without traps.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLanguage, isProblem, unwrap } from '../../src/rules/cel.ts';
import { valueText } from '../../src/rules/texts.ts';
import { vocabulary } from './small-world.ts';

const language = createLanguage(vocabulary);
const container = language.valueOf('Container', {
  name: 'api',
  restarts: 7,
  load: 0.25,
  limits: { cpuMillis: 1500 },
  startedAt: '2024-05-01T10:00:00Z',
  conditions: [
    { type: 'Ready', status: 'False' },
    { type: 'PodScheduled', status: 'True' },
  ],
  labels: { app: 'shop' },
  extra: JSON.parse('{"replicas":3,"share":0.5,"none":null,"list":[3,1,2],"__proto__":{"x":1}}'),
});

function run(expression: string): unknown {
  const scope = language.newScope();
  scope.declare('c', 'Container', { name: 'c', path: [] });
  const compiled = scope.compile(expression);
  if (isProblem(compiled)) throw new Error(compiled.message);
  return unwrap(compiled.run({ c: container, now: new Date('2024-05-02T12:00:00Z'), settings: language.settings }));
}

const truths = [
  // Facts
  'c.restarts == 7 && c.load < 1',
  '!has(c.limits.memoryBytes) && has(c.limits.cpuMillis)',
  '!has(c.extra.nothing.inside.it) && [c].exists(x, !has(x.extra.nothing.inside))',
  'c.limits.?memoryBytes.orValue(5) == 5',
  'c.conditions.exists(x, x.type == "Ready" && x.status == "False")',
  'c.labels["app"] == "shop" && "app" in c.labels && !("tier" in c.labels)',
  'now - c.startedAt > duration("24h")',
  // Untyped values
  'c.extra.replicas + 1 == 4 && c.extra.share * 2.0 == 1.0',
  'c.extra.none == null',
  '!("x" in c.extra)',
  'c.extra.list.sort()[0] == 1 && c.extra.list.sum() > 5',
  // Integers and doubles together
  'c.restarts * 0.5 == 3.5 && 0.5 + c.restarts == 7.5',
  'c.restarts > settings.full && c.restarts > settings.mostRestarts',
  // Lists and sets
  '[1, 2, 2].isSorted() && ![2, 1].isSorted()',
  '["b", "a", "b"].distinct() == ["b", "a"]',
  '[1, 5, 3].max() == 5 && [1.5, 0.5].min() == 0.5',
  '[1, 2, 3].indexOf(2) == 1 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf(9) == -1',
  '[[1], [2, 3]].flatten() == [1, 2, 3] && [1, 2, 3].slice(1, 3) == [2, 3]',
  'sets.contains([1, 2, 3], [3, 1]) && sets.intersects([1, 2], [2]) && sets.equivalent([1, 1], [1])',
  'lists.range(3) == [0, 1, 2]',
  // Numbers
  'math.greatest(1, 3) == 3 && math.least([4, 2]) == 2 && math.greatest(1, 2.5) == 2.5',
  'math.ceil(1.2) == 2.0 && math.round(-1.5) == -2.0 && math.bitAnd(6, 3) == 2',
  // Kubernetes
  'quantity("1.5Gi").compareTo(quantity("1536Mi")) == 0 && quantity("250m") == quantity("0.25")',
  'quantity("1Gi").asInteger() == 1073741824 && quantity("1k").isLessThan(quantity("1Ki"))',
  'isQuantity("1e3") && !isQuantity("1GB") && quantity("2").add(quantity("500m")).asApproximateFloat() == 2.5',
  'cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsIP("11.0.0.1")',
  'cidr("fd00::/48").containsCIDR("fd00::/64") && cidr("10.1.2.3/16").masked() == cidr("10.1.0.0/16")',
  'isIP("::1") && !isIP("10.0.0.256") && !isIP("010.0.0.1") && !isIP("::ffff:1.2.3.4") && ip("fe80::1").isLinkLocalUnicast()',
  'isCIDR("10.0.0.0/33") == false && string(cidr("10.0.0.0/8")) == "10.0.0.0/8" && cidr("10.0.0.0/8").prefixLength() == 8',
  'semver("v1.27.3+abc").isLessThan(semver("1.28")) && semver("1.28+").minor() == 28 && !isSemver("latest")',
  'semver("1.28.0-rc.1").isLessThan(semver("1.28.0"))',
  'selectorMatches({"matchLabels": {"app": "shop"}}, c.labels) && selectorMatches({}, c.labels)',
  'selectorMatches({"matchExpressions": [{"key": "app", "operator": "In", "values": ["shop", "x"]}]}, c.labels)',
  'parseCpuList("0-2,8") == [0, 1, 2, 8] && formatCpuList([8, 0, 1, 2]) == "0-2,8"',
  // Text
  '"a1b22".findAll("[0-9]+") == ["1", "22"] && "a1".find("[0-9]") == "1" && "a".find("[0-9]") == ""',
  '"need 3 of 4".captures("need (?P<want>\\\\d+)")["want"] == "3" && "x".captures("(?P<a>y)") == {}',
  'c.name.matches("^a.i$") && matches(c.name, "p")',
  '"%s has %d, %.1f".format(["x", 3, 1.25]) == "x has 3, 1.3" || "%s has %d, %.1f".format(["x", 3, 1.25]) == "x has 3, 1.2"',
  '"a-b-c".replace("-", "+") == "a+b+c" && "a-b-c".replace("-", "+", 1) == "a+b-c"',
  'humanBytes(1610612736) == "1.5 GiB" && humanBytes(512) == "512 B"',
  'humanDuration(now - c.startedAt) == "1d 2h" && humanDuration(90) == "1m 30s"',
  'string(c.startedAt) == "2024-05-01T10:00:00Z" && int(c.startedAt) == 1714557600',
];
for (const expression of truths) {
  test(`holds: ${expression}`, () => assert.is(run(expression), true));
}

const failures = [
  ['c.limits.memoryBytes > 3', /No such key: memoryBytes/],
  ['quantity(c.name).isInteger()', /"api" is not a quantity/],
  ['ip("x").family() == 4', /"x" is not an IP address/],
  ['c.restarts / 0 > 1', /division by zero/],
  ['c.extra.none.sum() > 1', /sum\(\) of null/],
  ['c.conditions[9].type == ""', /index out of bounds/],
] as const;
for (const [expression, message] of failures) {
  test(`fails when it runs: ${expression}`, () => assert.throws(() => run(expression), message));
}

test('nothing of JavaScript can be reached through a value', () => {
  for (const expression of [
    'c.labels.__proto__',
    'c.constructor',
    'c.__proto__',
    'c.extra.constructor',
    'c.extra.list.length',
  ]) {
    assert.throws(() => run(`${expression} == 1`), /./, expression);
  }
});

test('a pattern that backtracks elsewhere runs in linear time, literal or not', () => {
  const text = `${'a'.repeat(50)}!`;
  assert.is(run(`"${text}".matches("^(a+)+$")`), false);
  assert.is(run(`"${text}".matches("^(a+)" + "+$")`), false);
});

test('a scope that trusts looks at an expression when it first runs, and at a name when one names it', () => {
  const scope = language.newScope(true);
  const asked: string[] = [];
  const declare = (name: string, type: string) =>
    scope.declareLater(name, () => {
      asked.push(name);
      return { type };
    });
  declare('c', 'Container');
  const right = scope.compile('c.restarts + 1');
  const wrong = scope.compile('c.restart + 1');
  declare('n', 'int');
  const last = scope.compile('n > 7 && c.ready');
  if (isProblem(right) || isProblem(wrong) || isProblem(last)) throw new Error('it was looked at');
  assert.equal(asked, []);
  assert.is(right.run({ c: container }), 8n);
  assert.throws(() => wrong.run({ c: container }), /restart/);
  assert.equal(asked, ['c']);
  assert.equal([last.type, last.reads.names], ['bool', ['n', 'c']]);
  assert.equal(asked, ['c', 'n']);
});

test('an expression tells what it reads, through lists, macros and names', () => {
  const scope = language.newScope();
  scope.declare('all', 'list<Container>', { name: 'all', path: [] });
  const compiled = scope.compile('all.filter(c, c.limits.cpuMillis > 3).map(c, c.name).size() > settings.mostRestarts');
  if (isProblem(compiled)) throw new Error(compiled.message);
  const ways = new Set(compiled.reads.reads.map(({ name, path }) => [name, ...path].join('.')));
  assert.ok(ways.has('all.limits.cpuMillis'));
  assert.ok(ways.has('all.name'));
  assert.ok(ways.has('settings.mostRestarts'));
});

test('values stand in texts as people write them', () => {
  assert.is(valueText(2.005), '2');
  assert.is(valueText(0.126), '0.13');
  assert.is(valueText(7n), '7');
  assert.is(valueText(['b', 3n]), 'b, 3');
  assert.is(valueText(new Date('2024-05-01T10:00:00.000Z')), '2024-05-01T10:00:00Z');
  assert.is(valueText(run('{"b": 1, "a": "x"}')), 'a=x, b=1');
  assert.is(valueText(run('now - c.startedAt')), '1d 2h');
  assert.match(valueText(Array.from({ length: 30 }, (_, index) => index)), /and 10 more$/);
});

test.run();
