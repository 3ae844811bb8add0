// Reports appear whole or not at all: whichever call fails, whatever lies in the way, and whoever was killed before.

import { existsSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dropAll } from '../../src/report/unfinished.ts';
import { OutputError, refuseLink, tryFolder, writeReport } from '../../src/report/write-report.ts';
import { withFailure } from '../torture/failing-files.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-write-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const caught = async (work: Promise<unknown>): Promise<Error> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, Error);
  return error as Error;
};
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

test('the folder is made, and the files stand in it under their names', () =>
  inFolder(async (folder) => {
    const target = join(folder, 'a', 'b');
    const written = await writeReport(target, { 'report.html': '<p>', 'report.json': '{}' });
    assert.equal(written, [join(target, 'report.html'), join(target, 'report.json')]);
    assert.equal((await readdir(target)).sort(), ['report.html', 'report.json']);
    assert.is(await readFile(join(target, 'report.html'), 'utf8'), '<p>');
  }));

for (const code of ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EROFS']) {
  for (const forGood of [false, true]) {
    test(`whichever call fails with ${code}${forGood ? ' for good' : ''}, old files stay whole and nothing half is left`, () =>
      inFolder(async (folder) => {
        const old = { 'report.html': 'old html', 'report.json': 'old json' };
        const texts = { 'report.html': 'new html '.repeat(50), 'report.json': 'new json '.repeat(50) };
        const whole = [...Object.values(old), ...Object.values(texts)];
        for (let n = 1; ; n += 1) {
          for (const [name, text] of Object.entries(old)) await writeFile(join(folder, name), text);
          const { result, calls } = await withFailure({ n, code, forGood }, () =>
            writeReport(folder, texts).then(
              () => undefined,
              (error: unknown) => error,
            ),
          );
          assert.equal((await readdir(folder)).sort(), ['report.html', 'report.json'], calls.failed);
          for (const name of Object.keys(old)) {
            assert.ok(whole.includes(await readFile(join(folder, name), 'utf8')), `${name} after ${calls.failed}`);
          }
          if (calls.count < n) {
            assert.is(result, undefined);
            return;
          }
          if (result === undefined) {
            // what may fail without harm: to make what is there, to clear leftovers, to ask for the folder on disk
            assert.match(calls.failed ?? '', /^(?:mkdirSync|readdirSync|open|sync of a handle|close of a handle)\b/);
            for (const [name, text] of Object.entries(texts))
              assert.is(await readFile(join(folder, name), 'utf8'), text);
            continue;
          }
          assert.instance(result, OutputError);
          assert.ok((result as OutputError).message.startsWith(`Cannot write ${folder}`));
          assert.match((result as OutputError).message, code);
        }
      }));
  }
}

test('a failure leaves no folder that was made for the report', () =>
  inFolder(async (folder) => {
    for (let n = 1; ; n += 1) {
      const { result, calls } = await withFailure({ n, code: 'EIO' }, () =>
        writeReport(join(folder, 'a', 'b'), { 'report.md': 'text' }).then(
          () => 'written',
          () => 'failed',
        ),
      );
      if (calls.count < n) return;
      if (result === 'failed' && !existsSync(join(folder, 'a', 'b', 'report.md'))) {
        assert.equal(await readdir(folder), [], calls.failed);
      }
      await rm(join(folder, 'a'), { recursive: true, force: true });
    }
  }));

test('a name that cannot be given takes back those that were new', () =>
  inFolder(async (folder) => {
    const { result } = await withFailure({ n: Number.NaN, code: 'EIO' }, async () => {
      const contents = {
        'report.html': 'new',
        'report.json': async (path: string) => {
          await writeFile(path, '{}');
          await mkdir(join(folder, 'report.json'));
        },
      };
      return caught(writeReport(folder, contents));
    });
    assert.match(result.message, /report\.json: EISDIR/);
    assert.equal(await readdir(folder), ['report.json']);
  }));

test('a file may be filled by a function, and gets its name with the others', () =>
  inFolder(async (folder) => {
    const seen: string[] = [];
    await writeReport(folder, {
      'report.md': 'text',
      'facts.sqlite': async (path) => {
        seen.push(...(await readdir(folder)));
        await writeFile(path, 'facts');
      },
    });
    assert.ok(
      seen.length === 2 && seen.every((name) => /^\.(report\.md|facts\.sqlite)\.[0-9a-f-]{36}\.tmp$/.test(name)),
    );
    assert.is(await readFile(join(folder, 'facts.sqlite'), 'utf8'), 'facts');
  }));

test('what a killed run left is cleared away, and nothing else', () =>
  inFolder(async (folder) => {
    const others = ['.report.html.tmp', `.other.txt.${uuid}.tmp`, 'report.html.tmp', `report.html.${uuid}.tmp`].sort();
    for (const name of [`.report.html.${uuid}.tmp`, `.facts.sqlite.${uuid}.tmp`, `.probe.${uuid}.tmp`, ...others]) {
      await writeFile(join(folder, name), 'half');
    }
    await writeReport(folder, { 'report.json': '{}' });
    assert.equal((await readdir(folder)).sort(), [...others, 'report.json'].sort());
  }));

