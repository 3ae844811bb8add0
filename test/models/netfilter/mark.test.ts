import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newMark } from '../../../src/facts/parsers/network/rule-options.ts';
import { copyMark, matchMark, setMark, unknownMark } from '../../../src/models/netfilter/mark.ts';
import { noMark } from '../../../src/models/netfilter/packet.ts';

test('the bits under the mask are set, the others stay', () => {
  const marked = setMark({ value: 0x80, known: 0xffffffff }, { value: 0x4000, mask: 0x4000 });
  assert.equal(marked, { value: 0x4080, known: 0xffffffff });
  assert.equal(setMark(marked, newMark('xor', 0x4000)), { value: 0x80, known: 0xffffffff });
  assert.equal(setMark(marked, newMark('and', 0xff)), { value: 0x80, known: 0xffffffff });
});

test('a bit that is set is known, whatever the mark was before', () => {
  const marked = setMark(unknownMark, { value: 0x4000, mask: 0x4000 });
  assert.equal(marked, { value: 0x4000, known: 0x4000 });
  assert.is(matchMark(marked, { value: 0x4000, mask: 0x4000 }, 'the mark'), true);
  assert.is(matchMark(marked, { value: 0, mask: 0x4000 }, 'the mark'), false);
  assert.equal(matchMark(marked, { value: 0x1, mask: 0x1 }, 'the mark'), [
    { atom: 'the mark is 0x1/0x1', negated: false },
  ]);
});

test('one known bit that differs is enough to say no', () => {
  assert.is(matchMark({ value: 0, known: 1 }, { value: 0x3, mask: 0x3 }, 'the mark'), false);
});

test('a mark is saved and restored under its masks; unknown bits stay unknown', () => {
  const from = { value: 0x1234_0000, known: 0xffff_0000 };
  assert.equal(copyMark(from, 0xffff0000, noMark, 0xffff0000), { value: 0x12340000, known: 0xffffffff });
  assert.equal(copyMark(from, 0xffffffff, noMark, 0xffffffff), { value: 0x12340000, known: 0xffff0000 });
});

test('the highest bit is a bit like the others', () => {
  assert.equal(setMark(noMark, { value: 0x80000000, mask: 0x80000000 }), { value: 0x80000000, known: 0xffffffff });
});

test.run();
