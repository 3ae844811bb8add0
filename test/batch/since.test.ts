// `--since` reads a day, a moment, or how long ago.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSince } from '../../src/batch/since.ts';

const now = Date.UTC(2026, 10, 21, 12);

test('a day, a moment, and how long ago', () => {
  assert.is(readSince('2026-11-20', now), Date.UTC(2026, 10, 20));
  assert.is(readSince('2026-11-20T08:00Z', now), Date.UTC(2026, 10, 20, 8));
  assert.is(readSince('2026-11-20T08:00:30+02:00', now), Date.UTC(2026, 10, 20, 6, 0, 30));
  assert.is(readSince('36h', now), Date.UTC(2026, 10, 20, 0));
  assert.is(readSince('2d', now), Date.UTC(2026, 10, 19, 12));
});

test('anything else is none', () => {
  for (const text of ['', 'yesterday', '2d3h', '-2d', '2026-13-40', '20261120', '1y']) {
    assert.is(readSince(text, now), undefined, text);
  }
});

test.run();
