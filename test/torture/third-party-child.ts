// Reads the files named on its input one after the other and tells of each, in one line of JSON, what came of it.

import { createInterface } from 'node:readline';
import { ByteReader } from '../../src/bundle/byte-reader.ts';
import { closeCoverage } from '../../src/bundle/coverage.ts';
import { Cut, Stop } from '../../src/bundle/cut.ts';
import { decompress } from '../../src/bundle/decompress.ts';
import { openFileInput } from '../../src/bundle/file-input.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { headBytes, isCompression, recognise } from '../../src/bundle/magic.ts';
import type { Visit } from '../../src/bundle/member.ts';
import { InputError, type Intake, readInput } from '../../src/bundle/read-input.ts';
import { walkTar } from '../../src/bundle/tar.ts';
import { endsInZip, walkZip } from '../../src/bundle/zip.ts';
import { everything } from './kit.ts';

/** What came of one file. */
export interface Told {
  readonly file: string;
  /** `opened`, `partial` or `refused` with the codes of its gaps; `CRASH …` for what must not be. */
  readonly outcome: string;
  /** Members of the outermost container, in the order they were met. */
  readonly names: readonly string[];
  readonly bytes: number;
  /** Entries of the intake when archives inside are not opened; the members walked must be as many. */
  readonly entries: number;
  readonly millis: number;
  /** The most this process held so far. */
  readonly peakBytes: number;
}

async function tell(path: string): Promise<Told> {
  const started = performance.now();
  const read = await outcomeOf(path);
  const millis = performance.now() - started;
  const members = read.entries > 0 ? await membersOf(path) : { names: [], bytes: 0 };
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { file: path, ...read, ...members, millis, peakBytes };
}

async function outcomeOf(path: string): Promise<{ outcome: string; entries: number }> {
  try {
    const whole = await intakeOf(path, defaultLimits.depth);
    const flat = await intakeOf(path, 1);
    const coverage = closeCoverage(whole, []);
    const { analysed, empty, notRelevant, gap, entries, gaps } = coverage;
    if (analysed + empty + notRelevant + gap !== entries) return { outcome: 'CRASH the sums differ', entries };
    const codes = [...new Set(gaps.map(({ code }) => code))].sort();
    return { outcome: codes.length > 0 ? `partial ${codes.join(' ')}` : 'opened', entries: flat.entries };
  } catch (error) {
    if (error instanceof InputError) return { outcome: `refused ${error.code}`, entries: 0 };
    return { outcome: `CRASH ${error instanceof Error ? error.stack : String(error)}`, entries: 0 };
  }
}

const intakeOf = (path: string, depth: number): Promise<Intake> =>
  readInput(path, { catalogue: everything, limits: { ...defaultLimits, depth } }, () => {});

/** The members as the reader of the container names them, before anything is judged or opened. */
async function membersOf(path: string): Promise<{ names: string[]; bytes: number }> {
  const names: string[] = [];
  let bytes = 0;
  let isZip = false;
  const notes = { gap() {}, info() {} };
  const visit: Visit = async (member, chunks) => {
    names.push(member.name);
    // a link of a zip has its target for a body
    if (member.type === 'symbolic-link' && isZip) bytes += Buffer.byteLength(member.target ?? '');
    if (member.type !== 'file') return;
    try {
      let sizeBytes = 0;
      for await (const chunk of chunks) sizeBytes += chunk.length;
      // the oracles fill the holes of a sparse file
      bytes += Math.max(sizeBytes, member.realBytes ?? 0);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
    }
  };
  const input = await openFileInput(path, () => {});
  let inputBytes = 0;
  const meter = { inputBytes: () => inputBytes, count() {} };
  try {
    let reader = new ByteReader(input.chunks());
    let format = recognise(await reader.peek(headBytes));
    if (format === 'zip' || (!format && (await endsInZip(input.access, defaultLimits)))) {
      inputBytes = input.sizeBytes;
      isZip = true;
      await walkZip(input.access, visit, notes, defaultLimits, meter);
      return { names, bytes };
    }
    inputBytes = input.sizeBytes;
    for (let layers = 0; isCompression(format) && layers < defaultLimits.depth; layers++) {
      reader = decompress(format, reader, notes, defaultLimits, meter);
      format = recognise(await reader.peek(headBytes));
    }
    if (format === 'tar') await walkTar(reader, visit, notes, defaultLimits);
    else names.push(path);
  } catch (error) {
    if (!(error instanceof Cut || error instanceof Stop)) throw error;
  } finally {
    await input.close();
  }
  return { names, bytes };
}

if (import.meta.main) {
  for await (const path of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await tell(path)));
  }
}
