import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keySpan, readDocuments } from '../../../src/facts/text/documents.ts';

/** The value of `a`, read without the thorough reader. */
function read(text: string): unknown {
  const { documents, problems } = readDocuments(`a: ${text}\nz: end\n`, (_, why) => assert.unreachable(why.detail));
  assert.equal(problems, [], text);
  const value = documents[0]!.value as Record<string, unknown>;
  assert.is(value.z, 'end', text);
  return value.a;
}

test('words that mean something are that, all others text', () => {
  for (const text of ['', '~', 'null', 'Null', '# note']) assert.is(read(text), null, text);
  for (const text of ['true', 'True', 'TRUE', 'yes', 'Yes', 'on', 'ON']) assert.is(read(text), true, text);
  for (const text of ['false', 'FALSE', 'no', 'No', 'off', 'OFF']) assert.is(read(text), false, text);
  for (const text of [
    'y',
    'N',
    'yEs',
    'tRUE',
    'none',
    'online',
    'yes.',
    '12:30:45',
    '2024-01-01',
    '_1',
    '0b25f62f-e',
    '0b12',
  ]) {
    assert.is(read(text), text);
  }
});

test('numbers are those that Kubernetes reads', () => {
  const numbers = {
    '0': 0,
    '-5': -5,
    '+5': 5,
    '010': 8,
    '-0644': -420,
    '08': 8,
    '0o17': 15,
    '0x1F': 31,
    '0b101': 5,
    '1_000': 1000,
    '1.5': 1.5,
    '.5': 0.5,
    '1.': 1,
    '1e3': 1000,
  };
  for (const [text, number] of Object.entries(numbers)) assert.is(read(text), number, text);
  assert.is(read('9007199254740991'), 9007199254740991);
});

test('a number that a double cannot hold stays text', () => {
  for (const text of [
    '12345678901234567890',
    '-9007199254740993',
    '50894e2477',
    '.inf',
    '.nan',
    '0xFFFFFFFFFFFFFFFFFF',
    '089012345678901234567',
  ]) {
    assert.is(read(text), text);
  }
});

test('plain text ends at a comment and goes on in indented lines', () => {
  assert.is(read('a # b'), 'a');
  assert.is(read('a#b http://x:80/#y'), 'a#b http://x:80/#y');
  assert.is(read('one\n  two   \n\n\n  three'), 'one two\n\nthree');
  assert.is(read('\n  on its own line'), 'on its own line');
});

test('a key loses spaces and tabs at its end, and no other blanks', () => {
  assert.equal(read('\n  k \t : v\n  l\u00a0 : w'), { k: 'v', 'l\u00a0': 'w' });
  assert.equal(read('{k : v, l\u00a0 : w\ufeff }'), { k: 'v', 'l\u00a0': 'w\ufeff' });
});

test('quoted text knows escapes and folds lines', () => {
  assert.is(read("'it''s: # x'"), "it's: # x");
  assert.is(read("'a long\n  text\n\n  more'"), 'a long text\nmore');
  assert.is(read('"a\\tb\\u00e9\\U0001F600\\x41\\"\\\\\\/\\N"'), 'a\tbé😀A"\\/\u0085');
  assert.is(read('"a \\\n    \\  b\n  c"'), 'a   b c');
  assert.is(read('""  # note'), '');
});

test('block scalars keep or fold their lines as their indicators say', () => {
  assert.is(read('|\n  x\n    y\n\n  z\n'), 'x\n  y\n\nz\n');
  assert.is(read('|-\n  x\n\n'), 'x');
  assert.is(read('|+\n  x\n'), 'x\n\n');
  assert.is(read('|2-\n    x\n   y'), '  x\n y');
  assert.is(read('|-2 # note\n   x'), ' x');
  assert.is(read('>\n  a\n  b\n\n  c\n    d\n  e\n'), 'a b\nc\n  d\ne\n');
  assert.is(read('|\n\n  # no comment\n'), '\n# no comment\n');
  assert.is(read('|'), '');
});

test('what Go takes for a line break of YAML 1.1 is not indented', () => {
  assert.is(read("'ab\u2028    cd'"), 'ab\u2028cd');
  assert.is(read('|-\n    x\u2028    y\n    z'), 'x\u2028y\nz');
});

test('flow collections may be empty, nested and over several lines', () => {
  assert.equal(read('{}'), {});
  assert.equal(read('[ ]'), []);
  assert.equal(read('[ "a", b c, 1,\n  {x: v, "z":[true], w: , } ]'), ['a', 'b c', 1, { x: 'v', z: [true], w: null }]);
});

test('lists stand at the column of their key or deeper', () => {
  assert.equal(read('\n- b\n- - c\n  - d: e\n    f: g\n-\n  h: i\n-'), [
    'b',
    ['c', { d: 'e', f: 'g' }],
    { h: 'i' },
    null,
  ]);
  assert.equal(read('\n    - b\n    -   c: d\n        e: f'), ['b', { c: 'd', e: 'f' }]);
});

test('a value over several lines has all of them as its span', () => {
  const [document] = readDocuments(
    "a: one\n  two\nb: |\n  x\n  y\n\n# note\nc: 'p\n  q'\nd:\ne: {x: [1,\n  2]}\n",
  ).documents;
  const spans = ['a', 'b', 'c', 'd', 'e'].map((key) => keySpan(document!.value as object, key));
  assert.equal(spans, [
    [1, 2],
    [3, 5],
    [8, 9],
    [10, 10],
    [11, 12],
  ]);
});

test.run();
