// Reads one record of a zip's directory: what a member is called, where it lies and how it is packed.

import { crc32 } from 'node:zlib';
import { cp437 } from './code-page-437.ts';
import { decodeName } from './entry-name.ts';
import type { MemberType } from './member.ts';

/** Four bytes, of which the first two are always `PK`, begin each record. */
export const mark = {
  local: 0x04034b50,
  member: 0x02014b50,
  signature: 0x05054b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  end64Locator: 0x07064b50,
  descriptor: 0x08074b50,
} as const;

/** Bytes of a record before its name. */
export const localBytes = 30;
export const recordBytes = 46;

/** Bits of the flags. */
export const flag = { encrypted: 1, sizesFollow: 8, strongEncryption: 0x40, utf8: 0x800, masked: 0x2000 } as const;

export interface ZipMember {
  readonly name: string;
  /** As it stands there: the local header repeats it. */
  readonly rawName: Buffer;
  readonly type: MemberType;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header lies, counted from the beginning of the zip, which may not be that of the file. */
  readonly offset: number;
  readonly modifiedMillis: number;
}

/** How long a record of the directory is, its name, extra fields and comment included. */
export const recordLength = (record: Buffer, at = 0): number =>
  recordBytes + record.readUInt16LE(at + 28) + record.readUInt16LE(at + 30) + record.readUInt16LE(at + 32);

/** `record` is whole. */
export function readRecord(record: Buffer): ZipMember {
  const nameEnd = recordBytes + record.readUInt16LE(28);
  const rawName = record.subarray(recordBytes, nameEnd);
  const extra = record.subarray(nameEnd, nameEnd + record.readUInt16LE(30));
  const flags = record.readUInt16LE(8);
  const wide = zip64Fields(extra, [record.readUInt32LE(24), record.readUInt32LE(20), record.readUInt32LE(42)]);
  const name = memberName(rawName, flags, extra);
  return {
    name,
    rawName,
    type: memberType(name, record[5]!, record.readUInt32LE(38), wide[0]!),
    method: record.readUInt16LE(10),
    flags,
    crc: record.readUInt32LE(16),
    sizeBytes: wide[0]!,
    packedBytes: wide[1]!,
    offset: wide[2]!,
    modifiedMillis: modifiedTime(extra, record.readUInt16LE(14), record.readUInt16LE(12)),
  };
}

/** The body of the first extra field of this kind. Fields that do not fit into one another end the search. */
function extraField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return undefined;
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

/** Where 32 bits were too few for a field, it lies in the extra field; those that lie there keep their order. */
export function zip64Fields(extra: Buffer, fields: readonly number[]): number[] {
  const body = extraField(extra, 1);
  let from = 0;
  return fields.map((field) => {
    if (field !== 0xffffffff || !body || from + 8 > body.length) return field;
    from += 8;
    return Number(body.readBigUInt64LE(from - 8));
  });
}

/**
 * In UTF-8 where the flag, the Unicode field of Info-ZIP or the bytes themselves say so (macOS sets no flag), else in
 * the code page of the first PCs, as the format has it. Windows writes `mg\win\a.yaml`; in a name with `/` a backslash
 * is an ordinary character, as it is in `dev-disk\x2dby`.
 */
export function memberName(raw: Buffer, flags: number, extra: Buffer): string {
  const bytes = unicodeName(raw, extra) ?? raw;
  const latin1 = bytes.toString('latin1');
  const decoded = decodeName(latin1);
  const isText = bytes !== raw || (flags & flag.utf8) !== 0 || isUtf8(bytes);
  const name = isText ? decoded : cp437(bytes);
  return name.includes('/') || /\\x[0-9a-f]{2}/.test(name) ? name : name.replaceAll('\\', '/');
}

/** Good only while the name it stands for is the one that is there. */
function unicodeName(raw: Buffer, extra: Buffer): Buffer | undefined {
  const body = extraField(extra, 0x7075);
  if (!body || body.length < 6 || body[0] !== 1 || body.readUInt32LE(1) !== crc32(raw)) return undefined;
  return body.subarray(5);
}

const strict = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Buffer): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const host = { dos: 0, unix: 3, darwin: 19 } as const;
const dosDirectory = 0x10;

/** The upper half of the attributes holds the mode where Unix made the member; some write it on Windows too. */
function memberType(name: string, madeBy: number, attributes: number, sizeBytes: number): MemberType {
  const isUnix = madeBy === host.unix || madeBy === host.darwin;
  switch (isUnix || madeBy === host.dos ? attributes >>> 28 : 0) {
    case 0o12:
      return 'symbolic-link';
    case 0o04:
      return 'directory';
    case 0o10:
    case 0:
      if (name.endsWith('/')) return 'directory';
      return !isUnix && attributes & dosDirectory && sizeBytes === 0 ? 'directory' : 'file';
  }
  // what was packed from a pipe has its content here
  return isUnix && sizeBytes === 0 ? 'special' : 'file';
}

/** NaN where none is told. */
export function modifiedTime(extra: Buffer, date: number, time: number): number {
  const unix = extraField(extra, 0x5455);
  if (unix && unix.length >= 5 && unix[0]! & 1) return unix.readInt32LE(1) * 1000;
  const ntfs = extraField(extra, 0x000a);
  if (ntfs && ntfs.length >= 16 && ntfs.readUInt16LE(4) === 1) {
    return Math.floor(Number(ntfs.readBigUInt64LE(8)) / 10_000) - 11_644_473_600_000;
  }
  return dosTime(date, time);
}

/** DOS time knows no zone; it is read as UTC. */
function dosTime(date: number, time: number): number {
  const month = (date >> 5) & 15;
  const day = date & 31;
  if (month < 1 || month > 12 || day < 1) return Number.NaN;
  return Date.UTC(1980 + (date >> 9), month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
