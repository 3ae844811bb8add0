// Where the truncation sweep cuts: evenly, and where a cut leaves half of something.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface Packing {
  readonly extension: '.tar' | '.tar.gz' | '.tar.xz';
  /** What a pipe of a plain tar goes on through. */
  readonly pack: string;
  /** Prints the tar of the file that follows. */
  readonly unpack: string;
}

export const packings: readonly Packing[] = [
  { extension: '.tar', pack: '', unpack: 'cat' },
  { extension: '.tar.gz', pack: '| gzip -n', unpack: 'gzip -dc' },
  { extension: '.tar.xz', pack: '| xz -T1 -3', unpack: 'xz -dc' },
];

export interface CutPoint {
  readonly at: number;
  readonly place: string;
  /** All that the archive holds lies before it. */
  readonly losesNothing?: boolean;
}

export function cutPoints(path: string, packing: Packing, evenly: number): CutPoint[] {
  const file = openSync(path, 'r');
  try {
    const sizeBytes = fstatSync(file).size;
    const spread = Array.from({ length: evenly }, (_, index) => ({
      at: Math.floor((sizeBytes * (index + 1)) / (evenly + 1)),
      place: 'evenly',
    }));
    return [...spread, ...deliberate[packing.extension](file, sizeBytes)];
  } finally {
    closeSync(file);
  }
}

const deliberate: Readonly<Record<Packing['extension'], (file: number, sizeBytes: number) => CutPoint[]>> = {
  '.tar': tarPlaces,
  // 10 bytes of header, 8 of trailer
  '.tar.gz': (_, sizeBytes) => [
    { at: 5, place: 'in the gzip header' },
    { at: 10, place: 'after the gzip header' },
    { at: sizeBytes - 9, place: 'in the last byte of the deflate data' },
    { at: sizeBytes - 8, place: 'before the gzip trailer' },
    { at: sizeBytes - 4, place: 'in the gzip trailer, after the checksum' },
    { at: sizeBytes - 1, place: 'in the gzip trailer, one byte short' },
  ],
  // 12 bytes of stream header; at the end the check of the block, the index and 12 bytes of footer, which tell the index's size
  '.tar.xz': (file, sizeBytes) => {
    const footer = Buffer.alloc(12);
    readSync(file, footer, 0, 12, sizeBytes - 12);
    const indexBytes = (footer.readUInt32LE(4) + 1) * 4;
    return [
      { at: 8, place: 'in the xz header' },
      { at: 12, place: 'after the xz header' },
      { at: sizeBytes - 12 - indexBytes - 4, place: 'in the check of the xz block' },
      { at: sizeBytes - 12 - indexBytes, place: 'before the xz index' },
      { at: sizeBytes - 12 - indexBytes / 2, place: 'in the xz index' },
      { at: sizeBytes - 12, place: 'before the xz footer' },
      { at: sizeBytes - 1, place: 'in the xz footer' },
    ];
  },
};

/** Around some member with content in the middle of the archive, and around the mark of its end. */
function tarPlaces(file: number, sizeBytes: number): CutPoint[] {
  const header = Buffer.alloc(512);
  let at = 0;
  let member: { readonly header: number; readonly contentBytes: number } | undefined;
  for (;;) {
    if (readSync(file, header, 0, 512, at) < 512 || header[0] === 0) break;
    const contentBytes = Number.parseInt(header.toString('latin1', 124, 135), 8);
    if (!member && at > sizeBytes / 2 && header[156] === 0x30 && contentBytes > 4096)
      member = { header: at, contentBytes };
    at += 512 + Math.ceil(contentBytes / 512) * 512;
  }
  if (!member) throw new Error('the archive has no member to cut in two');
  const content = member.header + 512;
  const end = content + Math.ceil(member.contentBytes / 512) * 512;
  return [
    { at: 100, place: 'in the first header' },
    { at: 512, place: 'after the first header' },
    { at: member.header, place: 'before a header' },
    { at: member.header + 200, place: 'in a header' },
    { at: content, place: 'after a header' },
    { at: content + 1, place: 'after the first byte of a file' },
    { at: content + 1024, place: 'on a block border in a file' },
    { at: content + member.contentBytes, place: 'after the last byte of a file, in its padding' },
    { at: end, place: 'after a file and its padding' },
    { at, place: 'before the end mark' },
    { at: at + 100, place: 'in the end mark' },
    { at: at + 512, place: 'in the middle of the end mark', losesNothing: true },
    { at: at + 1024, place: 'after the end mark', losesNothing: true },
  ].filter((cut) => cut.at < sizeBytes);
}
