// Folders that cannot be read in part, change under the reader's hands, or never end.

import { execFileSync } from 'node:child_process';
import * as fileSystem from 'node:fs';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeCoverage } from '../../src/bundle/coverage.ts';
import { InputError } from '../../src/bundle/cut.ts';
import type { Deliver } from '../../src/bundle/deliver.ts';
import type { Files } from '../../src/bundle/file-chunks.ts';
import { defaultLimits, type Limits } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';
import { file, inFolder, refusal, smallCatalogue, tar } from './archives.ts';

interface Ways {
  readonly files?: Partial<Files>;
  readonly limits?: Partial<Limits>;
  readonly onPiece?: Deliver;
}

/** What was delivered by path, the gaps, and the four classes in one line. */
async function seen(path: string, { files = {}, limits = {}, onPiece }: Ways = {}) {
  const texts: Record<string, string> = {};
  const options = {
    catalogue: smallCatalogue,
    limits: { ...defaultLimits, ...limits },
    files: { ...fileSystem, ...files } as Files,
  };
  const intake = await readInput(path, options, async (piece) => {
    texts[piece.source.path] = (texts[piece.source.path] ?? '') + Buffer.from(piece.bytes).toString();
    await onPiece?.(piece);
  });
  const { entries, analysed, empty, notRelevant, gap, gaps } = closeCoverage(intake, []);
  assert.is(entries, analysed + empty + notRelevant + gap);
  return { texts, gaps: gaps.map((each) => `${each.code} ${each.path}`), details: gaps.map(({ detail }) => detail) };
}

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
/** A call of the file system that fails for one name. */
const failsFor = (call: unknown, name: string, code: string) =>
  ((path: unknown, ...more: unknown[]) =>
    String(path).endsWith(name) ? failing(code)() : (call as (...words: unknown[]) => unknown)(path, ...more)) as never;

function bundleIn(folder: string): string {
  const bundle = join(folder, 'bundle');
  mkdirSync(join(bundle, 'sub'), { recursive: true });
  for (const name of ['a.yaml', 'm.log', 'sub/s.yaml', 'z.yaml']) writeFileSync(join(bundle, name), `${name}\n`);
  return bundle;
}

test('a file and a folder that may not be read are told of, the rest is read', async () => {
  await inFolder(async (folder) => {
    const bundle = bundleIn(folder);
    const files = {
      openSync: failsFor(fileSystem.openSync, 'a.yaml', 'EACCES'),
      readdirSync: failsFor(fileSystem.readdirSync, 'sub', 'EACCES'),
      opendirSync: failsFor(fileSystem.opendirSync, 'sub', 'EACCES'),
    };
    const { texts, gaps } = await seen(bundle, { files });
    assert.equal(Object.keys(texts), ['m.log', 'z.yaml']);
    assert.equal(gaps, ['FILE_UNREADABLE a.yaml', 'FILE_UNREADABLE sub']);
  });
});

test('a file that fails in its midst keeps what was read of it', async () => {
  await inFolder(async (folder) => {
    const bundle = bundleIn(folder);
    writeFileSync(join(bundle, 'm.log'), 'line\n'.repeat(500_000));
    let reads = 0;
    const readSync = ((handle: number, chunk: Buffer) => {
      if (chunk.length === 1 << 20 && ++reads > 1) failing('EIO')();
      return fileSystem.readSync(handle, chunk);
    }) as never;
    const { texts, gaps } = await seen(bundle, { files: { readSync } });
    assert.is(texts['m.log']!.length, 1 << 20);
    assert.equal(gaps, ['FILE_UNREADABLE m.log']);
    assert.is(Object.keys(texts).length, 4);
  });
});

