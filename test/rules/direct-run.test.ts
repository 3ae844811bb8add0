// What runs without the CEL library gives what CEL gives: for expressions made at random, over facts that lack fields.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { absent, type Compiled, createLanguage, isProblem, type Language, present } from '../../src/rules/cel.ts';
import { vocabulary } from './small-world.ts';

const direct = createLanguage(vocabulary);
const inCel = createLanguage(vocabulary, { isDirect: false });

const whole = {
  name: 'api',
  node: 'w1',
  containerId: 'abc',
  restarts: 7,
  load: 0.5,
  ready: true,
  limits: { cpuMillis: 1500 },
  conditions: [{ type: 'Ready', status: 'False' }, { type: 'Scheduled' }],
  labels: { app: 'shop' },
  extra: { text: 'api', count: 7 },
};
const values = [
  whole,
  { name: 'web', restarts: 0, ready: false, conditions: [], limits: { memoryBytes: 5 } },
  { name: 'db', restarts: 7.5, ready: 'yes', conditions: [7, { type: 'Ready', status: 'True' }] },
  {},
];

function compileIn(language: Language, text: string): Compiled | undefined {
  const scope = language.newScope();
  scope.declare('c', 'Container', { name: 'c', path: [] });
  scope.declare('o', 'optional<Container>', { name: 'o', path: [] });
  scope.declare('all', 'list<Container>', { name: 'all', path: [] });
  const compiled = scope.compile(text);
  return isProblem(compiled) ? undefined : compiled;
}

/** The answer as text, or that there is an error. */
function answer(language: Language, compiled: Compiled, raw: object): string {
  const value = language.valueOf('Container', raw as Record<string, unknown>);
  const all = values.map((each) => language.valueOf('Container', each));
  const o = raw === whole ? present(value) : absent;
  try {
    const result = compiled.run({ c: value, o, all, settings: language.settings });
    return Array.isArray(result) ? `list of ${result.map(String).join()}` : `${typeof result} ${String(result)}`;
  } catch {
    return 'an error';
  }
}

/** A generator that always gives the same numbers. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const texts = [
  'c.name',
  'c.?node.orValue("")',
  'c.?containerId.orValue("none")',
  'o.?name.orValue("x")',
  '"api"',
  'c.extra.text',
  '(c.name + "-x")',
  'c.labels[?"app"].orValue("none")',
  'c.?labels[?"app"].orValue("none")',
  'c.labels["app"]',
  'c.name.find("^[aw].")',
  'c.name.captures("(?P<rest>p.)")[?"rest"].orValue("none")',
];
const numbers = [
  'c.restarts',
  '7',
  'c.conditions.size()',
  'c.?limits.?cpuMillis.orValue(1)',
  'c.limits.memoryBytes',
  'c.extra.count',
  'all.size()',
  '(c.conditions + c.conditions).size()',
  'c.labels.filter(k, k in ["app"]).size()',
];
const truths = [
  'c.ready',
  'has(c.node)',
  'has(c.limits.cpuMillis)',
  'has(o.node)',
  'o.?limits.hasValue()',
  'c.load < 1.0',
  '"app" in c.labels',
  'c.name.matches("^a")',
  'c.conditions[1].status == "False"',
  'c.labels.exists(k, k.startsWith("a"))',
  'c.labels.all(k, k != c.name)',
  'c.extra.exists(k, k == "text")',
  'c.name.matches("^(?:" + c.name + ")$")',
  'selectorMatches({"matchLabels": c.labels}, c.labels)',
  'selectorMatches({"matchLabels": {"app": c.name}}, c.labels)',
  'isIP(c.name)',
];

function expression(random: (below: number) => number, depth: number): string {
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
  const inner = () => expression(random, depth - 1);
  if (depth === 0) return pick(truths);
  switch (random(11)) {
    case 0:
      return `(${inner()} && ${inner()})`;
    case 1:
      return `(${inner()} || ${inner()})`;
    case 2:
      return `!(${inner()})`;
    case 3:
      return `${pick(texts)} ${pick(['==', '!='])} ${pick(texts)}`;
    case 4:
      return `${pick(texts)} in [${pick(texts)}, ${pick(texts)}]`;
    case 5:
      return `${pick(numbers)} ${pick(['==', '!=', '<', '<=', '>', '>='])} ${pick(numbers)}`;
    case 6:
      return `${pick(texts)}.${pick(['startsWith', 'endsWith', 'contains'])}(${pick(texts)})`;
    case 7:
      return `all.${pick(['exists', 'all'])}(c, ${inner()})`;
    case 8:
      return `c.conditions.${pick(['exists', 'all'])}(e, e.status == ${pick(texts)} || ${inner()})`;
    case 9:
      return `all.filter(c, ${inner()}).map(x, x.name).size() > ${random(3)}`;
    default:
      return `(${inner()} ? ${inner()} : ${inner()})`;
  }
}

test('expressions made at random give what CEL gives', () => {
  const random = randomFrom(20_241_121);
  let compared = 0;
  for (let round = 0; round < 1000; round++) {
    const text = expression(random, 1 + random(3));
    const quick = compileIn(direct, text);
    const slow = compileIn(inCel, text);
    assert.is(quick === undefined, slow === undefined, text);
    if (!quick || !slow) continue;
    for (const raw of values) {
      compared += 1;
      assert.is(answer(direct, quick, raw), answer(inCel, slow, raw), `${text} of ${JSON.stringify(raw)}`);
    }
  }
  assert.ok(compared > 2000, `${compared} compared`);
});

test('lists come out as CEL makes them', () => {
  for (const text of ['all.filter(x, x.ready)', 'all.map(x, x.name)', 'c.conditions.map(e, e.type)', '[c.name, "b"]']) {
    const quick = compileIn(direct, text) as Compiled;
    const slow = compileIn(inCel, text) as Compiled;
    for (const raw of values) assert.is(answer(direct, quick, raw), answer(inCel, slow, raw), text);
  }
});

test.run();
