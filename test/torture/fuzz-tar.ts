// Fuzzes tars by their structure: headers with odd fields and right checksums, in odd order; and reads them in odd chunks.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ByteReader } from '../../src/bundle/byte-reader.ts';
import { Cut } from '../../src/bundle/cut.ts';
import { walkTar } from '../../src/bundle/tar.ts';
import { sum } from '../bundle/archives.ts';
import { checkArchive } from './fuzz-archive-check.ts';
import { mutateBytes } from './fuzz-mutate.ts';
import { chance, pick, type Random, random } from './fuzz-random.ts';
import type { FuzzInput, Target } from './fuzz-target.ts';

const names = [
  'a.yaml',
  'a.yaml',
  'b.log',
  './c.log',
  'd/',
  'd/e.txt',
  '../up',
  '/root',
  'C:\\x',
  '',
  '.',
  'x'.repeat(100),
  'é.log',
  '\xff',
  'n\0x',
  'in.tar',
];
// biome-ignore format: a list of types
const types = ['0', '0', '0', '\0', '7', '1', '2', '3', '4', '5', '6', 'x', 'x', 'g', 'X', 'L', 'L', 'K', 'S', 'D', 'M', 'N', 'V', 'A', 'Z', '\xff'];
const oddSizes = [
  '',
  '0',
  '1',
  '777',
  '7777777',
  '77777777777',
  '-1',
  '00000000001',
  '  12 ',
  '8',
  '1x',
  '\x80',
  '\xff',
];
const paxKeys = [
  'path',
  'size',
  'linkpath',
  'mtime',
  'GNU.sparse.map',
  'GNU.sparse.major',
  'GNU.sparse.minor',
  'GNU.sparse.name',
  'GNU.sparse.realsize',
  'GNU.sparse.numblocks',
  'hdrcharset',
  '',
  '__proto__',
  'SCHILY.xattr.x',
];
const paxValues = [
  'a.yaml',
  '0',
  '1',
  '512',
  '1024',
  '99999999999',
  '-1',
  '1e3',
  '',
  '0,512,1024,512',
  '1',
  'x'.repeat(300),
  '\0',
  'é',
  '../x',
  '1700000000.5',
];

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

function header(next: Random, name: string, type: string, sizeBytes: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write('14512345670\0', 136);
  block.write(type, 156, 'latin1');
  if (type === '1' || type === '2') block.write(pick(next, names), 157, 100, 'latin1');
  const magic = next(6);
  if (magic > 1) block.write(magic === 2 ? 'ustar  \0' : 'ustar\x0000', 257, 'latin1');
  if (magic > 4) block.write(pick(next, names), 345, 150, 'latin1');
  if (type === 'S') {
    block.write(`${(next(4) * 512).toString(8).padStart(11, '0')}\0`, 386);
    block.write(`${(next(4) * 512).toString(8).padStart(11, '0')}\0`, 398);
    block[482] = next(3) === 0 ? 1 : 0;
    block.write(`${next(100_000).toString(8).padStart(11, '0')}\0`, 483);
  }
  return block;
}

/** Changes some fields; mostly makes the checksum right again. */
function mutateHeader(next: Random, block: Buffer): Buffer {
  for (let turn = chance(next, 2) ? 0 : 1 + next(3); turn > 0; turn--) {
    const field = next(6);
    if (field === 0) block.fill(0, 124, 136).write(pick(next, oddSizes), 124, 12, 'latin1');
    else if (field === 1) block.fill(next(256), 124, 136)[124] = pick(next, [0x80, 0xff, 0x81]);
    else if (field === 2) block.write(pick(next, types), 156, 'latin1');
    else if (field === 3) block.fill(0, 257, 265).write(pick(next, ['ustar', 'USTAR', 'ustar  ', '']), 257);
    else if (field === 4) block[next(512)] = next(256);
    else block.fill(pick(next, [0, 32, 255]), next(500), 512);
  }
  return chance(next, 12) ? block : sum(block);
}

function paxBody(next: Random): Buffer {
  const records = Array.from({ length: next(5) }, () => {
    const rest = ` ${pick(next, paxKeys)}=${pick(next, paxValues)}\n`;
    let length = rest.length + 2;
    while (`${length}${rest}`.length < length) length--;
    const told = Buffer.byteLength(`${length}${rest}`);
    return `${chance(next, 8) ? pick(next, ['0', '-1', '99999', '', 'x']) : told}${rest}`;
  });
  return Buffer.from(records.join(''));
}

