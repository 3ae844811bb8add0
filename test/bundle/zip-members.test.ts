import { crc32, zstdCompressSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { read, type Seen } from './archives.ts';
import { extraField, makeZip, type Shape } from './zip-shapes.ts';

const pod = 'kind: Pod\n';
const node = 'kind: Node\n';
const two: readonly Shape[] = [{ name: 'a.yaml' }, { name: 'b.yaml', content: node }];
const bothTexts = { 'a.yaml': pod, 'b.yaml': node };
const readZip = (bytes: Buffer, limits = {}): Promise<Seen> => read(bytes, 'case.zip', limits);
const whole = (seen: Seen) => [seen.texts, seen.gaps, seen.infos];

test('every method that Node and the decoders at hand know is read, the others are named', async () => {
  const stranger = (method: number): Shape => ({ name: `m${method}.yaml`, method, packed: Buffer.from('strange') });
  const bzip2 = Buffer.from(
    '425a6839314159265359e7d6ab6c000003db0000104000001040000429a00022069a3d420c988c5480d0f177245385090e7d6ab6c0',
    'hex',
  );
  const xz = Buffer.from(
    'fd377a585a0000016922de360200210116000000742fe5a30100096b696e643a20506f640a000000bcb5378d00011e0aea6312149042990d010000000001595a',
    'hex',
  );
  const { intake, texts } = await readZip(
    makeZip([
      { name: 'stored.yaml', method: 0 },
      { name: 'zstd.yaml', method: 93, packed: zstdCompressSync(pod) },
      { name: 'bzip2.yaml', method: 12, packed: bzip2 },
      { name: 'xz.yaml', method: 95, packed: xz },
      ...[1, 6, 9, 14, 98, 55].map(stranger),
    ]).bytes,
  );
  assert.equal(texts, { 'stored.yaml': pod, 'zstd.yaml': pod, 'bzip2.yaml': pod, 'xz.yaml': pod });
  const told = intake.gaps.map(({ code, detail }) => `${code} ${detail}`);
  const words = ['shrink', 'implode', 'deflate64', 'LZMA', 'PPMd', 'unknown method 55'];
  assert.ok(
    words.every((word, index) => told[index]?.includes(word)),
    told.join('\n'),
  );
});

test('encryption of any kind is named', async () => {
  const { intake, texts } = await readZip(
    makeZip([
      { name: 'a.yaml' },
      { name: 'old.yaml', flags: 1 },
      { name: 'strong.yaml', flags: 0x41 },
      { name: 'aes.yaml', flags: 1, method: 99 },
      { name: 'hidden.yaml', flags: 0x2041 },
      { name: 'said.yaml', flags: 1, method: 0 },
    ]).bytes,
  );
  const told = intake.gaps.map(({ code, detail }) => `${code} ${detail}`);
  assert.equal(texts, { 'a.yaml': pod, 'said.yaml': pod }, 'what is only said to be encrypted is read');
  const words = ['ZipCrypto', 'strong encryption', 'AES', 'hidden'];
  assert.ok(words.every((word, index) => told[index]?.includes('ENTRY_ENCRYPTED') && told[index]?.includes(word)));
});

test('names: the code page of old PCs, UTF-8 by flag or by its bytes, the Unicode field, backslashes', async () => {
  const raw = Buffer.from([0x81, 0x2e, 0x79, 0x61, 0x6d, 0x6c]); // ü.yaml
  const sum = (bytes: Buffer) => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(crc32(bytes));
    return crc;
  };
  const field = (bytes: Buffer) =>
    extraField(0x7075, Buffer.concat([Buffer.from([1]), sum(bytes), Buffer.from('λ.yaml')]));
  const { texts } = await readZip(
    makeZip([
      { name: raw },
      { name: 'é.yaml', flags: 0x800 },
      { name: 'ñ.yaml' },
      { name: Buffer.from([0x82, 0x2e, 0x79, 0x61, 0x6d, 0x6c]), flags: 0x800 },
      { name: 'l.yaml', extra: field(Buffer.from('l.yaml')) },
      { name: 'm.yaml', extra: field(Buffer.from('l.yaml')) },
      { name: 'mg\\win\\a.yaml' },
      { name: 'sys/dev\\x2dby.yaml' },
    ]).bytes,
  );
  assert.equal(Object.keys(texts), [
    'ü.yaml',
    'é.yaml',
    'ñ.yaml',
    '\\x82.yaml',
    'λ.yaml',
    'm.yaml',
    'mg/win/a.yaml',
    'sys/dev\\x2dby.yaml',
  ]);
});

