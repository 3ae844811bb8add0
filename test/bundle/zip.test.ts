import { crc32, deflateRawSync, InflateRaw } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { read, refusal, type Seen } from './archives.ts';
import { extraField, makeZip, type Shape, wide } from './zip-shapes.ts';

const pod = 'kind: Pod\n';
const node = 'kind: Node\n';
const two: readonly Shape[] = [{ name: 'a.yaml' }, { name: 'b.yaml', content: node }];
const bothTexts = { 'a.yaml': pod, 'b.yaml': node };
const readZip = (bytes: Buffer, limits = {}): Promise<Seen> => read(bytes, 'case.zip', limits);
const codeOf = async (reading: Promise<unknown>) => ((await refusal(reading)) as { code: string }).code;
const whole = (seen: Seen) => [seen.texts, seen.gaps, seen.infos];

test('the directory is found behind a program, whose length the offsets know or do not', async () => {
  const prefix = Buffer.from('#!/bin/sh\nexec unzip "$0"\n');
  for (const counted of [true, false]) {
    assert.equal(whole(await readZip(makeZip(two, { prefix, counted }).bytes)), [bothTexts, [], []]);
    assert.equal(whole(await readZip(makeZip(two, { prefix, counted, wideEnd: true }).bytes)), [bothTexts, [], []]);
  }
});

test('sizes, offsets and counts of 64 bits are read wherever they may stand', async () => {
  const { places } = makeZip(two);
  const packed = deflateRawSync(node).length;
  const shape: Shape = {
    ...two[1]!,
    sizeBytes: 0xffffffff,
    packedBytes: 0xffffffff,
    offset: 0xffffffff,
    extra: extraField(1, wide(node.length, packed, places[1]!)),
  };
  assert.equal(whole(await readZip(makeZip([two[0]!, shape], { wideEnd: true }).bytes)), [bothTexts, [], []]);
  // and cut before its end, where the local header has the sizes
  const local: Shape = { ...shape, localExtra: extraField(1, wide(node.length, packed)) };
  const made = makeZip([two[0]!, local]);
  made.bytes.writeUInt32LE(0xffffffff, made.places[1]! + 18);
  made.bytes.writeUInt32LE(0xffffffff, made.places[1]! + 22);
  const seen = await readZip(made.bytes.subarray(0, made.directoryAt));
  assert.equal([seen.texts, seen.gaps], [bothTexts, ['ARCHIVE_TRUNCATED case.zip']]);
});

test('a name that holds the mark of a 64-bit end record is a name', async () => {
  const locator = Buffer.concat([Buffer.from('PK\x06\x07\0\0\0\0'), Buffer.alloc(8), Buffer.from('\x01\0\0.')]);
  const seen = await readZip(makeZip([...two, { name: Buffer.concat([Buffer.from('x/'), locator]) }]).bytes);
  assert.equal(seen.texts, bothTexts);
  assert.equal(
    seen.gaps.map((gap) => gap.split(' ')[0]),
    ['ENTRY_NAME_INVALID'],
  );
});

test('a wrong size or offset of the directory, and bytes before and behind it, cost nothing', async () => {
  for (const around of [
    { directoryBytes: 7 },
    { directoryOffset: 3 },
    { directoryBytes: 9_999, directoryOffset: 9_999 },
    { directoryBytes: 60, directoryOffset: 60 },
    { beforeDirectory: Buffer.from('strange') },
    { beforeEnd: Buffer.from('strange') },
  ]) {
    const seen = await readZip(makeZip(two, around).bytes);
    assert.equal(whole(seen), [bothTexts, [], []], JSON.stringify(around));
  }
});

test('a wrong number of members is a gap, and all that are there are read', async () => {
  for (const count of [1, 3]) {
    const seen = await readZip(makeZip(two, { count }).bytes);
    assert.equal([seen.texts, seen.gaps], [bothTexts, ['ARCHIVE_CORRUPT_HEADER case.zip']]);
  }
  const none = await readZip(makeZip(two, { count: 0, directoryBytes: 0 }).bytes);
  assert.equal([none.texts, none.gaps], [bothTexts, ['ARCHIVE_CORRUPT_HEADER case.zip']]);
});

test('more members than 16 bits can count are all read', async () => {
  const many = Array.from({ length: 65_540 }, (_, index) => ({ name: `d/${index}`, content: '', method: 0 }));
  const seen = await readZip(makeZip([...many, { name: 'a.yaml' }]).bytes);
  assert.equal([seen.intake.entries, seen.texts, seen.gaps], [65_541, { 'a.yaml': pod }, []]);
});

