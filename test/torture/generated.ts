// The generated archives (areas A, B and C of the torture list): each is read by the program and by its reader alone, and
// exit code, delivered bytes, gaps, reports and everything that must never happen are looked at.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir, loadavg } from 'node:os';
import { join } from 'node:path';
import { InflateRaw } from 'node:zlib';
import type { Catalogue } from '../../src/bundle/catalogue.ts';
import { InputError } from '../../src/bundle/read-input.ts';
import { compareDelivered, toolsAreThere } from './generated-delivered.ts';
import { faultsOfRendering, faultsOfReport } from './generated-reports.ts';
import { watchSystemCalls } from './generated-system-calls.ts';
import {
  type Case,
  casesIn,
  drydock,
  type Everything,
  everything,
  newScratch,
  type Result,
  readEverything,
  tellScore,
  unpacked,
  type Watched,
} from './kit.ts';

const MIB = 1024 * 1024;
const bars = { millis: 10_000, peakBytes: 512 * MIB, writtenBytes: 1024 * MIB };
/** Claims what is no archive, whatever it is called: so archives are opened and all that lies in them is delivered. */
const leaves: Catalogue = {
  ...everything,
  classify: () => undefined,
  sniff: (path) => everything.classify(path),
};

/** Where the question is another: is a file left alone that looks like a tar, and refused what nobody knows? */
const catalogues: Readonly<Record<string, Catalogue>> = {
  A40: everything,
  B12: { ...leaves, sniff: () => undefined },
};

/** A rule that needs next to nothing, so that the program starts fast. */
const rule = `id: container-seen
title: A container was read
status: experimental
severity: info
given: { container: Container }
failsWhen: container.name != ""
subject: '{{ container.name }}'
message: Seen.
meaning: Seen.
impact: None.
diagnosis: None.
remediation: None.
`;

/** Codes that come beside those a case names, with the reason. */
const alsoGaps: Readonly<Record<string, readonly string[]>> = {
  // 64 MiB of the letter A in 65 KB are past the ratio too; the file behind them is read all the same
  A30: ['LIMIT_RATIO'],
};
const alsoInfos: Readonly<Record<string, readonly string[]>> = {
  A22: ['ENTRY_NAME_COLLISION'],
  // the million empty entries have seven names
  B17: ['ENTRY_NAME_COLLISION'],
};
/** Infos of ordinary archives, which no case names. */
const ordinaryInfos = ['FILE_EMPTY', 'ENTRY_LINK'];

/** What must hold of a case beyond the bars of all; `basePeakBytes` is what the program takes for a small good archive. */
interface Seen {
  readonly read: Everything | InputError;
  readonly run: Watched;
  readonly basePeakBytes: number;
  readonly inflatedBytes: number;
}
const special: Readonly<Record<string, (seen: Seen) => (string | false)[]>> = {
  A30: ({ run }) => [run.peakBytes > 256 * MIB && `took ${mib(run.peakBytes)}; 256 MiB at most`],
  A40: (seen) => [listed(seen, 'mg/smuggled.yaml') && 'mg/smuggled.yaml is listed'],
  A41: (seen) => [listed(seen, 'mg/ok.yaml') && 'mg/ok.yaml is listed'],
  // sizes of 2^88 bytes: memory is taken for what comes, not for what is declared
  A47: ({ run, basePeakBytes }) => [
    run.peakBytes > basePeakBytes + 64 * MIB && `took ${mib(run.peakBytes)}, a small archive ${mib(basePeakBytes)}`,
  ],
  A39: (seen) => bothHashes(seen, ['v: 1\n', 'v: 2\n']),
  B18: (seen) => [!gapPaths(seen, 'LIMIT_DEPTH').every((path) => path.split('!').length === 4) && 'depth is not 4'],
  C10: ({ inflatedBytes }) => [inflatedBytes > 10 + 64 * 1024 && `${inflatedBytes} bytes came out of the decoder`],
};

