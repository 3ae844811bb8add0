// Runs every parser over sources of its kind from real bundles, whole and damaged: nothing throws, nothing is slow.
//
//   node test/torture/parsers.ts CORPUS [NAME…]     CORPUS holds unpacked bundles; without names all of them
//
// Damage: cut at several points, empty, ten times as large, a flipped bit, UTF-16 of both orders, line ends of Windows,
// and names of what every object inherits in place of the names in the text.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';
import type { Piece } from '../../src/bundle/source.ts';
import { createSourceParser, type ParsedSource } from '../../src/facts/parse-source.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { cpuMillis } from './cpu-time.ts';
import { type Result, tellScore } from './kit.ts';

/** Of each kind and bundle; the corpus holds thousands of alike. */
const piecesPerKind = 6;
const largestBytes = 1 << 20;
const millisPerMegabyte = 1000;
/** Below this a run says nothing of the rate: the first one compiles the code. */
const freeMillis = 250;

const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [], everything: true });
const parse = createSourceParser(knowledge.demand);
const untouched = Reflect.ownKeys(Object.prototype).join(' ');

/** The damaged forms of a file, by name; `same` marks those that must give the facts of the whole file. */
export function* damaged(bytes: Uint8Array): Generator<{ how: string; bytes: Uint8Array; same?: true }> {
  yield { how: 'whole', bytes };
  yield { how: 'empty', bytes: new Uint8Array() };
  for (const share of [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
    const end = Math.floor(bytes.length * share);
    yield { how: `cut at ${share}`, bytes: bytes.subarray(0, end) };
    yield { how: `cut at the line end before ${share}`, bytes: bytes.subarray(0, bytes.lastIndexOf(10, end) + 1) };
  }
  yield { how: 'without its last byte', bytes: bytes.subarray(0, bytes.length - 1) };
  yield { how: 'ten times', bytes: Buffer.concat(Array<Uint8Array>(10).fill(bytes)) };
  for (let turn = 1; turn <= 8; turn++) {
    const copy = Uint8Array.from(bytes);
    // Places and bits that differ from file to file, and are the same in every run.
    const at = (Math.imul(turn, 2654435761) >>> 0) % Math.max(1, copy.length);
    if (copy.length > 0) copy[at] = copy[at]! ^ (1 << (turn % 8));
    yield { how: `bit ${turn % 8} of byte ${at} flipped`, bytes: copy };
  }
  const text = Buffer.from(bytes).toString('utf8');
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
    yield { how: `every key is ${name}`, bytes: Buffer.from(text.replaceAll(/[\w.-]+(?="?[ \t]*[:=])/g, name)) };
    // Two of three, so that the shape of most of them stays.
    let count = 0;
    const some = text.replaceAll(/[\w.-]{3,}/g, (word) => (++count % 3 === 0 ? name : word));
    yield { how: `every third word is ${name}`, bytes: Buffer.from(some) };
  }
  if (Buffer.from(text).equals(bytes) && !text.startsWith('\ufeff')) {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    yield { how: 'UTF-16LE', bytes: little, same: true };
    yield { how: 'UTF-16BE', bytes: Buffer.from(little).swap16(), same: true };
  }
  if (!text.includes('\r')) yield { how: 'CRLF', bytes: Buffer.from(text.replaceAll('\n', '\r\n')), same: true };
}

const factsOf = ({ facts }: ParsedSource): string =>
  facts
    .map(({ type, blocks }) => `${type} ${blocks.map(({ bytes }) => Buffer.from(bytes).toString('base64')).join(' ')}`)
    .join('\n');

/** What is wrong with how one file in one form was read; undefined when nothing is. */
function faultOf(piece: Piece, bytes: Uint8Array, expected: string | undefined): string | undefined {
  const started = cpuMillis();
  let parsed: ParsedSource;
  try {
    parsed = parse({ ...piece, bytes: Uint8Array.from(bytes), firstLine: 1, last: true });
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : error}`;
  }
  const millis = cpuMillis() - started;
  const thrown = parsed.problems.find(({ detail }) => detail.includes('the parser broke'));
  if (thrown) return `a parser threw: ${thrown.detail}`;
  if (millis > freeMillis + (millisPerMegabyte * bytes.length) / 1e6) return `took ${millis.toFixed(0)} ms`;
  if (Reflect.ownKeys(Object.prototype).join(' ') !== untouched) return 'Object.prototype was changed';
  if (expected !== undefined && factsOf(parsed) !== expected) return 'gave other facts than as it lay in the bundle';
  return undefined;
}

async function piecesOf(folder: string): Promise<Piece[]> {
  const byKind = new Map<string, Piece[]>();
  await readInput(folder, { catalogue: knowledge.catalogue, limits: defaultLimits }, (piece) => {
    if (piece.bytes.length > largestBytes || piece.firstLine > 1) return;
    const pieces = byKind.get(piece.source.kind) ?? [];
    byKind.set(piece.source.kind, pieces);
    pieces.push(piece);
    // The largest show most shapes; of a hundred equal ones a few do.
    if (pieces.length > 4 * piecesPerKind)
      pieces.sort((a, b) => b.bytes.length - a.bytes.length).length = piecesPerKind;
  });
  return [...byKind.values()]
    .flatMap((pieces) => pieces.slice(-piecesPerKind).concat(pieces.slice(0, piecesPerKind)))
    .filter((piece, index, all) => all.indexOf(piece) === index);
}

export async function damagedSources(folder: string, names: readonly string[] = []): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of names.length > 0 ? names : readdirSync(folder).sort()) {
    for (const piece of await piecesOf(join(folder, name))) {
      const whole = factsOf(parse({ ...piece, bytes: Uint8Array.from(piece.bytes) }));
      const faults: string[] = [];
      for (const { how, bytes, same } of damaged(piece.bytes)) {
        const fault = faultOf(piece, bytes, same && whole);
        if (fault) faults.push(`${how}: ${fault}`);
      }
      const id = `${name}/${piece.source.path} (${piece.source.kind})`;
      results.push({ id, ok: faults.length === 0, told: faults.join('\n  ') });
    }
  }
  return results;
}

if (import.meta.main) {
  const [folder, ...names] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node test/torture/parsers.ts CORPUS [NAME…]');
  process.exitCode = tellScore('Damaged sources', await damagedSources(folder, names)) ? 0 : 1;
}
