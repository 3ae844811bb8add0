// Reads a zip whose directory is cut off or damaged: one local header after the other, past damage to the next good one.

import { Cut, type Notes } from './cut.ts';
import { type Meter, metered } from './decompress.ts';
import type { Limits } from './limits.ts';
import type { Visit } from './member.ts';
import { type Access, type Directory, membersOf } from './zip-directory.ts';
import { extentOf } from './zip-extent.ts';
import { type Budget, findDescriptor, type Local, longestDescriptor, nextLocal } from './zip-local.ts';
import { handOver } from './zip-member.ts';
import { mark, type ZipMember } from './zip-record.ts';
import { refusal } from './zip-refusal.ts';

export async function salvageZip(
  access: Access,
  directory: Directory | undefined,
  visit: Visit,
  notes: Notes,
  limits: Limits,
  meter: Meter,
): Promise<void> {
  const listed = await listedMembers(access, directory, limits.entries);
  const budget: Budget = { bytes: 4 * access.sizeBytes + (64 << 20) };
  let at = await firstPlace(access);
  for (;;) {
    const local = await nextLocal(access, at, budget);
    if (!local) return;
    // between two members there may be a descriptor that belongs to the first
    if (local.offset - at > longestDescriptor) {
      const strange = `${local.offset - at} bytes from byte ${at} on belong to no member that can be told`;
      notes.gap('ARCHIVE_CORRUPT_HEADER', `${strange}; read on at the next one`);
    }
    const extent = await extentOf(access, local, listed.get(local.offset), budget, notes);
    const gap = refusal(extent.member);
    const bytes = metered(extent.content, limits, meter);
    await handOver(extent.member, gap, bytes, visit);
    // what the visitor left is passed by: the next header lies behind it
    if (!gap) await drain(bytes);
    at = extent.end() ?? (await resync(access, local, extent.reached(), budget));
  }
}

/** What is left of the directory knows more than the local headers: links, times, sizes. */
async function listedMembers(
  access: Access,
  directory: Directory | undefined,
  maxMembers: number,
): Promise<Map<number, ZipMember>> {
  const listed = new Map<number, ZipMember>();
  if (!directory) return listed;
  for await (const member of membersOf(access, directory)) {
    listed.set(member.offset, { ...member, rawName: Buffer.from(member.rawName) });
    if (listed.size > maxMembers) break;
  }
  return listed;
}

/** A split zip begins with a mark of its own. */
async function firstPlace(access: Access): Promise<number> {
  const head = await access.read(0, 4);
  const isSplit = head.length === 4 && [mark.descriptor, 0x30304b50].includes(head.readUInt32LE(0));
  return isSplit ? 4 : 0;
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of bytes);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
  }
}

/** After damage: behind the descriptor of the same member, else at the next header, which may lie in what was read. */
async function resync(access: Access, local: Local, reached: number, budget: Budget): Promise<number> {
  budget.bytes -= reached - local.start;
  const descriptor = local.sizesFollow ? await findDescriptor(access, local, budget) : undefined;
  if (descriptor) return descriptor.end;
  return budget.bytes > 0 ? local.start : Math.max(reached, local.start);
}