/** Runs every case, or only those, and then all of them at once under a watch on system calls. */
export async function generatedArchives(folder: string, only: readonly string[] = []): Promise<Result[]> {
  toolsAreThere();
  const archives = unpacked(folder, 'generated');
  const scratch = newScratch();
  const rules = join(scratch, 'rules', 'torture');
  mkdirSync(rules, { recursive: true });
  writeFileSync(join(rules, 'container-seen.yaml'), rule);
  const cases = casesIn(folder).filter(({ id, file }) => /^[ABC]/.test(id) && file);
  const pathOf = ({ file }: Case) => join(archives, file ?? '');
  const base = cases.find(({ id }) => id === 'B01');
  if (!base) throw new Error('cases.jsonl has no case B01');
  const { run } = await runProgram(join(scratch, 'base'), rules, pathOf(base));
  const results: Result[] = [];
  for (const each of cases) {
    if (only.length > 0 && !only.includes(each.id)) continue;
    const faults = await faultsOf(each, pathOf(each), join(scratch, each.id), rules, run.peakBytes);
    results.push({ id: each.id, ok: faults.length === 0, told: `${each.what}: ${faults.join('; ')}` });
  }
  if (only.length > 0) return results;
  results.push(await watchSystemCalls(cases.map(pathOf), rules, join(scratch, 'watched')));
  return results;
}

async function faultsOf(
  each: Case,
  path: string,
  home: string,
  rules: string,
  basePeakBytes: number,
): Promise<string[]> {
  const { id, expect } = each;
  const prototype = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  const { read, inflatedBytes } = await readAlone(path, catalogues[id] ?? leaves);
  const { run, output, strays } = await runProgram(home, rules, path);
  const refused = read instanceof InputError;
  const faults: (string | false)[] = [
    run.signal !== null && `killed by ${run.signal}`,
    run.code !== expect.exit && `exit ${run.code}, not ${expect.exit}: ${run.err.trim().slice(0, 300)}`,
    isSlow(run) && `took ${Math.round(run.millis)} ms, ${Math.round(run.processorMillis)} of them of a processor`,
    !(run.peakBytes <= bars.peakBytes) && `took ${mib(run.peakBytes)}`,
    run.writtenBytes > bars.writtenBytes && `wrote ${mib(run.writtenBytes)}`,
    prototype !== JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) && 'Object.prototype changed',
    run.out.includes('\x1b') && 'an escape character on standard output',
    run.err.includes('\x1b') && 'an escape character on standard error',
    /\broot:[^\n]*:0:0:/.test(run.out + run.err) && 'content of /etc/passwd on the terminal',
    /\n\s+at .*:\d+:\d+/.test(run.err) && `a stack on standard error: ${run.err.slice(0, 300)}`,
    strays.length > 0 && `files outside the output folder: ${strays.join(', ')}`,
    (expect.exit === 2) !== refused && `the reader alone ${refused ? 'refuses it' : 'takes it'}`,
    ...compareDelivered(id, path, refused ? new Map() : read.files),
    ...faultsOfNotes(each, refused ? [read.code] : read.coverage.gaps.map(({ code }) => code), 'gap'),
    ...(refused
      ? []
      : faultsOfNotes(
          each,
          read.coverage.infos.map(({ code }) => code),
          'info',
        )),
    ...(refused ? [] : faultsOfRendering(read)),
    ...(special[id]?.({ read, run, basePeakBytes, inflatedBytes }) ?? []),
  ];
  const { faults: inReport, report } = faultsOfReport(output, run.code !== 2);
  faults.push(...inReport);
  if (report)
    faults.push(
      ...faultsOfNotes(
        each,
        report.coverage.gaps.map(({ code }) => code),
        'gap',
      ).map(inTheReport),
    );
  return faults.filter((fault) => fault !== false);
}

/** On a machine with more to do than it has processors, the time by the clock says nothing of the program. */
const isSlow = ({ millis, processorMillis }: Watched): boolean =>
  processorMillis > bars.millis || (millis > bars.millis && (loadavg()[0] ?? 0) <= availableParallelism());

