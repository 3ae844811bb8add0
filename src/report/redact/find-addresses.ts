// Addresses in a text, in all the spellings that bundles have for them.

import { type Bytes, bytesOfIpv6, bytesOfOctets } from './addresses.ts';

export interface FoundAddress {
  readonly kind: 'ip' | 'device';
  readonly bytes: Bytes;
  /** Of `10.0.0.0/16`: 16. */
  readonly prefixBits?: number;
  /** False where it may as well be a version or a time; it counts if the same address is also found elsewhere. */
  readonly isSure: boolean;
  /** Writes another address as this one is written. */
  readonly spell: (bytes: Bytes) => string;
}

// A digit before it may belong to an escape: `%2010.0.0.1`.
const before4 = String.raw`(?<!(?<!%[0-9A-Fa-f])\d|\d\.)`;
/** A letter before it belongs to an escape (`\n10.0.0.1`, `%3D10.0.0.1`, `ESC[31m10.0.0.1`), or it is hardly an address. */
const clearStart = /(?:^|[^A-Za-z]|\\[A-Za-z]|%[0-9A-Fa-f]{2}|\[[\d;]*m)$/;
const separator = String.raw`(\.|-|_|\\\.|%2[Ee])`;
const ipv4 = new RegExp(
  String.raw`${before4}(\d{1,3})${separator}(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d|[.]\d)((?:\/|%2[Ff]|\\\/)(\d{1,2})(?!\w|\.\w))?`,
  'g',
);
const reversed = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\.in-addr\.arpa\b)/gi;

// https://www.rfc-editor.org/rfc/rfc4291#section-2.2
const colon = '(?::|%3[Aa])';
const before6 = String.raw`(?<!(?<![\\]|\[[\d;]*)[A-Za-z]|[\d:]|%3[Aa])`;
const ipv6 = new RegExp(
  `${before6}((?:[0-9A-Fa-f]{0,4}${colon}){2,7}(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f]{1,4}|(?<=::|%3[Aa]%3[Aa])))(?![\\w:]|%3[Aa])((?:\\/|%2[Ff])(\\d{1,3})(?!\\w|\\.\\w))?`,
  'g',
);

const device =
  /(?<!(?<!\\)[A-Za-z]|\d|[0-9A-Fa-f]{2}[:-]|%3[Aa])([0-9A-Fa-f]{2})(:|-|%3[Aa])((?:[0-9A-Fa-f]{2}\2){4}(?:[0-9A-Fa-f]{2}\2[0-9A-Fa-f]{2}\2)?[0-9A-Fa-f]{2})(?![\w]|[:-][0-9A-Fa-f]{2}|%3[Aa])/g;
// Cisco writes them so.
const dottedDevice = /(?<![\w.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])/g;

