// Fuzzes zips by their structure: local headers, descriptors, directory and end records that agree with each other or not.

import { crc32, deflateRawSync } from 'node:zlib';
import { checkArchive } from './fuzz-archive-check.ts';
import { mutateBytes } from './fuzz-mutate.ts';
import { chance, pick, type Random } from './fuzz-random.ts';
import type { FuzzInput, Seen, Target } from './fuzz-target.ts';

const names = [
  'a.yaml',
  'a.yaml',
  'b.log',
  'd/',
  'd/e.txt',
  '../up.log',
  '/abs.log',
  'mg\\win\\a.yaml',
  '',
  '.',
  'é.log',
  '\xff.log',
  'n\0.log',
  `${'x'.repeat(300)}.log`,
];
const oddNumbers = [0, 1, 2, 20, 46, 255, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

interface Packed {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly packed: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly zip64: boolean;
}

function packedOf(next: Random): Packed {
  const content = Buffer.from('kind: Pod\n'.repeat(next(chance(next, 9) ? 20_000 : 20)));
  const method = pick(next, [0, 8, 8, 8, 8, 9, 12, 93, next(100)]);
  return {
    name: Buffer.from(pick(next, names), chance(next, 2) ? 'latin1' : 'utf8'),
    content,
    packed: method === 0 ? content : deflateRawSync(content),
    method,
    flags: pick(next, [0, 0, 0, 8, 8, 0x800, 1, next(0x10000)]),
    crc: chance(next, 12) ? next(2 ** 32) : crc32(content),
    zip64: chance(next, 6),
  };
}

/** Mostly the true number. */
const perhaps = (next: Random, value: number, most: number): number =>
  Math.min(most, chance(next, 25) ? pick(next, [...oddNumbers, next(most)]) : value);

function extraOf(next: Random, { zip64, content, packed }: Packed, offset: number, local: boolean): Buffer {
  const parts: Buffer[] = [];
  if (zip64) {
    const wide = Buffer.alloc(local ? 20 : 28);
    wide.writeUInt16LE(1, 0);
    wide.writeUInt16LE(chance(next, 8) ? next(65_536) : wide.length - 4, 2);
    wide.writeBigUInt64LE(BigInt(chance(next, 9) ? pick(next, oddNumbers) : content.length), 4);
    wide.writeBigUInt64LE(chance(next, 20) ? 2n ** 63n + 5n : BigInt(packed.length), 12);
    if (!local) wide.writeBigUInt64LE(chance(next, 20) ? 2n ** 64n - 1n : BigInt(offset), 20);
    parts.push(wide);
  }
  if (chance(next, 6)) {
    const field = Buffer.alloc(4 + next(30), 1);
    field.writeUInt16LE(pick(next, [0x7075, 0x5455, 0x7875, 0xcafe, 1]), 0);
    field.writeUInt16LE(chance(next, 5) ? next(65_536) : field.length - 4, 2);
    parts.push(field);
  }
  if (chance(next, 20)) parts.push(Buffer.alloc(next(4)));
  return Buffer.concat(parts);
}

function localOf(next: Random, member: Packed): Buffer {
  const { flags, zip64, packed, content, name, crc } = member;
  const later = (flags & 8) !== 0 && !chance(next, 5);
  const head = Buffer.alloc(30);
  const extra = extraOf(next, member, 0, true);
  head.writeUInt32LE(chance(next, 40) ? next(2 ** 32) : 0x04034b50, 0);
  head.writeUInt16LE(perhaps(next, flags, 0xffff), 6);
  head.writeUInt16LE(perhaps(next, member.method, 0xffff), 8);
  head.writeUInt32LE(later ? 0 : perhaps(next, crc, 0xffffffff), 14);
  head.writeUInt32LE(later ? 0 : zip64 ? 0xffffffff : perhaps(next, packed.length, 0xffffffff), 18);
  head.writeUInt32LE(later ? 0 : zip64 ? 0xffffffff : perhaps(next, content.length, 0xffffffff), 22);
  head.writeUInt16LE(perhaps(next, name.length, 0xffff), 26);
  head.writeUInt16LE(perhaps(next, extra.length, 0xffff), 28);
  const parts = [head, chance(next, 15) ? Buffer.from('other.log') : name, extra, packed];
  if ((flags & 8) !== 0 && !chance(next, 8)) parts.push(descriptorOf(next, member));
  return Buffer.concat(parts);
}

function descriptorOf(next: Random, { crc, packed, content, zip64 }: Packed): Buffer {
  const sizeBytes = zip64 ? 8 : 4;
  const bytes = Buffer.alloc(8 + 2 * sizeBytes);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(perhaps(next, packed.length, 0xffffffff), 8);
  bytes.writeUInt32LE(content.length, 8 + sizeBytes);
  return chance(next, 3) ? bytes.subarray(4) : bytes;
}

function recordOf(next: Random, member: Packed, offset: number): Buffer {
  const { zip64, packed, content, name } = member;
  const head = Buffer.alloc(46);
  const extra = extraOf(next, member, offset, false);
  const comment = Buffer.alloc(chance(next, 10) ? next(200) : 0, 'c');
  head.writeUInt32LE(chance(next, 50) ? next(2 ** 32) : 0x02014b50, 0);
  head.writeUInt16LE(pick(next, [20, 0x314, 0xb14]), 4);
  head.writeUInt16LE(perhaps(next, member.flags, 0xffff), 8);
  head.writeUInt16LE(member.method, 10);
  head.writeUInt32LE(next(2 ** 32), 12);
  head.writeUInt32LE(member.crc, 16);
  head.writeUInt32LE(zip64 ? 0xffffffff : perhaps(next, packed.length, 0xffffffff), 20);
  head.writeUInt32LE(zip64 ? 0xffffffff : perhaps(next, content.length, 0xffffffff), 24);
  head.writeUInt16LE(perhaps(next, name.length, 0xffff), 28);
  head.writeUInt16LE(perhaps(next, extra.length, 0xffff), 30);
  head.writeUInt16LE(perhaps(next, comment.length, 0xffff), 32);
  head.writeUInt32LE(chance(next, 8) ? pick(next, [0o120777, 0o040755, 0o010644, 0o100644]) * 65_536 : 0, 38);
  head.writeUInt32LE(zip64 ? 0xffffffff : perhaps(next, offset, 0xffffffff), 42);
  return Buffer.concat([head, name, extra, comment]);
}

function endOf(next: Random, count: number, sizeBytes: number, offset: number, at: number): Buffer {
  const parts: Buffer[] = [];
  const wide = chance(next, 6);
  if (wide) {
    const end64 = Buffer.alloc(56);
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(44n, 4);
    end64.writeBigUInt64LE(BigInt(perhaps(next, count, 0xffffffff)), 24);
    end64.writeBigUInt64LE(BigInt(perhaps(next, count, 0xffffffff)), 32);
    end64.writeBigUInt64LE(chance(next, 20) ? 2n ** 64n - 1n : BigInt(sizeBytes), 40);
    end64.writeBigUInt64LE(chance(next, 20) ? 2n ** 63n : BigInt(offset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(chance(next, 12) ? 2n ** 62n : BigInt(at), 8);
    locator.writeUInt32LE(1, 16);
    parts.push(end64, locator);
  }
  const comment = Buffer.alloc(chance(next, 5) ? next(chance(next, 5) ? 66_000 : 100) : 0, 'PK\x05\x06');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(perhaps(next, 0, 0xffff), 4);
  end.writeUInt16LE(wide ? 0xffff : perhaps(next, count, 0xffff), 8);
  end.writeUInt16LE(wide ? 0xffff : perhaps(next, count, 0xffff), 10);
  end.writeUInt32LE(wide ? 0xffffffff : perhaps(next, sizeBytes, 0xffffffff), 12);
  end.writeUInt32LE(wide ? 0xffffffff : perhaps(next, offset, 0xffffffff), 16);
  end.writeUInt16LE(perhaps(next, Math.min(comment.length, 0xffff), 0xffff), 20);
  return Buffer.concat([...parts, end, comment]);
}

function zipOf(next: Random): Buffer {
  const parts: Buffer[] = chance(next, 10) ? [Buffer.from('#!/bin/sh\n'.repeat(next(20)))] : [];
  let at = chance(next, 2) ? 0 : Buffer.concat(parts).length;
  const records: Buffer[] = [];
  for (let count = next(6); count > 0; count--) {
    const member = packedOf(next);
    const local = localOf(next, member);
    parts.push(local);
    for (let times = chance(next, 15) ? next(3) : 1; times > 0; times--) records.push(recordOf(next, member, at));
    at += local.length;
  }
  const directory = Buffer.concat(records);
  const end = endOf(next, records.length, directory.length, at, at + directory.length);
  const bytes = Buffer.concat([...parts, directory, end]);
  if (chance(next, 8)) return bytes.subarray(0, next(bytes.length + 1));
  return chance(next, 6) ? mutateBytes(next, bytes) : bytes;
}

/** What comes without a gap has a checksum that stands somewhere in the archive. */
function checkZip(input: FuzzInput): Promise<Seen> {
  return checkArchive(input, ({ files, intake }) => {
    const withGap = new Set(intake.gaps.map(({ path }) => path));
    if (withGap.has(input.label)) return undefined;
    for (const [path, content] of files) {
      // what is packed inside comes unpacked, and not under its own checksum
      if (withGap.has(path) || path.includes('!') || path === input.label) continue;
      const crc = Buffer.alloc(4);
      crc.writeUInt32LE(crc32(content));
      if (!input.bytes.includes(crc)) return `the content of '${path}' has a checksum that the archive does not hold`;
    }
    return undefined;
  });
}

export const zipTarget: Target = {
  name: 'zip',
  make: (next) => ({ bytes: zipOf(next), label: chance(next, 2) ? 'some.zip' : 'all.zip' }),
  check: checkZip,
};
