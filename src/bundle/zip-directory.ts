// Finds the directory of a zip and makes sure that it is one: by what the end record says, or by its own marks.

import { type EndRecord, findEnds } from './zip-end.ts';
import { mark, readRecord, recordBytes, recordLength, type ZipMember } from './zip-record.ts';

/** A file or a buffer that can be read anywhere. */
export interface Access {
  readonly sizeBytes: number;
  /** Fewer bytes at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

export interface Directory {
  readonly start: number;
  /** Where its last record ends. */
  readonly end: number;
  /** To be added to the offset of a member: a program, or another file, may lie before the zip. */
  readonly prefixBytes: number;
  readonly count: number;
  /** The end record that led here; undefined when it was found by its marks alone. */
  readonly told?: EndRecord;
  /** False when records are missing from it. */
  readonly isWhole: boolean;
  /** It belongs to a zip that is stored in this one, of which the end is missing. */
  readonly isInside?: boolean;
}

/** The longest record: three texts of 65,535 bytes. */
const longestRecord = recordBytes + 3 * 0xffff;
const windowBytes = 512 * 1024;
/** All that may follow the directory, but for a comment. */
const endRecordsBytes = 256;
/** As many members are tried to see which offsets fit. */
const samples = 8;

/** Undefined when the file has none: an upload was cut. */
export async function findDirectory(access: Access, maxMembers: number): Promise<Directory | undefined> {
  const ends = await findEnds(access);
  let second: Directory | undefined;
  let doubtful: Directory | undefined;
  for (const told of ends) {
    for (const start of new Set([told.directoryEnd - told.sizeBytes, told.offset])) {
      if (start < 0 || start > told.directoryEnd) continue;
      const walk = await walkRecords(access, start, told.directoryEnd);
      const fits = told.count === walk.count % told.countLimit;
      const reaches = walk.end === told.directoryEnd || walk.end === start + told.sizeBytes || walk.isSigned;
      if (!(fits || (reaches && walk.count > 0))) continue;
      const directory = await withPrefix(access, { ...walk, told, isWhole: fits || walk.count > told.count });
      if (directory.isInside) doubtful ??= directory;
      else if (fits && reaches) return directory;
      else second ??= directory;
    }
  }
  if (second) return second;
  for (const directoryEnd of [...ends.map((end) => end.directoryEnd), access.sizeBytes]) {
    const start = await startByMarks(access, directoryEnd, maxMembers);
    if (start === undefined) continue;
    const told = ends.find((end) => end.directoryEnd === directoryEnd);
    const walk = await walkRecords(access, start, directoryEnd);
    const isWhole = told !== undefined && walk.end === directoryEnd && told.count === walk.count % told.countLimit;
    const found = await withPrefix(access, { ...walk, isWhole, ...(told && { told }) });
    if (!found.isInside) return found;
  }
  if (doubtful) return doubtful;
  const [told] = ends;
  return told && { start: told.directoryEnd, end: told.directoryEnd, prefixBytes: 0, count: 0, told, isWhole: false };
}

/** Record after record, from the first to the last. */
export async function* membersOf(access: Access, directory: Directory): AsyncGenerator<ZipMember> {
  for await (const { buffer, at, length } of records(access, directory.start, directory.end)) {
    const member = readRecord(buffer.subarray(at, at + length));
    yield { ...member, offset: member.offset + directory.prefixBytes };
  }
}

interface Walk {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** A signature follows, which belongs to no member. */
  readonly isSigned: boolean;
}

async function walkRecords(access: Access, start: number, limit: number): Promise<Walk> {
  let count = 0;
  let end = start;
  for await (const { place, length } of records(access, start, limit)) {
    count++;
    end = place + length;
  }
  const next = await access.read(end, 4);
  return { start, end, count, isSigned: next.length === 4 && next.readUInt32LE(0) === mark.signature };
}

interface Place {
  /** In the file. */
  readonly place: number;
  readonly buffer: Buffer;
  /** In the buffer. */
  readonly at: number;
  readonly length: number;
}

