// What tells of an input whether it is still the one of before, without reading it.

import * as fileSystem from 'node:fs';
import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { kernelFileSystem } from '../bundle/list-directory.ts';

export interface Mark {
  readonly kind: 'file' | 'folder' | 'absent';
  readonly sizeBytes: number;
  /** Newest of all that is in it; 0 when it cannot be looked at. */
  readonly modifiedMillis: number;
  readonly mark: string;
}

const absent: Mark = { kind: 'absent', sizeBytes: 0, modifiedMillis: 0, mark: '' };

/** Never throws: what cannot be looked at is for the analysis to tell. */
export function markOf(path: string): Mark {
  try {
    const stats = statSync(path);
    if (stats.isDirectory() && kernelFileSystem(Buffer.from(path), fileSystem)) return absent;
    if (stats.isDirectory()) return markOfFolder(path, stats.mtimeMs);
    if (!stats.isFile()) return absent;
    return {
      kind: 'file',
      sizeBytes: stats.size,
      modifiedMillis: stats.mtimeMs,
      mark: `${stats.size} ${stats.mtimeMs}`,
    };
  } catch {
    return absent;
  }
}

/** A folder is a bundle that was unpacked: its files count, not what leads out of it. */
function markOfFolder(path: string, ownMillis: number): Mark {
  let sizeBytes = 0;
  let newest = ownMillis;
  let entries = 0;
  const open = [path];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of listed(folder)) {
      entries += 1;
      const below = join(folder, entry.name);
      if (entry.isDirectory()) open.push(below);
      const stats = statsOf(below);
      if (stats === undefined) continue;
      newest = Math.max(newest, stats.mtimeMs);
      if (stats.isFile()) sizeBytes += stats.size;
    }
  }
  return { kind: 'folder', sizeBytes, modifiedMillis: newest, mark: `${entries} ${sizeBytes} ${newest}` };
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
