// Hands one member of a zip on, and looks first where a link leads.

import { ByteReader, type Chunks } from './byte-reader.ts';
import { Cut } from './cut.ts';
import type { Member, Visit } from './member.ts';
import type { ZipMember } from './zip-record.ts';

/** A link whose target is longer than this leads nowhere. */
const longestLinkBytes = 64 * 1024;
/** Deflate makes two bytes of nothing. */
const emptyBytes = 2;

export async function handOver(
  member: ZipMember,
  gap: Member['gap'],
  bytes: AsyncGenerator<Uint8Array>,
  visit: Visit,
  isElsewhere = false,
): Promise<void> {
  const { name, type, sizeBytes, packedBytes, crc, modifiedMillis } = member;
  const target = type === 'symbolic-link' && !gap ? await linkTarget(bytes) : undefined;
  // what is said to be empty, and yet has bytes or no place, is looked at
  const isOdd = sizeBytes === 0 && (packedBytes > emptyBytes || crc !== 0 || isElsewhere);
  const seen: Member = {
    name,
    type,
    sizeBytes: isOdd ? Number.NaN : sizeBytes,
    ...(Number.isFinite(modifiedMillis) && { modifiedMillis }),
    ...(target !== undefined && { target }),
    ...(gap && { gap, unreadable: true }),
  };
  await visit(seen, gap ? nothing() : bytes);
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
