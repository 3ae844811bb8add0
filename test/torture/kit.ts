// What the torture tests share: reads an input and keeps all it delivers, runs the program under a watch, tells the score.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue } from '../../src/bundle/catalogue.ts';
import { type Coverage, closeCoverage } from '../../src/bundle/coverage.ts';
import { defaultLimits, type Limits } from '../../src/bundle/limits.ts';
import { type Intake, readInput } from '../../src/bundle/read-input.ts';
import { program } from '../program.ts';
import './built-threads.ts';

/** One case of a torture list and whether it went as it should; `told` says what was seen. */
export interface Result {
  readonly id: string;
  readonly ok: boolean;
  readonly told: string;
}

/** Claims every file as a log, so that whatever the archive holds is delivered. */
export const everything: Catalogue = {
  classify: () => ({ kind: 'ContainerLog', layout: 'plain', root: '', labels: {}, log: true }),
  sniff: () => undefined,
  ignores: () => false,
  places: () => [],
  kinds: ['ContainerLog'],
  logs: new Map(),
  bundleKind: () => 'cluster',
};

export interface Everything {
  readonly intake: Intake;
  readonly coverage: Coverage;
  /** Delivered bytes by path. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Reads an input whole. Throws what `readInput` throws. */
export async function readEverything(
  path: string,
  limits: Partial<Limits> = {},
  catalogue: Catalogue = everything,
): Promise<Everything> {
  const pieces = new Map<string, Uint8Array[]>();
  const keyOf = (name: string, edition = 0) => `${edition} ${name}`;
  const options = { catalogue, limits: { ...defaultLimits, ...limits } };
  const intake = await readInput(path, options, (piece) => {
    const key = keyOf(piece.source.path, piece.edition);
    pieces.set(key, [...(pieces.get(key) ?? []), piece.bytes]);
  });
  const files = new Map(
    intake.delivered.map((name) => [name, Buffer.concat(pieces.get(keyOf(name, intake.editions.get(name))) ?? [])]),
  );
  return { intake, coverage: closeCoverage(intake, []), files };
}

export interface Watched {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly millis: number;
  /** The most memory the process held at once, from its own account at the end; NaN when it was killed. */
  readonly peakBytes: number;
  /** Processor time of all its threads, which other work on the machine does not lengthen. */
  readonly processorMillis: number;
  /** All it wrote, to files and pipes; NaN where the system does not tell. */
  readonly writtenBytes: number;
}

const peakTold = `process.on('exit', () => {
  let written = NaN;
  try {
    written = /wchar: (.*)/.exec(process.getBuiltinModule('fs').readFileSync('/proc/self/io', 'latin1'))[1];
  } catch {}
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process._rawDebug(['peak-kilobytes', maxRSS, userCPUTime + systemCPUTime, written].join(' '));
})`;

/** All but the journal: SQLite counts transactions in its header. Its rows are compared where they matter. */
export const filesUnder = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name !== 'journal.sqlite' && statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

/** Runs the command line as a process of its own, killed after `timeoutMillis`: a hang is `signal: 'SIGKILL'`. */
export function drydock(
  words: readonly string[],
  {
    timeoutMillis = 60_000,
    env = {},
    cwd,
  }: { readonly timeoutMillis?: number; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Watched> {
  const started = performance.now();
  const preload = `data:text/javascript,${encodeURIComponent(peakTold)}`;
  const child = spawn(process.execPath, ['--import', preload, program, ...words], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMillis);
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    texts.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const peak = /^peak-kilobytes (\d+) (\d+) (.*)$/m.exec(texts.err);
      resolve({
        code,
        signal,
        out: texts.out,
        err: texts.err.replace(/^peak-kilobytes .*\n/m, ''),
        millis: performance.now() - started,
        peakBytes: peak ? Number(peak[1]) * 1024 : Number.NaN,
        processorMillis: peak ? Number(peak[2]) / 1000 : Number.NaN,
        writtenBytes: peak ? Number(peak[3]) : Number.NaN,
      });
    });
  });
}

/** Unpacks `NAME.tar.xz` of the torture folder into a temporary folder that goes away with the process. */
export function unpacked(folder: string, name: 'generated' | 'third-party'): string {
  const scratch = newScratch();
  execFileSync('tar', ['-xJf', join(folder, `${name}.tar.xz`), '-C', scratch]);
  const inside = join(scratch, name);
  return existsSync(inside) ? inside : scratch;
}

/** A temporary folder that goes away with the process. */
export function newScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-torture-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** One line of the torture folder's `cases.jsonl`; `file` is relative to the unpacked `generated.tar.xz`. */
export interface Case {
  readonly id: string;
  readonly file: string | null;
  readonly what: string;
  readonly expect: {
    readonly exit: number;
    readonly good?: number | string | readonly string[];
    readonly gaps?: readonly string[];
    readonly info?: readonly string[];
    readonly never?: readonly string[];
    readonly max_ms?: number;
  };
}

export const casesIn = (folder: string): Case[] =>
  readFileSync(join(folder, 'cases.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

/** Prints what went wrong and the score; true when nothing did. */
export function tellScore(title: string, results: readonly Result[]): boolean {
  const failed = results.filter(({ ok }) => !ok);
  for (const { id, told } of failed) console.log(`FAILED ${id}: ${told}`);
  console.log(`${title}: ${results.length - failed.length} of ${results.length} as they should be`);
  return failed.length === 0;
}
