import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readZonedTime } from '../../../src/facts/text/zoned-time.ts';

test('the forms of date, Go and mail read into UTC', () => {
  const forms = {
    'Wed Oct  2 02:54:30 UTC 2019': '2019-10-02T02:54:30Z',
    'Thu 10 Feb 2022 04:19:17 PM CET': '2022-02-10T15:19:17Z',
    'Sun 05 Nov 2023 12:00:00 AM EST': '2023-11-05T05:00:00Z',
    '2021-08-03 12:11:56.91501602 +0200 CEST m=+1.651641915': '2021-08-03T10:11:56.91501602Z',
    '2022-02-10T16:19:17+01:00': '2022-02-10T15:19:17Z',
    '2022-02-10T16:19:17Z': '2022-02-10T16:19:17Z',
    'Thu, 10 Feb 2022 16:19:17 +0100': '2022-02-10T15:19:17Z',
    'Thu Feb 10 16:19:17 -03 2022': '2022-02-10T19:19:17Z',
    'Universal time: Thu 2022-02-10 16:19:17 UTC': '2022-02-10T16:19:17Z',
  };
  for (const [text, expected] of Object.entries(forms)) assert.is(readZonedTime(text), expected, text);
});

test('month names of other languages are known', () => {
  const forms = {
    'Do 10. Feb 16:19:17 CET 2022': '2022-02-10T15:19:17Z',
    'jeu. févr. 10 16:19:17 CET 2022': '2022-02-10T15:19:17Z',
    'mar. 2 févr. 2021 16:19:17 UTC': '2021-02-02T16:19:17Z',
    'mar. 2 mars 2021 16:19:17 UTC': '2021-03-02T16:19:17Z',
    'lun 01 mar 2021 12:00:00 CET': '2021-03-01T11:00:00Z',
    '2022年 02月 10日 木曜日 16:19:17 JST': '2022-02-10T07:19:17Z',
  };
  for (const [text, expected] of Object.entries(forms)) assert.is(readZonedTime(text), expected, text);
});

test('a zone nobody knows, or no zone, gives no moment', () => {
  for (const text of ['Thu Feb 10 16:19:17 XYZ 2022', 'Thu Feb 10 16:19:17 2022', 'hello', '', '16:19:17 UTC']) {
    assert.is(readZonedTime(text), undefined, text);
  }
});

test('a month or day that no calendar has is no time', () => {
  for (const day of ['9999-12-31', '2024-13-01', '2024-01-32'])
    assert.is(readZonedTime(`${day} 10:00:00 UTC`), undefined);
});

test.run();