test('comments: with an end mark inside, cut short, with bytes behind', async () => {
  const inside = await readZip(makeZip(two, { comment: makeZip([{ name: 'c.yaml' }]).bytes }).bytes);
  assert.equal(whole(inside), [bothTexts, [], []]);
  const mark = await readZip(makeZip(two, { comment: `PK\x05\x06${'x'.repeat(30)}` }).bytes);
  assert.equal(whole(mark), [bothTexts, [], []]);
  const cut = makeZip(two, { comment: 'a remark' }).bytes;
  assert.equal(whole(await readZip(cut.subarray(0, -3))), [bothTexts, [], []]);
  const more = await readZip(Buffer.concat([cut, Buffer.from('trailing')]));
  assert.equal(whole(more), [bothTexts, [], ['ARCHIVE_TRAILING_GARBAGE case.zip']]);
});

test('what the directory says counts where the data bear it out, whatever the local header says', async () => {
  const seen = await readZip(
    makeZip([
      { name: 'a.yaml', localName: 'other.yaml' },
      { name: 'b.yaml', content: node, localExtra: extraField(0x5455, Buffer.from('abc')) },
    ]).bytes,
  );
  assert.equal(whole(seen), [bothTexts, [], []]);
});

test('a local header that is damaged or elsewhere', async () => {
  const { bytes, places } = makeZip(two);
  bytes[places[1]!]! ^= 1; // its mark; the name behind it still tells
  assert.equal(whole(await readZip(bytes)), [bothTexts, [], []]);
  const gone = await readZip(makeZip([two[0]!, { ...two[1]!, offset: 1 << 20 }]).bytes);
  assert.equal([gone.texts, gone.gaps], [{ 'a.yaml': pod }, ['ARCHIVE_CORRUPT_HEADER b.yaml']]);
});

test('sizes that do not fit are gaps; the checksum tells which of two is right', async () => {
  const text = 'line\n'.repeat(100);
  const seen = await readZip(
    makeZip([
      { name: 'more.log', content: text, sizeBytes: 10 },
      { name: 'less.log', content: text, sizeBytes: 1000, crc: 1 },
      { name: 'fits.log', content: text, sizeBytes: 1000 },
      { name: 'stored.log', content: text, method: 0, packedBytes: 400 },
      { name: 'hidden.log', content: text, sizeBytes: 0 },
      { name: 'crc.log', content: text, crc: 1 },
      { name: 'nothing.log', content: '', packed: Buffer.alloc(0), sizeBytes: 73, crc: 0 },
      { name: 'folder/', content: text },
    ]).bytes,
  );
  assert.equal(seen.gaps, [
    'ARCHIVE_SIZE_MISMATCH more.log',
    'ARCHIVE_SIZE_MISMATCH less.log',
    'ARCHIVE_SIZE_MISMATCH stored.log',
    'ARCHIVE_SIZE_MISMATCH hidden.log',
    'ARCHIVE_CHECKSUM crc.log',
    'ARCHIVE_SIZE_MISMATCH nothing.log',
    'ARCHIVE_SIZE_MISMATCH folder',
  ]);
  assert.equal(
    Object.entries(seen.texts).map(([path, { length }]) => [path, length]),
    [
      ['more.log', 10],
      ['less.log', 500],
      ['fits.log', 500],
      ['stored.log', 400],
      ['crc.log', 500],
    ],
  );
  assert.equal(seen.infos, ['ENTRY_SIZE_CONFLICT case.zip']);
});

test('no more is held of a member that lies about its size than it declares, and 64 KiB', async () => {
  const prototype = InflateRaw.prototype as unknown as { push: (chunk: Uint8Array | null) => boolean };
  const { push } = prototype;
  let heldBytes = 0;
  prototype.push = function (this: unknown, chunk) {
    heldBytes += chunk?.length ?? 0;
    return push.call(this, chunk);
  };
  try {
    const { gaps } = await readZip(makeZip([{ name: 'a.yaml', content: Buffer.alloc(8 << 20), sizeBytes: 10 }]).bytes);
    assert.equal(gaps, ['ARCHIVE_SIZE_MISMATCH a.yaml']);
  } finally {
    prototype.push = push;
  }
  assert.ok(heldBytes > 0 && heldBytes <= 10 + 64 * 1024, `${heldBytes} bytes`);
});

