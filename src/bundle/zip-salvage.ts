// Reads a zip whose directory is cut off: from the beginning, one local header after the other, as far as it goes.

import { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';
import { type Meter, metered } from './decompress.ts';
import { inflater, isDataError } from './gzip.ts';
import type { Limits } from './limits.ts';
import type { Visit } from './member.ts';
import { readRange } from './zip.ts';
import { type Access, dosTime, memberName } from './zip-directory.ts';
import { through } from './zlib-engine.ts';

const mark = { local: 0x04034b50, descriptor: 0x08074b50 };

export async function salvageZip(
  access: Access,
  visit: Visit,
  _notes: Notes,
  limits: Limits,
  meter: Meter,
): Promise<void> {
  const input = new ByteReader(readRange(access, 0, access.sizeBytes));
  for (;;) {
    const header = Buffer.from(await input.take(30));
    if (header.length < 30 || header.readUInt32LE(0) !== mark.local) break;
    const flags = header.readUInt16LE(6);
    const method = header.readUInt16LE(8);
    const packedBytes = header.readUInt32LE(18);
    const name = memberName(Buffer.from(await input.take(header.readUInt16LE(26))).toString('latin1'));
    await input.take(header.readUInt16LE(28));
    const sizeUnknown = (flags & 8) !== 0;
    const readable = (flags & 1) === 0 && (method === 8 || (method === 0 && !sizeUnknown));
    const packed = sizeUnknown ? input : new ByteReader(limited(input, packedBytes));
    const bytes = readable
      ? metered(damageNamed(method === 0 ? packed : through(inflater(), packed)), limits, meter)
      : none();
    await visit(
      {
        name,
        type: name.endsWith('/') ? 'directory' : 'file',
        sizeBytes: sizeUnknown ? Number.NaN : header.readUInt32LE(22),
        modifiedMillis: dosTime(header.readUInt16LE(12), header.readUInt16LE(10)),
        ...(!readable && {
          gap: { code: 'ARCHIVE_TRUNCATED' as const, detail: 'it cannot be read without the directory of the zip' },
          unreadable: true,
        }),
      },
      bytes,
    );
    try {
      // what the visitor left is passed by: the next header lies behind it
      for await (const _ of bytes);
      if (!sizeUnknown) for await (const _ of packed);
    } catch (error) {
      if (error instanceof Cut) break;
      throw error;
    }
    if (sizeUnknown && !readable) break;
    if (sizeUnknown) await skipDescriptor(input);
  }
  throw new Cut(
    'ARCHIVE_TRUNCATED',
    'the zip has no directory: it was cut, and was read member by member as far as it goes',
  );
}

async function* limited(input: ByteReader, length: number): AsyncGenerator<Uint8Array> {
  for (let left = length; left > 0; ) {
    const chunk = await input.next();
    if (!chunk) throw new Cut('ARCHIVE_TRUNCATED', `the zip ends inside it, ${left} packed bytes before its end`);
    input.unread(chunk.subarray(left));
    const mine = chunk.subarray(0, left);
    left -= mine.length;
    yield mine;
  }
}

async function* damageNamed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw isDataError(error) ? new Cut('ARCHIVE_CHECKSUM', 'its data are damaged') : error;
  }
}

/** Checksum and sizes behind the data, with or without a mark, of 32 or 64 bits: the next header tells which. */
async function skipDescriptor(input: ByteReader): Promise<void> {
  const bytes = Buffer.from(await input.peek(28));
  for (const length of [16, 12, 24, 20]) {
    if (bytes.length >= length + 4 && [0x04034b50, 0x02014b50].includes(bytes.readUInt32LE(length))) {
      await input.take(length);
      return;
    }
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}
