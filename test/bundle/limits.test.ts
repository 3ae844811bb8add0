import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedger } from '../../src/bundle/ledger.ts';
import { defaultLimits, type Limits, limitList } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';
import { file, inFolder, link, pax, read, refusal, smallCatalogue, tar, zip } from './archives.ts';

const pod = 'kind: Pod\n';
const log = 'line\n'.repeat(100);
const twoInZip = zip({ name: 'a.yaml', content: pod }, { name: 'b.yaml', content: pod });

interface Excess {
  readonly bytes: Uint8Array;
  readonly limits: Partial<Limits>;
  /** `CODE path` */
  readonly gaps: readonly string[];
  /** Whatever else there is to read. */
  readonly delivered: readonly string[];
}

/** By key of the limit: an input that is past it, and nothing but it. */
const excesses: Partial<Record<keyof Limits, Excess>> = {
  entries: {
    bytes: tar(file('a.yaml'), file('b.yaml'), file('c.yaml')),
    limits: { entries: 2 },
    gaps: ['LIMIT_ENTRIES b.tar'],
    delivered: ['a.yaml', 'b.yaml'],
  },
  expandedBytes: {
    bytes: gzipSync(tar(file('a.yaml'), file('b.log', 'x\n'.repeat(1 << 20)), file('c.yaml'))),
    limits: { expandedBytes: 1 << 20 },
    gaps: ['LIMIT_TOTAL b.log', 'LIMIT_TOTAL b.tar'],
    delivered: ['a.yaml', 'b.log'],
  },
  expansionRatio: {
    bytes: tar(file('a.yaml'), file('in.tgz', gzipSync(tar(file('x.log', 'x\n'.repeat(2 << 20))))), file('c.yaml')),
    limits: { expansionRatio: 100, ratioFromBytes: 1 << 20 },
    gaps: ['LIMIT_RATIO in.tgz!x.log', 'LIMIT_RATIO in.tgz'],
    delivered: ['a.yaml', 'in.tgz!x.log', 'c.yaml'],
  },
  fileBytes: {
    bytes: tar(file('a.yaml'), file('big.yaml', log), file('c.yaml')),
    limits: { fileBytes: 400 },
    gaps: ['LIMIT_FILE big.yaml'],
    delivered: ['a.yaml', 'c.yaml'],
  },
  logBytes: {
    bytes: tar(file('big.log', log), file('c.yaml')),
    limits: { logBytes: 400 },
    gaps: ['LIMIT_FILE big.log'],
    delivered: ['big.log', 'c.yaml'],
  },
  pieceBytes: {
    bytes: tar(file('long.log', `${'x'.repeat(100)}\nline\n`), file('c.yaml')),
    limits: { pieceBytes: 50 },
    gaps: ['FILE_TRUNCATED long.log'],
    delivered: ['long.log', 'c.yaml'],
  },
  depth: {
    bytes: tar(
      file('in.tgz', gzipSync(tar(file('deep.tgz', gzipSync(tar(file('x.yaml')))), file('b.yaml')))),
      file('c.yaml'),
    ),
    limits: { depth: 2 },
    gaps: ['LIMIT_DEPTH in.tgz!deep.tgz'],
    delivered: ['in.tgz!b.yaml', 'c.yaml'],
  },
  heldZipBytes: {
    bytes: tar(file('in.zip', twoInZip), file('c.yaml')),
    limits: { heldZipBytes: 100 },
    gaps: ['LIMIT_FILE in.zip'],
    delivered: ['c.yaml'],
  },
  metaBytes: {
    bytes: tar(pax({ path: `${'n'.repeat(2000)}.yaml` }), file('short.yaml'), file('c.yaml')),
    limits: { metaBytes: 1000 },
    gaps: ['LIMIT_META b.tar', 'LIMIT_META short.yaml'],
    delivered: ['c.yaml'],
  },
  zipDirectoryBytes: {
    bytes: tar(file('in.zip', twoInZip), file('c.yaml')),
    limits: { zipDirectoryBytes: 60 },
    gaps: ['LIMIT_META in.zip'],
    // found by their own headers
    delivered: ['in.zip!a.yaml', 'in.zip!b.yaml', 'c.yaml'],
  },
  pathSegments: {
    bytes: tar(file('a/b/c/d.yaml'), file('a/b/c.yaml')),
    limits: { pathSegments: 3 },
    gaps: ['LIMIT_PATH_DEPTH a/b/c/d.yaml'],
    delivered: ['a/b/c.yaml'],
  },
  pathBytes: {
    bytes: tar(file(`${'n'.repeat(30)}.yaml`), file('c.yaml')),
    limits: { pathBytes: 20 },
    gaps: [`LIMIT_PATH_DEPTH ${'n'.repeat(30)}.yaml`],
    delivered: ['c.yaml'],
  },
};

