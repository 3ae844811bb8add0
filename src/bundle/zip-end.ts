// Finds the records at the end of a zip that say where its directory lies.

import type { Access } from './zip-directory.ts';
import { mark } from './zip-record.ts';

export interface EndRecord {
  /** Where the directory should end: this record begins there, or the wide one before it. */
  readonly directoryEnd: number;
  readonly sizeBytes: number;
  readonly offset: number;
  /** Of members. With 16 bits it runs over beyond 65,535. */
  readonly count: number;
  readonly countLimit: number;
  /** Which file of a zip split into several this is, from 0. */
  readonly part: number;
  /** Bytes after the comment. */
  readonly trailingBytes: number;
}

const endBytes = 22;
const longestComment = 0xffff;
const end64Bytes = 56;
const locatorBytes = 20;
/** How far before its locator a wide end record is looked for when it does not lie where the locator says. */
const end64SearchBytes = 4096;
/** A comment may hold any number of marks; real ones hold none. */
const mostCandidates = 8;

/**
 * Best first: a comment that ends where the file does, then bytes after the comment, then a comment that was cut. Of
 * equals the last, as everybody has it.
 */
export async function findEnds(access: Access): Promise<EndRecord[]> {
  const tailStart = Math.max(0, access.sizeBytes - endBytes - longestComment);
  const tail = await access.read(tailStart, access.sizeBytes - tailStart);
  const found: { at: number; left: number; rank: number }[] = [];
  for (let at = tail.length - endBytes; at >= 0; at--) {
    at = tail.lastIndexOf('PK\x05\x06', at, 'latin1');
    if (at < 0) break;
    const left = tail.length - at - endBytes - tail.readUInt16LE(at + 20);
    found.push({ at, left, rank: left === 0 ? 0 : left > 0 ? 1 : 2 });
  }
  found.sort((a, b) => a.rank - b.rank || b.at - a.at);
  const ends: EndRecord[] = [];
  for (const { at, left } of found.slice(0, mostCandidates)) {
    const narrow: EndRecord = {
      directoryEnd: tailStart + at,
      part: tail.readUInt16LE(at + 4),
      count: tail.readUInt16LE(at + 10),
      countLimit: 0x10000,
      sizeBytes: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
      trailingBytes: Math.max(0, left),
    };
    const isFull = narrow.count === 0xffff || narrow.sizeBytes === 0xffffffff || narrow.offset === 0xffffffff;
    // the mark of a locator can also be the end of a member's name
    const wide = isFull ? await wideEnd(access, narrow) : undefined;
    if (wide) ends.push(wide);
    ends.push(narrow);
  }
  return ends;
}

async function wideEnd(access: Access, narrow: EndRecord): Promise<EndRecord | undefined> {
  const locatorAt = narrow.directoryEnd - locatorBytes;
  const locator = await access.read(locatorAt, locatorBytes);
  if (locator.length < locatorBytes || locator.readUInt32LE(0) !== mark.end64Locator) return undefined;
  const at = await placeOfWideEnd(access, Number(locator.readBigUInt64LE(8)), locatorAt);
  if (at === undefined) return undefined;
  const end = await access.read(at, end64Bytes);
  return {
    ...narrow,
    directoryEnd: at,
    part: end.readUInt32LE(16),
    count: Number(end.readBigUInt64LE(32)),
    countLimit: Number.POSITIVE_INFINITY,
    sizeBytes: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  };
}

/** A program before the zip moves it away from where the locator says; then it lies right before the locator. */
async function placeOfWideEnd(access: Access, told: number, locatorAt: number): Promise<number | undefined> {
  const head = await access.read(told, end64Bytes);
  if (head.length === end64Bytes && head.readUInt32LE(0) === mark.end64) return told;
  const from = Math.max(0, locatorAt - end64SearchBytes);
  const before = await access.read(from, locatorAt - from);
  const at = before.lastIndexOf('PK\x06\x06', before.length - end64Bytes, 'latin1');
  return at < 0 || before.length - at < end64Bytes ? undefined : from + at;
}
