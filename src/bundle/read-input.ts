// Stage one: an input (folder, archive, single file) becomes named sources, handed on one by one as they are read.

import * as fileSystem from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ByteReader } from './byte-reader.ts';
import type { Catalogue } from './catalogue.ts';
import { Cut, InputError, type Notes, Stop } from './cut.ts';
import type { Deliver } from './deliver.ts';
import type { Files } from './file-chunks.ts';
import { type ByteInput, openFileInput } from './file-input.ts';
import { digestOf, listFolder, walkFolder } from './folder.ts';
import { closeIntake, type Input, type Intake } from './intake.ts';
import { createLedger } from './ledger.ts';
import { type Limits, limitText } from './limits.ts';
import { headBytes, recognise } from './magic.ts';
import { createModifiedTimes } from './modified-times.ts';
import { open, receive } from './receive.ts';
import { meterOf, type Run } from './run.ts';
import { isStream, openStreamInput, standardInput, standardInputName } from './stream-input.ts';
import { endsInZip, walkZip } from './zip.ts';
import type { Access } from './zip-directory.ts';

export { InputError, type Intake };

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
  /** Of an input that is one of several: its name, and what all its paths begin with. */
  readonly label?: string;
  /** In place of the file system, for a folder; tests put faults in. */
  readonly files?: Files;
}

/** Awaits each `deliver`. Throws `InputError` when no report can be made. */
export async function readInput(path: string, options: ReadOptions, deliver: Deliver): Promise<Intake> {
  const { catalogue, limits, signal } = options;
  const name = options.label ?? (path === standardInput ? standardInputName : basename(resolve(path)));
  const openInput = (await isStream(path)) ? openStreamInput : openFileInput;
  if (openInput === openStreamInput && options.label !== undefined) throw notAlone(path, name);
  const isFolder = openInput === openFileInput && (await isDirectory(path, name));
  const run: Run = {
    catalogue,
    limits,
    deliver,
    signal,
    ledger: createLedger(),
    links: [],
    claims: [],
    canRepeat: !isFolder,
    expandedBytes: 0,
    modified: createModifiedTimes(),
  };
  const input = isFolder
    ? await readFolder(run, path, name, options)
    : await readFile(run, path, name, options, openInput);
  return closeIntake(run, name, isFolder, input);
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
  if (error instanceof InputError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (!code) return error;
  const message = code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${code})`;
  return new InputError('FILE_UNREADABLE', path, message, 'Look at the path and at the rights of this file.');
}

/** What several inputs are read for, one after the other, leaves nobody to wait for a pipe. */
function notAlone(path: string, name: string): InputError {
  const advice = 'Save it to a file and give that, or analyse it by itself.';
  return new InputError('FILE_UNREADABLE', path, `${name} is a stream, and one of several inputs`, advice);
}

/** At a time, when damaged data are gone over once more. */
const againBytes = 256 * 1024;

async function readFolder(run: Run, path: string, name: string, options: ReadOptions): Promise<Input> {
  const { found, complete, problem } = await listFolder(path, run.limits, options.files ?? fileSystem).catch(
    (error) => {
      throw unreadable(path, error);
    },
  );
  if (problem !== undefined) run.ledger.gap('FILE_UNREADABLE', name, problem);
  if (!complete)
    run.ledger.gap('LIMIT_ENTRIES', name, `more entries than are read; ${limitText('entries', run.limits.entries)}`);
  const { sha256, bytes: bytesTotal } = digestOf(found);
  let bytesRead = 0;
  await untilStopped(run, name, () =>
    walkFolder(
      found,
      async (member, bytes) => {
        await receive(run, { base: options.label === undefined ? '' : `${name}/`, depth: 0 }, member, bytes);
        bytesRead += member.sizeBytes;
        options.onProgress?.({ bytesRead, bytesTotal, entries: run.ledger.counts.entries });
      },
      options.files ?? fileSystem,
    ),
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

async function readFile(
  run: Run,
  path: string,
  name: string,
  options: ReadOptions,
  openInput: (...words: Parameters<typeof openFileInput>) => Promise<ByteInput>,
): Promise<Input> {
  let bytesTotal = 0;
  const input = await openInput(path, (bytesRead) => {
    options.onProgress?.({ bytesRead, bytesTotal, entries: run.ledger.counts.entries });
  }).catch((error) => {
    throw unreadable(path, error);
  });
  bytesTotal = input.sizeBytes;
  try {
    const isWhole = await untilStopped(run, name, () => readBytes(run, path, name, input, options));
    const change = await input.change();
    if (change !== undefined) run.ledger.gap('INPUT_CHANGED', name, change);
    return { path: name, sha256: await input.sha256(isWhole), bytes: bytesTotal || input.sizeBytes };
  } finally {
    await input.close();
  }
}

async function readBytes(
  run: Run,
  path: string,
  name: string,
  input: ByteInput,
  { label }: ReadOptions,
): Promise<void> {
  const { ledger, limits } = run;
  const top = { base: label === undefined ? '' : `${name}!`, depth: 0 };
  const notes: Notes = {
    gap: (code, detail) => ledger.gap(code, name, detail),
    info: (code, detail) => ledger.info(code, name, detail),
  };
  const { access } = input;
  const reader = new ByteReader(input.chunks(), access && ((from) => readFrom(access, from)));
  const head = await reader.peek(headBytes);
  const format = recognise(head);
  try {
    if (!access && head.length === 0) reader.throwIfCut();
    if ((access?.sizeBytes ?? head.length) === 0) throw empty(path, `${name} has no content (0 bytes)`);
    if (format === 'zip' && !access) throw zipStream(path, name);
    if (access && (format === 'zip' || (!format && (await endsInZip(access, limits))))) {
      const visit: Parameters<typeof walkZip>[1] = (member, bytes) => receive(run, { ...top, depth: 1 }, member, bytes);
      await walkZip(
        access,
        visit,
        notes,
        limits,
        meterOf(run, () => input.sizeBytes),
      );
    } else if (format) {
      const outcome = await open(run, top, name, format, reader, notes);
      if (outcome === 'opened') return;
      // one compressed file: the bundle of one entry
      if (outcome === 'notRelevant') throw unknown(path, name, head);
      if (outcome === 'empty') throw empty(path, `${name} unpacks to 0 bytes`);
      ledger.enter();
      ledger.settle(name, outcome);
    } else {
      await receive(run, { ...top, base: '' }, { name, type: 'file', sizeBytes: input.sizeBytes }, reader);
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

async function* readFrom(access: Access, from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; ; ) {
    const chunk = await access.read(at, againBytes);
    if (chunk.length === 0) return;
    at += chunk.length;
    yield chunk;
  }
}

function zipStream(path: string, name: string): InputError {
  const message = `${name} is a zip archive, whose directory stands at its end: it cannot be read from a stream`;
  return new InputError('UNSUPPORTED_FORMAT', path, message, 'Save it to a file and give its path.');
}

const empty = (path: string, message: string): InputError =>
  new InputError('ARCHIVE_EMPTY', path, message, 'The download or copy failed: fetch it again.');

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

/** A limit of the whole run leaves what was read until then; false when there was one. */
async function untilStopped(run: Run, name: string, read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    if (run.stop) throw run.stop;
    return true;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    run.ledger.gap(error.code, name, error.message);
    return false;
  }
}
