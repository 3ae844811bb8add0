// Containers for the bit-flip sweep: which of their bytes a checksum covers, and what must come of a damaged one.
//
// Bytes are of two sorts. `told`: any change must be a gap or a refusal: marks, checksums, and what a checksum covers as it
// stands. All others: a gap, or everything is delivered as it was; a packed stream has bits that mean nothing, and the
// name, time and flags of a gzip header, the level of bzip2 and the times of a zip have no checksum.
// tar is a case of its own: only headers have a checksum; a changed body is delivered as it lies there, and a changed
// long name is delivered as another name. Of a zip the checksums cover contents alone, and stand there
// twice: one that is damaged may be outvoted by the other and the data; names and types can change unseen.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';

export type Contents = ReadonlyMap<string, Buffer>;

/** What was read of a damaged container; `refused` when no report can be made of it. */
export interface Seen {
  readonly files: Contents;
  readonly empty: ReadonlySet<string>;
  readonly gaps: readonly { readonly code: string; readonly path: string }[];
  readonly refused?: string;
}

export interface Container {
  readonly name: string;
  readonly bytes: Buffer;
  /** Places that flips at random would seldom hit. */
  readonly structure: readonly number[];
  /** Sentences on what should not have come of it. */
  judge(damaged: Buffer, changed: readonly number[], seen: Seen): string[];
}

export function containersOf(folder: string, name: string, contents: Contents, scratch: string): Container[] {
  const path = join(scratch, `${name}.tar`);
  const words = ['--format=gnu', '--sort=name', '--owner=0', '--group=0', '--mtime=@1700000000', '-C', folder, '-cf'];
  execFileSync('tar', [...words, path, '.']);
  const tar = readFileSync(path);
  const packed = (tool: string, ...options: string[]) =>
    execFileSync(tool, [...options, '-c', path], { maxBuffer: 1 << 28 });
  const zipPath = join(scratch, `${name}.zip`);
  execFileSync('zip', ['-q', '-X', '-r', zipPath, '.'], { cwd: folder });
  const zstd = zstdCompressSync(tar, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  return [
    tarContainer(`${name}.tar`, tar, contents),
    streamContainer(`${name}.tar.gz`, packed('gzip'), contents, gzipTold),
    streamContainer(`${name}.tar.xz`, packed('xz', '-T1'), contents, xzTold),
    streamContainer(`${name}.tar.zst`, zstd, contents, zstdTold),
    streamContainer(`${name}.tar.bz2`, packed('bzip2'), contents, bzip2Told),
    zipContainer(`${name}.zip`, readFileSync(zipPath), contents),
  ];
}

type Range = readonly [from: number, to: number];
const within = (ranges: readonly Range[], at: number): boolean => ranges.some(([from, to]) => at >= from && at < to);
const spread = (ranges: readonly Range[]): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index));

function streamContainer(
  name: string,
  bytes: Buffer,
  contents: Contents,
  toldOf: (bytes: Buffer) => readonly Range[],
): Container {
  const told = toldOf(bytes);
  const head: Range = [0, 40];
  return {
    name,
    bytes,
    structure: spread([...told, head]),
    judge(_, changed, seen) {
      if (seen.refused !== undefined || seen.gaps.length > 0) return [];
      const silent = changed.filter((at) => within(told, at));
      const faults = silent.length > 0 ? [`no gap for the changed byte ${silent[0]}, which a checksum covers`] : [];
      return [...faults, ...differences(contents, seen)];
    },
  };
}

/** Mark and method in front, checksum and size behind; name, time, system and the flags have no checksum. */
const gzipTold = (bytes: Buffer): Range[] => [
  [0, 3],
  [bytes.length - 8, bytes.length],
];

/** Stream header, block header, and from the check of the block to the end: each has a CRC of its own or is one. */
function xzTold(bytes: Buffer): Range[] {
  const indexBytes = (bytes.readUInt32LE(bytes.length - 8) + 1) * 4;
  const checkBytes = 8;
  return [
    [0, 12 + (bytes[12]! + 1) * 4],
    [bytes.length - 12 - indexBytes - checkBytes, bytes.length],
  ];
}

/** Mark of the frame, and the checksum behind it. */
const zstdTold = (bytes: Buffer): Range[] => [
  [0, 4],
  [bytes.length - 4, bytes.length],
];

/** Mark, mark and checksum of the first block; mark and checksum of the end, which begin and end within a byte. */
const bzip2Told = (bytes: Buffer): Range[] => [
  [0, 3],
  [4, 14],
  [bytes.length - 10, bytes.length - 1],
];

/** Everything is there as it was. */
function differences(contents: Contents, seen: Seen): string[] {
  const faults: string[] = [];
  for (const [path, content] of contents) {
    const delivered = seen.files.get(path) ?? (seen.empty.has(path) ? Buffer.alloc(0) : undefined);
    if (!delivered) faults.push(`${path} is missing and no gap says so`);
    else if (!delivered.equals(content)) faults.push(`${path} differs and no gap says so`);
  }
  for (const path of seen.files.keys()) if (!contents.has(path)) faults.push(`${path} was never in it`);
  return faults.slice(0, 3);
}

