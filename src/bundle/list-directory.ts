// The entries of one directory, also of one whose listing breaks off, and whether it belongs to the running kernel.

import type { Dirent } from 'node:fs';
import type { Files } from './file-chunks.ts';

export interface ListedEntry {
  readonly name: Buffer;
  readonly isDirectory: boolean;
  readonly key: Buffer;
}

/** Magic numbers of statfs(2): places where files have no size, never end, or lose what is read. */
const kernelFileSystems: ReadonlyMap<number, string> = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x63677270, 'cgroup2'],
  [0x27e0eb, 'cgroup'],
  [0x1cd1, 'devpts'],
  [0x62656570, 'configfs'],
  [0x73636673, 'securityfs'],
  [0xcafe4a11, 'bpf'],
  [0x6165676c, 'pstore'],
  [0xde5e81e4, 'efivarfs'],
]);

/** The name of the file system when the kernel makes up what lies there. */
export function kernelFileSystem(directory: Buffer, files: Files): string | undefined {
  try {
    return kernelFileSystems.get(files.statfsSync(directory).type);
  } catch {
    // Reading it tells what is wrong.
    return undefined;
  }
}

interface Listing {
  readonly entries: ListedEntry[];
  /** Where the listing broke off. */
  readonly error?: unknown;
}

/** By the bytes of the whole path: a folder sorts as its name with a slash behind it. */
export function listDirectory(directory: Buffer, files: Files): Listing {
  const listing = listed(directory, files);
  listing.entries.sort((a, b) => Buffer.compare(a.key, b.key));
  return listing;
}

const slash = Buffer.from('/');

function listed(directory: Buffer, files: Files): Listing {
  try {
    return { entries: files.readdirSync(directory, { withFileTypes: true, encoding: 'buffer' }).map(entryOf) };
  } catch {
    return oneByOne(directory, files);
  }
}

/** Half as fast, but keeps what came before an error. */
function oneByOne(directory: Buffer, files: Files): Listing {
  const entries: ListedEntry[] = [];
  try {
    const listing = files.opendirSync(directory as unknown as string, { encoding: 'buffer' as never });
    try {
      for (let entry = listing.readSync(); entry; entry = listing.readSync()) {
        entries.push(entryOf(entry as unknown as Dirent<Buffer>));
      }
    } finally {
      listing.closeSync();
    }
    return { entries };
  } catch (error) {
    return { entries, error };
  }
}

function entryOf(entry: Dirent<Buffer>): ListedEntry {
  const isDirectory = entry.isDirectory();
  return { name: entry.name, isDirectory, key: isDirectory ? Buffer.concat([entry.name, slash]) : entry.name };
}
