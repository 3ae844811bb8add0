// Writes the files of one report whole or not at all: under temporary names beside the targets, then by name in one turn.

import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OutputError, systemCode } from './output-error.ts';
import { beginUnfinished, drop, keep, type Unfinished } from './unfinished.ts';

export { OutputError };

/** A text, or a function that fills the empty file of that name. */
export type Content = string | ((path: string) => Promise<void>);

/** So often a file that somebody took away is written anew: another run clears what it takes for leftovers. */
const attempts = 3;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source;
const leftover = new RegExp(`^\\.(.+)\\.${uuid}\\.tmp$`);
const ownName = /^(?:report\.[a-z]+|index\.[a-z]+|facts\.sqlite|evidence\.tar\.gz|redaction-map\.json|probe)$/;
/** Undoes what the report hides: for nobody but its owner. */
const privateNames: ReadonlySet<string> = new Set(['redaction-map.json']);

/**
 * Writes `{ 'report.html': …, 'report.json': … }` into the folder, which is made where it is not there.
 * Everything is on disk before the first file gets its name; a failure leaves what was there before.
 */
export function writeReport(folder: string, contents: Readonly<Record<string, Content>>): Promise<string[]> {
  return repeatedly(async (work) => {
    const written = await writeOnce(folder, contents, work);
    keep(work);
    return written;
  });
}

/** Gives finished files of another folder on the same disk their names in this one: all of them or none. */
export function moveReport(from: string, folder: string, names: readonly string[]): Promise<string[]> {
  return repeatedly(async (work) => {
    makeFolder(folder, work);
    removeLeftovers(folder, names);
    const waiting = names.map((name): Waiting => {
      const target = join(folder, name);
      const temporary = join(from, name);
      const before = replaceable(target);
      if (before) chmodSync(temporary, before.mode & 0o666);
      return { temporary, target, isNew: before === undefined };
    });
    giveNames(waiting);
    keep(work);
    await at(folder, () => syncFolder(folder));
    return waiting.map(({ target }) => target);
  });
}

/** Throws where `writeReport` would fail; leaves nothing behind. */
export function tryFolder(folder: string, names: readonly string[]): Promise<void> {
  return repeatedly(async (work) => {
    makeFolder(folder, work);
    for (const name of names) replaceable(join(folder, name));
    const probe = join(folder, temporaryName('probe'));
    await at(folder, () => writeThrough(probe, ' ', 0o600, work));
    await at(folder, () => unlinkSync(probe));
  });
}

/** Drops what the work leaves unfinished, and does it anew where a file or folder was gone all of a sudden. */
async function repeatedly<T>(attempt: (work: Unfinished) => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    const work = beginUnfinished();
    try {
      return await attempt(work);
    } catch (error) {
      if (!(error instanceof OutputError && error.code === 'ENOENT') || times === attempts) throw error;
    } finally {
      drop(work);
    }
  }
}

/** The folder of a report is named after its input: a link that somebody laid there is not followed. */
export function refuseLink(folder: string): void {
  if (statsOf(folder)?.isSymbolicLink()) throw new OutputError(folder, 'ELOOP');
}

async function writeOnce(
  folder: string,
  contents: Readonly<Record<string, Content>>,
  work: Unfinished,
): Promise<string[]> {
  makeFolder(folder, work);
  removeLeftovers(folder, Object.keys(contents));
  const waiting: Waiting[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const target = join(folder, name);
    const before = replaceable(target);
    const temporary = join(folder, temporaryName(name));
    // What somebody made private stays private; else the user's mask decides.
    const mode = privateNames.has(name) ? 0o600 : before ? before.mode & 0o666 : 0o666;
    await at(target, () => writeThrough(temporary, content, mode, work));
    waiting.push({ temporary, target, isNew: before === undefined });
  }
  giveNames(waiting);
  await at(folder, () => syncFolder(folder));
  return waiting.map(({ target }) => target);
}

interface Waiting {
  readonly temporary: string;
  readonly target: string;
  readonly isNew: boolean;
}

const isPrivate = ({ target }: Waiting): boolean => privateNames.has(basename(target));

/** In one turn: no signal handler runs between the first name and the last. */
function giveNames(waiting: readonly Waiting[]): void {
  const named: string[] = [];
  // What tells that a report is redacted is there before it: without it a killed run would leave what seems a plain one.
  const inTurn = [...waiting].sort((a, b) => Number(isPrivate(b)) - Number(isPrivate(a)));
  for (const { temporary, target, isNew } of inTurn) {
    try {
      renameSync(temporary, target);
      if (isNew) named.push(target);
    } catch (error) {
      drop({ temporaries: named, folders: [] });
      throw outputError(target, error);
    }
  }
}

async function writeThrough(path: string, content: Content, mode: number, work: Unfinished): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_SYNC } = constants;
  // Node's permission model refuses fsync; with O_SYNC each write is on disk when it returns.
  work.temporaries.push(path);
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | (O_SYNC ?? 0), mode);
  try {
    if (typeof content === 'string') await file.writeFile(content, 'utf8');
    else await content(path);
    if (O_SYNC === undefined) await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new names outlive a power cut, where the system and the permission model allow to ask for it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || !['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'].includes(code)) throw error;
  }
}

/** Step by step: the recursive mkdir of Node never returns below /proc. */
function makeFolder(folder: string, work: Unfinished): void {
  const path = resolve(folder);
  if (makeOne(path, work)) return;
  makeFolder(dirname(path), work);
  if (!makeOne(path, work)) throw new OutputError(path, 'ENOENT');
}

/** False when the folder above it is not there. */
function makeOne(path: string, work: Unfinished): boolean {
  try {
    mkdirSync(path);
    work.folders.push(path);
  } catch (error) {
    if (isFolder(path)) return true;
    if (systemCode(error) !== 'ENOENT' || path === dirname(path)) throw outputError(path, error);
    return false;
  }
  return true;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw outputError(path, error);
  }
}

/** What is there now; throws when it is anything but a file of the user's own, which alone may be replaced. */
function replaceable(target: string): Stats | undefined {
  const stats = statsOf(target);
  if (!stats || stats.isFile()) return stats;
  throw new OutputError(target, stats.isDirectory() ? 'EISDIR' : stats.isSymbolicLink() ? 'ELOOP' : 'EEXIST');
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw outputError(path, error);
  }
}

/** A run that was killed leaves its temporary files; the next one into the folder clears them away. */
function removeLeftovers(folder: string, names: readonly string[]): void {
  try {
    for (const entry of readdirSync(folder)) {
      const name = leftover.exec(entry)?.[1];
      if (name !== undefined && (ownName.test(name) || names.includes(name))) unlinkSync(join(folder, entry));
    }
  } catch {
    // They cost nothing but space, and the next run tries again.
  }
}

/** The name never reaches a report, so it may be random; two runs into one folder do not meet. */
function temporaryName(name: string): string {
  const begin = Buffer.byteLength(name) <= 200 ? name : 'report.long';
  return `.${begin}.${randomUUID()}.tmp`;
}

async function at<T>(path: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outputError(path, error);
  }
}

/** An error of the system as one of this path; a mistake of our own as it is. */
export function outputError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  return code === undefined || error instanceof OutputError ? error : new OutputError(path, code, { cause: error });
}
