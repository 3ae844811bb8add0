// How far the data of a member reach that is known by its local header alone, and what they hold.

import { crc32 } from 'node:zlib';
import { Cut, type Notes } from './cut.ts';
import { inflated, type Packed, readerOf, unpack } from './zip-content.ts';
import type { Access } from './zip-directory.ts';
import { type Budget, descriptorAt, endOfCut, endsWell, findDescriptor, type Local, nextLocal } from './zip-local.ts';
import type { ZipMember } from './zip-record.ts';
import { refusal } from './zip-refusal.ts';

/** A first guess where the size is not told. */
const likelyBytes = 1 << 20;

export interface Extent {
  /** As the directory lists it, where that is left. */
  readonly member: ZipMember;
  readonly content: AsyncGenerator<Uint8Array>;
  /** Where to read on; undefined until the content was read, and when that was damaged. */
  readonly end: () => number | undefined;
  /** How much of the file was read for it. */
  readonly reached: () => number;
}

/** Sizes are believed when something of a zip begins where they end; deflate knows its own end. */
export async function extentOf(
  access: Access,
  local: Local,
  listed: ZipMember | undefined,
  budget: Budget,
  notes: Notes,
): Promise<Extent> {
  const { start } = local;
  const known = listed?.rawName.equals(local.rawName) ? listed : local.sizesFollow ? undefined : local;
  if (known && (await endsWell(access, start + known.packedBytes))) {
    return sized(access, known, start, start + known.packedBytes, inFile(access), notes);
  }
  const member = known ?? unknownSizes(local);
  if (local.method === 8 && !refusal(member)) return streamed(access, local, known, member);
  if (!known) {
    const found = await findDescriptor(access, local, budget);
    if (found) return sized(access, { ...local, ...found }, start, found.end, inFile(access), notes);
  } else if (start + known.packedBytes > access.sizeBytes) {
    return sized(access, known, start, access.sizeBytes, inFile(access), notes);
  }
  const next = await nextLocal(access, start, budget);
  const end = next?.offset ?? (await endOfCut(access, start));
  const reason = new Cut('ARCHIVE_SIZE_MISMATCH', 'its size is damaged; it was read up to the next member');
  const packed = known ?? { ...member, packedBytes: Number.POSITIVE_INFINITY, sizeBytes: Number.POSITIVE_INFINITY };
  const extent = sized(access, packed, start, end, next ? { end, reason } : { ...inFile(access), end }, notes);
  return { ...extent, member };
}

const inFile = ({ sizeBytes }: Access): Packed['room'] => ({
  end: sizeBytes,
  reason: new Cut('ARCHIVE_TRUNCATED', 'the zip ends inside it'),
});

/** A folder has none, whatever follows. */
const unknownSizes = (local: Local): ZipMember =>
  local.type === 'directory' ? local : { ...local, sizeBytes: Number.NaN, packedBytes: Number.NaN };

function sized(
  access: Access,
  member: ZipMember,
  start: number,
  end: number,
  room: Packed['room'],
  notes: Notes,
): Extent {
  const content = unpack(access, { ...member, start, room }, notes);
  return { member, content, end: () => end, reached: () => end };
}

function streamed(access: Access, local: Local, known: ZipMember | undefined, member: ZipMember): Extent {
  const { start } = local;
  const reader = readerOf(access, start, access.sizeBytes - start, inFile(access));
  let end: number | undefined;
  async function* content(): AsyncGenerator<Uint8Array> {
    let crc = 0;
    let sizeBytes = 0;
    for await (const chunk of inflated(reader, known?.sizeBytes ?? likelyBytes)) {
      crc = crc32(chunk, crc);
      sizeBytes += chunk.length;
      yield chunk;
    }
    const packedBytes = reader.position;
    const dataEnd = start + packedBytes;
    const isAll = dataEnd >= access.sizeBytes;
    if (isAll && known === undefined) {
      end = access.sizeBytes;
      throw inFile(access).reason;
    }
    const told = known ?? (await descriptorAt(access, dataEnd, packedBytes));
    end = told && 'end' in told ? told.end : dataEnd;
    if (!told) throw new Cut('ARCHIVE_CHECKSUM', 'no checksum follows its data; all of it was read');
    if (told.crc !== crc) {
      if (isAll && sizeBytes < told.sizeBytes) throw inFile(access).reason;
      throw new Cut('ARCHIVE_CHECKSUM', 'its checksum does not fit the data; all of it was read');
    }
  }
  return { member, content: content(), end: () => end, reached: () => start + reader.position };
}
