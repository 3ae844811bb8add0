// A log of JSON records that ends inside its last one.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cutRecord as cutOf } from '../../../src/facts/text/json-lines.ts';

const cutRecord = (text: string, firstLine: number) => cutOf(Buffer.from(text), firstLine);

test('a last record that is cut is told of, with its line', () => {
  const cut = cutRecord('{"verb":"get"}\n{"verb":"list"}\n{"ver', 1);
  assert.equal([cut?.code, cut?.span], ['FILE_TRUNCATED', [3, 3]]);
  assert.equal(cutRecord('{"verb":"get"}\n{"ver', 70)?.span, [71, 71]);
});

test('whole records, other logs, and lines that only look like a record are fine', () => {
  for (const text of [
    '',
    '{"verb":"get"}\n{"verb":"list"}\n',
    '{"verb":"get"}\n{"verb":"list"}',
    'starting\n{not json',
    '{braces} are text\n{here too',
    'one line {',
    '{"verb":"get"}\nlast words',
  ]) {
    assert.is(cutRecord(text, 1), undefined, text);
  }
});

test.run();
