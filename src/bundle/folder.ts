// Walks a folder: every entry below it in the order of the bytes of their paths, links not followed, nothing written.

import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Cut, InputError } from './cut.ts';
import { decodeName } from './entry-name.ts';
import { chunksOfFile, type Files, type Listing } from './file-chunks.ts';
import { kernelFileSystem, type ListedEntry, listDirectory } from './list-directory.ts';
import type { Member, MemberType, Visit } from './member.ts';

/** Reading is synchronous, being ten times faster for small files; so often other work gets its turn. */
const entriesPerTurn = 64;
const listedPerTurn = 2048;

export interface Found {
  /** On disk; a name need not be UTF-8. */
  readonly file: Buffer;
  readonly name: string;
  readonly type: MemberType;
  readonly sizeBytes: number;
  /** Of a file that can be read. */
  readonly listing?: Listing;
  readonly gap?: NonNullable<Member['gap']>;
}

export interface Listed {
  readonly found: readonly Found[];
  /** False when there are more entries than that. */
  readonly complete: boolean;
  /** Why not all of the folder itself could be listed. */
  readonly problem?: string;
}

/** All entries, before any of them is read. Rejects when nothing of the folder can be listed. */
export async function listFolder(
  folder: string,
  limits: { readonly entries: number; readonly pathSegments: number },
  files: Files,
): Promise<Listed> {
  refuseKernel(folder, files);
  const found: Found[] = [];
  const top = listDirectory(Buffer.from(folder), files);
  if (top.error && top.entries.length === 0) throw top.error;
  const problem = top.error === undefined ? undefined : `listed in part: ${reasonOf(top.error)}`;
  /** Of each folder on the way down, what is left of it, the next one last: a chain of folders must not fill the stack. */
  const open = [{ directory: Buffer.from(folder), prefix: '', left: top.entries.reverse() }];
  for (let level = open.at(-1); level; level = open.at(-1)) {
    const entry = level.left.pop();
    if (!entry) {
      open.pop();
      continue;
    }
    if (found.length >= limits.entries) return { found, complete: false, ...(problem && { problem }) };
    if (found.length % listedPerTurn === listedPerTurn - 1) await nextTurn();
    const file = Buffer.concat([level.directory, Buffer.from(sep), entry.name]);
    const name = `${level.prefix}${decodeName(entry.name.toString('latin1'))}`;
    if (!entry.isDirectory) {
      found.push(inspect(file, name, files));
      continue;
    }
    // What is too deep is told of by its name; below it nothing is looked for.
    const inside = open.length > limits.pathSegments ? nothingInside : look(file, files);
    found.push({ file, name, type: 'directory', sizeBytes: 0, ...(inside.gap && { gap: inside.gap }) });
    open.push({ directory: file, prefix: `${name}/`, left: inside.entries.reverse() });
  }
  return { found, complete: true, ...(problem && { problem }) };
}

interface Inside {
  readonly entries: ListedEntry[];
  readonly gap?: NonNullable<Member['gap']>;
}
const nothingInside: Inside = { entries: [] };

function look(directory: Buffer, files: Files): Inside {
  const kernel = kernelFileSystem(directory, files);
  if (kernel) {
    const detail = `a view into the running kernel (${kernel}), which is no part of a bundle`;
    return { entries: [], gap: { code: 'ENTRY_SPECIAL_SKIPPED', detail } };
  }
  const { entries, error } = listDirectory(directory, files);
  if (!error) return { entries };
  const detail = `${entries.length > 0 ? 'listed in part' : 'cannot be read'}: ${reasonOf(error)}`;
  return { entries, gap: { code: 'FILE_UNREADABLE', detail } };
}

/** `/proc` by mistake: its files have no size, some never end, and reading some takes them from the kernel. */
function refuseKernel(folder: string, files: Files): void {
  const kernel = kernelFileSystem(Buffer.from(folder), files);
  if (!kernel) return;
  const advice = 'Gather it first (sosreport, must-gather, a copy of the files), then give what was gathered.';
  throw new InputError(
    'NOT_AN_ARCHIVE',
    folder,
    `${folder} is a view into the running kernel (${kernel}), no bundle`,
    advice,
  );
}

function inspect(file: Buffer, name: string, files: Files): Found {
  try {
    const stats = files.lstatSync(file);
    const type = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symbolic-link' : 'special';
    if (type !== 'file') return { file, name, type, sizeBytes: 0 };
    return { file, name, type, sizeBytes: stats.size, listing: { size: stats.size, mtimeMs: stats.mtimeMs } };
  } catch (error) {
    return unreadable(file, name, error);
  }
}

const unreadable = (file: Buffer, name: string, error: unknown): Found => {
  const gap = { code: 'FILE_UNREADABLE' as const, detail: `cannot be read: ${reasonOf(error)}` };
  return { file, name, type: 'file', sizeBytes: 0, gap };
};

const reasonOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
};

export async function walkFolder(found: readonly Found[], visit: Visit, files: Files): Promise<void> {
  let count = 0;
  for (const entry of found) {
    if (++count % entriesPerTurn === 0) await nextTurn();
    await visit(memberOf(entry, files), bytesOf(entry, files));
  }
}

function memberOf({ file, name, type, sizeBytes, gap }: Found, files: Files): Member {
  if (gap) return { name, type, sizeBytes, gap, unreadable: true };
  if (type !== 'symbolic-link') return { name, type, sizeBytes };
  try {
    const target = decodeName(files.readlinkSync(file, { encoding: 'buffer' }).toString('latin1'));
    return { name, type, sizeBytes, target };
  } catch (error) {
    // it was there when the folder was listed
    return memberOf(unreadable(file, name, error), files);
  }
}

async function* bytesOf({ file, listing }: Found, files: Files): AsyncGenerator<Uint8Array> {
  if (!listing) return;
  try {
    yield* chunksOfFile(file, listing, files);
  } catch (error) {
    if (error instanceof Cut) throw error;
    throw new Cut('FILE_UNREADABLE', `cannot be read: ${reasonOf(error)}`);
  }
}

/**
 * Stands for the folder as an input: a digest of what lies in it by name, type and size. Not by content: that would mean
 * to read every byte, also of the gigabytes that no layout knows.
 */
export function digestOf(found: readonly Found[]): { sha256: string; bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const { name, type, sizeBytes } of found) {
    hash.update(`${name}\0${type}\0${sizeBytes}\n`);
    bytes += sizeBytes;
  }
  return { sha256: hash.digest('hex'), bytes };
}
