// Recognises archives and compressed files by their first bytes; the name of a file proves nothing.

import { tarChecksum } from './tar-header.ts';

export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2';
export type Format = Compression | 'tar' | 'zip';
export interface Unsupported {
  readonly unsupported: string;
}

/** How much of a file is enough to know what it is. */
export const headBytes = 4096;

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

export function recognise(head: Uint8Array): Format | Unsupported | undefined {
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
  return isTar(head) ? 'tar' : undefined;
}

export const isCompression = (format: Format | Unsupported | undefined): format is Compression =>
  format === 'gzip' || format === 'xz' || format === 'zstd' || format === 'bzip2';

function isBzip2(head: Uint8Array): boolean {
  const level = head[3] ?? 0;
  if (!startsWith(head, 0x42, 0x5a, 0x68) || level < 0x31 || level > 0x39) return false;
  const block = head.subarray(4);
  return startsWith(block, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59) || startsWith(block, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90);
}

/** A valid first header, one whose checksum is damaged but whose mark is there, or the zeros of an empty archive. */
function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  if (tarChecksum(head) || startsWith(head.subarray(257), 0x75, 0x73, 0x74, 0x61, 0x72)) return true;
  return head.length >= 1024 && head.subarray(0, 1024).every((byte) => byte === 0);
}
