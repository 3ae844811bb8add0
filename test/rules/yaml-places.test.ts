// Characters inside YAML scalars are found in the file, however the scalar is written.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isMap, LineCounter, parseDocument, type Scalar } from 'yaml';
import { placesIn } from '../../src/rules/yaml-places.ts';

/** Where the character `@` of the only value stands. */
function placeOfMark(text: string): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (!isMap(document.contents)) throw new Error('no mapping');
  const scalar = document.contents.items[0]?.value as Scalar;
  const { line, column } = placesIn(text, lines, document).inside(scalar, String(scalar.value).indexOf('@'));
  return `${line}:${column}`;
}

for (const [name, text, place] of [
  ['plain', 'key: a b @c', '1:10'],
  ['plain over two lines', 'key: a b\n  c @d', '2:5'],
  ['in single quotes', `key: 'it''s @'`, '1:13'],
  ['in double quotes', 'key: "a \\" \\n b @"', '1:17'],
  ['literal', 'key: |\n  first\n   @second\n', '3:4'],
  ['folded', 'key: >-\n  a &&\n  b &&\n    c @\n', '4:7'],
] as const) {
  test(`a ${name} scalar`, () => assert.is(placeOfMark(text), place));
}

test.run();
