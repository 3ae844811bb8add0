// Reads the directory of a zip: which members it holds, where, and how they are packed.

import { Cut } from './cut.ts';
import { decodeName } from './entry-name.ts';
import type { MemberType } from './member.ts';

/** A file or a buffer that can be read anywhere. */
export interface Access {
  readonly sizeBytes: number;
  /** Fewer bytes at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

export interface ZipMember {
  readonly name: string;
  readonly type: MemberType;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header lies. */
  readonly offset: number;
  readonly modifiedMillis: number;
}

const mark = { member: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, end64Locator: 0x07064b50 };
const endBytes = 22;
const longestComment = 0xffff;

/** Undefined when the file ends without a directory: an upload was cut. */
export async function readDirectory(access: Access, maxBytes: number): Promise<ZipMember[] | undefined> {
  const tailStart = Math.max(0, access.sizeBytes - endBytes - longestComment);
  const tail = await access.read(tailStart, access.sizeBytes - tailStart);
  const endAt = findEnd(tail);
  if (endAt === undefined) return undefined;
  let count = tail.readUInt16LE(endAt + 10);
  let size = tail.readUInt32LE(endAt + 12);
  let offset = tail.readUInt32LE(endAt + 16);
  let directoryEnd = tailStart + endAt;
  if (endAt >= 20 && tail.readUInt32LE(endAt - 20) === mark.end64Locator) {
    const at = Number(tail.readBigUInt64LE(endAt - 12));
    const end64 = await access.read(at, 56);
    if (end64.length === 56 && end64.readUInt32LE(0) === mark.end64) {
      count = Number(end64.readBigUInt64LE(32));
      size = Number(end64.readBigUInt64LE(40));
      offset = Number(end64.readBigUInt64LE(48));
      directoryEnd = at;
    }
  }
  // a self-extractor puts a program before the zip, and the offsets do not know of it
  const prefixBytes = directoryEnd - size - offset;
  if (prefixBytes < 0) return undefined;
  if (size > maxBytes)
    throw new Cut('LIMIT_META', `the directory of the zip has ${size} bytes; at most ${maxBytes} are read`);
  const directory = await access.read(offset + prefixBytes, size);
  return readMembers(directory, count, prefixBytes);
}

function findEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail[at] === 0x50 && tail.readUInt32LE(at) === mark.end) return at;
  }
  return undefined;
}

function readMembers(directory: Buffer, count: number, prefixBytes: number): ZipMember[] | undefined {
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === mark.member; ) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    if (extraEnd > directory.length) break;
    const wide = zip64Fields(directory.subarray(nameEnd, extraEnd), [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ]);
    const name = memberName(directory.toString('latin1', at + 46, nameEnd));
    members.push({
      name,
      type: memberType(name, directory[at + 5]!, directory.readUInt32LE(at + 38)),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) !== 0,
      crc: directory.readUInt32LE(at + 16),
      sizeBytes: wide[0],
      packedBytes: wide[1],
      offset: wide[2] + prefixBytes,
      modifiedMillis: dosTime(directory.readUInt16LE(at + 14), directory.readUInt16LE(at + 12)),
    });
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  // the 16-bit count of a zip with more than 65,535 members runs over
  return members.length % 0x10000 === count % 0x10000 ? members : undefined;
}

/** Size, packed size and offset; where 32 bits were too few, they lie in the extra field, in this order. */
function zip64Fields(extra: Buffer, fields: [number, number, number]): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return fields.map((field) => {
      if (field !== 0xffffffff || from + 8 > extra.length) return field;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    }) as [number, number, number];
  }
  return fields;
}

/** Windows writes `mg\win\a.yaml`; in a name with `/` a backslash is an ordinary character. */
export function memberName(latin1: string): string {
  const name = decodeName(latin1);
  return name.includes('/') || /\\x[0-9a-f]{2}/.test(name) ? name : name.replaceAll('\\', '/');
}

function memberType(name: string, madeBy: number, attributes: number): MemberType {
  if (name.endsWith('/')) return 'directory';
  const unixType = madeBy === 3 ? (attributes >>> 16) & 0o170000 : 0;
  if (unixType === 0o120000) return 'symbolic-link';
  if (unixType === 0o040000) return 'directory';
  return unixType === 0 || unixType === 0o100000 ? 'file' : 'special';
}

/** DOS time knows no zone; it is read as UTC. */
export function dosTime(date: number, time: number): number {
  return Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
