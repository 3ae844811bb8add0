// Finds the pattern for a path among hundreds without trying each: by file name, by folder, and only then by the rest.

import type { PathMatch, PathPattern } from './path-pattern.ts';

export interface Ranked<T> {
  readonly pattern: PathPattern;
  readonly value: T;
}

export interface PathIndex<T> {
  /** The first entry, in the order given, that matches the path, or the path without `.gz`, `.xz`, `.bz2` or `.zst`. */
  find(path: string): (PathMatch & { readonly value: T }) | undefined;
}

/** A file name is looked up by so many letters at its start. */
const startLength = 3;
const startOf = (name: string): string => name.slice(0, startLength);
const compression = /\.(?:gz|xz|bz2|zst)$/;

/** `entries` in order of preference. */
export function indexPatterns<T>(entries: readonly Ranked<T>[]): PathIndex<T> {
  const byFileName = new Map<string, number[]>();
  const byFolder = new Map<string, number[]>();
  const byStart = new Map<string, number[]>();
  const always: number[] = [];
  for (const [rank, { pattern }] of entries.entries()) {
    if (pattern.fileNames) for (const name of new Set(pattern.fileNames)) append(byFileName, name, rank);
    else if (pattern.folder) append(byFolder, pattern.folder, rank);
    else if (pattern.fileNameStarts.every((start) => start.length >= startLength)) {
      for (const start of new Set(pattern.fileNameStarts.map(startOf))) append(byStart, start, rank);
    } else always.push(rank);
  }

  function candidates(path: string, nameAt: number): readonly number[] {
    const fileName = path.slice(nameAt);
    const lists = always.length > 0 ? [always] : [];
    const named = byFileName.get(fileName);
    if (named) lists.push(named);
    const begun = byStart.get(startOf(fileName));
    if (begun) lists.push(begun);
    for (let start = 0; start < nameAt; ) {
      const end = folderEnd(path, start);
      const passing = byFolder.get(path.slice(start, end));
      if (passing) lists.push(passing);
      start = end + 1;
    }
    if (lists.length < 2) return lists[0] ?? [];
    return lists.flat().sort((a, b) => a - b);
  }

  function findExactly(path: string) {
    const nameAt = Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1;
    // What macOS puts beside each file of an archive: no text, but the name of one.
    if (path.startsWith('._', nameAt)) return undefined;
    for (const rank of candidates(path, nameAt)) {
      const { pattern, value } = entries[rank] as Ranked<T>;
      const match = pattern.match(path);
      if (match) return { ...match, value };
    }
    return undefined;
  }

  return {
    find(path) {
      const plain = path.replace(compression, '');
      return findExactly(plain) ?? (plain === path ? undefined : findExactly(path));
    },
  };
}

function append(map: Map<string, number[]>, key: string, rank: number): void {
  const known = map.get(key);
  if (known) known.push(rank);
  else map.set(key, [rank]);
}

/** Where the folder name that begins at `start` ends. */
function folderEnd(path: string, start: number): number {
  for (let end = start; end < path.length; end++) {
    const code = path.charCodeAt(end);
    if (code === 47 || code === 33) return end; // `/` and `!`
  }
  return path.length;
}