test('folders, links, devices and pipes by their attributes', async () => {
  const mode = (octal: number) => octal * 65536;
  const { texts, gaps, intake } = await readZip(
    makeZip([
      { name: 'a.yaml' },
      { name: 'folder', content: '', host: 0, attributes: 0x10 },
      { name: 'unix-folder', content: '', attributes: mode(0o040755) },
      { name: 'link', content: 'a.yaml', attributes: mode(0o120777) },
      { name: 'mac-link/', content: '/etc/passwd', host: 19, attributes: mode(0o120777) },
      { name: 'windows-link', content: '/etc/shadow', host: 0, attributes: mode(0o120777) },
      { name: 'device', content: '', attributes: mode(0o020644) },
      { name: 'piped.yaml', content: node, attributes: mode(0o010644) },
      { name: 'amiga.yaml', content: node, host: 1, attributes: mode(0o120777) },
    ]).bytes,
  );
  assert.equal(texts, { 'a.yaml': pod, 'piped.yaml': node, 'amiga.yaml': node });
  assert.equal(gaps, [
    'ENTRY_SPECIAL_SKIPPED device',
    'ENTRY_LINK_SKIPPED mac-link',
    'ENTRY_LINK_SKIPPED windows-link',
  ]);
  assert.is(intake.notRelevant, 3);
});

test('the time in UTC counts before that of DOS, which knows no zone', async () => {
  const seconds = Buffer.alloc(5);
  seconds[0] = 1;
  seconds.writeInt32LE(Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, 1);
  const unix = await readZip(makeZip([{ name: 'a.yaml', extra: extraField(0x5455, seconds) }]).bytes);
  assert.is(unix.intake.newestModified, '2026-01-02T03:04:05Z');
  const ticks = Buffer.alloc(32);
  ticks.writeUInt16LE(1, 4);
  ticks.writeUInt16LE(24, 6);
  ticks.writeBigUInt64LE((BigInt(Date.UTC(2025, 0, 2, 3, 4, 5)) + 11_644_473_600_000n) * 10_000n, 8);
  const ntfs = await readZip(makeZip([{ name: 'a.yaml', extra: extraField(0x0a, ticks) }]).bytes);
  assert.is(ntfs.intake.newestModified, '2025-01-02T03:04:05Z');
  assert.is((await readZip(makeZip(two).bytes)).intake.newestModified, '2024-05-01T00:00:00Z');
});

test('an extra field that is longer than the extra data is passed by', async () => {
  const extra = Buffer.from([0x75, 0x70, 0xff, 0x00, 1]);
  assert.equal(whole(await readZip(makeZip([{ ...two[0]!, extra }, two[1]!]).bytes)), [bothTexts, [], []]);
});

test('one part of a split zip says so', async () => {
  const shape: Shape = { name: 'far.yaml', offset: 1 << 20, disk: 0 };
  const { texts, intake } = await readZip(makeZip([two[0]!, shape], { part: 3 }).bytes);
  assert.equal(texts, { 'a.yaml': pod });
  assert.equal(
    intake.gaps.map(({ code, detail }) => [code, detail.includes('join the parts')]),
    [['UNSUPPORTED_FORMAT', true]],
  );
  const { bytes, directoryAt } = makeZip(two, { prefix: Buffer.from('PK\x07\x08') });
  const first = await readZip(bytes.subarray(0, directoryAt));
  assert.equal([first.texts, first.gaps], [bothTexts, ['ARCHIVE_TRUNCATED case.zip']]);
});

test('of two members with one name the last in the directory counts', async () => {
  const { bytes, directoryAt } = makeZip([
    { name: 'a.yaml', content: pod },
    { name: 'a.yaml', content: node },
  ]);
  // the directory lists them the other way round
  const record = 46 + 6;
  const swapped = Buffer.from(bytes);
  bytes.copy(swapped, directoryAt, directoryAt + record, directoryAt + 2 * record);
  bytes.copy(swapped, directoryAt + record, directoryAt, directoryAt + record);
  const order = async (zip: Buffer) => (await readZip(zip)).pieces.map((piece) => Buffer.from(piece.bytes).toString());
  assert.equal(await order(bytes), [pod, node]);
  assert.equal(await order(swapped), [node, pod]);
  assert.equal((await readZip(bytes)).gaps, ['ENTRY_DUPLICATE a.yaml']);
});

test.run();
