// Walks a folder: every entry below it in the order of the bytes of their paths, links not followed, nothing written.

import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Cut } from './cut.ts';
import { decodeName } from './entry-name.ts';
import type { Member, MemberType, Visit } from './member.ts';

const readBytes = 1 << 20;
/** Reading is synchronous, being ten times faster for small files; so often other work gets its turn. */
const entriesPerTurn = 64;

export interface Found {
  /** On disk; a name need not be UTF-8. */
  readonly file: Buffer;
  readonly name: string;
  readonly type: MemberType;
  readonly sizeBytes: number;
  readonly problem?: string;
}

/** All entries, before any of them is read. */
export function listFolder(folder: string, maxEntries: number): { found: Found[]; complete: boolean } {
  const found: Found[] = [];
  const walk = (directory: Buffer, prefix: string): boolean => {
    for (const entry of sorted(readdirSync(directory, { withFileTypes: true, encoding: 'buffer' }))) {
      if (found.length >= maxEntries) return false;
      const file = Buffer.concat([directory, Buffer.from(sep), entry.name]);
      const name = `${prefix}${decodeName(entry.name.toString('latin1'))}`;
      if (!entry.isDirectory()) {
        found.push(inspect(file, name));
        continue;
      }
      const index = found.push({ file, name, type: 'directory', sizeBytes: 0 }) - 1;
      try {
        if (!walk(file, `${name}/`)) return false;
      } catch (error) {
        found[index] = { file, name, type: 'directory', sizeBytes: 0, problem: reasonOf(error) };
      }
    }
    return true;
  };
  return { complete: walk(Buffer.from(folder), ''), found };
}

/** By the bytes of the whole path: a folder sorts as its name with a slash behind it. */
function sorted(entries: Dirent<Buffer>[]): Dirent<Buffer>[] {
  const key = (entry: Dirent<Buffer>) =>
    entry.isDirectory() ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
  return entries
    .map((entry) => ({ entry, key: key(entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
}

function inspect(file: Buffer, name: string): Found {
  try {
    const stats = lstatSync(file);
    const type = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symbolic-link' : 'special';
    return { file, name, type, sizeBytes: type === 'file' ? stats.size : 0 };
  } catch (error) {
    return { file, name, type: 'file', sizeBytes: 0, problem: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
};

export async function walkFolder(found: readonly Found[], visit: Visit): Promise<void> {
  let count = 0;
  for (const entry of found) {
    if (++count % entriesPerTurn === 0) await nextTurn();
    await visit(memberOf(entry), chunksOf(entry));
  }
}

function memberOf({ file, name, type, sizeBytes, problem }: Found): Member {
  if (problem) {
    const gap = { code: 'FILE_UNREADABLE' as const, detail: `cannot be read: ${problem}` };
    return { name, type, sizeBytes, gap, unreadable: true };
  }
  if (type !== 'symbolic-link') return { name, type, sizeBytes };
  try {
    const target = decodeName(readlinkSync(file, { encoding: 'buffer' }).toString('latin1'));
    return { name, type, sizeBytes, target };
  } catch (error) {
    // it was there when the folder was listed
    return memberOf({ file, name, type, sizeBytes, problem: reasonOf(error) });
  }
}

async function* chunksOf({ file, sizeBytes }: Found): AsyncGenerator<Uint8Array> {
  let handle: number;
  try {
    // a link or pipe that took the place of the file since it was listed is neither followed nor waited for
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new Cut('FILE_UNREADABLE', `cannot be opened: ${reasonOf(error)}`);
  }
  try {
    let read = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(readBytes, Math.max(4096, sizeBytes - read)));
      const bytes = readSync(handle, chunk);
      if (bytes === 0) break;
      read += bytes;
      yield chunk.subarray(0, bytes);
      if (bytes === readBytes) await nextTurn();
    }
    if (fstatSync(handle).size !== sizeBytes) {
      throw new Cut('INPUT_CHANGED', `it had ${sizeBytes} bytes when it was listed, and other when it was read`);
    }
  } catch (error) {
    if (error instanceof Cut) throw error;
    throw new Cut('FILE_UNREADABLE', `cannot be read: ${reasonOf(error)}`);
  } finally {
    closeSync(handle);
  }
}

/** Stands for the folder as an input: a digest of what lies in it by name, type and size. */
export function digestOf(found: readonly Found[]): { sha256: string; bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const { name, type, sizeBytes } of found) {
    hash.update(`${name}\0${type}\0${sizeBytes}\n`);
    bytes += sizeBytes;
  }
  return { sha256: hash.digest('hex'), bytes };
}
