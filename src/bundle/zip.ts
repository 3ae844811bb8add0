// Walks the members of a zip by its directory, or, where that is cut off or damaged, from one local header to the next.

import { Cut, type Notes } from './cut.ts';
import { type Meter, metered } from './decompress.ts';
import { type Limits, limitText } from './limits.ts';
import type { Member, Visit } from './member.ts';
import { unpack } from './zip-content.ts';
import { type Access, type Directory, findDirectory, membersOf } from './zip-directory.ts';
import { handOver } from './zip-member.ts';
import { localBytes, mark, type ZipMember } from './zip-record.ts';
import { refusal } from './zip-refusal.ts';
import { giveRooms } from './zip-room.ts';
import { salvageZip } from './zip-salvage.ts';

/** True for a file that ends in a zip with members, whatever it begins with: an installer, a script. */
export async function endsInZip(access: Access, limits: Limits): Promise<boolean> {
  const directory = await findDirectory(access, limits.entries);
  return directory?.told !== undefined && directory.count > 0;
}

export async function walkZip(access: Access, visit: Visit, notes: Notes, limits: Limits, meter: Meter): Promise<void> {
  const directory = await findDirectory(access, limits.entries);
  const doubt = await doubtOf(access, directory, limits);
  if (doubt) {
    await salvageZip(access, directory, visit, notes, limits, meter);
    throw doubt;
  }
  if (directory) await walkDirectory(access, directory, visit, notes, limits, meter);
}

/** Why the directory cannot be relied on alone. */
async function doubtOf(access: Access, directory: Directory | undefined, limits: Limits): Promise<Cut | undefined> {
  const byHeaders = 'its members were read one after the other, as far as they go';
  if (!directory) return new Cut('ARCHIVE_TRUNCATED', `the zip has no directory: it was cut; ${byHeaders}`);
  const sizeBytes = directory.end - directory.start;
  if (sizeBytes > limits.zipDirectoryBytes) {
    const limit = limitText('zipDirectoryBytes', limits.zipDirectoryBytes);
    return new Cut('LIMIT_META', `the directory of the zip has ${sizeBytes} bytes, ${byHeaders}; ${limit}`);
  }
  const isCut = !directory.told || directory.isInside;
  if (isCut) return new Cut('ARCHIVE_TRUNCATED', `the end of the zip is missing: it was cut; ${byHeaders}`);
  if (!directory.isWhole) return new Cut('ARCHIVE_CORRUPT_HEADER', `the directory of the zip is damaged; ${byHeaders}`);
  if (directory.count > 0) return undefined;
  const head = await access.read(0, 4);
  if (head.length < 4 || head.readUInt32LE(0) !== mark.local) return undefined;
  return new Cut('ARCHIVE_CORRUPT_HEADER', `the directory of the zip lists none of its members; ${byHeaders}`);
}

async function walkDirectory(
  access: Access,
  directory: Directory,
  visit: Visit,
  notes: Notes,
  limits: Limits,
  meter: Meter,
): Promise<void> {
  const { told, count } = directory;
  if (told && told.count !== count % told.countLimit) {
    const counts = `the end of the zip speaks of ${told.count} members, its directory lists ${count}`;
    notes.gap('ARCHIVE_CORRUPT_HEADER', `${counts}; those were read`);
  }
  if (told && told.trailingBytes > 0) {
    notes.info('ARCHIVE_TRAILING_GARBAGE', `${told.trailingBytes} other bytes follow the end of the zip`);
  }
  const rooms = await giveRooms(access, directory, limits.entries);
  let index = -1;
  for await (const member of membersOf(access, directory)) {
    index++;
    const roomEnd = rooms(index, member);
    const isShared = roomEnd <= member.offset && member.offset < access.sizeBytes && member.sizeBytes > 0;
    const gap = isShared ? overlap : refusal(member);
    const content = contentOf(access, directory, member, roomEnd, notes);
    const isElsewhere = member.offset + localBytes > access.sizeBytes;
    const bytes = metered(content, limits, meter);
    await handOver(member, gap, bytes, visit, isElsewhere);
    // what the visitor left unread holds an engine
    await bytes.return(undefined);
  }
}

const overlap: Member['gap'] = { code: 'ARCHIVE_OVERLAP', detail: 'its data lie inside those of another member' };

async function* contentOf(
  access: Access,
  directory: Directory,
  member: ZipMember,
  roomEnd: number,
  notes: Notes,
): AsyncGenerator<Uint8Array> {
  const { offset, rawName, packedBytes } = member;
  const header = await access.read(offset, localBytes + rawName.length);
  // one or the other may be damaged; the checksum tells whether the data are those of this member
  const isHere = header.length >= localBytes && header.readUInt32LE(0) === mark.local;
  if (!isHere && !(rawName.length > 0 && header.subarray(localBytes).equals(rawName))) {
    if (directory.told?.part)
      throw new Cut('UNSUPPORTED_FORMAT', 'it lies in another part of a split zip: join the parts first');
    throw new Cut(
      'ARCHIVE_CORRUPT_HEADER',
      `the directory of the zip places it at byte ${offset}, where no member begins`,
    );
  }
  const start = offset + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  yield* unpack(
    access,
    { ...member, start, room: { end: roomEnd, reason: roomReason(directory, roomEnd, packedBytes) } },
    notes,
  );
}

function roomReason(directory: Directory, roomEnd: number, packedBytes: number): Cut {
  const declared = `the zip declares ${packedBytes} packed bytes`;
  if (roomEnd === directory.start) {
    return new Cut(
      'ARCHIVE_SIZE_MISMATCH',
      `${declared}, which would reach into its directory; it was read up to there`,
    );
  }
  return new Cut('ARCHIVE_OVERLAP', `${declared}, which would reach into the next member; it was read up to there`);
}
