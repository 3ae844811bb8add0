// Bytes of a source become text: UTF-8, or what a byte order mark says; what cannot be read is named, not dropped.

import { utf16Of } from '../../bundle/utf16.ts';
import type { Problem } from '../parser.ts';

export interface Decoded {
  /** Its lines end in `\n`, also where Windows wrote the file. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** A run of NUL bytes this long is a hole in the file. */
const hole = Buffer.alloc(16);

/** Never throws. What no encoding explains becomes U+FFFD; NUL bytes at the end (a preallocated file) are cut. Both are problems. */
export function decode(bytes: Uint8Array): Decoded {
  const problems: Problem[] = [];
  const body = withoutTail(bytes, problems);
  // Single ones are text: Kubernetes logs them between region and zone.
  if (Buffer.from(body.buffer, body.byteOffset, body.length).includes(hole)) {
    problems.push({
      code: 'FILE_NUL',
      detail: 'NUL bytes stand in the text, as a crash leaves them; what was there is lost',
    });
  }
  const text = textOf(body, problems);
  return { text: text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text, problems };
}

function withoutTail(bytes: Uint8Array, problems: Problem[]): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  // The last character of UTF-16 may have one of them.
  if (utf16Of(bytes)) end += end % 2;
  if (end < bytes.length) {
    problems.push({ code: 'FILE_NUL', detail: `${bytes.length - end} NUL bytes at the end were left out` });
  }
  return bytes.subarray(0, end);
}

function textOf(bytes: Uint8Array, problems: Problem[]): string {
  const encoding = utf16Of(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16';
    problems.push({ code: 'FILE_ENCODING', detail: `not valid ${name}; unreadable characters are shown as U+FFFD` });
    return new TextDecoder(encoding).decode(bytes);
  }
}
