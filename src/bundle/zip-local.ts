// Finds the local headers of a zip, and the checksums behind data of unknown length, without its directory.

import type { Access } from './zip-directory.ts';
import { flag, localBytes, mark, memberName, modifiedTime, type ZipMember, zip64Fields } from './zip-record.ts';

export interface Local extends ZipMember {
  /** Where its data begin. */
  readonly start: number;
  /** Its sizes and checksum lie behind the data. */
  readonly sizesFollow: boolean;
}

/** The first look is a short one: the next header is mostly near. */
const windowBytes = { first: 4 * 1024, most: 256 * 1024 };

/** The header at this place; undefined where there is none. */
export async function readLocal(access: Access, offset: number): Promise<Local | undefined> {
  const head = await access.read(offset, localBytes);
  if (head.length < localBytes || head.readUInt32LE(0) !== mark.local) return undefined;
  const nameBytes = head.readUInt16LE(26);
  const extraBytes = head.readUInt16LE(28);
  const texts = await access.read(offset + localBytes, nameBytes + extraBytes);
  if (texts.length < nameBytes + extraBytes) return undefined;
  const rawName = texts.subarray(0, nameBytes);
  const extra = texts.subarray(nameBytes);
  const flags = head.readUInt16LE(6);
  const [sizeBytes, packedBytes] = zip64Fields(extra, [head.readUInt32LE(22), head.readUInt32LE(18)]) as [
    number,
    number,
  ];
  const name = memberName(rawName, flags, extra);
  const crc = head.readUInt32LE(14);
  return {
    name,
    rawName,
    type: name.endsWith('/') ? 'directory' : 'file',
    method: head.readUInt16LE(8),
    flags,
    crc,
    sizeBytes,
    packedBytes,
    offset,
    modifiedMillis: modifiedTime(extra, head.readUInt16LE(12), head.readUInt16LE(10)),
    start: offset + localBytes + nameBytes + extraBytes,
    sizesFollow: (flags & flag.sizesFollow) !== 0 && packedBytes === 0 && crc === 0,
  };
}

/** What is left to be spent on searching, in bytes: headers in headers are not to make one file many. */
export interface Budget {
  bytes: number;
}

/** Data hold the four bytes of a mark now and then; a header also says what can be true. */
const isPlausible = (flags: number, method: number, nameBytes: number): boolean =>
  (method <= 20 || (method >= 93 && method <= 99)) && (flags & 0xc000) === 0 && nameBytes > 0;

/** As much as a header that turns out to be none costs, and a mark that is looked at. */
const triedBytes = 4096;
const markBytes = 64;

/** The header at this place, or the next one behind it. */
export async function nextLocal(access: Access, from: number, budget: Budget): Promise<Local | undefined> {
  const here = await readLocal(access, from);
  if (here && here.rawName.length > 0) return here;
  for await (const { at, kind, window, index } of marksFrom(access, from)) {
    if (kind !== mark.local || index + localBytes > window.length || budget.bytes <= 0) continue;
    const method = window.readUInt16LE(index + 8);
    if (!isPlausible(window.readUInt16LE(index + 6), method, window.readUInt16LE(index + 26))) continue;
    const local = await readLocal(access, at);
    if (local?.rawName.every((byte) => byte >= 0x20)) return local;
    budget.bytes -= triedBytes;
  }
  return undefined;
}

const searched: readonly number[] = [mark.local, mark.member, mark.descriptor];
/** Of the window around a mark, as far as the file goes. */
const margin = 32;

interface Marked {
  readonly at: number;
  readonly kind: number;
  readonly window: Buffer;
  /** Of the mark in the window. */
  readonly index: number;
}

async function* marksFrom(access: Access, from: number): AsyncGenerator<Marked> {
  let length = windowBytes.first;
  for (let start = from; start < access.sizeBytes; start += length, length = Math.min(4 * length, windowBytes.most)) {
    const windowStart = Math.max(0, start - margin);
    const window = await access.read(windowStart, start - windowStart + length + margin);
    for (let index = start - windowStart; ; index++) {
      index = window.indexOf('PK', index);
      if (index < 0 || index + 4 > window.length || windowStart + index >= start + length) break;
      const kind = window.readUInt32LE(index);
      if (searched.includes(kind)) yield { at: windowStart + index, kind, window, index };
    }
  }
}

