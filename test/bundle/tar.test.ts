import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endOfTar, file, header, link, pax, read, sum, tar } from './archives.ts';

const pod = 'kind: Pod\n';

test('reads members in order and counts every entry in one class', async () => {
  const bytes = tar(
    header('mg/', { type: '5' }),
    file('mg/a.yaml', pod, { modified: 1714521600 }),
    file('mg/empty.yaml', ''),
    file('mg/picture.png', 'not for us'),
  );
  const { coverage, texts, intake } = await read(bytes);
  assert.equal(texts, { 'mg/a.yaml': pod });
  assert.equal(
    { ...coverage, gaps: [], infos: [] },
    { entries: 4, analysed: 1, empty: 1, notRelevant: 2, gap: 0, gaps: [], infos: [] },
  );
  assert.is(intake.newestModified, '2024-05-01T00:00:00Z');
  assert.is(intake.name, 'bundle');
  assert.equal(intake.layouts, ['cluster']);
});

test('claims by content what no path says', async () => {
  const { pieces } = await read(tar(file('dump.txt', 'sniffed text'), file('other.txt', 'text')));
  assert.equal(
    pieces.map(({ source }) => [source.path, source.kind]),
    [['dump.txt', 'IptablesSave']],
  );
});

test('delivered bytes own their memory, so that they can move to another thread', async () => {
  const { pieces } = await read(tar(file('a.yaml')));
  assert.is(pieces[0]!.bytes.buffer.byteLength, pod.length);
});

test('takes long names from PAX and GNU headers, and shows bytes that are not UTF-8', async () => {
  const long = `mg/${'d'.repeat(120)}/a.yaml`;
  const gnu = file('././@LongLink', `${long}\0`, { type: 'L' });
  const { texts } = await read(
    tar(
      pax({ path: 'mg/näme.yaml' }),
      file('short'),
      gnu,
      file('mg/ddd'),
      file(Buffer.from([0x6d, 0xe9, 0x2e, 0x79, 0x61, 0x6d, 0x6c])),
      file(Buffer.from([0x6d, 0xe8, 0x2e, 0x79, 0x61, 0x6d, 0x6c])),
    ),
  );
  assert.equal(Object.keys(texts), ['mg/näme.yaml', long, 'm\\xe9.yaml', 'm\\xe8.yaml']);
});

test('goes on at the next header behind a damaged one, and says so', async () => {
  const bytes = tar(file('a.yaml'), file('b.yaml'), file('c.yaml'));
  bytes[1024]! ^= 1;
  const { texts, gaps } = await read(bytes);
  assert.equal(Object.keys(texts), ['a.yaml', 'c.yaml']);
  assert.equal(gaps, ['ARCHIVE_CORRUPT_HEADER bundle.tar']);
});

test('headers without a body may declare a size', async () => {
  const bytes = tar(
    header('mg/d/', { type: '5', sizeBytes: 14 }),
    header('mg/l', { type: '2', target: 'a.yaml', sizeBytes: 1024 }),
    file('mg/a.yaml'),
  );
  const { texts, gaps, infos } = await read(bytes);
  assert.equal(Object.keys(texts), ['mg/a.yaml']);
  assert.equal(gaps, []);
  assert.equal(infos, ['ENTRY_LINK bundle.tar']);
});

test('an archive cut in a member gives what there is of it', async () => {
  const bytes = Buffer.concat([file('a.yaml'), file('big.log', 'line\n'.repeat(800))]).subarray(0, 512 * 3 + 1500);
  const { texts, gaps, coverage } = await read(bytes);
  assert.is(texts['big.log']?.length, 1500);
  assert.equal(gaps, ['ARCHIVE_TRUNCATED big.log', 'ARCHIVE_TRUNCATED bundle.tar']);
  assert.equal([coverage.analysed, coverage.gap], [1, 1]);
});

test('an archive cut in a header, or without the mark of its end, is never whole', async () => {
  const cutHeader = await read(Buffer.concat([file('a.yaml'), header('b.yaml').subarray(0, 100)]));
  assert.equal(cutHeader.gaps, ['ARCHIVE_TRUNCATED bundle.tar']);
  const noEnd = await read(file('a.yaml'));
  assert.equal(noEnd.gaps, ['ARCHIVE_NO_EOA bundle.tar']);
});

