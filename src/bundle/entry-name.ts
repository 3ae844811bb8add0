// Names of entries are data: they are checked and written plainly, and never become a path on this machine.

import type { GapCode } from './coverage.ts';
import { limitText } from './limits.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A name of which each character is one byte becomes text; bytes that are not UTF-8 show as `\xe9`, so none is lost. */
export function decodeName(latin1: string): string {
  if (/^[\0-\x7f]*$/.test(latin1)) return latin1;
  try {
    return utf8.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  }
}

export type Judged = { readonly path: string } | { readonly code: GapCode; readonly detail: string };

/** The path below the root of its container, without `.` and empty steps; or why the name is no such path. */
export function judgeName(
  name: string,
  isDirectory: boolean,
  limits: { readonly pathSegments: number; readonly pathBytes: number },
): Judged {
  if (name.includes('\0')) return { code: 'ENTRY_NAME_INVALID', detail: 'the name holds a NUL character' };
  // `\xe9.log` is how a byte that is no UTF-8 shows
  if (/^(?:\/|\\(?!x[89a-f][0-9a-f]))/.test(name)) return unsafe('the name begins at the root of a file system');
  if (/^[A-Za-z]:/.test(name)) return unsafe('the name begins with a Windows drive');
  // a backslash alone is an ordinary character (`dev-disk\x2dby`), but `..\` climbs on Windows
  if (name.includes('..') && name.split(/[/\\]/).includes('..')) return unsafe('the name climbs with `..`');
  const plain = /(?:^|\/)\.?(?:\/|$)/.test(name);
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 && !isDirectory) return unsafe('the name is empty or `.`');
  if (segments.length > limits.pathSegments || name.length > limits.pathBytes) {
    const key = segments.length > limits.pathSegments ? 'pathSegments' : 'pathBytes';
    const detail = `${segments.length} folders deep, ${name.length} characters long; ${limitText(key, limits[key])}`;
    return { code: 'LIMIT_PATH_DEPTH', detail };
  }
  return { path: plain ? segments.join('/') : name };
}

const unsafe = (detail: string): Judged => ({ code: 'ENTRY_PATH_UNSAFE', detail });