const inTheReport = (fault: string) => `${fault} (report.json)`;

/** Reads the file without the program around it, and counts what comes out of the deflate engines. */
async function readAlone(
  path: string,
  catalogue: Catalogue,
): Promise<{ read: Everything | InputError; inflatedBytes: number }> {
  const prototype = InflateRaw.prototype as unknown as { push: (chunk: Uint8Array | null) => boolean };
  const { push } = prototype;
  let inflatedBytes = 0;
  prototype.push = function (this: unknown, chunk) {
    inflatedBytes += chunk?.length ?? 0;
    return push.call(this, chunk);
  };
  try {
    return { read: await readEverything(path, {}, catalogue), inflatedBytes };
  } catch (error) {
    if (error instanceof InputError) return { read: error, inflatedBytes };
    throw error;
  } finally {
    Reflect.deleteProperty(prototype, 'push');
  }
}

/** Runs in a folder deep enough that names which climb end in the scratch folder, and lists what appeared where. */
async function runProgram(home: string, rules: string, path: string) {
  const here = join(home, 'a', 'b', 'c', 'd');
  const output = join(here, 'out');
  mkdirSync(here, { recursive: true });
  const before = listing(home);
  const run = await drydock(
    ['analyze', path, '-o', output, '--no-builtin-rules', '--rules', rules, '--format', 'html,md,json'],
    { cwd: here },
  );
  const strays = listing(home).filter((file) => !before.includes(file) && !file.startsWith('a/b/c/d/out'));
  const planted = ['/tmp/PWNED.yaml', '/PWNED.yaml', join(homedir(), 'PWNED.yaml'), join(path, '..', 'PWNED.yaml')];
  return { run, output, strays: [...strays, ...planted.filter((file) => existsSync(file))] };
}

const listing = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** Each note is named by the case, `X or Y` and `X x3` included, and each that the case names is there. */
function faultsOfNotes({ id, expect }: Case, codes: readonly string[], what: 'gap' | 'info'): string[] {
  const named = (what === 'gap' ? expect.gaps : [...(expect.info ?? []), ...(alsoInfos[id] ?? [])]) ?? [];
  const faults: string[] = [];
  const allowed = new Set(what === 'gap' ? (alsoGaps[id] ?? []) : ordinaryInfos);
  for (const words of named) {
    const [alternatives, times] = words.split(/ x(?=\d+$)/);
    const those = (alternatives ?? '').split(' or ');
    for (const code of those) allowed.add(code);
    const count = codes.filter((code) => those.includes(code)).length;
    if (count === 0) faults.push(`no ${what} ${words}`);
    else if (times !== undefined && count !== Number(times)) faults.push(`${count} times the ${what} ${words}`);
  }
  const unexpected = [...new Set(codes.filter((code) => !allowed.has(code)))];
  return unexpected.length > 0 ? [...faults, `unexpected ${what} ${unexpected.join(', ')}`] : faults;
}

/** Of two entries with one path one is used; what was in both can be told from their digests. */
function bothHashes(seen: Seen, texts: readonly string[]): string[] {
  const told = gapsOf(seen).map(({ detail }) => detail);
  return texts
    .map((text) => createHash('sha256').update(text).digest('hex').slice(0, 12))
    .filter((digest) => !told.some((detail) => detail.includes(digest)))
    .map((digest) => `no gap tells the digest ${digest}`);
}

const gapsOf = ({ read }: Seen) => (read instanceof InputError ? [] : read.coverage.gaps);
const gapPaths = (seen: Seen, code: string) =>
  gapsOf(seen)
    .filter((gap) => gap.code === code)
    .map(({ path }) => path);
const listed = (seen: Seen, path: string): boolean =>
  !(seen.read instanceof InputError) && (seen.read.files.has(path) || gapsOf(seen).some((gap) => gap.path === path));
const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

if (import.meta.main) {
  const [folder = '../shared/torture', ...only] = process.argv.slice(2);
  process.exitCode = tellScore('generated archives', await generatedArchives(folder, only)) ? 0 : 1;
}
