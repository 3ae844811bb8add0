// The one flag for all limits.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits, type Limits, limitList, limitText } from '../../src/bundle/limits.ts';
import { readLimits } from '../../src/commands/read-limits.ts';

const messageOf = (word: string): string => {
  try {
    readLimits([word]);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test('each limit can be changed by its name, in its unit', () => {
  const words = ['entries=1000000', 'expanded=40GiB', 'archive-time=30m', 'rule-time=500ms', 'file=1.5MiB'];
  assert.equal(readLimits(words), {
    ...defaultLimits,
    entries: 1_000_000,
    expandedBytes: 40 * 1024 ** 3,
    archiveMillis: 1_800_000,
    ruleMillis: 500,
    fileBytes: 1.5 * 1024 ** 2,
  } satisfies Limits);
  assert.is(readLimits(['depth=5', 'depth=7']).depth, 7);
  assert.equal(readLimits([]), defaultLimits);
});

test('a wrong name is told with the nearest one and all there are', () => {
  const message = messageOf('entires=5');
  assert.match(message, 'did you mean "entries"?');
  for (const { name } of limitList) assert.match(message, name);
});

test('a wrong value is told with what the limit takes', () => {
  assert.match(messageOf('entries'), /--limit entries: entries takes a whole number/);
  for (const word of ['entries=many', 'entries=-1', 'entries=1e9', 'entries=1.5', 'entries=5GiB', 'entries=0']) {
    assert.match(messageOf(word), `--limit ${word}: entries`);
  }
  assert.match(messageOf('expanded=5m'), 'bytes, KiB, MiB or GiB');
  assert.match(messageOf('archive-time=5GiB'), 'ms, s, m or h');
  assert.match(messageOf('__proto__=5'), "no limit '__proto__'");
  assert.match(messageOf('worker-memory=1MiB'), 'at least');
});

test('what a gap says to do is taken by the flag, and doubles the limit', () => {
  for (const { key, byDefault } of limitList) {
    const [, word = ''] = /--limit (\S+)/.exec(limitText(key, byDefault)) ?? [];
    assert.is(readLimits([word])[key], 2 * byDefault, word);
  }
});

test.run();
