// Fuzzes compressed streams: gzip frames by their parts, xz, zstd and bzip2 by damage.

import { constants, crc32, deflateRawSync, gunzipSync, zstdCompressSync } from 'node:zlib';
import { file, tar } from '../bundle/archives.ts';
import { checkArchive } from './fuzz-archive-check.ts';
import { mutateBytes } from './fuzz-mutate.ts';
import { chance, pick, type Random } from './fuzz-random.ts';
import type { FuzzInput, Seen, Target } from './fuzz-target.ts';

function contentOf(next: Random): Buffer {
  if (chance(next, 3)) return tar(file('a.yaml'), file('b.log', 'line\n'.repeat(next(3000))), file('c.txt', 'x'));
  const line = pick(next, ['I0101 00:00:00 line\n', 'a', '\0', `${'word '.repeat(40)}\n`]);
  return Buffer.from(line.repeat(next(chance(next, 20) ? 20_000 : 400)));
}

/** Mark, flags and fields as they should be or not; stored, fixed and dynamic blocks; a trailer that fits or not. */
function gzipMember(next: Random): Buffer {
  const content = contentOf(next);
  const flags = chance(next, 2) ? 0 : next(chance(next, 5) ? 256 : 32);
  const head = [Buffer.from([0x1f, 0x8b, chance(next, 40) ? next(256) : 8, flags, next(256), 1, 2, 3, 0, next(256)])];
  if (flags & 4) {
    const extra = Buffer.alloc(2 + next(chance(next, 4) ? 3000 : 20), 7);
    extra.writeUInt16LE(chance(next, 6) ? next(65_536) : extra.length - 2);
    head.push(extra);
  }
  for (const bit of [8, 16])
    if (flags & bit)
      head.push(Buffer.from(`${'n'.repeat(next(chance(next, 9) ? 70_000 : 12))}${chance(next, 9) ? '' : '\0'}`));
  if (flags & 2) {
    const checksum = Buffer.alloc(2);
    checksum.writeUInt16LE(chance(next, 4) ? next(65_536) : crc32(Buffer.concat(head)) & 0xffff);
    head.push(checksum);
  }
  const options = pick(next, [
    { level: 0 },
    { strategy: constants.Z_FIXED },
    { level: 9 },
    { strategy: constants.Z_HUFFMAN_ONLY },
  ]);
  let body: Buffer = deflateRawSync(content, options);
  if (chance(next, 6)) body = mutateBytes(next, body, 1);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(chance(next, 8) ? next(2 ** 32) : crc32(content), 0);
  trailer.writeUInt32LE(chance(next, 8) ? next(2 ** 32) : content.length, 4);
  return Buffer.concat([...head, body, chance(next, 10) ? trailer.subarray(0, next(8)) : trailer]);
}

function gzipOf(next: Random): Buffer {
  const parts = Array.from({ length: chance(next, 3) ? 2 + next(3) : 1 }, () => gzipMember(next));
  if (chance(next, 8)) parts.push(Buffer.alloc(next(2000)));
  if (chance(next, 8)) parts.push(Buffer.from('garbage'.repeat(1 + next(20))));
  const bytes = Buffer.concat(parts);
  return chance(next, 6) ? mutateBytes(next, bytes) : bytes;
}

/** Where zlib's own reader takes it, ours must give the same; without a gap unless the content itself is odd. */
function checkGzip(input: FuzzInput): Promise<Seen> {
  return checkArchive(input, ({ files }) => {
    const delivered = files.get(input.label);
    if (!delivered) return undefined;
    let reference: Buffer;
    try {
      reference = gunzipSync(input.bytes);
    } catch {
      return undefined;
    }
    return delivered.equals(reference)
      ? undefined
      : `zlib gives ${reference.length} bytes, ours ${delivered.length}, or others`;
  });
}

export const gzipTarget: Target = {
  name: 'gzip',
  make: (next) => ({ bytes: gzipOf(next), label: 'all.log.gz' }),
  check: checkGzip,
};

/** `xz -6` and `bzip2 -9` of a tar with `a.yaml` (`kind: Pod`) and `b.log` (fifty lines `line`). */
const packedElsewhere = {
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Av/AGVdADCLiyZUNuqyhzfgxGwWcerbp7sW4+yZEtC1JMVirjCNWfjkynBSW4wIMSdzUnSK3Vw7NPH+a4VKVuHMWwIEXltfaeg6ubvrPN2tmjXVnsmGCHbd+oJ2sKu59xKFuzc7DU7BBnrgAAAAAMALTTSYuQDCAAGBAYAYAADjfrXUscRn+wIAAAAABFla',
  bz2: 'QlpoOTFBWSZTWWtLGf8AAGpbgM6QQAF9kEAYdq+eIAgIIACVQlQTTQAAMQABFKEepoaADEDTanqU847CuCLYY0It27I4GsLC4tJIwBGPgQajGELxoIYJBA96xA6IyrXonNYxw0UpOCrKGBb+mUnNQYz9iDZP0gNWV81BzlWUKFCXFD8XckU4UJBrSxn/',
};

const samples: Readonly<Record<'zstd' | 'xz' | 'bzip2', (next: Random) => Buffer>> = {
  zstd: (next) =>
    zstdCompressSync(contentOf(next), {
      params: { [constants.ZSTD_c_checksumFlag]: next(2), [constants.ZSTD_c_compressionLevel]: pick(next, [1, 3, 19]) },
    }),
  xz: () => Buffer.from(packedElsewhere.xz, 'base64'),
  bzip2: () => Buffer.from(packedElsewhere.bz2, 'base64'),
};

function damagedTarget(name: keyof typeof samples): Target {
  return {
    name,
    make(next) {
      const parts = Array.from({ length: 1 + next(2) }, () => samples[name](next));
      const bytes = Buffer.concat(parts);
      return { bytes: chance(next, 20) ? bytes : mutateBytes(next, bytes), label: `all.log.${name}` };
    },
    check: (input) => checkArchive(input),
  };
}

export const zstdTarget = damagedTarget('zstd');
export const xzTarget = damagedTarget('xz');
export const bzip2Target = damagedTarget('bzip2');