/** The records that follow each other from `start` on and end before `limit`. */
export async function* records(access: Access, start: number, limit: number): AsyncGenerator<Place> {
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  for (let place = start; place + recordBytes <= limit; ) {
    const needed = at + recordBytes <= buffer.length ? recordLength(buffer, at) : recordBytes;
    if (at + needed > buffer.length) {
      buffer = await access.read(place, Math.min(windowBytes, limit - place));
      at = 0;
    }
    if (buffer.length < recordBytes || buffer.readUInt32LE(at) !== mark.member) return;
    const length = recordLength(buffer, at);
    // of the last one the comment may be said to be longer than it is
    const isCut = at + length > buffer.length;
    const nameEnd = at + recordBytes + buffer.readUInt16LE(at + 28) + buffer.readUInt16LE(at + 30);
    if (isCut && nameEnd > buffer.length) return;
    const present = isCut ? buffer.length - at : length;
    yield { place, buffer, at, length: present };
    at += present;
    place += present;
  }
}

/** Offsets count from the beginning of the zip, which the place of the directory tells, or from that of the file. */
async function withPrefix(access: Access, walk: Omit<Directory, 'prefixBytes'>): Promise<Directory> {
  const { start, end, told } = walk;
  const offsets: number[] = [];
  for await (const { buffer, at, length } of records(access, start, end)) {
    const { offset } = readRecord(buffer.subarray(at, at + length));
    offsets.push(offset);
    if (offsets.length === samples) break;
  }
  const shift = told ? start - told.offset : 0;
  let prefixBytes = Math.max(0, shift);
  if (shift !== 0) {
    const [shifted, plain] = [await countLocals(access, offsets, shift), await countLocals(access, offsets, 0)];
    prefixBytes = plain > shifted ? 0 : shifted > 0 ? shift : prefixBytes;
    // each fits for some: it is this zip's own, and does not know where all of them lie
    if (plain > 0 && shifted > 0 && Math.max(plain, shifted) < offsets.length)
      return { ...walk, prefixBytes: 0, isWhole: false };
  }
  const isInside = prefixBytes > 0 && (await isLocal(access, 0));
  return isInside ? { ...walk, prefixBytes, isWhole: false, isInside } : { ...walk, prefixBytes };
}

async function countLocals(access: Access, offsets: readonly number[], shift: number): Promise<number> {
  let count = 0;
  for (const offset of offsets) if (await isLocal(access, offset + shift)) count++;
  return count;
}

async function isLocal(access: Access, at: number): Promise<boolean> {
  const head = await access.read(at, 4);
  return head.length === 4 && head.readUInt32LE(0) === mark.local;
}

/**
 * From the end backwards: a record is one when the next begins where it ends. At the end of a file that was cut the
 * last of them may be cut too, or the marks of the end records follow.
 */
async function startByMarks(access: Access, directoryEnd: number, maxMembers: number): Promise<number | undefined> {
  const starts = new Set<number>([directoryEnd]);
  let lowest = directoryEnd;
  for (let windowEnd = directoryEnd; windowEnd > 0 && lowest - windowEnd < longestRecord; ) {
    const from = Math.max(0, windowEnd - windowBytes);
    const window = await access.read(from, Math.min(directoryEnd, windowEnd + recordBytes - 1) - from);
    for (let at = window.length - recordBytes; at >= 0; at--) {
      at = window.lastIndexOf('PK\x01\x02', at, 'latin1');
      if (at < 0) break;
      const next = from + at + recordLength(window, at);
      if (!starts.has(next) && !(directoryEnd === access.sizeBytes && (await isEnd(access, next)))) continue;
      lowest = from + at;
      starts.add(lowest);
      if (starts.size > maxMembers) return lowest;
    }
    windowEnd = from;
  }
  return lowest < directoryEnd ? lowest : undefined;
}

async function isEnd(access: Access, at: number): Promise<boolean> {
  if (at >= access.sizeBytes) return true;
  if (access.sizeBytes - at > endRecordsBytes) return false;
  const head = await access.read(at, 4);
  const ends: readonly number[] = [mark.end, mark.end64, mark.signature];
  return head.length < 4 || ends.includes(head.readUInt32LE(0));
}
