// Walks the members of a zip by its directory, or, where that is cut off, from one local header to the next.

import { crc32 } from 'node:zlib';
import { ByteReader, type Chunks } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';
import { type Meter, metered } from './decompress.ts';
import { inflater, isDataError } from './gzip.ts';
import type { Limits } from './limits.ts';
import type { Member, Visit } from './member.ts';
import { type Access, readDirectory, type ZipMember } from './zip-directory.ts';
import { salvageZip } from './zip-salvage.ts';
import { through } from './zlib-engine.ts';

const localHeader = { mark: 0x04034b50, bytes: 30 };
const readBytes = 256 * 1024;
/** A link whose target is longer than this leads nowhere. */
const longestLinkBytes = 64 * 1024;

export async function walkZip(access: Access, visit: Visit, notes: Notes, limits: Limits, meter: Meter): Promise<void> {
  const members = await readDirectory(access, limits.zipDirectoryBytes);
  if (!members) return salvageZip(access, visit, notes, limits, meter);
  members.sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const member of members) {
    const overlaps = member.offset < end;
    if (!overlaps) end = member.offset + localHeader.bytes + member.packedBytes;
    const gap = overlaps ? overlap : refusal(member);
    const bytes = gap ? nothing() : metered(unpack(access, member), limits, meter);
    const target = member.type === 'symbolic-link' && !gap ? await linkTarget(bytes) : undefined;
    const { name, type, sizeBytes, modifiedMillis } = member;
    const seen: Member = {
      name,
      type,
      sizeBytes,
      ...(Number.isFinite(modifiedMillis) && { modifiedMillis }),
      ...(target !== undefined && { target }),
      ...(gap && { gap, unreadable: true }),
    };
    await visit(seen, bytes);
    await bytes.return(undefined);
  }
}

const overlap: Member['gap'] = { code: 'ARCHIVE_OVERLAP', detail: 'its data lie inside those of another member' };

function refusal(member: ZipMember): Member['gap'] {
  if (member.type === 'directory') return undefined;
  if (member.encrypted) return { code: 'ENTRY_ENCRYPTED', detail: 'it is encrypted; no password is asked for' };
  if (member.method === 0 || member.method === 8) return undefined;
  return {
    code: 'UNSUPPORTED_FORMAT',
    detail: `compression method ${member.method} of zip; stored and deflate are read`,
  };
}

async function* unpack(access: Access, member: ZipMember): AsyncGenerator<Uint8Array> {
  const header = await access.read(member.offset, localHeader.bytes);
  if (header.length < localHeader.bytes || header.readUInt32LE(0) !== localHeader.mark) {
    throw new Cut('ARCHIVE_CORRUPT_HEADER', 'the directory of the zip points to no member');
  }
  const start = member.offset + localHeader.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = readRange(access, start, member.packedBytes);
  const bytes = member.method === 0 ? packed : through(inflater(), new ByteReader(packed));
  let crc = 0;
  let sizeBytes = 0;
  try {
    for await (const chunk of bytes) {
      const fits = chunk.subarray(0, member.sizeBytes - sizeBytes);
      crc = crc32(fits, crc);
      sizeBytes += chunk.length;
      if (fits.length > 0) yield fits;
      if (sizeBytes > member.sizeBytes) {
        throw new Cut('ARCHIVE_SIZE_MISMATCH', `it is larger than the ${member.sizeBytes} bytes the zip declares`);
      }
    }
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new Cut('ARCHIVE_CHECKSUM', `its data are damaged after ${sizeBytes} bytes`);
  }
  if (sizeBytes < member.sizeBytes) {
    throw new Cut('ARCHIVE_SIZE_MISMATCH', `it ends after ${sizeBytes} of the ${member.sizeBytes} bytes declared`);
  }
  if (crc !== member.crc) throw new Cut('ARCHIVE_CHECKSUM', 'its checksum does not fit the data; all of it was read');
}

export async function* readRange(access: Access, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < start + length; ) {
    const chunk = await access.read(at, Math.min(readBytes, start + length - at));
    if (chunk.length === 0) throw new Cut('ARCHIVE_TRUNCATED', 'the zip ends inside it');
    at += chunk.length;
    yield chunk;
  }
}

async function linkTarget(bytes: Chunks): Promise<string | undefined> {
  try {
    return Buffer.from(await new ByteReader(bytes).take(longestLinkBytes)).toString('utf8');
  } catch (error) {
    if (error instanceof Cut) return undefined;
    throw error;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A zip that lies in memory. */
export function accessOf(bytes: Uint8Array): Access {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: buffer.length, read: async (offset, length) => buffer.subarray(offset, offset + length) };
}