interface TarMember {
  readonly path: string;
  /** From the first of its headers, a long name's included, to its content. */
  readonly header: number;
  readonly content: number;
  readonly sizeBytes: number;
}

function tarContainer(name: string, bytes: Buffer, contents: Contents): Container {
  const { members, headers } = membersOf(bytes);
  return {
    name,
    bytes,
    structure: [
      ...headers.flatMap((at) => spread([[at, at + 512]])),
      ...spread([[bytes.length - 10_240, bytes.length]]),
    ],
    judge(damaged, changed, seen) {
      if (seen.refused !== undefined) return members.length > 0 ? [`refused: ${seen.refused}`] : [];
      const faults: string[] = [];
      const blockOf = (at: number) => damaged.subarray(at - (at % 512), at - (at % 512) + 512);
      // a header that came to lie elsewhere, or fits by chance: no checksum can tell
      if (changed.some((at) => fits(blockOf(at)))) return faults;
      // a block of zeros is what an archive ends with
      const broken = headers.find((at) => !fits(blockOf(at)) && blockOf(at).some((byte) => byte !== 0));
      if (broken !== undefined && seen.gaps.length === 0) faults.push(`no gap for the header at ${broken}`);
      for (const { path, header, content, sizeBytes } of members) {
        if (changed.some((at) => at >= header && at < content)) continue;
        const now = damaged.subarray(content, content + sizeBytes);
        const delivered = seen.files.get(path) ?? (seen.empty.has(path) ? Buffer.alloc(0) : undefined);
        if (!delivered) faults.push(`${path} is missing although its headers are sound`);
        else if (!delivered.equals(now)) faults.push(`${path} is not what lies in the archive`);
      }
      const touched = changed.some((at) => members.some(({ header, content }) => at >= header && at < content));
      if (!touched && seen.gaps.length === 0) {
        for (const path of seen.files.keys()) if (!contents.has(path)) faults.push(`${path} was never in it`);
      }
      return faults.slice(0, 3);
    },
  };
}

function membersOf(bytes: Buffer): { members: TarMember[]; headers: number[] } {
  const members: TarMember[] = [];
  const headers: number[] = [];
  let longName: string | undefined;
  let first: number | undefined;
  for (let at = 0; bytes[at] !== 0; ) {
    const sizeBytes = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    const type = String.fromCharCode(bytes[at + 156]!);
    const content = at + 512;
    headers.push(at);
    first ??= at;
    if (type === 'L') longName = bytes.toString('utf8', content, content + sizeBytes - 1);
    else {
      const path = (longName ?? bytes.toString('utf8', at, bytes.indexOf(0, at))).replace(/^\.\//, '');
      if (type === '0') members.push({ path, header: first, content, sizeBytes });
      longName = undefined;
      first = undefined;
    }
    at = content + Math.ceil(sizeBytes / 512) * 512;
  }
  return { members, headers };
}

/** The checksum of a tar header, by the letter of POSIX and by that of tars that summed signed bytes. */
function fits(block: Buffer): boolean {
  const noted = /^ *([0-7]+)[\0 ]*$/.exec(block.toString('latin1', 148, 156))?.[1];
  if (noted === undefined) return false;
  const rest = [...block.subarray(0, 148), ...block.subarray(156)];
  const sum = (of: (byte: number) => number) => rest.reduce((before, byte) => before + of(byte), 8 * 32);
  const value = Number.parseInt(noted, 8);
  return value === sum((byte) => byte) || value === sum((byte) => (byte > 127 ? byte - 256 : byte));
}

function zipContainer(name: string, bytes: Buffer, contents: Contents): Container {
  const end = bytes.length - 22;
  const directory = bytes.readUInt32LE(end + 16);
  const loose: number[] = []; // names, types and places in it, and its end: nothing covers them
  const structure = spread([[directory, bytes.length]]);
  for (let at = directory; at < end; ) {
    const next = at + 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    loose.push(...spread([[at, at + 10]]), ...spread([[at + 20, next]]));
    const local = bytes.readUInt32LE(at + 42);
    structure.push(...spread([[local, local + 30]]));
    at = next;
  }
  loose.push(...spread([[end, bytes.length]]));
  const isLoose = new Set(loose);
  const known = new Set([...contents.values()].map((content) => content.toString('latin1')));
  return {
    name,
    bytes,
    structure,
    judge(_, changed, seen) {
      if (seen.refused !== undefined) return [];
      const faults: string[] = [];
      if (seen.gaps.length === 0) {
        if (!changed.some((at) => isLoose.has(at))) faults.push(...differences(contents, seen));
      }
      const withGap = new Set(seen.gaps.map(({ path }) => path));
      for (const [path, content] of seen.files) {
        if (withGap.has(path) || withGap.has(name)) continue;
        const original = contents.get(path);
        const isRight = original ? content.equals(original) || changed.some((at) => isLoose.has(at)) : true;
        if (!isRight || !known.has(content.toString('latin1'))) faults.push(`${path} differs and no gap says so`);
      }
      return faults.slice(0, 3);
    },
  };
}