test('a member that reaches into the next one or the directory is read up to there', async () => {
  const lie: Shape = { name: 'a.yaml', content: pod, method: 0, packedBytes: 5_000, sizeBytes: 5_000 };
  const seen = await readZip(makeZip([lie, two[1]!]).bytes);
  assert.equal(seen.gaps, ['ARCHIVE_OVERLAP a.yaml']);
  assert.equal(seen.texts, bothTexts);
  const last = await readZip(makeZip([{ ...lie, packedBytes: 60, sizeBytes: 60 }]).bytes);
  assert.equal([last.texts, last.gaps], [{ 'a.yaml': pod }, ['ARCHIVE_SIZE_MISMATCH a.yaml']]);
});

test('a deflated member that says it is longer than it is, but is whole, is whole', async () => {
  assert.equal(whole(await readZip(makeZip([{ ...two[0]!, packedBytes: 5_000 }, two[1]!]).bytes)), [bothTexts, [], []]);
});

test('an empty member that lies nowhere is a gap', async () => {
  const { texts, gaps } = await readZip(
    makeZip([two[0]!, { name: 'b.yaml', content: '', packed: Buffer.alloc(0), offset: 1 << 20 }]).bytes,
  );
  assert.equal([texts, gaps], [{ 'a.yaml': pod }, ['ARCHIVE_CORRUPT_HEADER b.yaml']]);
});

test('a false offset into a member costs itself, not the member', async () => {
  const text = 'line\n'.repeat(100);
  const seen = await readZip(
    makeZip([
      { name: 'a.log', content: text, method: 0 },
      { ...two[1]!, offset: 90 },
    ]).bytes,
  );
  assert.equal([seen.texts, seen.gaps], [{ 'a.log': text }, ['ARCHIVE_CORRUPT_HEADER b.yaml']]);
});

test('a thousand members over the same data are read once', async () => {
  const zeros = Buffer.alloc(4 << 20);
  const packed = deflateRawSync(zeros);
  const told = { crc: crc32(zeros), sizeBytes: zeros.length, packedBytes: packed.length, offset: 0 };
  const kernel: Shape = { name: 'k0.log', content: zeros, packed };
  const names = Array.from({ length: 999 }, (_, index) => `k${index + 1}.log`);
  const others = names.map((name) => ({ name, ...told, content: '', packed: Buffer.alloc(0) }));
  const { intake } = await readZip(makeZip([kernel, ...others]).bytes);
  assert.equal(intake.delivered, ['k0.log']);
  const inside = intake.gaps.filter(({ detail }) => detail === 'its data lie inside those of another member');
  assert.is(inside.filter(({ code }) => code === 'ARCHIVE_OVERLAP').length, 999);
});

test('members that each quote the headers of the next are read once each', async () => {
  const bodies = Array.from({ length: 50 }, (_, index) => ({ name: `q${index}.log`, content: 'x'.repeat(100) }));
  const { bytes, directoryAt, places } = makeZip(bodies);
  let record = directoryAt;
  for (const place of places) {
    const nameBytes = bytes.readUInt16LE(record + 28);
    bytes.writeUInt32LE(directoryAt - place - 30 - nameBytes, record + 20);
    bytes.writeUInt32LE(1 << 30, record + 24);
    record += 46 + nameBytes;
  }
  const { texts, gaps } = await readZip(bytes);
  assert.is(gaps.filter((gap) => gap.startsWith('ARCHIVE_OVERLAP')).length, 49);
  assert.is(Object.values(texts).join('').length, 5_000);
});

test('an empty zip is empty, also with a comment and 64-bit records', async () => {
  assert.is(await codeOf(readZip(makeZip([], { comment: 'nothing' }).bytes)), 'ARCHIVE_EMPTY');
  assert.is(await codeOf(readZip(makeZip([], { wideEnd: true }).bytes)), 'ARCHIVE_EMPTY');
});

test('a directory larger than the limit is left out, and the members are read all the same', async () => {
  const { texts, gaps } = await readZip(makeZip(two).bytes, { zipDirectoryBytes: 50 });
  assert.equal([texts, gaps], [bothTexts, ['LIMIT_META case.zip']]);
});

test('more members than the limit stop the run', async () => {
  const { intake, gaps } = await readZip(makeZip([...two, { name: 'c.yaml' }]).bytes, { entries: 2 });
  assert.equal([intake.entries, gaps], [2, ['LIMIT_ENTRIES case.zip']]);
});

test('a folder that names a method nobody knows is a folder, also where the directory is cut off', async () => {
  const { bytes, directoryAt } = makeZip([{ name: 'd/', content: '', method: 9 }, { name: 'a.yaml' }]);
  const whole = await readZip(bytes);
  const cut = await readZip(bytes.subarray(0, directoryAt));
  assert.equal([whole.texts, cut.texts], [{ 'a.yaml': pod }, { 'a.yaml': pod }]);
});

test.run();
