// Logs that Windows wrote, longer than one piece: only the first has a byte order mark.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decode } from '../../src/facts/text/decode.ts';
import { file, read, tar } from './archives.ts';

const lines = Array.from({ length: 40 }, (_, index) => `line ${index}: ünïcödé ਊ\n`);

test('a long log in UTF-16 comes in pieces that are cut at its lines and count them', async () => {
  const little = Buffer.from(`\ufeff${lines.join('')}`, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    const { pieces, gaps } = await read(tar(file('a.log', bytes)), 'b.tar', { pieceBytes: 100 });
    assert.equal(gaps, []);
    assert.ok(pieces.length > 5);
    let line = 1;
    for (const { bytes: part, firstLine } of pieces) {
      const { text, problems } = decode(part);
      assert.equal([firstLine, problems], [line, []]);
      line += text.split('\n').length - 1;
    }
    assert.is(pieces.map(({ bytes: part }) => decode(part).text).join(''), lines.join(''));
  }
});

test('UTF-16 that is cut or damaged keeps what can be read, and is told of', async () => {
  const whole = Buffer.from(`\ufeff${lines.join('')}`, 'utf16le');
  const cut = await read(tar(file('a.log', whole.subarray(0, 101))));
  assert.equal(cut.gaps, ['FILE_ENCODING a.log']);
  assert.match(cut.texts['a.log']!, 'line 0');
  const torn = await read(tar(file('a.log', whole)).subarray(0, 1024));
  assert.ok(torn.gaps.includes('ARCHIVE_TRUNCATED a.log') || torn.gaps.includes('ARCHIVE_TRUNCATED bundle.tar'));
  assert.match(torn.texts['a.log']!, 'line 0');
});

test.run();
