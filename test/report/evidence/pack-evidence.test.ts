import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { citedSources } from '../../../src/report/evidence/cited-sources.ts';
import { type PackParts, packEvidence } from '../../../src/report/evidence/pack-evidence.ts';
import type { Report } from '../../../src/report/report.ts';
import { sampleReport } from '../sample-report.ts';

async function unpacked(bytes: Uint8Array): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const archive = extract();
  archive.end(gunzipSync(bytes));
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    assert.equal([entry.header.type, entry.header.uid, entry.header.gid], ['file', 0, 0]);
    files.set(entry.header.name, Buffer.concat(chunks).toString());
  }
  return files;
}

const [sample] = sampleReport.findings;
if (!sample) throw new Error('the sample has no finding');

/** A report that cites these lines. */
const citing = (...places: readonly [path: string, first: number, last: number][]): Report => ({
  ...sampleReport,
  findings: places.map(([path, first, last]) => ({
    ...sample,
    evidence: [{ path, first, last, excerpt: '', binding: 'one' }],
  })),
  timeline: [],
  paths: [],
});

const textOf = (files: Readonly<Record<string, readonly string[]>>) => ({
  whole: (path: string) => files[path],
  lines: (path: string, [first, last]: readonly [number, number]) => files[path]?.slice(first - 1, last) ?? [],
});
const numbered = (count: number, width = 1) =>
  Array.from({ length: count }, (_, at) => `${'line '.repeat(width)}${at + 1}`);

const pack = (parts: Partial<PackParts>) =>
  packEvidence({
    reports: { 'report.md': '# Report\n' },
    sources: [],
    text: (each) => each,
    check: () => undefined,
    ...parts,
  });

test('the reports and the cited files are in it, under names of our own in one folder', async () => {
  const files = {
    'nodes/../../etc/passwd': ['a'],
    'ns/a\u0000\u202e;rm -rf.yaml': ['b'],
    '/abs/..': ['c'],
    [`x/${'n'.repeat(300)}`]: ['d'],
  };
  const report = citing(...Object.keys(files).map((path): [string, number, number] => [path, 1, 1]));
  const entries = await unpacked(await pack({ sources: citedSources(report, textOf(files)) }));
  for (const name of entries.keys())
    assert.match(name, /^drydock-evidence\/(?:report\.md|evidence\/[A-Za-z0-9][A-Za-z0-9._-]*)$/);
  assert.is(entries.get('drydock-evidence/report.md'), '# Report\n');
  assert.is(entries.get('drydock-evidence/evidence/0001-passwd'), 'a\n');
  assert.is(entries.size, 1 + 2 + 4);
});

test('a small file goes whole; of a large one go the cited lines with some around them, and their numbers can be counted', async () => {
  const files = { 'small.yaml': numbered(30), 'large.yaml': numbered(5000, 10) };
  const report = citing(
    ['small.yaml', 3, 4],
    ['large.yaml', 1000, 1001],
    ['large.yaml', 1010, 1010],
    ['large.yaml', 4990, 4999],
  );
  const entries = await unpacked(await pack({ sources: citedSources(report, textOf(files)) }));
  assert.is(entries.get('drydock-evidence/evidence/0001-small.yaml'), `${numbered(30).join('\n')}\n`);
  const lines = (entries.get('drydock-evidence/evidence/0002-large.yaml') ?? '').trimEnd().split('\n');
  let number = 0;
  for (const line of lines) {
    const left = /^\[drydock: lines (\d+)-(\d+) left out\]$/.exec(line);
    if (left) {
      assert.is(Number(left[1]), number + 1);
      number = Number(left[2]);
    } else {
      number++;
      assert.is(line, files['large.yaml'][number - 1]);
    }
  }
  assert.is(number, 5000);
  assert.ok(lines.length < 150, String(lines.length));
  for (const cited of [1000, 1001, 1010, 4990, 4999]) assert.ok(lines.includes(files['large.yaml'][cited - 1] ?? ''));
});

test('the index tells of each source where it lies, which lines are cited, and what is not packed and why', async () => {
  const files = { 'a.log': numbered(100), 'b.log': numbered(100), 'c.log': numbered(100) };
  const report = citing(['a.log', 1, 2], ['gone.log', 5, 5], ['b.log', 7, 7], ['c.log', 8, 8]);
  const entries = await unpacked(await pack({ sources: citedSources(report, textOf(files)), mostBytes: 2000 }));
  const index = JSON.parse(entries.get('drydock-evidence/evidence/INDEX.json') ?? '') as {
    sources: { file?: string; path: string; cited: unknown; leftOut?: string }[];
  };
  assert.equal(
    index.sources.map(({ path, file }) => [path, file]),
    [
      ['a.log', 'evidence/0001-a.log'],
      ['gone.log', undefined],
      ['b.log', 'evidence/0002-b.log'],
      ['c.log', undefined],
    ],
  );
  assert.equal(index.sources[1]?.leftOut, 'its text was not kept');
  assert.match(index.sources[3]?.leftOut ?? '', /at most 2000 bytes/);
  assert.equal(index.sources[0]?.cited, [{ first: 1, last: 2 }]);
  assert.match(
    entries.get('drydock-evidence/evidence/INDEX.md') ?? '',
    /not packed, its text was not kept: `gone\.log` lines 5/,
  );
});

test('secrets are out of it, also in lines that nobody cites, and the lines stay where they are', async () => {
  const secret = [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    '  name: a',
    'data:',
    '  note: aHVudGVyMg==',
    'type: Opaque',
  ];
  const log = ['a', 'login with password=hunter2', '\x1b]0;title\x07 b'];
  const files = { 'namespaces/a/core/secrets.yaml': secret, 'a.log': log };
  const report = citing(['namespaces/a/core/secrets.yaml', 4, 4], ['a.log', 1, 1]);
  const entries = await unpacked(await pack({ sources: citedSources(report, textOf(files)) }));
  const all = [...entries.values()].join('');
  assert.not.ok(/hunter2|aHVudGVyMg/.test(all));
  assert.not.ok(all.includes('\x1b'));
  assert.is(entries.get('drydock-evidence/evidence/0001-secrets.yaml')?.trimEnd().split('\n').length, secret.length);
  assert.is(entries.get('drydock-evidence/evidence/0002-a.log')?.trimEnd().split('\n').length, 3);
});

test('with a redaction every text of it is redacted and checked, paths and names included', async () => {
  const checked: string[] = [];
  const sources = citedSources(
    citing(['nodes/worker-1.yaml', 1, 1]),
    textOf({ 'nodes/worker-1.yaml': ['name: worker-1'] }),
  );
  const text = (each: string) => each.replaceAll('worker-1', 'host-bcdfgh');
  const entries = await unpacked(await pack({ sources, text, check: (output) => void checked.push(output) }));
  assert.not.ok([...entries].flat().join('\n').includes('worker-1'));
  assert.equal(checked, ['evidence/0001-host-bcdfgh.yaml', 'evidence/INDEX.md', 'evidence/INDEX.json']);
  let refused: unknown;
  const check = () => {
    throw new Error('a leak');
  };
  await pack({ sources, check }).catch((error: unknown) => {
    refused = error;
  });
  assert.match(String(refused), /a leak/);
});

test('the same report gives the same bytes, without a time in them', async () => {
  const sources = citedSources(citing(['a.log', 1, 1]), textOf({ 'a.log': ['a'] }));
  const [one, other] = [await pack({ sources }), await pack({ sources })];
  assert.equal(one, other);
  assert.equal([...one.subarray(4, 10)], [0, 0, 0, 0, 2, 255]);
});

test.run();
