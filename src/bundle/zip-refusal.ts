// Why a member of a zip cannot be read, as far as its header tells, and what to do about it.

import type { Member } from './member.ts';
import { isReadable } from './zip-content.ts';
import { flag, type ZipMember } from './zip-record.ts';

const methods: Readonly<Record<number, string>> = {
  1: 'shrink',
  2: 'reduce',
  3: 'reduce',
  4: 'reduce',
  5: 'reduce',
  6: 'implode',
  9: 'deflate64',
  10: 'implode of PKWARE',
  14: 'LZMA',
  18: 'TERSE',
  19: 'LZ77',
  94: 'MP3',
  96: 'JPEG',
  97: 'WavPack',
  98: 'PPMd',
};
const aes = 99;
const advice = 'unpack the zip where that can be done, and give the folder';

export type Told = Pick<ZipMember, 'type' | 'flags' | 'method' | 'sizeBytes' | 'packedBytes'>;

export function refusal({ type, flags, method, sizeBytes, packedBytes }: Told): Member['gap'] {
  if (type === 'directory') {
    if (sizeBytes === 0 || packedBytes === 0) return undefined;
    return { code: 'ARCHIVE_SIZE_MISMATCH', detail: `a folder that holds ${sizeBytes} bytes; they were not read` };
  }
  // encryption of the old kind puts twelve bytes before the data: stored data of the very size are as they were
  const isPlain = method === 0 && packedBytes === sizeBytes && !(flags & flag.strongEncryption);
  if ((flags & flag.encrypted && !isPlain) || method === aes) {
    const how = method === aes ? 'AES' : flags & flag.strongEncryption ? 'strong encryption' : 'ZipCrypto';
    const hidden = flags & flag.masked ? ', and what its header says is hidden' : '';
    return {
      code: 'ENTRY_ENCRYPTED',
      detail: `it is encrypted (${how})${hidden}; no password is asked for: ${advice}`,
    };
  }
  if (isReadable(method)) return undefined;
  const name = methods[method] ? `${methods[method]} (method ${method})` : `the unknown method ${method}`;
  return { code: 'UNSUPPORTED_FORMAT', detail: `it is packed with ${name}, which is not read here: ${advice}` };
}
