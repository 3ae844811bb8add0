// The time forms of log lines, and the year of those that have none.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lineTime, withYear } from '../../../src/facts/logs/line-time.ts';

const forms: readonly (readonly [line: string, time: string | undefined])[] = [
  ['2024-05-01T12:00:00.123456789Z stderr F boom', '2024-05-01T12:00:00.123Z'],
  ['2024-05-01T12:00:00+02:00 boom', '2024-05-01T10:00:00.000Z'],
  ['Mar 03 06:53:46.325049 worker-0 kubenswrapper[2167]: boom', '--03-03T06:53:46.325Z'],
  ['Dec  1 18:02:54 worker-0 crio[8263]: boom', '--12-01T18:02:54.000Z'],
  ['2020-12-01T18:02:54+0900 worker-0 crio[8263]: boom', '2020-12-01T09:02:54.000Z'],
  ['I0805 07:30:00.123456       1 main.go:12] boom', '--08-05T07:30:00.123Z'],
  ['time="2020-12-01 18:02:54.147849982+09:00" level=fatal msg="boom"', '2020-12-01T09:02:54.147Z'],
  ['{"level":"warn","ts":"2021-08-05T07:30:00.123Z","msg":"slow fdatasync"}', '2021-08-05T07:30:00.123Z'],
  ['[Thu Mar 31 12:04:45 2022] Out of memory', '2022-03-31T12:04:45.000Z'],
  ['[ 1682.105911] Out of memory', undefined],
  ['no time here', undefined],
  ['', undefined],
];

for (const [line, time] of forms) {
  test(`reads the time of: ${line.slice(0, 60) || 'an empty line'}`, () => assert.is(lineTime(line), time));
}

test('a yearless time takes the year of the gathering', () => {
  assert.is(withYear('--03-03T06:53:46.325Z', '2024-05-01T00:00:00Z'), '2024-03-03T06:53:46.325Z');
});

test('a yearless time that would lie in the future is of the year before', () => {
  assert.is(withYear('--12-31T23:59:00.000Z', '2024-01-02T00:00:00Z'), '2023-12-31T23:59:00.000Z');
});

test('a yearless time stays unknown when nobody knows when the bundle was gathered', () => {
  assert.is(withYear('--12-31T23:59:00.000Z', undefined), undefined);
});

test.run();