/** True where something of a zip begins, or the file ends. */
export async function endsWell(access: Access, at: number): Promise<boolean> {
  if (at >= access.sizeBytes) return at === access.sizeBytes;
  const head = await access.read(at, 4);
  return head.length === 4 && (Object.values(mark) as number[]).includes(head.readUInt32LE(0));
}

/** With its mark and sizes of 64 bits. */
export const longestDescriptor = 24;

/** Checksum and sizes behind the data. */
export interface Descriptor {
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where it ends. */
  readonly end: number;
}

/** The descriptor at the end of data of this length, in one of its four forms; undefined where none fits the length. */
export async function descriptorAt(
  access: Access,
  dataEnd: number,
  packedBytes: number,
): Promise<Descriptor | undefined> {
  const bytes = await access.read(dataEnd, 24);
  const marked = bytes.length >= 4 && bytes.readUInt32LE(0) === mark.descriptor;
  for (const from of marked ? [4, 0] : [0]) {
    if (bytes.length >= from + 12 && bytes.readUInt32LE(from + 4) === packedBytes) {
      const isWide = bytes.length >= from + 20 && Number(bytes.readBigUInt64LE(from + 4)) === packedBytes;
      const wide = isWide ? Number(bytes.readBigUInt64LE(from + 12)) : undefined;
      const wideEnd = dataEnd + from + 20;
      // an empty high half of the wide packed size could be the size of the narrow form: zero
      if (wide !== undefined && (packedBytes > 0 || wide === 0) && (await endsWell(access, wideEnd))) {
        return { crc: bytes.readUInt32LE(from), packedBytes, sizeBytes: wide, end: wideEnd };
      }
      return {
        crc: bytes.readUInt32LE(from),
        packedBytes,
        sizeBytes: bytes.readUInt32LE(from + 8),
        end: dataEnd + from + 12,
      };
    }
  }
  return undefined;
}

/** Where data of unknown length end: at the first descriptor that names their length. */
export async function findDescriptor(
  access: Access,
  { start, method }: Local,
  budget: Budget,
): Promise<Descriptor | undefined> {
  if (budget.bytes <= 0) return undefined;
  const fits = (found: Descriptor | undefined): found is Descriptor =>
    found !== undefined && (method !== 0 || found.sizeBytes === found.packedBytes);
  for await (const marked of marksFrom(access, start)) {
    budget.bytes -= markBytes;
    if (marked.at - start > budget.bytes) return undefined;
    for (const before of marked.kind === mark.descriptor ? [0] : [12, 20]) {
      const dataEnd = marked.at - before;
      if (dataEnd < start || !namesLength(marked, before, dataEnd - start)) continue;
      const descriptor = await descriptorAt(access, dataEnd, dataEnd - start);
      if (!fits(descriptor) || (before > 0 && descriptor.end !== marked.at)) continue;
      budget.bytes -= marked.at - start;
      return descriptor;
    }
  }
  budget.bytes -= access.sizeBytes - start;
  for (const before of [12, 20]) {
    const dataEnd = access.sizeBytes - before;
    const last = dataEnd < start ? undefined : await descriptorAt(access, dataEnd, dataEnd - start);
    if (fits(last) && last.end === access.sizeBytes) return last;
  }
  return undefined;
}

/** Where data of unknown length end that reach to the end of a cut file: a descriptor may just have begun. */
export async function endOfCut(access: Access, start: number): Promise<number> {
  const from = Math.max(start, access.sizeBytes - longestDescriptor);
  const tail = await access.read(from, access.sizeBytes - from);
  const at = tail.lastIndexOf('PK\x07\x08', tail.length, 'latin1');
  return at < 0 ? access.sizeBytes : from + at;
}

/** Looked at before anything is read for it. */
function namesLength({ window, index }: Marked, before: number, length: number): boolean {
  const at = index - before + (before === 0 ? 8 : 4);
  return at >= 0 && at + 4 <= window.length && window.readUInt32LE(at) === length % 0x100000000;
}
