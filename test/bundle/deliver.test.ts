import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeCoverage } from '../../src/bundle/coverage.ts';
import { file, read, tar } from './archives.ts';

test('a long log comes in pieces that end at line ends and say their first line', async () => {
  const log = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');
  const { pieces, gaps } = await read(tar(file('a.log', log)), 'b.tar', { pieceBytes: 30 });
  assert.equal(
    pieces.map(({ bytes, firstLine, last }) => [Buffer.from(bytes).toString(), firstLine, last]),
    [
      ['line 0\nline 1\nline 2\nline 3\n', 1, false],
      ['line 4\nline 5\nline 6\nline 7\n', 5, false],
      ['line 8\nline 9\n', 9, true],
    ],
  );
  assert.equal(gaps, []);
});

test('of an endless line only the beginning is handed on, and the lines after it keep their numbers', async () => {
  const log = `one\n${'x'.repeat(100)}\nthree\n`;
  const { pieces, gaps } = await read(tar(file('a.log', log)), 'b.tar', { pieceBytes: 20 });
  assert.equal(
    pieces.map(({ bytes, firstLine }) => [Buffer.from(bytes).toString(), firstLine]),
    [
      ['one\n', 1],
      ['x'.repeat(20), 2],
      ['\nthree\n', 2],
    ],
  );
  assert.equal(gaps, ['FILE_TRUNCATED a.log']);
});

test('a file too large for a parser is a gap, a log too large is cut', async () => {
  const text = 'line\n'.repeat(100);
  const { texts, gaps, coverage } = await read(tar(file('a.yaml', text), file('b.log', text)), 'b.tar', {
    fileBytes: 400,
    logBytes: 400,
  });
  assert.equal(Object.keys(texts), ['b.log']);
  assert.equal([gaps, coverage.gap], [['LIMIT_FILE a.yaml', 'LIMIT_FILE b.log'], 2]);
});

test('an entry with a problem of a parser moves from analysed to gap', async () => {
  const { intake } = await read(tar(file('a.yaml'), file('b.yaml')));
  const { analysed, gap, gaps } = closeCoverage(intake, [
    { code: 'YAML_SYNTAX', path: 'a.yaml', detail: 'line 1' },
    { code: 'YAML_SYNTAX', path: 'a.yaml', detail: 'line 2' },
  ]);
  assert.equal([analysed, gap, gaps.length], [1, 1, 2]);
});

test('books that do not add up are an error', () => {
  const read = { entries: 1, empty: 1, notRelevant: 1, delivered: [], gaps: [], infos: [] };
  assert.throws(() => closeCoverage(read, []), /does not add up/);
});

test.run();