for (const { name, key } of limitList) {
  const excess = excesses[key];
  if (!excess) continue;
  test(`the limit ${name}: the gap names the entry and the limit, the rest is read`, async () => {
    const { bytes, limits, gaps, delivered } = excess;
    const seen = await read(bytes, 'b.tar', limits);
    assert.equal(seen.gaps, gaps);
    assert.equal(Object.keys(seen.texts), delivered);
    for (const { detail } of seen.intake.gaps.slice(0, 1)) assert.match(detail, `--limit ${name}=`);
    const { entries, analysed, empty, notRelevant, gap } = seen.coverage;
    assert.is(analysed + empty + notRelevant + gap, entries);
    const free = await read(bytes, 'b.tar');
    assert.equal(free.gaps, [], 'without the small limit there is no gap');
  });
}

/** Limits on what is made of the bytes, and where each is exceeded. */
const elsewhere: Partial<Record<keyof Limits, string>> = {
  childBytes: 'test/torture/batch-bad.ts',
  silentMillis: 'test/torture/batch-bad.ts',
  yamlDepth: 'test/facts/text/documents.test.ts',
  yamlAliases: 'test/facts/text/documents.test.ts',
  sourceMillis: 'test/workers/pool.test.ts',
  workerBytes: 'test/facts/read-bundle.test.ts',
  ruleMillis: 'test/findings/evaluate-rules.test.ts',
  rulesMillis: 'test/findings/evaluate-rules.test.ts',
  logHits: 'test/facts/logs/hit-list.test.ts',
  findings: 'test/findings/most-findings.test.ts',
};

test('every limit is exceeded by some test', () => {
  const here = [...Object.keys(excesses), 'ratioFromBytes', 'archiveMillis'];
  assert.equal([...here, ...Object.keys(elsewhere)].sort(), limitList.map(({ key }): string => key).sort());
  for (const path of Object.values(elsewhere)) assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), path);
});

test('the ratio counts only from a size on', async () => {
  const { bytes } = excesses.expansionRatio as Excess;
  assert.equal((await read(bytes, 'b.tar', { expansionRatio: 100, ratioFromBytes: 8 << 20 })).gaps, []);
});

test('when the time for reading is over, what came until then is kept', async () => {
  const time = new AbortController();
  const delivered: string[] = [];
  const intake = await inFolder((folder) => {
    const path = join(folder, 'b.tar');
    writeFileSync(path, tar(file('a.yaml'), file('b.yaml'), file('c.yaml')));
    const options = { catalogue: smallCatalogue, limits: defaultLimits, signal: time.signal };
    return readInput(path, options, ({ source }) => {
      delivered.push(source.path);
      time.abort(new DOMException('over', 'TimeoutError'));
    });
  });
  assert.equal(delivered, ['a.yaml']);
  assert.equal(
    intake.gaps.map(({ code, path }) => `${code} ${path}`),
    ['LIMIT_TIME b.tar'],
  );
  assert.match(intake.gaps[0]?.detail ?? '', '--limit archive-time=');
});

test('who stops the program gets no report of half a bundle', async () => {
  const stop = new AbortController();
  const reason = await inFolder((folder) => {
    const path = join(folder, 'b.tar');
    writeFileSync(path, tar(file('a.yaml'), file('b.yaml')));
    const options = { catalogue: smallCatalogue, limits: defaultLimits, signal: stop.signal };
    return refusal(readInput(path, options, () => stop.abort(new Error('by the user'))));
  });
  assert.is((reason as Error).message, 'by the user');
});

test('a compressed file that turns out too large for a parser is a gap', async () => {
  const { gaps, texts } = await read(tar(file('big.yaml', gzipSync(log)), file('c.yaml')), 'b.tar', { fileBytes: 400 });
  assert.equal([gaps, Object.keys(texts)], [['LIMIT_FILE big.yaml'], ['c.yaml']]);
});

test('data that hold the header of a tar are no archive', async () => {
  const data = Buffer.concat([Buffer.from('sniffed'.padEnd(512)), tar(file('smuggled.yaml'))]);
  const { texts, gaps } = await read(tar(file('dump.bin', data), file('c.yaml')));
  assert.equal([Object.keys(texts), gaps], [['dump.bin', 'c.yaml'], []]);
});

test('a hard link to what the archive does not hold is a gap', async () => {
  const { gaps } = await read(tar(file('a.yaml'), link('b.yaml', 'gone.yaml', '1')));
  assert.equal(gaps, ['ENTRY_LINK_SKIPPED b.yaml']);
});

test('a book in which an entry is in no class is not closed', () => {
  const ledger = createLedger();
  ledger.enter();
  assert.throws(() => ledger.close(), /does not add up/);
  ledger.settle('a.yaml', 'empty');
  ledger.close();
});

test.run();