test('a folder of which the listing breaks off keeps what was listed', async () => {
  await inFolder(async (folder) => {
    const bundle = bundleIn(folder);
    for (const name of ['sub', 'bundle']) {
      const files = {
        readdirSync: failsFor(fileSystem.readdirSync, name, 'EIO'),
        opendirSync: ((path: string, options: object) => {
          const listing = fileSystem.opendirSync(path, options);
          let entries = 0;
          const readSync = () => (++entries > 1 ? failing('EIO')() : listing.readSync());
          return String(path).endsWith(name) ? { readSync, closeSync: () => listing.closeSync() } : listing;
        }) as never,
      };
      const { texts, gaps } = await seen(bundle, { files });
      assert.equal(gaps, [`FILE_UNREADABLE ${name}`]);
      assert.is(Object.keys(texts).length <= (name === 'sub' ? 4 : 1), true);
      if (name === 'sub') assert.is(texts['sub/s.yaml'], 'sub/s.yaml\n');
    }
    const gone = { readdirSync: failing('EACCES') as never, opendirSync: failing('EACCES') as never };
    assert.is(((await refusal(seen(bundle, { files: gone }))) as InputError).code, 'FILE_UNREADABLE');
  });
});

test('a file that grows, shrinks, is written to, vanishes or is replaced while the folder is read is told of', async () => {
  const changes: Readonly<Record<string, (path: string) => void>> = {
    grows: (path) => appendFileSync(path, 'more\n'),
    shrinks: (path) => truncateSync(path, 2),
    'is written to': (path) => {
      writeFileSync(path, 'Z.yaml\n');
      utimesSync(path, 1e9, 1e9);
    },
    vanishes: (path) => rmSync(path),
    'becomes a link': (path) => {
      rmSync(path);
      symlinkSync('/etc/passwd', path);
    },
    'becomes a pipe': (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
    'becomes a folder': (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    await inFolder(async (folder) => {
      const bundle = bundleIn(folder);
      const onPiece: Deliver = ({ source }) => {
        if (source.path === 'a.yaml') change(join(bundle, 'z.yaml'));
      };
      const { texts, gaps } = await seen(bundle, { onPiece });
      assert.equal(gaps, ['INPUT_CHANGED z.yaml'], what);
      assert.not.match(texts['z.yaml'] ?? '', 'root');
      assert.not.match(texts['z.yaml'] ?? '', 'more');
      assert.is(texts['sub/s.yaml'], 'sub/s.yaml\n', what);
    });
  }
});

test('an archive that is written to, replaced or taken away while it is read is told of', async () => {
  const bytes = tar(...Array.from({ length: 600 }, (_, index) => file(`${index}.yaml`, 'x'.repeat(2000))));
  const changes: Readonly<Record<string, (path: string) => void>> = {
    'is written to': (path) => utimesSync(path, 1e9, 1e9),
    'is cut': (path) => truncateSync(path, 1_000_000),
    'is replaced': (path) => {
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
    },
    'is taken away': (path) => rmSync(path),
  };
  for (const [what, change] of Object.entries(changes)) {
    await inFolder(async (folder) => {
      const path = join(folder, 'bundle.tar');
      writeFileSync(path, bytes);
      const { gaps, texts } = await seen(path, {
        onPiece: ({ source }) => void (source.path === '1.yaml' && change(path)),
      });
      assert.ok(gaps.includes('INPUT_CHANGED bundle.tar'), `${what}: ${gaps}`);
      if (what !== 'is cut') assert.is(Object.keys(texts).length, 600, what);
    });
  }
});

test('folders deep below each other end at the limit and fill no stack', async () => {
  await inFolder(async (folder) => {
    const bundle = join(folder, 'bundle');
    mkdirSync(join(bundle, ...Array<string>(300).fill('d')), { recursive: true });
    writeFileSync(join(bundle, 'd', 'x.yaml'), 'x\n');
    writeFileSync(join(bundle, ...Array<string>(299).fill('d'), 'y.yaml'), 'y\n');
    const { texts, gaps } = await seen(bundle);
    assert.equal(texts, { 'd/x.yaml': 'x\n' });
    assert.equal(gaps, [`LIMIT_PATH_DEPTH ${Array(257).fill('d').join('/')}`]);
    // Beyond the longest path that the kernel takes.
    const dig = "for (const d of Array(30).fill('0'.repeat(200))) { fs.mkdirSync(d); process.chdir(d); }";
    execFileSync(process.execPath, ['-e', dig], { cwd: bundle });
    const long = await seen(bundle, { limits: { pathSegments: 1000 } });
    assert.is(long.gaps.length, 1);
    assert.match(long.gaps[0]!, /^FILE_UNREADABLE 0{200}/);
    assert.is(Object.keys(long.texts).length, 2);
    execFileSync('rm', ['-rf', bundle]);
    mkdirSync(bundle);
  });
});

test('of a folder with more entries than are read the first are', async () => {
  await inFolder(async (folder) => {
    for (let index = 0; index < 30; index++) writeFileSync(join(folder, `${10 + index}.yaml`), 'x\n');
    const { texts, gaps } = await seen(folder, { limits: { entries: 20 } });
    assert.equal(
      Object.keys(texts),
      Array.from({ length: 20 }, (_, index) => `${10 + index}.yaml`),
    );
    assert.is(gaps.length, 1);
    assert.match(gaps[0]!, 'LIMIT_ENTRIES');
  });
});

test('names that are no UTF-8, or hold line ends and escapes, are data', async () => {
  await inFolder(async (folder) => {
    for (const name of [
      Buffer.from('\xe9.yaml', 'latin1'),
      Buffer.from('\xea.yaml', 'latin1'),
      Buffer.from('a\nb\x1b[31m.yaml'),
    ]) {
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'x\n');
    }
    const { texts, gaps } = await seen(folder);
    assert.equal(Object.keys(texts).sort(), ['\\xe9.yaml', '\\xea.yaml', 'a\nb\x1b[31m.yaml'].sort());
    assert.equal(gaps, []);
  });
});

test('sockets, pipes and links to devices are told of and not waited for', async () => {
  await inFolder(async (folder) => {
    execFileSync('mkfifo', [join(folder, 'p.log')]);
    symlinkSync('/dev/zero', join(folder, 'z.log'));
    symlinkSync(folder, join(folder, 'loop'));
    writeFileSync(join(folder, 'a.yaml'), 'x\n');
    const { texts, gaps } = await seen(folder);
    assert.equal(texts, { 'a.yaml': 'x\n' });
    assert.equal(gaps.sort(), ['ENTRY_LINK_SKIPPED loop', 'ENTRY_LINK_SKIPPED z.log', 'ENTRY_SPECIAL_SKIPPED p.log']);
  });
});

test('a file larger than a parser takes is told of without being read', async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, 'a.yaml'), 'x\n');
    writeFileSync(join(folder, 'b.yaml'), '');
    // A hole: it has a size and takes no room.
    truncateSync(join(folder, 'b.yaml'), 2 ** 40);
    const { texts, gaps } = await seen(folder);
    assert.equal([texts, gaps], [{ 'a.yaml': 'x\n' }, ['LIMIT_FILE b.yaml']]);
  });
});

test('the folders of the running kernel are refused as input, and passed by inside of one', async () => {
  if (existsSync('/proc/self/status')) {
    const error = (await refusal(seen('/proc'))) as InputError;
    assert.instance(error, InputError);
    assert.match(error.message, 'running kernel');
    assert.match(error.advice, 'Gather');
  }
  await inFolder(async (folder) => {
    const bundle = bundleIn(folder);
    const statfsSync = ((path: Buffer) => ({ type: String(path).endsWith('sub') ? 0x9fa0 : 0xef53 })) as never;
    const { texts, gaps } = await seen(bundle, { files: { statfsSync } });
    assert.equal(Object.keys(texts), ['a.yaml', 'm.log', 'z.yaml']);
    assert.equal(gaps, ['ENTRY_SPECIAL_SKIPPED sub']);
  });
});

test.run();
