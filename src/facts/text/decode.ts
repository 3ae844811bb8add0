// Bytes of a source become text: UTF-8, or what a byte order mark says; what cannot be read is named, not dropped.

import { isUtf8 } from 'node:buffer';
import { utf16Of } from '../../bundle/utf16.ts';
import type { Problem } from '../parser.ts';

export interface Decoded {
  /** Its lines end in `\n`, also where Windows wrote the file. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

export interface Utf8 {
  /** UTF-8 without a byte order mark. Its lines end as they do in the file. */
  readonly bytes: Buffer;
  readonly problems: readonly Problem[];
}

/** A run of NUL bytes this long is a hole in the file. */
const hole = Buffer.alloc(16);
const mark = Buffer.from('\ufeff');

/** The text of `asUtf8`. Never throws. */
export function decode(bytes: Uint8Array): Decoded {
  const { bytes: utf8, problems } = asUtf8(bytes);
  return { text: textOf(utf8), problems };
}

/** The text of bytes that `asUtf8` gave. */
export function textOf(utf8: Buffer): string {
  const text = utf8.toString();
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
}

/**
 * Mostly a part of the bytes themselves. What no encoding explains becomes U+FFFD; NUL bytes at the end (a preallocated
 * file) are cut. Both are problems. Never throws.
 */
export function asUtf8(bytes: Uint8Array): Utf8 {
  const problems: Problem[] = [];
  const body = withoutTail(bytes, problems);
  // Single ones are text: Kubernetes logs them between region and zone.
  if (body.includes(0) && body.includes(hole)) {
    problems.push({
      code: 'FILE_NUL',
      detail: 'NUL bytes stand in the text, as a crash leaves them; what was there is lost',
    });
  }
  const utf16 = utf16Of(body);
  if (utf16 || !isUtf8(body)) return { bytes: Buffer.from(recoded(body, utf16 ?? 'utf-8', problems)), problems };
  return { bytes: body.subarray(0, mark.length).equals(mark) ? body.subarray(mark.length) : body, problems };
}

function withoutTail(bytes: Uint8Array, problems: Problem[]): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  // The last character of UTF-16 may have one of them.
  if (utf16Of(bytes)) end += end % 2;
  if (end < bytes.length) {
    problems.push({ code: 'FILE_NUL', detail: `${bytes.length - end} NUL bytes at the end were left out` });
  }
  const body = bytes.subarray(0, end);
  return Buffer.from(body.buffer, body.byteOffset, body.length);
}

function recoded(bytes: Uint8Array, encoding: string, problems: Problem[]): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16';
    problems.push({ code: 'FILE_ENCODING', detail: `not valid ${name}; unreadable characters are shown as U+FFFD` });
    return new TextDecoder(encoding).decode(bytes);
  }
}
