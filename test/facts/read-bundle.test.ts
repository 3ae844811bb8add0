// Reading a bundle to its end, or to where its time or its limits end: what was read until then stands.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCatalogue } from '../../src/bundle/catalogue.ts';
import { defaultLimits, type Limits } from '../../src/bundle/limits.ts';
import { type Bundle, readBundle } from '../../src/facts/read-bundle.ts';
import { openStore } from '../../src/facts/seal-store.ts';
import { newFolder } from '../commands/drydock.ts';

const catalogue = loadCatalogue([new URL('../../rules/sources', import.meta.url).pathname]);
const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  nodeName: w1\n  containers: []\n`;

/** A must-gather with so many pods, a file each. */
function bundleOf(count: number): string {
  const folder = newFolder();
  const pods = join(folder, 'must-gather', 'namespaces', 'shop', 'pods');
  for (let index = 0; index < count; index++) {
    const name = `p${String(index).padStart(3, '0')}`;
    mkdirSync(join(pods, name), { recursive: true });
    writeFileSync(join(pods, name, `${name}.yaml`), pod(name));
  }
  return folder;
}

const read = (
  path: string,
  signal: AbortSignal | undefined,
  onEntries: (entries: number) => void,
  limits: Partial<Limits> = {},
): Promise<Bundle> =>
  readBundle(path, {
    catalogue,
    limits: { ...defaultLimits, ...limits },
    demand: { factTypes: new Set(['Pod']), objects: new Set(), logPatterns: [], logs: catalogue.logs },
    jobs: 2,
    signal,
    onProgress: ({ entries }) => onEntries(entries),
  });

const podsOf = ({ facts }: Bundle): number => openStore(facts).read('Pod').length;

test('without an end to its time a bundle is read whole', async () => {
  const bundle = await read(bundleOf(20), undefined, () => undefined);
  assert.is(podsOf(bundle), 20);
  assert.equal(bundle.coverage.gaps, []);
});

test('when its time is over, what was read until then stands, and one gap says so', async () => {
  const stop = new AbortController();
  const bundle = await read(bundleOf(20), stop.signal, (entries) => {
    if (entries === 14) stop.abort(new DOMException('the time is over', 'TimeoutError'));
  });
  // Four folders, then five pods with a folder each.
  assert.is(bundle.coverage.entries, 14);
  assert.is(podsOf(bundle), 5);
  assert.equal(
    bundle.coverage.gaps.map(({ code }) => code),
    ['LIMIT_TIME'],
  );
  assert.match(
    bundle.coverage.gaps[0]?.detail ?? '',
    'the limit archive-time is 10 m, --limit archive-time=20m doubles it',
  );
});

test('the time limit of a bundle that was read does not keep the program from its end', async () => {
  const time = new AbortController();
  const { timeout } = AbortSignal;
  AbortSignal.timeout = () => time.signal;
  try {
    await read(bundleOf(2), undefined, () => undefined);
  } finally {
    AbortSignal.timeout = timeout;
  }
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  time.abort(new DOMException('the time is over', 'TimeoutError'));
  assert.is(timers(), before);
});

test('somebody who stops the run gets no bundle', async () => {
  const stop = new AbortController();
  const reading = read(bundleOf(20), stop.signal, (entries) => {
    if (entries === 5) stop.abort(new Error('stopped by hand'));
  });
  const outcome = await reading.then(
    () => 'a bundle',
    (error: Error) => error.message,
  );
  assert.is(outcome, 'stopped by hand');
});

test('documents are read as deep as the limit says, and the program stands the most it allows', async () => {
  const folder = newFolder();
  const pods = join(folder, 'must-gather', 'namespaces', 'shop', 'pods');
  const deep: Readonly<Record<string, string>> = {
    flow: `${'['.repeat(380)}1${']'.repeat(380)}`,
    block: Array.from({ length: 380 }, (_, depth) => `\n${' '.repeat(depth + 1)}a:`).join(''),
    thorough: `&all ${'['.repeat(380)}1${']'.repeat(380)}\nagain: *all`,
  };
  for (const [name, value] of Object.entries(deep)) {
    mkdirSync(join(pods, name), { recursive: true });
    writeFileSync(join(pods, name, `${name}.yaml`), `${pod(name)}extra: ${value}\n`);
  }
  const { coverage } = await read(folder, undefined, () => undefined);
  assert.equal(
    coverage.gaps.map(({ code }) => code),
    Array(3).fill('YAML_DEPTH'),
  );
  assert.match(coverage.gaps[0]?.detail ?? '', '--limit yaml-depth=400');
  const deeper = await read(folder, undefined, () => undefined, { yamlDepth: 400 });
  assert.equal(deeper.coverage.gaps, []);
  assert.is(podsOf(deeper), 3);
});

test('a file whose parsing takes too much memory costs itself alone', async () => {
  const folder = bundleOf(3);
  const events = Array.from({ length: 60_000 }, (_, index) => `- { name: p${index}, labels: { a: b, c: d } }`).join(
    '\n',
  );
  const hungry = join(folder, 'must-gather', 'namespaces', 'shop', 'core');
  mkdirSync(hungry, { recursive: true });
  // Flow mappings under an anchor are left to the thorough reader, which takes its time.
  writeFileSync(join(hungry, 'pods.yaml'), `apiVersion: v1\nkind: List\nextra: &all\n${events}\nitems:\n- *all\n`);
  const { coverage, ...bundle } = await read(folder, undefined, () => undefined, { workerBytes: 40 * 1024 * 1024 });
  assert.is(podsOf({ ...bundle, coverage }), 3);
  const [gap] = coverage.gaps;
  assert.is(gap?.code, 'WORKER_OOM');
  assert.match(gap?.path ?? '', 'core/pods.yaml');
  assert.match(gap?.detail ?? '', '--limit worker-memory=80MiB');
});

test.run();
