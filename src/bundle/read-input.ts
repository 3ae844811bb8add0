// Stage one: an input (folder, archive, single file) becomes named sources, handed on one by one as they are read.

import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ByteReader } from './byte-reader.ts';
import type { Catalogue, Claim } from './catalogue.ts';
import type { Gap, Info } from './coverage.ts';
import { Cut, InputError, type Notes, Stop } from './cut.ts';
import type { Deliver } from './deliver.ts';
import { type FileInput, openFileInput } from './file-input.ts';
import { digestOf, listFolder, walkFolder } from './folder.ts';
import { createLedger } from './ledger.ts';
import type { Limits } from './limits.ts';
import { judgeLinks } from './links.ts';
import { headBytes, recognise } from './magic.ts';
import { createModifiedTimes } from './modified-times.ts';
import { meterOf, open, type Run, receive } from './receive.ts';
import { walkZip } from './zip.ts';
import { readDirectory } from './zip-directory.ts';

export { InputError };

export interface Intake {
  /** Of the input, without extension: `must-gather-aws`. */
  readonly name: string;
  /** Layouts that claimed a source, most sources first. */
  readonly layouts: readonly string[];
  readonly roots: readonly { readonly root: string; readonly layout: string }[];
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  readonly entries: number;
  readonly empty: number;
  readonly notRelevant: number;
  /** Paths of which something was handed to `deliver`. */
  readonly delivered: readonly string[];
  readonly gaps: readonly Gap[];
  readonly infos: readonly Info[];
  /** Newest time of an archive member, RFC 3339 UTC; absent for a folder: those are of its unpacking. */
  readonly newestModified?: string;
}

export interface Progress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly entries: number;
}

export interface ReadOptions {
  readonly catalogue: Catalogue;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Awaits each `deliver`. Throws `InputError` when no report can be made. */
export async function readInput(path: string, options: ReadOptions, deliver: Deliver): Promise<Intake> {
  const { catalogue, limits, signal } = options;
  const run: Run = {
    catalogue,
    limits,
    deliver,
    signal,
    ledger: createLedger(),
    links: [],
    claims: [],
    expandedBytes: 0,
    modified: createModifiedTimes(),
  };
  const name = basename(resolve(path));
  const isFolder = await isDirectory(path, name);
  const input = isFolder ? await readFolder(run, path, name, options) : await readFile(run, path, name, options);
  return close(run, name, isFolder, input);
}

async function isDirectory(path: string, name: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return true;
    if (stats.isFile()) return false;
  } catch (error) {
    throw unreadable(path, error);
  }
  const advice = 'Give a folder, an archive or a single file.';
  throw new InputError('FILE_UNREADABLE', path, `${name} is neither a file nor a folder`, advice);
}