test('a temporary file that another run cleared away is written again', () =>
  inFolder(async (folder) => {
    let times = 0;
    await writeReport(folder, {
      'report.md': 'text',
      'report.json': async (path) => {
        if (++times === 1) for (const name of await readdir(folder)) await rm(join(folder, name));
        else await writeFile(path, '{}');
      },
    });
    assert.is(times, 2);
    assert.equal((await readdir(folder)).sort(), ['report.json', 'report.md']);
  }));

test('the end of the process takes away what is under way', () =>
  inFolder(async (folder) => {
    const target = join(folder, 'made');
    const contents = {
      'report.md': 'text',
      'report.json': async () => {
        assert.is((await readdir(target)).length, 2);
        dropAll();
        assert.equal(await readdir(folder), []);
        throw new Error('the process ends here');
      },
    };
    await caught(writeReport(target, contents));
    assert.equal(await readdir(folder), []);
  }));

test('a link in place of a file is neither followed nor replaced', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'elsewhere'), 'untouched');
    await symlink(join(folder, 'elsewhere'), join(folder, 'report.json'));
    const error = await caught(writeReport(folder, { 'report.json': '{}' }));
    assert.match(error.message, /report\.json: ELOOP\. That is a link, which is not followed/);
    assert.is(await readFile(join(folder, 'elsewhere'), 'utf8'), 'untouched');
    assert.equal((await readdir(folder)).sort(), ['elsewhere', 'report.json']);
  }));

test('a hard link to a report keeps the old text when the report is written anew', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'report.json'), 'old');
    await link(join(folder, 'report.json'), join(folder, 'kept'));
    await writeReport(folder, { 'report.json': 'new' });
    assert.is(await readFile(join(folder, 'kept'), 'utf8'), 'old');
  }));

test('a folder in place of a file, and a file in place of the folder, are said with the way out', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'report.json'));
    const inPlace = await caught(writeReport(folder, { 'report.html': '<p>', 'report.json': '{}' }));
    assert.match(inPlace.message, /report\.json: EISDIR\. A folder has that name: .*-o/);
    await writeFile(join(folder, 'taken'), '');
    const taken = await caught(writeReport(join(folder, 'taken'), { 'report.json': '{}' }));
    assert.match(taken.message, /taken: EEXIST\. Something else has that name/);
    assert.equal((await readdir(folder)).sort(), ['report.json', 'taken']);
  }));

test('a folder of a report that is a link is refused', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'bundle'));
    assert.throws(() => refuseLink(join(folder, 'bundle')), /bundle: ELOOP/);
    refuseLink(join(folder, 'real'));
    refuseLink(join(folder, 'not-there'));
  }));

test('names of 255 bytes, of other alphabets and with a leading dash are written; longer ones are told', () =>
  inFolder(async (folder) => {
    for (const name of ['n'.repeat(252), '📦📦', '-rf', 'é'.repeat(126)]) {
      await writeReport(join(folder, name), { 'report.md': 'text' });
      await writeReport(folder, { [`${name}.md`]: 'text' });
    }
    assert.not.ok((await readdir(folder, { recursive: true })).some((name) => name.endsWith('.tmp')));
    const error = await caught(writeReport(join(folder, 'n'.repeat(256)), { 'report.md': 'text' }));
    assert.match(error.message, /ENAMETOOLONG\. The name is too long/);
    const long = await caught(tryFolder(folder, ['n'.repeat(256)]));
    assert.match(long.message, /ENAMETOOLONG/);
  }));

test('what somebody made private stays private', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'report.json'), 'old');
    await chmod(join(folder, 'report.json'), 0o600);
    await writeReport(folder, { 'report.json': 'new', 'report.md': 'new' });
    assert.is((await stat(join(folder, 'report.json'))).mode & 0o777, 0o600);
    assert.is((await stat(join(folder, 'report.md'))).mode & 0o777, 0o666 & ~process.umask());
  }));

test('a trial writes nothing that stays, and finds what is in the way', () =>
  inFolder(async (folder) => {
    await tryFolder(join(folder, 'a', 'b'), ['report.md']);
    assert.equal(await readdir(folder), []);
    await mkdir(join(folder, 'report.md'));
    assert.match((await caught(tryFolder(folder, ['report.md']))).message, /report\.md: EISDIR/);
    for (let n = 1; ; n += 1) {
      const { result, calls } = await withFailure({ n, code: 'EROFS' }, () =>
        tryFolder(join(folder, 'a', 'b'), []).then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      if (calls.count < n) return;
      if (result) assert.match((result as Error).message, /Cannot write .*: EROFS/);
      // what it made and may not take away again stays, empty
      if (calls.failed?.startsWith('rmdirSync')) await rm(join(folder, 'a'), { recursive: true });
      assert.equal(await readdir(folder), ['report.md'], calls.failed);
    }
  }));

test('a folder below /proc is refused, and does not hang', async () => {
  if (!existsSync('/proc/self')) return;
  const error = await caught(writeReport('/proc/drydock/reports', { 'report.md': 'text' }));
  assert.match(error.message, /Cannot write \/proc\/drydock: E/);
});

test.run();
