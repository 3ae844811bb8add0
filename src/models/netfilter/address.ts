// Addresses as numbers, so that a network is matched with one shift: IPv4 in 32 bits, IPv6 in 128.

import ipaddr from 'ipaddr.js';
import type { Family } from './packet.ts';

export type Address =
  | { readonly family: 'ip'; readonly bits: number }
  | { readonly family: 'ip6'; readonly bits: bigint };
export interface Network {
  readonly address: Address;
  readonly prefixLength: number;
}

const fourOctets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Undefined for what is no address, so also for one that is not known (''). */
export function parseAddress(text: string): Address | undefined {
  const octets = fourOctets.exec(text);
  if (octets) {
    const [, a, b, c, d] = octets.map(Number) as [number, number, number, number, number];
    return Math.max(a, b, c, d) > 255
      ? undefined
      : { family: 'ip', bits: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0 };
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  let bits = 0n;
  for (const part of ipaddr.IPv6.parse(text).parts) bits = (bits << 16n) | BigInt(part);
  return { family: 'ip6', bits };
}

/** `10.0.0.0/8`, `fd00::/64` or a single address. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const whole = address.family === 'ip' ? 32 : 128;
  const prefixLength = slash < 0 ? whole : Number(text.slice(slash + 1));
  return Number.isInteger(prefixLength) && prefixLength >= 0 && prefixLength <= whole
    ? { address, prefixLength }
    : undefined;
}

export function contains({ address: base, prefixLength }: Network, address: Address): boolean {
  if (base.family === 'ip') {
    if (address.family !== 'ip') return false;
    return prefixLength === 0 || (base.bits ^ address.bits) >>> (32 - prefixLength) === 0;
  }
  if (address.family !== 'ip6') return false;
  return (base.bits ^ address.bits) >> BigInt(128 - prefixLength) === 0n;
}

/** The text of an address of this many bits, as the kernel prints it. */
export function formatAddress(address: Address): string {
  if (address.family === 'ip') return [24, 16, 8, 0].map((shift) => (address.bits >>> shift) & 255).join('.');
  const parts = Array.from({ length: 8 }, (_, at) => Number((address.bits >> BigInt(112 - 16 * at)) & 0xffffn));
  return new ipaddr.IPv6(parts).toString();
}

/** One spelling for each address: IPv6 has many. */
export function plainText(text: string): string {
  if (!text.includes(':')) return text;
  const address = parseAddress(text);
  return address ? formatAddress(address) : text;
}

/** `10.0.0.1-10.0.0.9`. */
export function parseRange(text: string): { readonly first: Address; readonly last: Address } | undefined {
  const [from, to, ...more] = text.split('-');
  const first = parseAddress(from ?? '');
  const last = to === undefined ? first : parseAddress(to);
  return first && last && more.length === 0 && first.family === last.family ? { first, last } : undefined;
}

export const inRange = ({ first, last }: { first: Address; last: Address }, address: Address) =>
  address.family === first.family && address.bits >= first.bits && address.bits <= last.bits;

/** A single address, a network or a range: what members of sets are. */
export function covers(text: string, address: Address): boolean | undefined {
  if (text.includes('-')) {
    const range = parseRange(text);
    return range && inRange(range, address);
  }
  const network = parseNetwork(text);
  return network && contains(network, address);
}

export const familyOf = (text: string): Family => (text.includes(':') ? 'ip6' : 'ip');

/** `[fd00::1]:8080`, `10.0.0.1:8080`, `10.0.0.1-10.0.0.3:80-90`, `:8080`. */
export function splitPort(text: string): { readonly address: string; readonly port: string } {
  const bracketed = /^\[([^\]]+)\](?:-\[([^\]]+)\])?(?::(.+))?$/.exec(text);
  if (bracketed) {
    return { address: bracketed[1]! + (bracketed[2] ? `-${bracketed[2]}` : ''), port: bracketed[3] ?? '' };
  }
  const colon = text.indexOf(':');
  if (colon < 0 || text.indexOf(':', colon + 1) >= 0) return { address: text, port: '' };
  return { address: text.slice(0, colon), port: text.slice(colon + 1) };
}