test('reads past a block of zeros and into a second archive', async () => {
  const zero = await read(tar(file('a.yaml'), Buffer.alloc(512), file('b.yaml')));
  assert.equal(
    [Object.keys(zero.texts), zero.infos, zero.gaps],
    [['a.yaml', 'b.yaml'], ['ARCHIVE_ZERO_BLOCK bundle.tar'], []],
  );
  const two = await read(Buffer.concat([tar(file('a.yaml')), tar(file('b.yaml'))]));
  assert.equal([Object.keys(two.texts), two.infos], [['a.yaml', 'b.yaml'], ['ARCHIVE_CONCATENATED bundle.tar']]);
  const text = await read(Buffer.concat([tar(file('a.yaml')), Buffer.from('said the mailer')]));
  assert.equal([text.infos, text.gaps], [['ARCHIVE_TRAILING_GARBAGE bundle.tar'], []]);
});

test('a PAX size counts for the member and for nothing else', async () => {
  const inner = file('smuggled.yaml');
  const outer = Buffer.concat([pax({ size: String(inner.length) }), header('outer.log'), inner]);
  const { texts } = await read(tar(outer, file('a.yaml')));
  assert.equal(Object.keys(texts), ['outer.log', 'a.yaml']);
  assert.is(texts['outer.log']?.length, inner.length);
});

test('a PAX size that is none loses its member, a header too long its name, a broken one only itself', async () => {
  const bad = await read(tar(pax({ size: '-512' }), file('x.yaml'), file('a.yaml')));
  assert.equal([Object.keys(bad.texts), bad.gaps], [['a.yaml'], ['ARCHIVE_CORRUPT_HEADER x.yaml']]);
  const long = file('././@LongLink', 'n'.repeat(5000), { type: 'L' });
  const tooLong = await read(tar(long, file('nnn'), file('a.yaml')), 'bundle.tar', { metaBytes: 4096 });
  assert.equal([Object.keys(tooLong.texts), tooLong.gaps], [['a.yaml'], ['LIMIT_META bundle.tar', 'LIMIT_META nnn']]);
  const broken = await read(tar(file('PaxHeaders/x', '9999 path=x\n', { type: 'x' }), file('a.yaml')));
  assert.equal([Object.keys(broken.texts), broken.gaps], [['a.yaml'], ['ARCHIVE_CORRUPT_HEADER bundle.tar']]);
});

test('a size that no file can have is a damaged header', async () => {
  const huge = header('huge.log');
  huge.fill(0xff, 125, 136);
  huge[124] = 0x80;
  const { gaps, texts } = await read(tar(sum(huge), file('a.yaml')));
  assert.equal([Object.keys(texts), gaps], [['a.yaml'], ['ARCHIVE_CORRUPT_HEADER bundle.tar']]);
});

test('a header without the mark of any format, summed over signed bytes, is read', async () => {
  const old = header(Buffer.from('ä.yaml'), { sizeBytes: 10 });
  old.fill(0, 257, 265);
  sum(old);
  const unsigned = Number.parseInt(old.toString('latin1', 148, 154), 8);
  old.write(`${(unsigned - 512).toString(8).padStart(6, '0')}\0 `, 148);
  const { texts, gaps } = await read(tar(old, Buffer.concat([Buffer.from(pod), Buffer.alloc(502)])));
  assert.equal([Object.keys(texts), gaps], [['ä.yaml'], []]);
});

test('of a sparse file the data that are there are read', async () => {
  const sparse = header('s.log', { type: 'S', sizeBytes: 5 });
  const bytes = tar(sparse, Buffer.concat([Buffer.from('data\n'), Buffer.alloc(507)]), file('a.yaml'));
  const { texts, gaps } = await read(bytes);
  assert.equal(texts, { 's.log': 'data\n', 'a.yaml': pod });
  assert.equal(gaps, ['ENTRY_SPARSE s.log']);
});