/** Puts another text in the place of each; what `replace` gives nothing for stays. */
export function replaceAddresses(text: string, replace: (found: FoundAddress) => string | undefined): string {
  // Most strings hold neither.
  const hasDigits = /\d[.:_%\\-]/.test(text);
  if (!hasDigits && !text.includes('::') && !/%3a|[0-9a-f][:-][0-9a-f]/i.test(text)) return text;
  let out = text.replace(device, (whole, first: string, separator: string, rest: string) => {
    const digits = (first + rest).replaceAll(separator, '');
    return replace(foundDevice(digits, separator, 2, whole)) ?? whole;
  });
  out = out.replace(dottedDevice, (whole) => replace(foundDevice(whole.replaceAll('.', ''), '.', 4, whole)) ?? whole);
  out = out.replace(ipv6, (whole, written: string, suffix: string | undefined, prefix: string | undefined) => {
    const bytes = bytesOfIpv6(written.replace(/%3a/gi, ':'));
    if (!bytes) return whole;
    const isEncoded = written.includes('%');
    const spelled = (other: Bytes) => {
      const plain = spelledIpv6(other);
      return (isEncoded ? plain.replaceAll(':', '%3A') : plain) + (suffix ?? '');
    };
    return replace({ kind: 'ip', bytes, isSure: true, ...prefixOf(prefix, 128), spell: spelled }) ?? whole;
  });
  out = out.replace(reversed, (whole, ...groups: string[]) => {
    const bytes = bytesOfOctets(groups.slice(0, 4).reverse());
    if (!bytes) return whole;
    const spell = (other: Bytes) => [...other].reverse().join('.');
    return replace({ kind: 'ip', bytes, isSure: true, spell }) ?? whole;
  });
  return out.replace(ipv4, (whole, a, separator: string, b, c, d, suffix, prefix, at: number, all: string) => {
    const bytes = bytesOfOctets([a, b, c, d]);
    if (!bytes || isReversed(all, at + whole.length)) return whole;
    const isSure = isSureIpv4(bytes, separator, all.slice(Math.max(0, at - 24), at), all.slice(at + whole.length));
    const spell = (other: Bytes) => [...other].join(separator) + (suffix ?? '');
    return replace({ kind: 'ip', bytes, isSure, ...prefixOf(prefix, 32), spell }) ?? whole;
  });
}

const isReversed = (text: string, end: number) => /^\.in-addr\.arpa\b/i.test(text.slice(end, end + 14));

function isSureIpv4(bytes: Bytes, separator: string, before: string, after: string): boolean {
  const isPrivate =
    bytes[0] === 10 || (bytes[0] === 172 && (bytes[1] ?? 0) >> 4 === 1) || (bytes[0] === 192 && bytes[1] === 168);
  // A date with a number, a version as a name: only after `ip-`, or where the same address is told with dots too.
  if (separator === '-' || separator === '_') {
    if (/(?:ip|node|host|addr|ec2|vm|static)[-_]$/i.test(before)) return true;
    return isPrivate && !/\d[-_]$|[A-Za-z]$/.test(before) && !/^[-_]\d/.test(after);
  }
  if (!clearStart.test(before)) return false;
  // `version: 1.2.3.4`, `foo-1.2.3.4-5.el8.x86_64`, object identifiers of certificates (2.5.4.3=…)
  if (/(?:version|release|revision|build)["']?\s*[:=]?\s*["']?v?$/i.test(before)) return false;
  if (/[A-Za-z][-_]$/.test(before) && /^[-_](?:\d+\.|r\d|rc|el\d|fc\d|alpha|beta)/.test(after)) return false;
  return !(bytes[0] === 2 && bytes[1] === 5 && /^\s*=/.test(after));
}

function prefixOf(text: string | undefined, most: number): { prefixBits?: number } {
  if (text === undefined || Number(text) > most) return {};
  return { prefixBits: Number(text) };
}

function foundDevice(digits: string, separator: string, group: number, written: string): FoundAddress {
  const bytes = Uint8Array.from(Buffer.from(digits, 'hex'));
  const isUpper = /[A-F]/.test(written.replaceAll(separator, ''));
  const spell = (other: Bytes) => {
    const hex = Buffer.from(other).toString('hex');
    const groups = (isUpper ? hex.toUpperCase() : hex).match(new RegExp(`.{${group}}`, 'g')) ?? [];
    return groups.join(separator);
  };
  // Two digits, a dash, and so on may be a time.
  return { kind: 'device', bytes, isSure: separator !== '-' || /[A-Fa-f]/.test(digits), spell };
}

/** As `ip` writes it; the IPv4 address inside of a mapped one in its own way. */
function spelledIpv6(bytes: Bytes): string {
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return `::ffff:${[...bytes.subarray(12)].join('.')}`;
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0));
  return compressed(groups);
}

// RFC 5952: the first of the longest runs of zeros, of two at least.
function compressed(groups: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    at += length;
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.at < 0) return hex(groups);
  return `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`;
}
