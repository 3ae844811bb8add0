// The small readers that parsers of node sources share.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readColumns } from '../../../src/facts/text/columns.ts';
import { readCpuList, writeCpuList } from '../../../src/facts/text/cpu-list.ts';
import { failedOutput } from '../../../src/facts/text/failed-output.ts';
import { linesOf, spokenLines, wholeSpan } from '../../../src/facts/text/lines.ts';
import { mountOptions, unescapeMount } from '../../../src/facts/text/mount-words.ts';
import { intOf, textMapOf } from '../../../src/facts/text/plain-values.ts';
import { readPressure } from '../../../src/facts/text/pressure.ts';
import { printedBytes } from '../../../src/facts/text/sizes.ts';
import { readToml } from '../../../src/facts/text/toml-document.ts';

test('a list of CPUs may have ranges, strides, or nothing', () => {
  assert.equal(readCpuList('0-3,8'), [0, 1, 2, 3, 8]);
  assert.equal(readCpuList(' 3,1 \n'), [1, 3]);
  assert.equal(readCpuList(''), []);
  assert.equal(readCpuList('0-7:2/4'), [0, 1, 4, 5]);
});

test('what is no list of CPUs is refused, however large it claims to be', () => {
  for (const text of ['all', '3-1', '1,,2', '0-4294967295', '1-2:3/2', 'a-b'])
    assert.is(readCpuList(text), undefined, text);
});

test('CPUs are written as the shortest list', () => {
  assert.is(writeCpuList([8, 0, 1, 2, 2]), '0-2,8');
  assert.is(writeCpuList([]), '');
});

test('printed sizes count in 1024s, but Docker in 1000s', () => {
  assert.is(printedBytes('1.5G'), 1.5 * 1024 ** 3);
  assert.is(printedBytes('24Gi'), 24 * 1024 ** 3);
  assert.is(printedBytes('65.54 kB'), 65540);
  assert.is(printedBytes('512'), 512);
  assert.is(printedBytes('0B'), 0);
  assert.is(printedBytes('much'), undefined);
});

test('lines have numbers from 1, and a carriage return is not part of them', () => {
  assert.equal(linesOf('a\r\nb\n'), [
    { text: 'a', number: 1 },
    { text: 'b', number: 2 },
  ]);
  assert.equal(
    spokenLines('\n \nx\n').map(({ number }) => number),
    [3],
  );
  assert.equal(
    [wholeSpan(''), wholeSpan('a\nb')],
    [
      [1, 1],
      [1, 2],
    ],
  );
});

test('columns begin under the words of the header, two words where they are named', () => {
  const text = 'POD ID        CREATED        STATE   NAME\n3f2164ffc40a  34 minutes ago Ready   etcd 1\n';
  const table = readColumns(linesOf(text), ['POD ID', 'STATE', 'NAME']);
  const [row] = table?.rows ?? [];
  assert.equal(
    ['POD ID', 'CREATED', 'STATE', 'NAME', 'ELSE'].map((name) => row?.cell(name)),
    ['3f2164ffc40a', '34 minutes ago', 'Ready', 'etcd 1', ''],
  );
  assert.is(readColumns(linesOf(text), ['CONTAINER']), undefined);
});

test('a value too long for its column pushes the others aside', () => {
  const text = 'ID   IMAGE   STATE\nabc  a-very-long-image  Running\n';
  const [row] = readColumns(linesOf(text), ['ID', 'IMAGE', 'STATE'])?.rows ?? [];
  assert.equal([row?.cell('IMAGE'), row?.cell('STATE')], ['a-very-long-image', 'Running']);
});

test('a failed command is told from a file of another kind', () => {
  assert.equal(failedOutput('', 'x'), []);
  assert.is(failedOutput('bash: crictl: command not found\n', 'x')[0]?.code, 'COLLECTION_ERROR');
  assert.equal(failedOutput('\nhello\n', 'a list'), [
    { code: 'PARSE_ERROR', span: [2, 2], detail: 'not a list: hello' },
  ]);
  assert.is(failedOutput(`${'x'.repeat(500)}\n`, 'a list')[0]?.detail.length, 'not a list: '.length + 120);
});

test('mount words are unescaped, and quoted commas do not part options', () => {
  assert.is(unescapeMount('/a\\040b\\134c'), '/a b\\c');
  assert.equal(mountOptions('rw,context="a:s0:c1,c2",size=1k'), ['rw', 'context="a:s0:c1,c2"', 'size=1k']);
});

test('numbers past 2^53 are no whole numbers, and nested values no texts', () => {
  assert.equal(
    [intOf('12'), intOf(12), intOf('18446744073709551615'), intOf('1.5'), intOf(true)],
    [12, 12, undefined, undefined, undefined],
  );
  assert.equal(textMapOf({ a: 1, b: 'x', c: [1], d: true, e: null }), { a: '1', b: 'x', d: 'true' });
});

test('keys of TOML are found in the table that holds them', () => {
  const text = '# a = 0\na = 1\n[x]\na = 2\n[x.y]\na = 3\n[[z]]\na = 4\n\n[[z]]\n  a = 5\n';
  const { keySpan, tableSpan, span, problems } = readToml(text);
  assert.equal(
    [keySpan('', 'a'), keySpan('x', 'a'), keySpan('x.y', 'a')],
    [
      [2, 2],
      [4, 4],
      [6, 6],
    ],
  );
  assert.equal([keySpan('z', 'a', 0), keySpan('z', 'a', 1), keySpan('z', 'b')], [[8, 8], [11, 11], undefined]);
  assert.equal([tableSpan('x'), tableSpan('z', 0), tableSpan('none')], [[3, 6], [7, 8], undefined]);
  assert.equal([span, problems], [[2, 11], []]);
});

test('of pressure only whole averages are read', () => {
  const read = (text: string) => readPressure(linesOf(text));
  const some = 'some avg10=46.17 avg60=17.67 avg300=8 total=123456\n';
  assert.equal(read(some), { someAvg10: 46.17, someAvg60: 17.67, someAvg300: 8 });
  assert.equal(read(`${some}full avg10=0 avg60=.. avg300=0 total=1\n`), read(some));
});

test('TOML that breaks off keeps what came before it', () => {
  const { value, problems } = readToml('a = 1\n[t]\nb = 2\nc = [\n  "x",\n');
  assert.equal(JSON.stringify(value), '{"a":1,"t":{"b":2}}');
  assert.is(problems[0]?.code, 'PARSE_ERROR');
});

test.run();
