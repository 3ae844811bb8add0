// Reads gzip, member by member. Node's own gunzip drops the last of the data when a trailer does not fit; this keeps it.

import { constants, crc32, createInflateRaw } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';
import { decoded, isDataError } from './replay.ts';

export { isDataError };

const flag = { headerChecksum: 2, extra: 4, name: 8, comment: 16 };
/** A name or comment longer than this is no gzip header. */
const longestText = 64 * 1024;

export async function* gunzip(input: ByteReader, notes: Notes): AsyncGenerator<Uint8Array> {
  let damage: Cut | undefined;
  for (;;) {
    await skipHeader(input);
    let crc = 0;
    let sizeBytes = 0;
    try {
      for await (const chunk of decoded(inflater, input)) {
        crc = crc32(chunk, crc);
        sizeBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!isDataError(error)) throw error;
      throw new Cut('ARCHIVE_CHECKSUM', `the gzip data is damaged after ${sizeBytes} bytes; the rest cannot be read`);
    }
    const trailer = Buffer.from(await input.take(8));
    if (trailer.length < 8) {
      input.throwIfCut();
      throw new Cut('ARCHIVE_TRUNCATED', `the gzip data ends early, after ${sizeBytes} bytes of its content`);
    }
    if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== sizeBytes % 2 ** 32) {
      damage ??= new Cut('ARCHIVE_CHECKSUM', 'the gzip checksum does not fit the data; all of it was read');
    }
    if (!(await hasNextMember(input, notes))) break;
  }
  if (damage) throw damage;
  input.throwIfCut();
}

/** Some chunks ahead of its reader, so that inflating and what is done with the content overlap. */
const inflateOptions = { chunkSize: 1 << 20, readableHighWaterMark: 4 << 20, finishFlush: constants.Z_SYNC_FLUSH };
export const inflater = () => createInflateRaw(inflateOptions);

async function skipHeader(input: ByteReader): Promise<void> {
  const fixed = await take(input, 10);
  const flags = fixed[3]!;
  if (flags & flag.extra) {
    const length = await take(input, 2);
    await take(input, length[0]! + 256 * length[1]!);
  }
  if (flags & flag.name) await skipText(input);
  if (flags & flag.comment) await skipText(input);
  if (flags & flag.headerChecksum) await take(input, 2);
}

async function take(input: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await input.take(length);
  if (bytes.length < length) throw new Cut('ARCHIVE_TRUNCATED', 'the gzip data ends in its header');
  return bytes;
}

async function skipText(input: ByteReader): Promise<void> {
  const bytes = await input.peek(longestText);
  const end = bytes.indexOf(0);
  if (end >= 0) await input.take(end + 1);
  else if (bytes.length < longestText) throw new Cut('ARCHIVE_TRUNCATED', 'the gzip data ends in its header');
  else throw new Cut('ARCHIVE_CORRUPT_HEADER', 'the gzip header holds an endless name');
}

/** Zeros after a member are padding (tapes, `dd`); anything else that is no member was never part of the data. */
async function hasNextMember(input: ByteReader, notes: Notes): Promise<boolean> {
  for (;;) {
    const chunk = await input.peek(1);
    if (chunk.length === 0) return false;
    if (chunk[0] !== 0) break;
    const zeros = (await input.next())!;
    const first = zeros.findIndex((byte) => byte !== 0);
    if (first >= 0) input.unread(zeros.subarray(first));
  }
  const head = await input.peek(3);
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return true;
  notes.info('ARCHIVE_TRAILING_GARBAGE', 'other bytes follow the end of the gzip data');
  return false;
}