function content(next: Random, type: string, depth: number): Buffer {
  if (/[xXg]/.test(type)) return paxBody(next);
  if (/[LK]/.test(type)) return Buffer.from(`${pick(next, names).repeat(1 + next(chance(next, 9) ? 2000 : 3))}\0`);
  if (chance(next, 12) && depth < 5) return chance(next, 2) ? tarOf(next, depth + 1) : gzipSync(tarOf(next, depth + 1));
  const text = Buffer.from('kind: Pod\n'.repeat(next(chance(next, 10) ? 900 : 30)));
  return chance(next, 20) ? Buffer.concat([sum(header(next, 'inner', '0', 3)), text]) : text;
}

function memberOf(next: Random, depth: number): Buffer[] {
  const type = pick(next, types);
  const body = content(next, type, depth);
  const hasBody = !/[1-6]/.test(type) || chance(next, 5);
  const block = mutateHeader(next, header(next, pick(next, names), type, hasBody || chance(next, 3) ? body.length : 0));
  return hasBody ? [block, padded(body)] : [block];
}

function tarOf(next: Random, depth = 0): Buffer {
  const parts = Array.from({ length: 1 + next(8) }, () => memberOf(next, depth)).flat();
  if (chance(next, 6)) parts.splice(next(parts.length + 1), 0, Buffer.alloc(512 * (1 + next(3))));
  if (!chance(next, 8)) parts.push(Buffer.alloc(pick(next, [512, 1024, 1024, 10_240])));
  if (chance(next, 15)) parts.push(Buffer.from('trailing'.repeat(next(200))));
  const bytes = Buffer.concat(parts);
  if (!chance(next, 5)) return bytes;
  const blocks = Array.from({ length: Math.ceil(bytes.length / 512) }, (_, index) =>
    bytes.subarray(index * 512, index * 512 + 512),
  );
  const at = next(blocks.length);
  const kind = next(4);
  if (kind === 0) blocks.splice(at, 1);
  else if (kind === 1) blocks.splice(at, 0, blocks[next(blocks.length)]!);
  else if (kind === 2) [blocks[at], blocks[0]] = [blocks[0]!, blocks[at]!];
  else blocks.length = at;
  const spliced = Buffer.concat(blocks);
  return kind === 3 ? spliced.subarray(0, spliced.length - next(Math.min(512, spliced.length + 1))) : spliced;
}

/** What the reader of tars says of bytes that come in chunks of the given lengths. */
async function walked(bytes: Buffer, lengthOf: () => number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; ) {
      const end = at + lengthOf();
      yield Buffer.from(bytes.subarray(at, end)); // of its own: the reader may write to it
      at = end;
    }
  }
  const seen: string[] = [];
  const told = (code: string, detail: string) => seen.push(`${code} ${detail}`);
  try {
    await walkTar(
      new ByteReader(chunks()),
      async (member, content) => {
        const hash = createHash('sha256');
        let cut = '';
        try {
          for await (const chunk of content) hash.update(chunk);
        } catch (error) {
          if (!(error instanceof Cut)) throw error;
          cut = error.code;
        }
        seen.push(`${JSON.stringify(member)} ${hash.digest('hex').slice(0, 16)} ${cut}`);
      },
      { gap: told, info: told },
      { metaBytes: 8192 },
    );
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    seen.push(`cut ${error.code}`);
  }
  // notes come as soon as the bytes are looked at, members when they are visited
  return seen.sort().join('\n');
}

async function checkTar(input: FuzzInput): Promise<{ fault?: string | undefined; digest: string }> {
  const seen = await checkArchive(input);
  if (seen.fault !== undefined || input.bytes.length === 0) return seen;
  const whole = await walked(input.bytes, () => input.bytes.length);
  const next = random(input.bytes.length, 'chunks');
  const pieces = await walked(input.bytes, () => 1 + next(chance(next, 3) ? 1500 : 300));
  if (whole === pieces) return { digest: seen.digest + whole };
  const [one, other] = [whole.split('\n'), pieces.split('\n')];
  const at = one.findIndex((line, index) => line !== other[index]);
  return { fault: `in chunks: ${other[at]}, at once: ${one[at]}`, digest: '' };
}

export const tarTarget: Target = {
  name: 'tar',
  make(next) {
    const bytes = tarOf(next);
    const label = chance(next, 2) ? 'some.tar' : 'all.tar';
    return { bytes: chance(next, 6) ? mutateBytes(next, bytes) : bytes, label };
  },
  check: checkTar,
};