function unreadable(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (!code) return error;
  const message = code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${code})`;
  return new InputError('FILE_UNREADABLE', path, message, 'Look at the path and at the rights of this file.');
}

type Input = Intake['inputs'][number];

async function readFolder(run: Run, path: string, name: string, options: ReadOptions): Promise<Input> {
  let list: ReturnType<typeof listFolder>;
  try {
    list = listFolder(path, run.limits.entries);
  } catch (error) {
    throw unreadable(path, error);
  }
  const { found, complete } = list;
  if (!complete)
    run.ledger.gap('LIMIT_ENTRIES', name, `more than ${run.limits.entries} entries; the rest was not read`);
  const { sha256, bytes: bytesTotal } = digestOf(found);
  let bytesRead = 0;
  await untilStopped(run, name, () =>
    walkFolder(found, async (member, bytes) => {
      await receive(run, { base: '', depth: 0 }, member, bytes);
      bytesRead += member.sizeBytes;
      options.onProgress?.({ bytesRead, bytesTotal, entries: run.ledger.counts.entries });
    }),
  );
  if (found.length === 0) {
    throw new InputError(
      'ARCHIVE_EMPTY',
      path,
      `the folder ${name} is empty`,
      'Give the folder the bundle was unpacked to.',
    );
  }
  return { path: name, sha256, bytes: bytesTotal };
}

async function readFile(run: Run, path: string, name: string, options: ReadOptions): Promise<Input> {
  let bytesTotal = 0;
  const input = await openFileInput(path, (bytesRead) => {
    options.onProgress?.({ bytesRead, bytesTotal, entries: run.ledger.counts.entries });
  }).catch((error) => {
    throw unreadable(path, error);
  });
  bytesTotal = input.sizeBytes;
  try {
    if (bytesTotal === 0) {
      const advice = 'The download or copy failed: fetch it again.';
      throw new InputError('ARCHIVE_EMPTY', path, `${name} has no content (0 bytes)`, advice);
    }
    await untilStopped(run, name, () => readBytes(run, path, name, input));
    if (await input.hasChanged()) run.ledger.gap('INPUT_CHANGED', name, 'the file changed while it was read');
    return { path: name, sha256: await input.sha256(), bytes: bytesTotal };
  } finally {
    await input.close();
  }
}

async function readBytes(run: Run, path: string, name: string, input: FileInput): Promise<void> {
  const { ledger, limits } = run;
  const top = { base: '', depth: 0 };
  const notes: Notes = {
    gap: (code, detail) => ledger.gap(code, name, detail),
    info: (code, detail) => ledger.info(code, name, detail),
  };
  const reader = new ByteReader(input.chunks());
  const head = await reader.peek(headBytes);
  const format = recognise(head);
  try {
    if (format === 'zip' || (!format && (await readDirectory(input.access, limits.zipDirectoryBytes))?.length)) {
      const visit: Parameters<typeof walkZip>[1] = (member, bytes) => receive(run, { ...top, depth: 1 }, member, bytes);
      await walkZip(
        input.access,
        visit,
        notes,
        limits,
        meterOf(run, () => input.sizeBytes),
      );
    } else if (format) {
      const outcome = await open(run, top, name, format, reader, notes);
      if (outcome === 'opened') return;
      // one compressed file: the bundle of one entry
      if (outcome === 'notRelevant' || outcome === 'empty') throw unknown(path, name, head);
      ledger.enter();
      ledger.settle(name, outcome);
    } else {
      await receive(run, top, { name, type: 'file', sizeBytes: input.sizeBytes }, reader);
      if (ledger.counts.notRelevant > 0) throw unknown(path, name, head);
    }
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    ledger.gap(error.code, name, error.message);
    if (ledger.counts.entries > 0 || !error.code.startsWith('LIMIT_')) return;
    // a bomb is worth a report that says so: it stands as the one entry of its bundle
    ledger.enter();
    ledger.settle(name, 'lost');
  } finally {
    await reader.close();
  }
}

function unknown(path: string, name: string, head: Uint8Array): InputError {
  const isPage = /^\s*<(!doctype html|html)/i.test(Buffer.from(head).toString('latin1'));
  const message = isPage
    ? `${name} is a web page, not an archive`
    : `${name} is no archive, and no file whose content is known here`;
  const advice = isPage
    ? 'The download saved a page (often a log-in page) in place of the file: fetch it again.'
    : 'Give a folder, a tar (also .gz, .xz, .bz2, .zst) or zip archive, or a single log or dump that some layout knows.';
  return new InputError('NOT_AN_ARCHIVE', path, message, advice);
}

/** A limit of the whole run leaves what was read until then. */
async function untilStopped(run: Run, name: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
    if (run.stop) throw run.stop;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    run.ledger.gap(error.code, name, error.message);
  }
}

function close(run: Run, inputName: string, isFolder: boolean, input: Input): Intake {
  const { ledger, catalogue } = run;
  const roots = rootsOf(run.claims);
  const links = judgeLinks(run.links, {
    known: ledger.known,
    nodeRoots: roots.filter(({ layout }) => catalogue.bundleKind(layout) === 'node').map(({ root }) => root),
    nameOf: (base) => (base === '' ? inputName : base.slice(0, -1)),
  });
  for (const gap of links.gaps) ledger.demote(gap.path, gap);
  ledger.infos.push(...links.infos);
  ledger.close();
  const { entries, empty, notRelevant } = ledger.counts;
  refuseUseless(run, inputName);
  const newestModified = isFolder ? undefined : run.modified.newest();
  return {
    name: inputName.replace(/(\.(tar|tgz|tbz2?|txz|tzst|gz|xz|bz2|zst|zip))+$/i, '') || inputName,
    layouts: layoutsOf(run.claims),
    roots,
    inputs: [input],
    entries,
    empty,
    notRelevant,
    delivered: ledger.delivered,
    gaps: ledger.gaps,
    infos: ledger.infos,
    ...(newestModified !== undefined && { newestModified }),
  };
}

/** An archive of which nothing at all could be read is no input. */
function refuseUseless({ ledger }: Run, path: string): void {
  const [first] = ledger.gaps;
  if (ledger.counts.entries === 0) {
    const code = first?.code ?? 'ARCHIVE_EMPTY';
    const message = first ? `nothing could be read of ${path}: ${first.detail}` : `the archive ${path} holds nothing`;
    throw new InputError(
      code,
      path,
      message,
      'Fetch the archive again, or unpack what can be unpacked and give the folder.',
    );
  }
  if (first?.code === 'ENTRY_ENCRYPTED' && ledger.counts.lost === ledger.counts.entries) {
    const advice = 'Unpack it with its password and give the folder.';
    throw new InputError(first.code, path, `all that ${path} holds is encrypted`, advice);
  }
}

function rootsOf(claims: readonly Claim[]): { root: string; layout: string }[] {
  const roots = new Map(claims.map(({ root, layout }) => [`${root}\0${layout}`, { root, layout }]));
  return [...roots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, root]) => root);
}

function layoutsOf(claims: readonly Claim[]): string[] {
  const counts = new Map<string, number>();
  for (const { layout } of claims) counts.set(layout, (counts.get(layout) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([layout]) => layout);
}
