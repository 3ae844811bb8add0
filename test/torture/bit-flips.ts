// Damages small archives bit by bit: nothing breaks, what a checksum covers is told, and what is not told is as it was.
//
//   node test/torture/bit-flips.ts FOLDER [--flips N] [--seed S] [--only NAME] [--case K]     N: for each archive
//
// The archives are made here of a sample of this project and of one real bundle, in every container there is.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Catalogue } from '../../src/bundle/catalogue.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { InputError } from '../../src/bundle/read-input.ts';
import { analyze } from '../../src/pipeline.ts';
import { type Knowledge, loadKnowledge } from '../../src/rules/knowledge.ts';
import { type Container, type Contents, containersOf, type Seen } from './bit-flip-containers.ts';
import { pick, type Random, random } from './fuzz-random.ts';
import { processorMillis } from './fuzz-runner.ts';
import { everything, newScratch, type Result, readEverything, tellScore } from './kit.ts';

const realBundle = 'kind-export-logs';
const sample = new URL('../../samples/healthy/', import.meta.url).pathname;
const slowMillis = 2000;
/** One damaged archive in so many goes through the whole program. */
const analyzedEvery = 50;
const peakBytes = 512 * 1024 * 1024;

export interface FlipOptions {
  readonly flips?: number;
  readonly seed?: number;
  /** One container alone: `healthy.tar.gz`. */
  readonly only?: string | undefined;
  /** One case of it alone. */
  readonly case?: number | undefined;
}

export async function bitFlips(folder: string, options: FlipOptions = {}): Promise<Result[]> {
  const { flips = 1000, seed = 1 } = options;
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
  const scratch = newScratch();
  const results: Result[] = [];
  for (const container of makeContainers(folder, scratch)) {
    const { name } = container;
    if (options.only !== undefined && options.only !== name) continue;
    const tally = { told: 0, refused: 0, silent: 0, failed: 0 };
    const cases = options.case === undefined ? Array.from({ length: flips }, (_, index) => index) : [options.case];
    for (const number of cases) {
      const { damaged, changed, words } = damage(container, random(seed, name, number));
      if (changed.length === 0) continue;
      const path = join(scratch, name);
      writeFileSync(path, damaged);
      const started = processorMillis();
      const seen = await see(path);
      const millis = processorMillis() - started;
      const faults = typeof seen === 'string' ? [seen] : container.judge(damaged, changed, seen);
      if (millis > slowMillis) faults.push(`it took ${Math.round(millis)} ms`);
      if (number % analyzedEvery === 0) faults.push(...(await analyzeFaults(path, knowledge)));
      const isTold = typeof seen !== 'string' && seen.gaps.length > 0;
      const isRefused = typeof seen !== 'string' && seen.refused !== undefined;
      tally[faults.length > 0 ? 'failed' : isRefused ? 'refused' : isTold ? 'told' : 'silent']++;
      const id = `${name} --seed ${seed} --case ${number}`;
      results.push({ id, ok: faults.length === 0, told: `${words}: ${faults.join('; ')}` });
    }
    const { told, refused, silent, failed } = tally;
    console.log(
      `${name}: ${cases.length} damaged, ${told} with a gap, ${refused} refused, ${silent} told nothing and lost nothing, ${failed} failed`,
    );
  }
  const held = process.resourceUsage().maxRSS * 1024;
  results.push({ id: 'memory', ok: held < peakBytes * 2, told: `the process held ${held} bytes` });
  return results;
}

function makeContainers(folder: string, scratch: string): Container[] {
  const real = join(scratch, realBundle);
  mkdirSync(real);
  execFileSync('tar', ['-xJf', join(folder, `${realBundle}.tar.xz`), '-C', real, '--no-same-owner']);
  return [
    ...containersOf(sample, 'healthy', contentsOf(sample), scratch),
    ...containersOf(real, realBundle, contentsOf(real), scratch),
  ];
}

function contentsOf(folder: string): Contents {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}

interface Damage {
  readonly damaged: Buffer;
  /** Offsets of the bytes that are not what they were. */
  readonly changed: readonly number[];
  readonly words: string;
}

/** One to eight bits, a run of zeros, or two blocks that changed places; a third of it where the structure lies. */
function damage({ bytes, structure }: Container, next: Random): Damage {
  const damaged = Buffer.from(bytes);
  const place = () => (next(3) > 0 ? next(bytes.length) : pick(next, structure));
  const from = place();
  const kind = next(6);
  let words: string;
  if (kind === 0) {
    const length = 1 + next(next(2) === 0 ? 16 : 2048);
    damaged.fill(0, from, Math.min(bytes.length, from + length));
    words = `${length} zeros at ${from}`;
  } else if (kind === 1) {
    const length = pick(next, [16, 512, 512, 4096]);
    const one = Math.min(from - (from % length), bytes.length - (bytes.length % length));
    const other = Math.min(place(), bytes.length - 1);
    const two = other - (other % length);
    bytes.copy(damaged, one, two, Math.min(two + length, bytes.length));
    bytes.copy(damaged, two, one, Math.min(one + length, bytes.length));
    words = `${length} bytes at ${one} and ${two} swapped`;
  } else {
    const flips = Array.from({ length: 1 + next(8) }, (_, index) => (index === 0 ? from : place()));
    for (const at of flips) damaged[at]! ^= 1 << next(8);
    words = `bits flipped at ${flips.join(', ')}`;
  }
  const changed = [...damaged.keys()].filter((at) => damaged[at] !== bytes[at]);
  return { damaged, changed, words };
}

/** Claims every file but the archive itself, which must be told by its content. */
const catalogueOf = (name: string): Catalogue => ({
  ...everything,
  classify: (path) => (path === name ? undefined : everything.classify(path)),
});

/** A sentence when something came out that never should. */
async function see(path: string): Promise<Seen | string> {
  try {
    const { files, intake, coverage } = await readEverything(path, {}, catalogueOf(basename(path)));
    const { entries, analysed, empty, notRelevant, gap } = coverage;
    if (entries !== analysed + empty + notRelevant + gap) return 'the sums of the coverage do not add up';
    const emptyFiles = intake.infos.flatMap((info) => (info.code === 'FILE_EMPTY' ? [info.path] : []));
    return { files, empty: new Set(emptyFiles), gaps: intake.gaps };
  } catch (error) {
    if (error instanceof InputError) {
      return { files: new Map(), empty: new Set(), gaps: [], refused: `${error.code} ${error.message}` };
    }
    return `it threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

async function analyzeFaults(path: string, knowledge: Knowledge): Promise<string[]> {
  try {
    const { report } = await analyze(path, knowledge, { limits: defaultLimits, jobs: 2, version: '0' });
    const { entries, analysed, empty, notRelevant, gap } = report.coverage;
    return entries === analysed + empty + notRelevant + gap ? [] : ['the sums of the report do not add up'];
  } catch (error) {
    return error instanceof InputError ? [] : [`analyze threw ${error instanceof Error ? error.stack : String(error)}`];
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      flips: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      case: { type: 'string' },
    },
  });
  const [folder] = positionals;
  if (!folder) throw new Error('say which folder holds the archives');
  const started = performance.now();
  const results = await bitFlips(folder, {
    flips: Number(values.flips),
    seed: Number(values.seed),
    only: values.only,
    case: values.case === undefined ? undefined : Number(values.case),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.exitCode = tellScore(`bit flips, seed ${values.seed}, ${seconds} s`, results) ? 0 : 1;
}
