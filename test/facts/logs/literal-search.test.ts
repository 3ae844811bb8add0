// Many texts are found in one pass over bytes, wherever and however close they stand.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isSearchable, type Literal, LiteralSearch } from '../../../src/facts/logs/literal-search.ts';

/** What is found, place by place. */
function found(literals: readonly Literal<string>[], text: string): string[] {
  const search = new LiteralSearch(literals);
  const bytes = Buffer.from(text);
  const owners: string[] = [];
  for (let place = search.next(bytes, 0); place; place = search.next(bytes, place.at + 1)) owners.push(...place.owners);
  return owners;
}
const named = (text: string): Literal<string> => ({ text, owner: text });

test('texts are found at both ends, side by side, inside of each other and twice', () => {
  const literals = ['oom', 'oomph', 'kill', 'größe', 'a'.repeat(100)].map(named);
  assert.equal(found(literals, 'oom'), ['oom']);
  assert.equal(found(literals, 'xoomphkillgrößeoom').sort(), ['größe', 'kill', 'oom', 'oom', 'oomph']);
  assert.equal(found(literals, `${'a'.repeat(99)}b${'a'.repeat(101)}`), ['a'.repeat(100), 'a'.repeat(100)]);
  assert.equal(found(literals, 'oo km ill oo'), []);
});

test('a text without case is found in any, others only in their own', () => {
  const literals = [{ ...named('Swap on'), isCaseless: true }, named('Oom')];
  assert.equal(found(literals, 'SWAP ON swap oN oom OOM Oom'), ['Swap on', 'Swap on', 'Oom']);
});

test('texts too short, and letters with more forms than two, are not searched for', () => {
  assert.equal([named('ab'), named('abc'), named('ß…'), { ...named('größe'), isCaseless: true }].map(isSearchable), [
    false,
    true,
    true,
    false,
  ]);
});

test.run();
