// Our YAML reader against the `yaml` package and against what was meant: random values in every style of printing.
//
//   node test/facts/text/yaml-styles.test.ts [COUNT]     COUNT: texts of one to three documents each

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readDocuments } from '../../../src/facts/text/documents.ts';
import { readThoroughly } from '../../../src/facts/text/yaml-thorough.ts';
import { pick, type Random, random, randomMapping } from './kubernetes-yaml.ts';
import { blankAfterHint, firstDifference, referenceValues, spansOf } from './reference.ts';
import { overlong, printStyled } from './styled-yaml.ts';

const count = Number(process.argv[2]) || 500;

/** A mapping with some of the texts that readers stumble over, and never one that API objects begin with. */
function randomDocument(next: Random): Record<string, unknown> {
  const long = `${'long '.repeat(26)}key`;
  const traps = { [next(2) ? long : 'id']: pick(next, overlong), words: 'word '.repeat(next(40)) };
  return { data: { ...randomMapping(next), ...traps, ...(next(6) === 0 && { lines: 'ab\u2028cd' }) } };
}

test('however values are printed, they are read as they were meant, as `yaml` reads them, with the same lines', () => {
  const next = random(3);
  let thorough = 0;
  let compared = 0;
  for (let round = 0; round < count; round++) {
    const values = Array.from({ length: 1 + next(3) }, () => randomDocument(next));
    const printed = values.map((value) => printStyled(value, next));
    const text = printed.join(pick(next, ['---\n', '--- # next\n', '...\n---\n']));
    // a carriage return is part of a line end only
    const before = thorough;
    const { documents, problems } = readDocuments(next(8) ? text : text.replaceAll('\n', '\r\n'), () => thorough++);
    const read = documents.map(({ value }) => value);
    assert.equal(problems, [], text);
    // what `yaml` drops, the thorough reader drops
    if (blankAfterHint.test(text) && thorough > before) continue;
    assert.is(firstDifference(read, values), undefined, text);
    // `yaml` knows no U+2028 of Go, which is not in its way where it is escaped
    if (blankAfterHint.test(text) || text.includes('\u2028')) continue;
    compared++;
    assert.is(firstDifference(read, referenceValues(text)), undefined, text);
  }
  assert.ok(thorough > 0 && thorough < count && compared > count / 2);
});

test('the lines of everything are those that the thorough reader tells, in every style of printing', () => {
  const next = random(4);
  let compared = 0;
  for (let round = 0; round < count / 4; round++) {
    const text = printStyled(randomDocument(next), next);
    if (text.includes('\u2028') || blankAfterHint.test(text)) continue;
    compared++;
    assert.equal(spansOf(readDocuments(text).documents[0]?.value), spansOf(readThoroughly(text, 1).value), text);
  }
  assert.ok(compared > count / 8);
});

test.run();
