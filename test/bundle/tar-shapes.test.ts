import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, header, pax, read, sum, tar } from './archives.ts';

const block = (text: string): Buffer => {
  const bytes = Buffer.alloc(512);
  bytes.write(text);
  return bytes;
};

/** A header of GNU tar with the given bytes at their places, and a checksum that fits. */
function gnu(name: string, type: string, sizeBytes: number, at: Readonly<Record<number, string>> = {}): Buffer {
  const bytes = header(name, { type, sizeBytes });
  bytes.write('ustar  \0', 257, 'latin1');
  for (const [offset, text] of Object.entries(at)) bytes.write(text, Number(offset), 'latin1');
  return sum(bytes);
}

test('of a sparse file, in each of its four forms, the data are read and the holes are not', async () => {
  const sparse = { 'GNU.sparse.numblocks': '2' };
  const { texts, gaps, intake } = await read(
    tar(
      // two regions in the header, and a block with more of them before the data
      gnu('old.log', 'S', 10, { 482: '\x01', 483: '00000004000\0' }),
      block(''),
      block('line one\n\n'),
      pax({ ...sparse, 'GNU.sparse.size': '2048' }),
      file('zero.log', 'line two\n\n'),
      pax({ ...sparse, 'GNU.sparse.size': '2048', 'GNU.sparse.name': 'one.log', 'GNU.sparse.map': '0,5,2043,5' }),
      file('GNUSparseFile.7/one.log', 'line 3\n'),
      pax({
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'two.log',
        'GNU.sparse.realsize': '99',
      }),
      file('GNUSparseFile.7/two.log', Buffer.concat([block('# by hand\n2\n0\n5\n97\n2\n'), Buffer.from('line 4\n')])),
      file('end.yaml'),
    ),
  );
  assert.equal(texts, {
    'old.log': 'line one\n\n',
    'zero.log': 'line two\n\n',
    'one.log': 'line 3\n',
    'two.log': 'line 4\n',
    'end.yaml': 'kind: Pod\n',
  });
  assert.equal(
    gaps,
    ['old', 'zero', 'one', 'two'].map((name) => `ENTRY_SPARSE ${name}.log`),
  );
  assert.match(intake.gaps[0]!.detail, '2048 bytes with them; the 10 that');
});

test('a sparse file whose map cannot be read is lost alone', async () => {
  const records = { 'GNU.sparse.major': '1', 'GNU.sparse.name': 'a.log' };
  for (const map of ['many\n', '2\n0\n5\n', `${'9'.repeat(40)}\n`]) {
    const { texts, gaps } = await read(tar(pax(records), file('x', block(map)), file('end.yaml')));
    assert.equal(Object.keys(texts), ['end.yaml'], map);
    assert.equal(gaps, ['ENTRY_SPARSE a.log', 'ARCHIVE_CORRUPT_HEADER a.log'], map);
  }
});

test('cut in the map of a sparse file, it says so and ends', async () => {
  const bytes = gnu('old.log', 'S', 10, { 482: '\x01' });
  const { gaps } = await read(Buffer.concat([file('a.yaml'), bytes]));
  assert.ok(gaps.includes('ARCHIVE_TRUNCATED bundle.tar'), gaps.join());
});

test('volume labels and access lists are entries without content, a continued file is named as one', async () => {
  const { coverage, texts, gaps } = await read(
    tar(
      gnu('Volume 1', 'V', 0),
      file('a.yaml', 'user::rw-\n', { type: 'A' }),
      file('a.yaml'),
      file('b.log', 'the end of it\n', { type: 'M' }),
    ),
  );
  assert.equal(texts, { 'a.yaml': 'kind: Pod\n', 'b.log': 'the end of it\n' });
  assert.equal(gaps, ['ARCHIVE_TRUNCATED b.log']);
  assert.equal([coverage.entries, coverage.analysed, coverage.notRelevant, coverage.gap], [4, 1, 2, 1]);
});

