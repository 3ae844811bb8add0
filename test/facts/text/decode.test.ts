// Bytes become text; what cannot be read is a problem, never silence.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decode } from '../../../src/facts/text/decode.ts';

const said = (bytes: Uint8Array): readonly string[] => decode(bytes).problems.map(({ code }) => code);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('UTF-8 is read without its byte order mark and with the line ends of Unix', () => {
  assert.equal(decode(bytesOf('\ufeffa\r\nb\rc')), { text: 'a\nb\rc', problems: [] });
});

test('UTF-16 with a byte order mark is read', () => {
  assert.is(decode(Buffer.from('\ufeffa\nb', 'utf16le')).text, 'a\nb');
});

test('UTF-16 is read in both orders, without its mark too, and its NUL tail is cut', () => {
  const marked = Buffer.from('\ufeffkind: Pod\r\n', 'utf16le');
  const plain = Buffer.from('kind: Pod\n', 'utf16le');
  for (const bytes of [marked, Buffer.from(marked).swap16(), plain, Buffer.from(plain).swap16()]) {
    assert.equal(decode(bytes), { text: 'kind: Pod\n', problems: [] });
  }
  const preallocated = Buffer.concat([marked, Buffer.alloc(64)]);
  assert.is(decode(preallocated).text, 'kind: Pod\n');
  assert.equal(said(preallocated), ['FILE_NUL']);
  // Half of a character at the end, as a cut leaves it, and half of a pair.
  assert.equal(said(marked.subarray(0, marked.length - 1)), ['FILE_ENCODING']);
  assert.equal(said(Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8, 0x62, 0x00])), ['FILE_ENCODING']);
});

test('bytes that are no UTF-8 are replaced and told', () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0x0a, 0x62);
  assert.is(decode(bytes).text, 'a\ufffd\nb');
  assert.equal(said(bytes), ['FILE_ENCODING']);
});

test('NUL bytes at the end are cut and told', () => {
  assert.is(decode(bytesOf('a\nb\0\0\0')).text, 'a\nb');
  assert.equal(said(bytesOf('a\nb\0\0\0')), ['FILE_NUL']);
});

test('a hole of NUL bytes in the middle is told, a single one is text', () => {
  assert.equal(said(bytesOf(`a\n${'\0'.repeat(512)}\nb`)), ['FILE_NUL']);
  assert.equal(said(bytesOf('zone: us-east-1:\0:us-east-1b')), []);
});

test.run();
