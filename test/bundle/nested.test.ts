import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, read, refusal, tar, zip } from './archives.ts';

const pod = 'kind: Pod\n';

test('opens archives inside archives, and names the way with `!`', async () => {
  const inner = gzipSync(tar(file('proc/a.yaml')));
  const portal = zip({ name: 'case/b.yaml', content: pod });
  const { texts, coverage, gaps } = await read(
    tar(file('nodes/w1/sysinfo.tgz', inner), file('portal.bin', portal), file('plain.tar', tar(file('c.yaml')))),
  );
  assert.equal(Object.keys(texts), ['nodes/w1/sysinfo.tgz!proc/a.yaml', 'portal.bin!case/b.yaml', 'plain.tar!c.yaml']);
  assert.equal([coverage.entries, coverage.analysed, coverage.notRelevant, gaps], [6, 3, 3, []]);
});

test('a compressed log is one entry, claimed by its name with or without the suffix, or by content', async () => {
  const { pieces } = await read(
    tar(file('pod.log.gz', gzipSync('one\ntwo\n')), file('rules.gz', gzipSync('sniffed')), file('x.gz', gzipSync('x'))),
  );
  assert.equal(
    pieces.map(({ source, bytes }) => [source.path, source.kind, bytes.length]),
    [
      ['pod.log.gz', 'ContainerLog', 8],
      ['rules.gz', 'IptablesSave', 7],
    ],
  );
});

test('a file that a layout claims is not opened because it holds a tar', async () => {
  const { texts } = await read(tar(file('outer.log', tar(file('smuggled.yaml'))), file('a.yaml')));
  assert.equal(Object.keys(texts), ['outer.log', 'a.yaml']);
});

test('archives deeper than the limit are gaps', async () => {
  let bytes = tar(file('a.yaml'));
  for (let depth = 0; depth < 3; depth++) bytes = tar(file('in.tgz', gzipSync(bytes)), file('b.yaml'));
  const { texts, gaps } = await read(bytes, 'bundle.tar', { depth: 3 });
  assert.equal(Object.keys(texts), ['in.tgz!in.tgz!b.yaml', 'in.tgz!b.yaml', 'b.yaml']);
  assert.equal(gaps, ['LIMIT_DEPTH in.tgz!in.tgz!in.tgz']);
});

test('gzip in gzip in gzip counts as depth', async () => {
  let bytes: Buffer = tar(file('a.yaml'));
  for (let depth = 0; depth < 2; depth++) bytes = gzipSync(bytes);
  assert.equal(Object.keys((await read(bytes)).texts), ['a.yaml']);
  for (let depth = 0; depth < 8; depth++) bytes = gzipSync(bytes);
  assert.equal((await read(bytes)).gaps, ['LIMIT_DEPTH bundle.tar']);
});

test('a broken archive inside costs no more than itself', async () => {
  const inner = gzipSync(tar(file('a.yaml'), file('b.log', 'line\n'.repeat(500))));
  inner[inner.length - 6]! ^= 0xff;
  const { texts, gaps, coverage } = await read(tar(file('in.tgz', inner), file('c.yaml')));
  assert.equal(Object.keys(texts), ['in.tgz!a.yaml', 'in.tgz!b.log', 'c.yaml']);
  assert.equal([gaps, coverage.gap], [['ARCHIVE_CHECKSUM in.tgz'], 1]);
});

test('formats that cannot be read are named', async () => {
  const sevenZip = Buffer.from('377abcaf271c0004', 'hex');
  const { intake } = await read(tar(file('x.7z', sevenZip), file('a.yaml')));
  assert.equal(
    intake.gaps.map(({ code, detail }) => [code, detail.includes('7z')]),
    [['UNSUPPORTED_FORMAT', true]],
  );
});

test('zip: reads, refuses what is encrypted, unsafe or not of the declared size, and takes Windows names', async () => {
  const { texts, gaps, intake } = await read(
    zip(
      { name: 'mg\\win\\a.yaml', content: pod },
      { name: '../b.yaml', content: pod },
      { name: 'c.yaml', content: pod, flags: 1 },
      { name: 'lie.bin', content: 'x'.repeat(50_000), sizeBytes: 10 },
      { name: 'bad.yaml', content: pod, crc: 1 },
      { name: 'link', content: '/etc/passwd', attributes: 0o120777 * 65536 },
      { name: 'dir/', content: '' },
    ),
  );
  assert.equal(texts, { 'mg/win/a.yaml': pod, 'bad.yaml': pod });
  assert.equal(gaps, [
    'ENTRY_PATH_UNSAFE ../b.yaml',
    'ENTRY_ENCRYPTED c.yaml',
    'ARCHIVE_SIZE_MISMATCH lie.bin',
    'ARCHIVE_CHECKSUM bad.yaml',
    'ENTRY_LINK_SKIPPED link',
  ]);
  assert.is(intake.newestModified, '2024-05-01T00:00:00Z');
});

test('a zip without its directory is read member by member, one behind a program as well', async () => {
  const whole = zip({ name: 'a.yaml', content: pod }, { name: 'b.yaml', content: pod });
  const cut = await read(whole.subarray(0, whole.length - 60));
  assert.equal([cut.texts, cut.gaps], [{ 'a.yaml': pod, 'b.yaml': pod }, ['ARCHIVE_TRUNCATED bundle.tar']]);
  const behind = await read(Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), whole]));
  assert.equal([Object.keys(behind.texts), behind.gaps], [['a.yaml', 'b.yaml'], []]);
});

test('members of a zip that lie in each other are read once', async () => {
  const bytes = zip({ name: 'a.yaml', content: pod }, { name: 'b.yaml', content: pod });
  const second = bytes.lastIndexOf('b.yaml') - 46;
  bytes.writeUInt32LE(0, second + 42);
  const { texts, gaps } = await read(bytes);
  assert.equal([Object.keys(texts), gaps], [['a.yaml'], ['ARCHIVE_OVERLAP b.yaml']]);
});

test('an archive of which all is encrypted, or which is empty, is refused', async () => {
  const encrypted = await refusal(read(zip({ name: 'a.yaml', content: pod, flags: 1 })));
  assert.is((encrypted as { code: string }).code, 'ENTRY_ENCRYPTED');
  assert.is(((await refusal(read(zip()))) as { code: string }).code, 'ARCHIVE_EMPTY');
});

test.run();
