// Cuts real bundles at many points, as tar, tar.gz and tar.xz, and holds what is read to what other tools deliver of the same piece.
//
//   node test/torture/truncation.ts FOLDER [--points N] [NAME…]     NAME: must-gather-aws, must-gather-metal.tar.gz …
//
// Each cut is read twice in this process: all that is in it, and as `analyze` does. Every tenth cut
// goes through the command line too, which must end with exit code 3 and write the same report.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { InputError } from '../../src/bundle/read-input.ts';
import { version } from '../../src/commands/version.ts';
import { analyze } from '../../src/pipeline.ts';
import { renderReport } from '../../src/report/formats.ts';
import type { Report } from '../../src/report/report.ts';
import { type Knowledge, loadKnowledge } from '../../src/rules/knowledge.ts';
import { processorMillis } from './fuzz-runner.ts';
import { drydock, newScratch, type Result, readEverything, tellScore } from './kit.ts';
import { type CutPoint, cutPoints, type Packing, packings } from './truncation-points.ts';
import { type Delivered, deliveredByTools, runShell } from './truncation-tools.ts';

const bundles = ['must-gather-aws', 'must-gather-metal'];
/** Where a cut says itself: in the middle of something, or where the end mark should be. */
const truncationCodes = new Set(['ARCHIVE_TRUNCATED', 'ARCHIVE_NO_EOA']);
/** Of the processor, for reading a cut archive twice. */
const slowMillis = 60_000;

interface Whole {
  readonly name: string;
  readonly path: string;
  readonly packing: Packing;
  /** What the tools deliver of the whole archive. */
  readonly files: Delivered;
  /** What the readers deliver of each of these; of an archive inside every member. */
  readonly parts: ReadonlyMap<string, readonly (readonly [path: string, hash: string])[]>;
  readonly findings: ReadonlySet<string>;
}

interface Reading {
  /** SHA-256 by path; of an empty file too. */
  readonly files: Delivered;
  readonly gaps: readonly { readonly code: string; readonly path: string }[];
}

