// Makes small archives byte by byte, whole or broken, and reads them back with a small catalogue.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Catalogue } from '../../src/bundle/catalogue.ts';
import { type Coverage, closeCoverage } from '../../src/bundle/coverage.ts';
import { defaultLimits, type Limits } from '../../src/bundle/limits.ts';
import { type Intake, readInput } from '../../src/bundle/read-input.ts';
import type { Piece } from '../../src/bundle/source.ts';

interface Header {
  readonly type?: string;
  readonly target?: string;
  readonly sizeBytes?: number;
  readonly modified?: number;
}

/** A ustar header with a checksum that fits. */
export function header(name: string | Buffer, more: Header = {}): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name).copy(block, 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${(more.sizeBytes ?? 0).toString(8).padStart(11, '0')}\0`, 124);
  block.write(`${(more.modified ?? 0).toString(8).padStart(11, '0')}\0`, 136);
  block.write(more.type ?? '0', 156);
  block.write(more.target ?? '', 157);
  block.write('ustar\x0000', 257, 'latin1');
  return sum(block);
}

export function sum(block: Buffer): Buffer {
  block.write('        ', 148);
  const total = block.reduce((before, byte) => before + byte, 0);
  block.write(`${total.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

export function file(name: string | Buffer, content: string | Buffer = 'kind: Pod\n', more: Header = {}): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([header(name, { sizeBytes: body.length, ...more }), padded(body)]);
}

export const link = (name: string, target: string, type = '2'): Buffer => header(name, { type, target });
export const endOfTar = Buffer.alloc(1024);
export const tar = (...members: Buffer[]): Buffer => Buffer.concat([...members, endOfTar]);

export function pax(records: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = 0;
    while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
    return `${length}${rest}`;
  });
  return file('PaxHeaders/x', lines.join(''), { type });
}

interface ZipFile {
  readonly name: string;
  readonly content: string;
  readonly sizeBytes?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly attributes?: number;
}

/** A zip with deflated members and a directory at its end. */
export function zip(...files: ZipFile[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, sizeBytes = content.length, crc = crc32(content), flags = 0, attributes = 0 } of files) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(flags, 6);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc, 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(sizeBytes, 22);
    head.writeUInt16LE(name.length, 26);
    local.push(head, Buffer.from(name), packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt8(3, 5);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt16LE((44 << 9) | (5 << 5) | 1, 14); // 1 May 2024
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(sizeBytes, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(attributes, 38);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, list, end]);
}

/** Knows `.yaml` files, `.log` logs, and by content whatever begins with `sniffed`; `node/` holds a node bundle. */
export const smallCatalogue: Catalogue = {
  classify(path) {
    const layout = path.startsWith('node/') ? 'node' : 'cluster';
    const at = { layout, root: layout === 'node' ? 'node' : '', labels: {} };
    if (path.endsWith('.yaml')) return { ...at, kind: 'KubernetesManifest', log: false };
    return path.endsWith('.log') ? { ...at, kind: 'ContainerLog', log: true } : undefined;
  },
  sniff(_path, head) {
    if (!Buffer.from(head).toString('latin1').startsWith('sniffed')) return undefined;
    return { kind: 'IptablesSave', layout: 'plain', root: '', labels: {}, log: false };
  },
  ignores: () => false,
  places: () => [],
  kinds: ['KubernetesManifest', 'ContainerLog', 'IptablesSave'],
  logs: new Map(),
  bundleKind: (layout) => (layout === 'node' ? 'node' : 'cluster'),
};

export interface Seen {
  readonly intake: Intake;
  readonly coverage: Coverage;
  readonly pieces: readonly Piece[];
  /** Delivered text by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** `CODE path` of each gap, and of each info but those on empty files. */
  readonly gaps: readonly string[];
  readonly infos: readonly string[];
}

/** Runs `use` with a folder of its own, removed afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function readPath(path: string, limits: Partial<Limits> = {}): Promise<Seen> {
  const pieces: Piece[] = [];
  const options = { catalogue: smallCatalogue, limits: { ...defaultLimits, ...limits } };
  const intake = await readInput(path, options, async (piece) => {
    pieces.push(piece);
  });
  const texts: Record<string, string> = {};
  for (const { source, bytes, edition = 0 } of pieces)
    if (edition === (intake.editions.get(source.path) ?? 0))
      texts[source.path] = (texts[source.path] ?? '') + Buffer.from(bytes).toString();
  return {
    intake,
    coverage: closeCoverage(intake, []),
    pieces,
    texts,
    gaps: intake.gaps.map(({ code, path: place }) => `${code} ${place}`),
    infos: intake.infos.filter(({ code }) => code !== 'FILE_EMPTY').map(({ code, path: place }) => `${code} ${place}`),
  };
}

/** Reads bytes as a file of the given name. */
export const read = (bytes: Uint8Array, name = 'bundle.tar', limits: Partial<Limits> = {}): Promise<Seen> =>
  inFolder((folder) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return readPath(path, limits);
  });

/** What reading throws. */
export async function refusal(reading: Promise<unknown>): Promise<unknown> {
  try {
    await reading;
  } catch (error) {
    return error;
  }
  throw new Error('it was read');
}
