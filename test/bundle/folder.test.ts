import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/bundle/cut.ts';
import { file, inFolder, read, readPath, refusal, tar } from './archives.ts';

test('reads a folder in the order of path bytes, opens archives in it, follows no link', async () => {
  await inFolder(async (folder) => {
    const bundle = join(folder, 'case-7');
    mkdirSync(join(bundle, 'a'), { recursive: true });
    writeFileSync(join(bundle, 'a', 'x.yaml'), 'kind: Pod\n');
    writeFileSync(join(bundle, 'a-b.yaml'), 'kind: Pod\n');
    writeFileSync(join(bundle, 'in.tgz'), gzipSync(tar(file('y.yaml'))));
    writeFileSync(join(bundle, 'none.yaml'), '');
    symlinkSync('/etc/passwd', join(bundle, 'out'));
    symlinkSync('.', join(bundle, 'loop'));
    execFileSync('mkfifo', [join(bundle, 'pipe')]);
    const { texts, gaps, coverage, intake } = await readPath(bundle);
    assert.equal(Object.keys(texts), ['a-b.yaml', 'a/x.yaml', 'in.tgz!y.yaml']);
    assert.equal(gaps, ['ENTRY_SPECIAL_SKIPPED pipe', 'ENTRY_LINK_SKIPPED out']);
    assert.equal([coverage.entries, coverage.analysed, coverage.empty], [9, 3, 1]);
    assert.is(intake.name, 'case-7');
    assert.is(intake.newestModified, undefined);
    const again = await readPath(bundle);
    assert.equal(again.intake, intake);
  });
});

test('an empty folder, a missing path and a web page are refused with advice', async () => {
  await inFolder(async (folder) => {
    for (const [path, code] of [
      [folder, 'ARCHIVE_EMPTY'],
      [join(folder, 'nothing'), 'FILE_UNREADABLE'],
    ] as const) {
      const error = await refusal(readPath(path));
      assert.instance(error, InputError);
      assert.is((error as InputError).code, code);
    }
  });
  const page = (await refusal(read(Buffer.from('<!DOCTYPE html><title>Log in</title>'), 'mg.tar.gz'))) as InputError;
  assert.is(page.code, 'NOT_AN_ARCHIVE');
  assert.match(page.advice, 'log-in');
  assert.is(((await refusal(read(Buffer.alloc(0)))) as InputError).code, 'ARCHIVE_EMPTY');
});

test('a single file that is known by name or content is a bundle of one', async () => {
  const byName = await read(Buffer.from('line\n'), 'kubelet.log');
  assert.equal([byName.texts, byName.coverage.entries], [{ 'kubelet.log': 'line\n' }, 1]);
  const byContent = await read(Buffer.from('sniffed\n'), 'dump');
  assert.equal(byContent.intake.layouts, ['plain']);
  const packed = await read(gzipSync('line\n'), 'kubelet.log.gz');
  assert.equal([packed.texts, packed.intake.name], [{ 'kubelet.log.gz': 'line\n' }, 'kubelet.log']);
});

test('the digest of a file is that of all of it, even when reading ended early', async () => {
  const bytes = tar(...Array.from({ length: 2000 }, (_, index) => file(`${index}.yaml`)));
  const early = await read(bytes, 'b.tar', { entries: 1 });
  const whole = await read(bytes, 'b.tar');
  assert.equal(early.intake.inputs, whole.intake.inputs);
  assert.is(early.intake.inputs[0]!.bytes, bytes.length);
});

test.run();