test('the body of a GNU folder that lists its names is no file, and a folder of the oldest tars has none', async () => {
  const oldFolder = header('old/', { type: '\0', sizeBytes: 1 });
  oldFolder.fill(0, 257, 265);
  const { texts, coverage } = await read(
    tar(file('mg/', 'Ya.yaml\0', { type: 'D' }), sum(oldFolder), file('old/a.yaml')),
  );
  assert.equal([Object.keys(texts), coverage.notRelevant, coverage.gaps], [['old/a.yaml'], 2, []]);
});

test('takes the prefix of a name where there is one, also behind the mark of GNU tar', async () => {
  const { texts } = await read(
    tar(
      file('c.yaml'),
      gnuPrefixed('b.yaml', 'not-a-time/b'),
      gnuPrefixed('c2.yaml', '00000000001\x0000000000002\0'),
      starPrefixed('d.yaml', 's'.repeat(131)),
    ),
  );
  assert.equal(Object.keys(texts), ['c.yaml', 'not-a-time/b/b.yaml', 'c2.yaml', `${'s'.repeat(131)}/d.yaml`]);
});

function gnuPrefixed(name: string, prefix: string): Buffer {
  return Buffer.concat([gnu(name, '0', 1, { 345: prefix }), block('x')]);
}

function starPrefixed(name: string, prefix: string): Buffer {
  const bytes = header(name, { sizeBytes: 1 });
  bytes.write(`${prefix}00000000001 00000000002 tar\0`, 345);
  bytes.write('tar\0', 508);
  return Buffer.concat([sum(bytes), block('x')]);
}

test('numbers may have blanks, zeros before and rubbish behind their NUL', async () => {
  const odd = header('a.yaml', {});
  odd.write('  12 \0rubbis', 124, 'latin1');
  const zeros = file('b.yaml', 'x'.repeat(10));
  const { texts } = await read(
    tar(sum(odd), block('ten bytes\n'), pax({ size: '0000000000000000000000000010' }), zeros, file('c.yaml')),
  );
  assert.equal(texts, { 'a.yaml': 'ten bytes\n', 'b.yaml': 'x'.repeat(10), 'c.yaml': 'kind: Pod\n' });
});

test('of several PAX headers the last counts, and of a damaged one what lies before the damage', async () => {
  const damaged = pax({ path: 'mg/long.yaml', comment: 'cut' });
  damaged.write('999', 512 + Buffer.from('21 path=mg/long.yaml\n').length);
  const { texts, gaps } = await read(
    tar(pax({ path: 'mg/x.yaml' }), pax({ comment: 'no name' }), file('mg/y.yaml'), damaged, file('short')),
  );
  assert.equal(Object.keys(texts), ['mg/y.yaml', 'mg/long.yaml']);
  assert.equal(gaps, ['ARCHIVE_CORRUPT_HEADER bundle.tar']);
});

test('a PAX header without a member names no member of the archive that follows', async () => {
  const first = Buffer.concat([file('a.yaml'), pax({ path: 'mg/x.yaml' }), Buffer.alloc(1024)]);
  const { texts, gaps } = await read(Buffer.concat([first, tar(file('b.yaml'))]));
  assert.equal(Object.keys(texts), ['a.yaml', 'b.yaml']);
  assert.equal(gaps, ['ARCHIVE_CORRUPT_HEADER bundle.tar']);
});

test('two names in PAX headers that are not UTF-8 stay two names', async () => {
  const { texts } = await read(tar(bytesPax(0xe8), file('x'), bytesPax(0xe9), file('x')));
  assert.equal(Object.keys(texts), ['m\\xe8.yaml', 'm\\xe9.yaml']);
});

function bytesPax(byte: number): Buffer {
  const bytes = pax({ path: 'm?.yaml' });
  bytes[bytes.indexOf('?')] = byte;
  return bytes;
}

test('a time that no calendar has is no time', async () => {
  const { intake } = await read(
    tar(
      file('a.yaml', 'kind: Pod\n', { modified: 1714521600 }),
      pax({ mtime: '99999999999999999' }),
      file('b.yaml', 'kind: Pod\n', { modified: 1714521601 }),
      pax({ mtime: '1714521605.5' }),
      file('c.yaml'),
    ),
  );
  assert.is(intake.newestModified, '2024-05-01T00:00:05Z');
});

test.run();