test('names that climb, begin at a root or hold NUL are gaps; odd ones are read', async () => {
  const unsafe = ['../a.yaml', '/etc/a.yaml', 'C:\\a.yaml', '..\\a.yaml', 'mg/../../a.yaml', '.'];
  const odd = ['-rf.yaml', '$(touch x).yaml', 'dev\\x2db.yaml', 'ab:c.yaml', 'line\nbreak.yaml', 'a..b.yaml'];
  const members = [...unsafe, ...odd].map((name) => file(name));
  const { texts, intake } = await read(tar(...members, pax({ path: 'nul\0.yaml' }), file('x')));
  assert.equal(Object.keys(texts), odd);
  assert.equal(
    intake.gaps.map(({ code }) => code),
    [...unsafe.map(() => 'ENTRY_PATH_UNSAFE'), 'ENTRY_NAME_INVALID'],
  );
});

test('`./` and double slashes are left out of paths', async () => {
  const { texts, gaps } = await read(tar(header('./', { type: '5' }), file('./mg//a.yaml'), file('mg/./b.yaml')));
  assert.equal([Object.keys(texts), gaps], [['mg/a.yaml', 'mg/b.yaml'], []]);
});

test('another spelling of the same characters is noted', async () => {
  const { gaps, infos } = await read(tar(file('\u00e9.yaml'), file('e\u0301.yaml')));
  assert.equal(gaps, []);
  assert.equal(infos, ['ENTRY_NAME_COLLISION e\u0301.yaml']);
});

test('links: inside the bundle nothing is lost; out of it, round in a circle or to nothing is a gap', async () => {
  const { gaps, infos, coverage } = await read(
    tar(
      file('mg/a.yaml'),
      link('mg/same', 'a.yaml'),
      link('mg/hard.yaml', 'mg/a.yaml', '1'),
      link('mg/out', '../../etc/passwd'),
      link('mg/absolute', '/etc/passwd'),
      link('mg/one', 'two'),
      link('mg/two', 'one'),
      link('mg/dangling', 'nothing'),
      link('mg/hard-out', '../../etc/passwd', '1'),
    ),
  );
  assert.equal(
    gaps,
    ['out', 'absolute', 'one', 'two', 'dangling', 'hard-out'].map((name) => `ENTRY_LINK_SKIPPED mg/${name}`),
  );
  assert.equal(infos, ['ENTRY_LINK bundle.tar']);
  assert.equal([coverage.entries, coverage.analysed, coverage.notRelevant, coverage.gap], [9, 1, 2, 6]);
});

test('in a copy of the files of a machine, links to its own paths lose nothing', async () => {
  const members = [file('node/a.yaml'), link('node/etc/mtab', '/proc/self/mounts'), link('node/x', '../run/y')];
  const { gaps, infos } = await read(tar(...members));
  assert.equal([gaps, infos], [[], ['ENTRY_LINK bundle.tar']]);
});

test('a link that a layout would read, to a file that none knows, is a gap', async () => {
  const { gaps } = await read(tar(file('data.bin', 'x'), link('a.yaml', 'data.bin')));
  assert.equal(gaps, ['ENTRY_LINK_SKIPPED a.yaml']);
});

test('devices and pipes are gaps', async () => {
  const { gaps } = await read(tar(header('p', { type: '6' }), header('c', { type: '3' }), file('a.yaml')));
  assert.equal(gaps, ['ENTRY_SPECIAL_SKIPPED p', 'ENTRY_SPECIAL_SKIPPED c']);
});

test('an archive of nothing but its end is refused', async () => {
  try {
    await read(endOfTar);
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code?: string }).code, 'ARCHIVE_EMPTY');
  }
});

test('what lies between two archives and is no member was lost', async () => {
  const wiped = Buffer.concat([tar(file('a.yaml')), Buffer.alloc(512, 'x'), tar(file('b.yaml'))]);
  const { texts, gaps } = await read(wiped);
  assert.equal([Object.keys(texts), gaps], [['a.yaml', 'b.yaml'], ['ARCHIVE_CORRUPT_HEADER bundle.tar']]);
});

test.run();
