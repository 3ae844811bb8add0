// Makes zips byte by byte: of any shape a writer, an accident or an attacker can give them.

import { crc32, deflateRawSync } from 'node:zlib';

export interface Shape {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  readonly method?: number;
  /** Instead of what the method makes of the content. */
  readonly packed?: Buffer;
  readonly flags?: number;
  /** As the directory has them. */
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly packedBytes?: number;
  readonly offset?: number;
  readonly attributes?: number;
  readonly host?: number;
  readonly extra?: Buffer;
  readonly disk?: number;
  /** As the local header has them. */
  readonly localName?: string | Buffer;
  readonly localExtra?: Buffer;
  /** Checksum and sizes behind the data, none before them. */
  readonly descriptor?: 'marked' | 'plain' | 'wide' | 'wide and plain';
}

export interface Around {
  readonly prefix?: Buffer;
  /** Offsets that know of the prefix. */
  readonly counted?: boolean;
  readonly comment?: string | Buffer;
  readonly count?: number;
  readonly directoryBytes?: number;
  readonly directoryOffset?: number;
  readonly beforeDirectory?: Buffer;
  readonly beforeEnd?: Buffer;
  readonly wideEnd?: boolean;
  readonly part?: number;
}

export interface Made {
  readonly bytes: Buffer;
  /** Where each local header begins. */
  readonly places: readonly number[];
  readonly directoryAt: number;
  readonly endAt: number;
}

const uint = (value: number, length: 2 | 4 | 8): Buffer => {
  const bytes = Buffer.alloc(length);
  if (length === 8) bytes.writeBigUInt64LE(BigInt(value));
  else bytes.writeUIntLE(value, 0, length);
  return bytes;
};
const short = (...values: number[]): Buffer => Buffer.concat(values.map((value) => uint(value, 2)));
const long = (...values: number[]): Buffer => Buffer.concat(values.map((value) => uint(value, 4)));
export const wide = (...values: number[]): Buffer => Buffer.concat(values.map((value) => uint(value, 8)));

/** A field of the extra data. */
export const extraField = (id: number, body: Buffer): Buffer => Buffer.concat([short(id, body.length), body]);
const may2024 = short(0, (44 << 9) | (5 << 5) | 1);
const full = 0xffffffff;

export function makeZip(shapes: readonly Shape[], around: Around = {}): Made {
  const parts: Buffer[] = [around.prefix ?? Buffer.alloc(0)];
  const base = around.counted ? 0 : parts[0]!.length;
  let at = parts[0]!.length;
  const add = (...bytes: Buffer[]) => {
    for (const each of bytes) {
      parts.push(each);
      at += each.length;
    }
  };
  const places: number[] = [];
  const records: Buffer[] = [];
  for (const shape of shapes) {
    const place = at;
    places.push(place);
    const content = Buffer.from(shape.content ?? 'kind: Pod\n');
    const method = shape.method ?? 8;
    const packed = shape.packed ?? (method === 8 ? deflateRawSync(content) : content);
    const flags = (shape.flags ?? 0) | (shape.descriptor ? 8 : 0);
    const crc = crc32(content);
    const name = Buffer.from(shape.name);
    const localName = Buffer.from(shape.localName ?? shape.name);
    const localExtra = shape.localExtra ?? Buffer.alloc(0);
    const told = shape.descriptor ? long(0, 0, 0) : long(crc, packed.length, content.length);
    const localHead = [short(20, flags, method), may2024, told, short(localName.length, localExtra.length)];
    add(long(0x04034b50), ...localHead, localName, localExtra, packed, descriptorOf(shape, crc, packed, content));
    const extra = shape.extra ?? Buffer.alloc(0);
    const sizes = long(shape.crc ?? crc, shape.packedBytes ?? packed.length, shape.sizeBytes ?? content.length);
    records.push(
      Buffer.concat([
        long(0x02014b50),
        short(20 | ((shape.host ?? 3) << 8), 20, flags, method),
        may2024,
        sizes,
        short(name.length, extra.length, 0, shape.disk ?? 0, 0),
        long(shape.attributes ?? 0, shape.offset ?? place - base),
        name,
        extra,
      ]),
    );
  }
  add(around.beforeDirectory ?? Buffer.alloc(0));
  const directoryAt = at;
  add(...records);
  const directoryBytes = around.directoryBytes ?? at - directoryAt;
  const offset = around.directoryOffset ?? directoryAt - base;
  const count = around.count ?? shapes.length;
  add(around.beforeEnd ?? Buffer.alloc(0));
  if (around.wideEnd) {
    const wideAt = at;
    add(long(0x06064b50), wide(44), short(45, 45), long(0, 0), wide(count, count, directoryBytes, offset));
    add(long(0x07064b50, 0), wide(wideAt - base), long(1));
  }
  const endAt = at;
  const comment = Buffer.from(around.comment ?? '');
  const counts = around.wideEnd ? short(0xffff, 0xffff) : short(count % 0x10000, count % 0x10000);
  const sizes = around.wideEnd ? long(full, full) : long(directoryBytes, offset);
  add(long(0x06054b50), short(around.part ?? 0, around.part ?? 0), counts, sizes, short(comment.length), comment);
  return { bytes: Buffer.concat(parts), places, directoryAt, endAt };
}

function descriptorOf({ descriptor }: Shape, crc: number, packed: Buffer, content: Buffer): Buffer {
  if (!descriptor) return Buffer.alloc(0);
  const isWide = descriptor.startsWith('wide');
  const sizes = isWide ? wide(packed.length, content.length) : long(packed.length, content.length);
  const mark = descriptor.endsWith('plain') ? Buffer.alloc(0) : long(0x08074b50);
  return Buffer.concat([mark, long(crc), sizes]);
}
