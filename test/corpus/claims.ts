// Prints what the catalogue makes of unpacked bundles: claims by layout and kind, and the commonest names nobody claims.
//
//   node test/corpus/claims.ts FOLDER [--each KIND] [--unclaimed N]
//
// FOLDER is one bundle. `--each KIND` lists the paths claimed as KIND. Archives inside are listed with tar, by path alone.

import { execFileSync } from 'node:child_process';
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type Claim, loadCatalogue } from '../../src/bundle/catalogue.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { each: { type: 'string' }, unclaimed: { type: 'string', default: '40' } },
});
const [folder] = positionals;
if (!folder) throw new Error('say which folder holds the bundle');

const began = performance.now();
const catalogue = loadCatalogue([new URL('../../rules/sources', import.meta.url).pathname]);
const loaded = performance.now();
const paths = [...pathsOf(folder)].sort();
const listed = performance.now();
const byPath = paths.map((path) => catalogue.classify(path));
const classified = performance.now();

const claims = new Map<string, number>();
const unclaimed = new Map<string, number>();
let sniffed = 0;
let looked = 0;
let sniffMillis = 0;
for (const [index, path] of paths.entries()) {
  let claim = byPath[index];
  if (!claim && !path.includes('!') && !catalogue.ignores(path)) {
    const head = headOf(join(folder, path));
    const start = performance.now();
    claim = head && catalogue.sniff(path, head);
    sniffMillis += performance.now() - start;
    looked++;
    if (claim) sniffed++;
  }
  count(claim ? claims : unclaimed, claim ? nameOf(claim, byPath[index] === undefined) : alike(path));
  if (claim && claim.kind === values.each) console.log(path, claim.layout, JSON.stringify(claim.root), claim.labels);
}

if (!values.each) {
  for (const [name, times] of sorted(claims)) console.log(String(times).padStart(7), name);
  console.log(`\nnobody claims (${sum(unclaimed)}):`);
  for (const [name, times] of sorted(unclaimed).slice(0, Number(values.unclaimed))) {
    console.log(String(times).padStart(7), name);
  }
  const millis = (from: number, to: number): string => `${Math.round(to - from)} ms`;
  console.log(
    `\n${paths.length} paths: ${sum(claims) - sniffed} by path, ${sniffed} by content of ${looked} looked at, ${sum(unclaimed)} unclaimed; ` +
      `load ${millis(began, loaded)}, classify ${millis(listed, classified)}, sniff ${millis(0, sniffMillis)}`,
  );
}

function nameOf({ layout, kind }: Claim, byContent: boolean): string {
  return `${layout.padEnd(24)} ${kind}${byContent ? '  (by content)' : ''}`;
}

/** The last three names of a path, numbers and hashes made equal. */
function alike(path: string): string {
  const names = path.split(/[/!]/).slice(-3).join('/');
  return (catalogue.ignores(path) ? '(ignored) ' : '') + names.replace(/[0-9a-f]{8,}|\d+/g, 'N');
}

function* pathsOf(root: string, below = ''): Generator<string> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* pathsOf(root, path);
    if (!entry.isFile()) continue;
    yield path;
    if (/\.(tgz|tar|tar\.gz)$/.test(path)) for (const name of namesInside(join(root, path))) yield `${path}!${name}`;
  }
}

function namesInside(archive: string): string[] {
  try {
    const names = execFileSync('tar', ['-tf', archive], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return names.split('\n').flatMap((name) => (name && !name.endsWith('/') ? name.replace(/^\.\//, '') : []));
  } catch {
    return []; // Not an archive that tar can list.
  }
}

function headOf(file: string): Uint8Array | undefined {
  if (!lstatSync(file).isFile()) return undefined;
  const bytes = Buffer.alloc(64 * 1024);
  const handle = openSync(file, 'r');
  const read = readSync(handle, bytes);
  closeSync(handle);
  const head = bytes.subarray(0, read);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head.subarray(0, 4096);
  try {
    return gunzipSync(head, { finishFlush: 2 }).subarray(0, 4096);
  } catch {
    return undefined;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function sum(map: Map<string, number>): number {
  return [...map.values()].reduce((total, times) => total + times, 0);
}

function sorted(map: Map<string, number>): [string, number][] {
  return [...map].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
