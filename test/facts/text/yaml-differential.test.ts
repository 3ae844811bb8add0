// Our YAML reader against the `yaml` package: random documents as Go prints them, and documents broken at random.
//
//   node test/facts/text/yaml-differential.test.ts [COUNT]     COUNT: documents of each kind

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readDocuments } from '../../../src/facts/text/documents.ts';
import { readThoroughly } from '../../../src/facts/text/yaml-thorough.ts';
import { printYaml, type Random, random, randomMapping } from './kubernetes-yaml.ts';
import { blankAfterHint, firstDifference, referenceValue, spansOf } from './reference.ts';

const count = Number(process.argv[2]) || 3000;

test('what Go prints is read as it was meant, as `yaml` reads it, with the same lines, and never slowly', () => {
  const next = random(1);
  for (let round = 0; round < count; round++) {
    const value = { data: randomMapping(next) };
    const text = printYaml(value);
    const { documents, problems } = readDocuments(text, (_, why) => assert.unreachable(`${why.detail}\n${text}`));
    const read = documents[0]?.value;
    assert.equal(problems, [], text);
    assert.is(firstDifference(sorted(read), sorted(value)), undefined, text);
    if (blankAfterHint.test(text)) continue;
    assert.is(firstDifference(read, referenceValue(text)?.value), undefined, text);
    const theirs = spansOf(readThoroughly(text, 1).value);
    const other = spansOf(read).find((span, index) => span !== theirs[index]);
    assert.is(other && `${other}, thoroughly ${theirs[spansOf(read).indexOf(other)]}`, undefined, text);
  }
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}

const whole = [
  'a: 1\nb:\n- x\n- y: 2\n  z: \'q r\'\nc:\n  d: "e\\nf"\n  g: |\n    one\n\n      two\n    three\n  h: >-\n    fold\n    ed\n',
  'k: {a: 1, b: [c, "d"], "f":1}\nl: []\nm: {}\nn: [ a,\n   b ]\no: plain text\n  goes on\n\n  and on\np: \'quoted\n  text\'\n',
  '- a\n- - b\n  - c: d\n    e: f\n-\n  g: h\n- |+\n  x\n\n- >1\n  y\n  z\n- # c\n  z\n- "dq \\\n    cont\n  fold"\n',
  '# comment\nx: y # c\n"q k": v\n\'r k\': ~\ns: 0x1F\nt: 0o17\nu: 1e3\nv: .5\nw: -0\nx1: +12\ny1: 12e\nz1: .inf\n',
  'a:\n  - b\n  -   c: d\n      e: f\nurl: http://x:80/y#z\nt: 12:30:45\nempty:\nlast: |-\n  t\n',
];
// biome-ignore format: a list of odd words
const insertions = ['\n', ' ', '  ', ':', ': ', '- ', '-', '#', ' #', "'", '"', '{', '}', '[', ']', ',', '\t', '|', '>',
  '\\', '\\n', 'x', '0', '.', '~', '\n\n', '?', '\n  ', '\n- ', '\n    ', '|-\n', '>+\n', ', ', 'é', '%', '@', '=', '&a ', '*a'];

function broken(next: Random): string {
  let text = whole[next(whole.length)]!;
  for (let change = 1 + next(4); change > 0; change--) {
    const at = next(text.length + 1);
    const end = at + next(10);
    const kind = next(3);
    if (kind === 0) text = text.slice(0, at) + text.slice(at + 1 + next(3));
    else if (kind === 1) text = text.slice(0, at) + insertions[next(insertions.length)] + text.slice(at);
    else text = text.slice(0, end) + text.slice(at, end) + text.slice(end);
  }
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Where `yaml` 2.9 reads otherwise than YAML says and libyaml does, or spells a key that is a collection otherwise. */
function isKnownToDiffer(text: string): boolean {
  const blankAfterEscapedBreak = /\\\n[ \t]*\n/.test(text);
  const onlyTab = /\n[ ]*\t[ \t]*\n/.test(text);
  const commentAfterDash = /- *\n+ *#/.test(text);
  const collectionAsKey = /\?|\{[^}]*[[{]/.test(text);
  return blankAfterEscapedBreak || commentAfterDash || blankAfterHint.test(text) || onlyTab || collectionAsKey;
}

test('a document broken at random is read as `yaml` reads it, or refused when `yaml` refuses it', () => {
  const next = random(2);
  let compared = 0;
  for (let round = 0; round < count; round++) {
    const text = broken(next);
    const { documents, problems } = readDocuments(text);
    const told = problems.filter(({ code }) => code !== 'YAML_DUP_KEY' && code !== 'YAML_TAG');
    // Words alone are no document for us, a line `---` makes two of one, aliases have their own limit.
    if (told.some(({ code }) => code === 'COLLECTION_ERROR') || /^(?:---|\.\.\.)/m.test(text)) continue;
    if (isKnownToDiffer(text)) continue;
    compared++;
    const reference = anyReference(text);
    assert.is(told.length === 0, reference !== undefined, `${JSON.stringify(told)}\n${text}`);
    if (reference) assert.is(firstDifference(documents[0]?.value ?? null, reference.value ?? null), undefined, text);
  }
  assert.ok(compared > count / 2);
});

/** Undefined too when an alias has no anchor. */
function anyReference(text: string): { value: unknown } | undefined {
  try {
    return referenceValue(text);
  } catch {
    return undefined;
  }
}

test.run();