/** Cuts each bundle in each packing at `points` evenly spread places and at those where something is cut in two. */
export async function truncation(folder: string, points = 100, names: readonly string[] = []): Promise<Result[]> {
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
  const results: Result[] = [];
  for (const bundle of bundles) {
    for (const packing of packings) {
      const name = `${bundle}${packing.extension}`;
      if (names.length > 0 && !names.includes(bundle) && !names.includes(name)) continue;
      const scratch = newScratch();
      const whole = await readWhole(join(folder, `${bundle}.tar.xz`), name, packing, scratch, knowledge);
      const cuts = cutPoints(whole.path, packing, points);
      for (const [index, cut] of cuts.entries()) {
        const started = processorMillis();
        const faults = await faultsOf(whole, cut, scratch, knowledge, index % 10 === 0);
        const millis = processorMillis() - started;
        if (millis > slowMillis) faults.push(`it took ${Math.round(millis)} ms`);
        const id = `${name} cut at ${cut.at} (${cut.place})`;
        results.push({ id, ok: faults.length === 0, told: faults.join('; ') });
        // the sweep takes its time: what it found so far is worth a line
        if (faults.length > 0) console.log(`${id}: ${faults[0]}`);
        else if (index % 25 === 24) console.log(`${name}: ${index + 1} of ${cuts.length} cuts`);
      }
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return results;
}

async function readWhole(
  archive: string,
  name: string,
  packing: Packing,
  scratch: string,
  knowledge: Knowledge,
): Promise<Whole> {
  const path = join(scratch, name);
  runShell(`xz -dc '${archive}' ${packing.pack} > '${path}'`);
  const files = deliveredByTools(path, packing, scratch);
  const read = await readAll(path);
  const parts = new Map<string, (readonly [string, string])[]>();
  for (const [part, hash] of read.files) {
    const file = part.split('!')[0]!;
    parts.set(file, [...(parts.get(file) ?? []), [part, hash]]);
  }
  const odd = [...files].find(([file, hash]) =>
    parts.get(file)?.some(([part, mine]) => part === file && mine !== hash),
  );
  if (odd) throw new Error(`${name}: ${odd[0]} is read otherwise than tar does`);
  const { report } = await analyze(path, knowledge, options);
  if (report.coverage.gaps.length > 0) throw new Error(`${name} has gaps before it is cut`);
  return { name, path, packing, files, parts, findings: new Set(report.findings.map(({ id }) => id)) };
}

const options = { limits: defaultLimits, jobs: 2, version };

async function readAll(path: string): Promise<Reading> {
  const { files, intake } = await readEverything(path);
  const empty = intake.infos.flatMap((info) => (info.code === 'FILE_EMPTY' ? [info.path] : []));
  const hashes = [...files].map(([name, bytes]) => [name, sha256(bytes)] as const);
  return { files: new Map([...hashes, ...empty.map((name) => [name, sha256('')] as const)]), gaps: intake.gaps };
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

async function faultsOf(
  whole: Whole,
  cut: CutPoint,
  scratch: string,
  knowledge: Knowledge,
  throughCommandLine: boolean,
): Promise<string[]> {
  const folder = join(scratch, 'cut');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(whole.path));
  copyFileSync(whole.path, path);
  truncateSync(path, cut.at);
  const tools = deliveredByTools(path, whole.packing, scratch);
  // the last file of a cut archive comes in part
  const entire = [...tools].filter(([name, hash]) => whole.files.get(name) === hash).map(([name]) => name);
  try {
    const read = await readAll(path);
    const { report } = await analyze(path, knowledge, options);
    const faults = [...readFaults(whole, cut, entire, read), ...reportFaults(whole, cut, report)];
    if (throughCommandLine) faults.push(...(await commandLineFaults(path, folder, report)));
    return faults;
  } catch (error) {
    if (!(error instanceof InputError)) return [`it threw ${error instanceof Error ? error.stack : String(error)}`];
    return entire.length > 0 ? [`refused although tar delivers ${entire.length} files: ${error.message}`] : [];
  }
}

function readFaults(whole: Whole, cut: CutPoint, entire: readonly string[], read: Reading): string[] {
  const faults: string[] = [];
  const missing = entire.filter((name) => !isDelivered(name, whole, read));
  if (missing.length > 0) faults.push(`${missing.length} of ${entire.length} files are missing, such as ${missing[0]}`);
  if (cut.losesNothing) return faults;
  if (!read.gaps.some(({ code }) => truncationCodes.has(code))) faults.push('no gap says that the archive was cut');
  return faults;
}

/** As in the whole archive. */
function isDelivered(name: string, { parts }: Whole, { files }: Reading): boolean {
  return parts.get(name)?.every(([path, hash]) => files.get(path) === hash) === true;
}

function reportFaults(whole: Whole, cut: CutPoint, report: Report): string[] {
  const { entries, analysed, empty, notRelevant, gap, gaps } = report.coverage;
  const faults: string[] = [];
  if (entries !== analysed + empty + notRelevant + gap) faults.push('the sums of the coverage do not add up');
  if (!cut.losesNothing && !gaps.some(({ code }) => truncationCodes.has(code)))
    faults.push('the report has no gap for the cut: exit code 0');
  for (const { id, rule, subject, message, evidence } of report.findings) {
    if (whole.findings.has(id)) continue;
    const place = evidence[0] && `${evidence[0].path}:${evidence[0].first}`;
    faults.push(`a finding that the whole bundle has not: ${rule}, ${subject}: ${message} (${place})`);
  }
  for (const { rule, verdict, errors } of report.outcomes)
    if (verdict === 'error') faults.push(`rule ${rule} broke: ${errors[0]}`);
  return faults;
}

async function commandLineFaults(path: string, folder: string, report: Report): Promise<string[]> {
  const out = join(folder, 'out');
  const run = await drydock(['analyze', path, '-o', out, '--format', 'json', '--quiet'], {
    timeoutMillis: 5 * slowMillis,
  });
  const faults: string[] = [];
  const expected = report.coverage.gaps.length > 0 ? 3 : 0;
  if (run.code !== expected) {
    faults.push(`the command line ends with ${run.code ?? run.signal}: ${run.err.slice(0, 300)}`);
    return faults;
  }
  const written = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('report.json'));
  const same = written && readFileSync(join(out, written), 'utf8') === renderReport(report, 'json');
  if (!same) faults.push('the command line writes another report');
  rmSync(out, { recursive: true, force: true });
  return faults;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { points: { type: 'string', default: '100' } },
  });
  const [folder, ...names] = positionals;
  if (!folder) throw new Error('say which folder holds the archives');
  const started = performance.now();
  const results = await truncation(folder, Number(values.points), names);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.exitCode = tellScore(`truncation, ${values.points} points, ${seconds} s`, results) ? 0 : 1;
}
