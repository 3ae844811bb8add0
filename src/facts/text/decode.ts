// Bytes of a source become text: UTF-8, or what a byte order mark says; what cannot be read is named, not dropped.

import type { Problem } from '../parser.ts';

export interface Decoded {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** A run of NUL bytes this long is a hole in the file. */
const hole = Buffer.alloc(16);

/** Never throws. Invalid UTF-8 becomes U+FFFD; NUL bytes at the end (a preallocated file) are cut. Both are problems. */
export function decode(bytes: Uint8Array): Decoded {
  const problems: Problem[] = [];
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), problems };
  if (end < bytes.length) {
    problems.push({ code: 'FILE_NUL', detail: `${bytes.length - end} NUL bytes at the end were left out` });
  }
  const body = bytes.subarray(0, end);
  // Single ones are text: Kubernetes logs them between region and zone.
  if (Buffer.from(body.buffer, body.byteOffset, body.length).includes(hole)) {
    problems.push({
      code: 'FILE_NUL',
      detail: 'NUL bytes stand in the text, as a crash leaves them; what was there is lost',
    });
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body), problems };
  } catch {
    problems.push({ code: 'FILE_ENCODING', detail: 'not valid UTF-8; unreadable bytes are shown as U+FFFD' });
    return { text: new TextDecoder().decode(body), problems };
  }
}
