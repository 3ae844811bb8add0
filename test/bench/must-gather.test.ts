// The bundles of the benchmark: the same bytes for the same words, an archive that tar reads, YAML that says what was meant.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { newScratch } from '../torture/kit.ts';
import { mustGather } from './must-gather/files.ts';
import { printDocument } from './must-gather/print-yaml.ts';
import { readSize, shapeOf } from './must-gather/shape.ts';
import { packTar } from './must-gather/tar.ts';

const shape = shapeOf(1_000_000);
const tarOf = (seed: string): Buffer => Buffer.concat([...packTar(mustGather(seed, shape))]);
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the same seed gives the same bytes, another one others', () => {
  const first = digestOf(tarOf('a'));
  assert.is(digestOf(tarOf('a')), first);
  assert.is.not(digestOf(tarOf('b')), first);
});

test('tar unpacks what was packed, long names and empty files included', () => {
  const folder = newScratch();
  writeFileSync(join(folder, 'all.tar'), tarOf('a'));
  mkdirSync(join(folder, 'out'));
  execFileSync('tar', ['-xf', 'all.tar', '-C', 'out'], { cwd: folder });
  let longest = 0;
  for (const { path, chunks } of mustGather('a', shape)) {
    longest = Math.max(longest, path.length);
    assert.ok(readFileSync(join(folder, 'out', path)).equals(Buffer.concat(chunks)), path);
  }
  assert.ok(longest > 100);
});

test('every YAML file is read back, and pods are on nodes that are there', () => {
  const nodes = new Set<string>();
  const on = new Set<string>();
  for (const { path, chunks } of mustGather('a', shape)) {
    if (!path.endsWith('.yaml')) continue;
    const value = parse(Buffer.concat(chunks).toString()) as {
      kind: string;
      metadata: { name: string };
      spec?: { nodeName?: string };
    };
    if (value.kind === 'Node') nodes.add(value.metadata.name);
    if (value.kind === 'Pod' && value.spec?.nodeName !== undefined) on.add(value.spec.nodeName);
  }
  assert.is(nodes.size, shape.nodes);
  assert.equal(
    [...on].filter((name) => !nodes.has(name)),
    [],
  );
});

test('text is quoted and folded so that it stays what it is', () => {
  const value = {
    blocks: 'a\nb\n',
    clock: '2026-03-04T10:00:00Z',
    empty: {},
    folded: `${'word '.repeat(40)}end: of it`,
    list: ['', '1e3', "it's", '- dash', 'true', 'plain', { a: 1 }],
    number: '0123',
    quoted: `'${'twice  blank '.repeat(12)}'`,
  };
  assert.equal(parse(printDocument(value)), value);
});

test('sizes are read as they are written, and anything else is none', () => {
  assert.equal(['300MB', '1.5GB', '20GB', '300', 'MB'].map(readSize), [3e8, 1.5e9, 2e10, undefined, undefined]);
});

test.run();
