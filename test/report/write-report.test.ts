import * as realFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Files, OutputError, writeReport } from '../../src/report/write-report.ts';

const { mkdtemp, readdir, readFile, rm, writeFile } = realFiles;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-write-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const failing = (code: string) => Object.assign(new Error(code), { code });

test('the folder is made, and the files stand in it under their names', () =>
  inFolder(async (folder) => {
    const target = join(folder, 'a', 'b');
    const written = await writeReport(target, { 'report.html': '<p>', 'report.json': '{}' });
    assert.equal(written, [join(target, 'report.html'), join(target, 'report.json')]);
    assert.equal((await readdir(target)).sort(), ['report.html', 'report.json']);
    assert.is(await readFile(join(target, 'report.html'), 'utf8'), '<p>');
  }));

// The n-th call of the file system fails, for every n there is.
test('whichever call fails, the old files stay whole and nothing half is left', () =>
  inFolder(async (folder) => {
    const texts = { 'report.html': 'new html', 'report.json': 'new json' };
    for (let n = 1; ; n += 1) {
      for (const [name, text] of [
        ['report.html', 'old html'],
        ['report.json', 'old json'],
      ] as const)
        await writeFile(join(folder, name), text);
      let calls = 0;
      const step = <T>(work: () => Promise<T>): Promise<T> => {
        calls += 1;
        return calls === n ? Promise.reject(failing('ENOSPC')) : work();
      };
      const files = {
        mkdir: (path: string) => step(() => realFiles.mkdir(path, { recursive: true })),
        rename: (from: string, to: string) => step(() => realFiles.rename(from, to)),
        rm: realFiles.rm,
        open: async (path: string, flags: string) => {
          const file = await step(() => realFiles.open(path, flags));
          return {
            writeFile: async (text: string) => {
              await file.writeFile(text.slice(0, 3));
              await step(() => file.writeFile(text.slice(3)));
            },
            sync: () => step(() => file.sync()),
            close: () => file.close(),
          };
        },
      } as unknown as Files;
      const failed = await writeReport(folder, texts, files).then(
        () => undefined,
        (error) => error as OutputError,
      );
      assert.equal((await readdir(folder)).sort(), ['report.html', 'report.json'], `call ${n}`);
      const found = await Promise.all(
        ['report.html', 'report.json'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      for (const text of found) assert.ok(/^(?:old|new) (?:html|json)$/.test(text), text);
      if (!failed) {
        assert.equal(found, ['new html', 'new json']);
        return;
      }
      assert.instance(failed, OutputError);
      assert.match(failed.message, /^Cannot write .*: ENOSPC\. The disk is full: free some space/);
    }
  }));

test('a file in place of the folder is said with the way out', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'taken'), '');
    const error = await writeReport(join(folder, 'taken'), { 'report.json': '{}' }).catch((caught) => caught);
    assert.instance(error, OutputError);
    assert.match(error.message, /taken: EEXIST\. Something else has that name/);
  }));

test.run();
