// Recognises archives and compressed files by their first bytes; the name of a file proves nothing.

import { blockBytes, hasTarMark, isTarHeader, isZeroBlock } from './tar-header.ts';

export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2';
export type Format = Compression | 'tar' | 'zip';
export interface Unsupported {
  readonly unsupported: string;
}

/** How much of a file is enough to know what it is. */
export const headBytes = 4096;

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** A member of an archive is taken for an archive only when it begins as one: it may be data that hold a header. */
export function recognise(head: Uint8Array, isMember = false): Format | Unsupported | undefined {
  switch (head[0]) {
    case 0x1f:
      if (startsWith(head, 0x1f, 0x8b, 8)) return 'gzip';
      if (startsWith(head, 0x1f, 0x9d)) return { unsupported: 'compress (.Z)' };
      break;
    case 0xfd:
      if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
      break;
    case 0x28:
      if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
      break;
    case 0x42:
      if (isBzip2(head)) return 'bzip2';
      break;
    case 0x50:
      // a file, an empty zip, or the mark of a split zip before the first file
      if (startsWith(head, 0x50, 0x4b, 3, 4) || startsWith(head, 0x50, 0x4b, 5, 6)) return 'zip';
      if (startsWith(head, 0x50, 0x4b, 7, 8, 0x50, 0x4b)) return 'zip';
      // an empty one of 64 bits, and one that was to be split and came out small enough
      if (startsWith(head, 0x50, 0x4b, 6, 6) || startsWith(head, 0x50, 0x4b, 0x30, 0x30, 0x50, 0x4b)) return 'zip';
      break;
    case 0x37:
      if (startsWith(head, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)) return { unsupported: '7z' };
      break;
    case 0x52:
      if (startsWith(head, 0x52, 0x61, 0x72, 0x21, 0x1a, 7)) return { unsupported: 'RAR' };
      break;
    case 0x04:
      if (startsWith(head, 4, 0x22, 0x4d, 0x18)) return { unsupported: 'LZ4' };
      break;
    case 0x4c:
      if (startsWith(head, 0x4c, 0x5a, 0x49, 0x50, 1)) return { unsupported: 'lzip' };
      break;
  }
  return isTar(head) || (!isMember && isDamagedTar(head)) ? 'tar' : undefined;
}

export const isCompression = (format: Format | Unsupported | undefined): format is Compression =>
  format === 'gzip' || format === 'xz' || format === 'zstd' || format === 'bzip2';

function isBzip2(head: Uint8Array): boolean {
  const level = head[3] ?? 0;
  if (!startsWith(head, 0x42, 0x5a, 0x68) || level < 0x31 || level > 0x39) return false;
  const block = head.subarray(4);
  return startsWith(block, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59) || startsWith(block, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90);
}

/** A valid header, one whose checksum is damaged but whose mark is there, or the zeros of an empty archive. */
function isTar(head: Uint8Array): boolean {
  if (head.length < blockBytes) return false;
  if (isTarHeader(head) || hasTarMark(head)) return true;
  return head.length >= 2 * blockBytes && isZeroBlock(head) && isZeroBlock(head.subarray(blockBytes));
}

/** The first header is destroyed or cut off, but another one follows. */
function isDamagedTar(head: Uint8Array): boolean {
  for (let at = blockBytes; at + blockBytes <= Math.min(head.length, headBytes); at += blockBytes) {
    const block = head.subarray(at, at + blockBytes);
    if (hasTarMark(block) && isTarHeader(block)) return true;
  }
  return false;
}
