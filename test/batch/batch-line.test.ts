// The progress of a batch in one line.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { batchLine, timeText } from '../../src/batch/batch-line.ts';

const mebibyte = 1024 * 1024;
const bundle = { path: '/in/a.tar', input: 'a.tar', folder: 'a', kind: 'file', sizeBytes: 20 * mebibyte } as const;

test('done, failed, bytes, rate, time left, and what runs now', () => {
  const running = [{ bundle, stage: 'read', bytesRead: 10, bytesTotal: 20 }];
  const amounts = { bytes: 100 * mebibyte, bytesOver: 40 * mebibyte, bytesBefore: 20 * mebibyte };
  const line = batchLine({ total: 9, done: 3, failed: 1, ...amounts, running }, 10_000);
  assert.is(line, '4 of 9, 1 failed · 50.0 of 100.0 MiB · 3.0 MiB/s · 17 s left · a.tar 50 %');
});

test('before anything is done nothing is foretold', () => {
  const line = batchLine({ total: 2, done: 0, failed: 0, bytes: 0, bytesOver: 0, bytesBefore: 0, running: [] }, 0);
  assert.is(line, '0 of 2 · 0.0 of 0.0 MiB · 0.0 MiB/s');
});

test('long times in minutes and hours', () => {
  assert.equal([99, 100, 6000, 7300].map(timeText), ['99 s', '2 min', '1 h 40 min', '2 h 2 min']);
});

test.run();
