// Unpacks one member of a zip, and sees whether what comes out is what the zip says of it.

import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { bunzip2 } from './bzip2.ts';
import { Cut, type Notes } from './cut.ts';
import { decoded, isDataError } from './replay.ts';
import { unxz } from './xz.ts';
import type { Access } from './zip-directory.ts';
import { unzstd } from './zstd.ts';

export interface Packed {
  readonly name: string;
  readonly method: number;
  /** Where the data begin and how many bytes they have. */
  readonly start: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly crc: number;
  /** Where they end at the latest, and why. */
  readonly room: { readonly end: number; readonly reason: Cut };
}

const readBytes = 256 * 1024;
/** Members up to this size are unpacked in one go, which is twice as fast as a stream. */
const atOnceBytes = 1 << 20;

/** All of it that can be had; a `Cut` after it when something is amiss. */
export async function* unpack(access: Access, packed: Packed, notes: Notes): AsyncGenerator<Uint8Array> {
  const { sizeBytes } = packed;
  let crc = 0;
  let readSoFar = 0;
  for await (const chunk of rawContent(access, packed)) {
    const fits = chunk.subarray(0, sizeBytes - readSoFar);
    crc = crc32(fits, crc);
    readSoFar += chunk.length;
    if (fits.length > 0) yield fits;
    if (readSoFar > sizeBytes) {
      throw new Cut('ARCHIVE_SIZE_MISMATCH', `it is larger than the ${sizeBytes} bytes the zip declares`);
    }
  }
  const isShort = readSoFar < sizeBytes;
  if (isShort && packed.start + packed.packedBytes > packed.room.end) throw packed.room.reason;
  // both sizes of a stored member mean the same bytes
  const isTwofold = packed.method === 0 && packed.packedBytes !== sizeBytes;
  if (crc !== packed.crc || (isShort && readSoFar === 0)) {
    if (isShort || isTwofold) throw new Cut('ARCHIVE_SIZE_MISMATCH', mismatch(packed, readSoFar));
    throw new Cut('ARCHIVE_CHECKSUM', 'its checksum does not fit the data; all of it was read');
  }
  if (isShort || isTwofold) {
    const sizes = `${mismatch(packed, readSoFar)}; its checksum fits those that were read`;
    notes.info('ENTRY_SIZE_CONFLICT', `${packed.name}: ${sizes}`);
  }
}

const mismatch = ({ sizeBytes, packedBytes }: Packed, readSoFar: number): string =>
  `${readSoFar} bytes were read of the ${sizeBytes} the zip declares (packed: ${packedBytes})`;

async function* rawContent(access: Access, packed: Packed): AsyncGenerator<Uint8Array> {
  const { method, start, room } = packed;
  if (method === 0) {
    yield* readRange(access, start, Math.min(packed.packedBytes, packed.sizeBytes), room);
    return;
  }
  const reader = readerOf(access, start, packed.packedBytes, room);
  if (method === 8) {
    const mostBytes = Math.min(packed.sizeBytes, mostOutOfOne * Math.max(0, room.end - start));
    const whole = await inflateAtOnce(access, packed, mostBytes);
    if (whole) yield whole;
    else yield* inflated(reader, mostBytes);
    return;
  }
  // a folder may name any method, and holds nothing
  if (isReadable(method)) yield* decoders[method as keyof typeof decoders](reader, unheard);
}

/** What may follow the end of the packed data is the zip's own. */
const unheard: Notes = { gap: () => {}, info: () => {} };
const decoders = { 12: bunzip2, 20: unzstd, 93: unzstd, 95: unxz } as const;
export const isReadable = (method: number): boolean => method === 0 || method === 8 || method in decoders;

/** Deflate makes no more than 1,032 bytes of one. */
const mostOutOfOne = 1032;

/** Undefined when it is large or damaged. */
async function inflateAtOnce(access: Access, packed: Packed, mostBytes: number): Promise<Uint8Array | undefined> {
  const { start, room } = packed;
  const packedBytes = Math.min(packed.packedBytes, room.end - start);
  if (packedBytes <= 0) return new Uint8Array(0);
  if (mostBytes > atOnceBytes || packedBytes > atOnceBytes) return undefined;
  const bytes = await access.read(start, packedBytes);
  try {
    const chunkSize = Math.max(64, mostBytes + 1);
    return inflateRawSync(bytes, { chunkSize, maxOutputLength: chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (isDataError(error) || isTooLarge(error)) return undefined;
    throw error;
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** A zip that lies about a size is not to fill the memory: no more than that is held of what comes out. */
export function zipInflater(sizeBytes: number) {
  const chunkSize = within(sizeBytes / 8, 16 * 1024, 1 << 20);
  const readableHighWaterMark = within(sizeBytes / 2, 16 * 1024, 4 << 20);
  const options = { chunkSize, readableHighWaterMark, finishFlush: constants.Z_SYNC_FLUSH };
  return createInflateRaw(options);
}

const within = (value: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)));

/** Ends where the data do, whatever follows them. */
export async function* inflated(reader: ByteReader, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let givenBytes = 0;
  try {
    for await (const chunk of decoded(() => zipInflater(sizeBytes), reader)) {
      givenBytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new Cut('ARCHIVE_CHECKSUM', `its data are damaged after ${givenBytes} bytes`);
  }
}

/** A range of the file that can be read again where an engine meets damage. */
export const readerOf = (access: Access, start: number, length: number, room: Packed['room']): ByteReader =>
  new ByteReader(readRange(access, start, length, room), (from) =>
    readRange(access, start + from, length - from, room),
  );

/** Bytes of the file, no more than there is room for. */
export async function* readRange(
  access: Access,
  start: number,
  length: number,
  room: Packed['room'],
): AsyncGenerator<Uint8Array> {
  const end = Math.min(start + length, room.end);
  for (let at = start; at < end; ) {
    const chunk = await access.read(at, Math.min(readBytes, end - at));
    if (chunk.length === 0) throw new Cut('ARCHIVE_TRUNCATED', 'the zip ends inside it');
    at += chunk.length;
    yield chunk;
  }
}
