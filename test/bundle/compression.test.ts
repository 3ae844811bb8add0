import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, read, refusal, tar } from './archives.ts';

const pod = 'kind: Pod\n';
const archive = tar(...Array.from({ length: 200 }, (_, index) => file(`mg/${index}.yaml`)));
/** `kind: Pod` in a.yaml, as `tar c | xz` and `tar c | bzip2` pack it. */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Af/AEhdADCLiyZUNuqyhzfgxGwWcerbp7sW4+yZEtC1JMVirjCNWfjkynBSW4wIMSdzUnSK3Vw7NPH+a4VKVuHMWwIi7Nm+cNwhfwrTAACjOhOmJDMmxQABZIAQAAAAnH7PsbHEZ/sCAAAAAARZWg==',
  'base64',
);
const bzip2 = Buffer.from(
  'QlpoOTFBWSZTWTbfpEgAAC1bgMqQQAF1kEAQZC+eIAiIIABUZghkNMRkGMp+qCUQhoNAPUAA0T5CiAgV8SiPqjOgKDOwa2YSCiGbkMn32YqvnJWrl4D4yK4PgyUABBCPxdyRThQkDbfpEgA=',
  'base64',
);

test('recognises gzip, zstd, xz and bzip2 by content, whatever the name', async () => {
  for (const bytes of [gzipSync(archive), zstdCompressSync(archive)]) {
    const { coverage, gaps, infos } = await read(bytes, 'named.zip');
    assert.equal([coverage.analysed, gaps, infos], [200, [], []]);
  }
  for (const bytes of [xz, bzip2]) {
    const { texts, gaps, infos } = await read(bytes, 'named.tar.gz');
    assert.equal([texts, gaps, infos], [{ 'a.yaml': pod }, [], []]);
  }
});

test('reads several members or streams, padding, and names what follows them', async () => {
  const half = 512 * 101;
  for (const pack of [gzipSync, zstdCompressSync]) {
    const parts = [pack(archive.subarray(0, half)), pack(archive.subarray(half))];
    const { coverage, gaps, infos } = await read(Buffer.concat(parts));
    assert.equal([coverage.analysed, gaps, infos], [200, [], []]);
  }
  const padded = await read(Buffer.concat([gzipSync(archive), Buffer.alloc(700)]));
  assert.equal([padded.coverage.analysed, padded.infos], [200, []]);
  for (const packed of [gzipSync(archive), zstdCompressSync(archive), xz, bzip2]) {
    const { gaps, infos } = await read(Buffer.concat([packed, Buffer.from('said the mailer')]));
    assert.equal([gaps, infos], [[], ['ARCHIVE_TRAILING_GARBAGE bundle.tar']]);
  }
  const twice = await read(Buffer.concat([xz, xz]));
  assert.equal([twice.texts, twice.gaps], [{ 'a.yaml': pod }, []]);
  assert.ok(twice.infos.includes('ENTRY_NAME_COLLISION a.yaml'), 'the second stream has the same a.yaml');
});

test('a wrong checksum loses no byte and is a gap', async () => {
  for (const fromEnd of [8, 4]) {
    const packed = gzipSync(archive);
    packed[packed.length - fromEnd]! ^= 1;
    const { coverage, gaps } = await read(packed);
    assert.equal([coverage.analysed, gaps], [200, ['ARCHIVE_CHECKSUM bundle.tar']]);
  }
});

test('cut data give every whole entry before the cut', async () => {
  const text = Array.from({ length: 40_000 }, (_, index) => `line ${(index * 2654435761) % 4294967296}\n`).join('');
  const whole = tar(file('a.yaml'), file('b.log', text));
  for (const pack of [gzipSync, zstdCompressSync]) {
    const packed = pack(whole);
    const { texts, gaps } = await read(packed.subarray(0, packed.length - 20_000));
    assert.is(texts['a.yaml'], pod);
    assert.equal(gaps, ['ARCHIVE_TRUNCATED b.log', 'ARCHIVE_TRUNCATED bundle.tar']);
  }
  const log = await read(gzipSync(whole).subarray(0, -20_000));
  assert.ok(text.startsWith(log.texts['b.log'] ?? 'nothing'));
  assert.ok((log.texts['b.log']?.length ?? 0) > 200_000);
});

/** Deflated text behind which lies a block of a type that does not exist. */
function damagedGzip(text: string, level = 6): Buffer {
  const sound = deflateRawSync(text, { level, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([gzipSync('').subarray(0, 10), sound, Buffer.from([0x07]), Buffer.alloc(2000, 0xff)]);
}

test('damaged gzip gives every byte before the damage, at the top and inside an archive', async () => {
  // much of it in one piece of input, so that an engine would drop it with the piece
  const text = Array.from({ length: 200_000 }, (_, index) => `line ${index % 1000}\n`).join('');
  const packed = damagedGzip(text);
  const top = await read(packed, 'a.log.gz');
  assert.equal([top.texts['a.log.gz'] === text, top.gaps], [true, ['ARCHIVE_CHECKSUM a.log.gz']]);
  const inside = await read(tar(file('a.log.gz', packed), file('b.yaml')));
  assert.equal([inside.texts['a.log.gz'] === text, inside.gaps], [true, ['ARCHIVE_CHECKSUM a.log.gz']]);
  assert.is(inside.texts['b.yaml'], pod);
  const second = await read(Buffer.concat([gzipSync('first\n'), packed]), 'a.log.gz');
  assert.is(second.texts['a.log.gz'], `first\n${text}`);
});

test('of damaged gzip whose bytes are gone, what came out before stays', async () => {
  // more bytes than are remembered of a stream that cannot be read again
  const text = 'a line of a log\n'.repeat(600_000);
  const { texts, gaps } = await read(tar(file('a.log.gz', damagedGzip(text, 0)), file('b.yaml')));
  assert.equal([text.startsWith(texts['a.log.gz'] ?? 'nothing'), gaps], [true, ['ARCHIVE_CHECKSUM a.log.gz']]);
  assert.ok((texts['a.log.gz']?.length ?? 0) > text.length / 2);
});

test('nothing left of an archive is refused, with what was wrong', async () => {
  for (const bytes of [gzipSync(archive).subarray(0, 5), xz.subarray(0, 20), bzip2.subarray(0, 20)]) {
    const error = (await refusal(read(bytes))) as { code?: string; advice?: string };
    assert.is(error.code, 'ARCHIVE_TRUNCATED');
    assert.ok(error.advice);
  }
});

test('a bomb ends at the ratio, with a report that says so', async () => {
  const zeros = gzipSync(Buffer.from('x\n'.repeat(2 << 20)), { level: 9 });
  const { gaps, coverage } = await read(zeros, 'bomb.log.gz', { ratioFromBytes: 1 << 20, expansionRatio: 100 });
  assert.equal([gaps, coverage.gap], [['LIMIT_RATIO bomb.log.gz'], 1]);
});

test('the run ends at the total and at the number of entries, and keeps what it has', async () => {
  const total = await read(gzipSync(archive), 'b.tgz', { expandedBytes: 1000 });
  assert.equal([total.coverage.analysed > 0, total.gaps.at(-1)], [true, 'LIMIT_TOTAL b.tgz']);
  const entries = await read(archive, 'b.tar', { entries: 10 });
  assert.equal([entries.coverage.entries, entries.coverage.analysed, entries.gaps], [10, 10, ['LIMIT_ENTRIES b.tar']]);
});

test.run();
