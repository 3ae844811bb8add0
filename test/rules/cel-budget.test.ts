// An expression that goes through lists inside of lists ends after so many steps, whatever swallows its errors.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLanguage, isProblem } from '../../src/rules/cel.ts';

const language = createLanguage({ factTypes: [], logs: [], settings: {} });

function outcomeOf(text: string): unknown {
  const compiled = language.newScope().compile(text);
  if (isProblem(compiled)) return `refused: ${compiled.message}`;
  try {
    return compiled.run({});
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

/** A thousand million rounds of some loop. */
const endless = (inner: string) =>
  `lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, ${inner})))`;

test('small loops inside of loops are fine', () => {
  assert.is(outcomeOf('[1,2,3,4,5,6,7,8,9].all(a, [1,2,3].all(b, [1,2].all(c, true)))'), true);
});

for (const text of [
  endless('a + b + c >= 0'),
  endless('a + b + c >= 0').replaceAll('.all(', '.exists(').replace('>= 0', '< 0'),
  'lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).filter(c, a == b)))',
  'lists.range(1000).exists_one(a, lists.range(1000).exists_one(b, lists.range(1000).exists_one(c, false)))',
  // An error beside something true is none in CEL; a budget that is spent is.
  `${endless('a >= 0')} || true`,
  `true || ${endless('a >= 0')} ? [1].exists(x, ${endless('a >= 0')} || x == 1) : false`,
]) {
  test(`stopped: ${text.slice(0, 90)}`, () => assert.match(String(outcomeOf(text)), /^stopped after [0-9]+ steps/));
}

test('what one evaluation spent is not taken from the next', () => {
  outcomeOf(endless('true'));
  assert.is(outcomeOf('lists.range(1000).all(a, a >= 0)'), true);
});

test('what nests too deep or is too long is refused before it runs', () => {
  const nested = (depth: number): string => (depth === 0 ? 'true' : `[1].all(x${depth}, ${nested(depth - 1)})`);
  assert.is(outcomeOf(nested(6)), true);
  assert.match(String(outcomeOf(nested(7))), /^refused: loops more than 6 deep/);
  assert.match(String(outcomeOf(`${'('.repeat(5000)}1${')'.repeat(5000)}`)), /^refused: /);
  assert.match(String(outcomeOf('1 + '.repeat(20_000).concat('1'))), /^refused: /);
  assert.match(String(outcomeOf(`[${'1,'.repeat(2000)}1].size()`)), /^refused: /);
  assert.match(
    String(outcomeOf(`{${Array.from({ length: 2000 }, (_, i) => `"${i}":1`).join()}}.size()`)),
    /^refused: /,
  );
});

test('a text that would not fit into memory is an error of that evaluation', () => {
  let text = '"0123456789"';
  for (let round = 0; round < 9; round++) text = `cel.bind(t${round}, ${text}, ${`t${round}+`.repeat(9)}t${round})`;
  assert.match(String(outcomeOf(`${text}.size() > 0`)), /Invalid string length/);
});

test.run();
