// Pseudonyms of addresses: networks stay networks, private stays private, and what names no machine stays as it is.

import ipaddr from 'ipaddr.js';
import { createBitMapping, type Range, sharesBits } from './bit-tree.ts';
import type { RedactionKey } from './key.ts';

/** The bytes of an address: 4 of IPv4, 16 of IPv6, 6 or 8 of a device. */
export type Bytes = Uint8Array;

export interface AddressMapping {
  /** Undefined for an address that says nothing of anybody: loopback, netmasks, multicast, 169.254.169.254 … */
  ip(bytes: Bytes, prefixBits?: number): Bytes | undefined;
  device(bytes: Bytes): Bytes | undefined;
}

const range = (text: string): Range => {
  const [address, bits] = ipaddr.parseCIDR(text);
  return { bytes: address.toByteArray(), bits };
};

const private4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'].map(range);
const untouched4 = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].map(range);
// The metadata service of the clouds, the addresses OVN gives itself, and those of DNS caches on the node.
const wellKnown4 = ['169.254.169.0/29', '169.254.169.254/32', '169.254.20.10/32', '169.254.25.10/32'].map(range);
const classes6 = ['2000::/3', 'fc00::/8', 'fd00::/8', 'fe80::/10'].map(range);
const untouched6 = ['::/8', 'ff00::/8'].map(range);
const translated = range('64:ff9b::/96');
const mapped = range('::ffff:0:0/96');
const solicited = range('ff02::1:ff00:0/104');
/** Pods of OVN and containers of Docker have their IPv4 address in the one of their device. */
const ofAddress: readonly Range[] = [
  { bytes: [0x0a, 0x58], bits: 16 },
  { bytes: [0x02, 0x42], bits: 16 },
];

const isIn = (bytes: Bytes, { bytes: start, bits }: Range) => sharesBits(bytes, start, bits);

export function createAddressMapping(key: RedactionKey): AddressMapping {
  const turned = { turnedBit: 16, keepsEnds: true, fixedBits: 0 };
  const map4 = createBitMapping(key, 'IPv4', { ...turned, ranges: [...private4, ...untouched4, ...wellKnown4] });
  const map6 = createBitMapping(key, 'IPv6', { fixedBits: 0, ranges: [...classes6, ...untouched6, translated] });
  // Link-local addresses all lie in fe80::/64.
  const mapLocal = createBitMapping(key, 'fe80', { fixedBits: 64, ranges: [] });
  const mapDevice = createBitMapping(key, 'device', { fixedBits: 8, ranges: ofAddress });

  function ip4(bytes: Bytes, prefixBits = 32): Bytes | undefined {
    if ([...untouched4, ...wellKnown4].some((each) => isIn(bytes, each))) return undefined;
    const length = isNetwork(bytes, prefixBits) ? prefixBits : 32;
    // A whole class, as in the list of those that a proxy leaves alone.
    if (private4.some((each) => length <= each.bits && isIn(bytes, each))) return undefined;
    return map4(bytes, length);
  }

  /** The tail stays, the last four bytes are an IPv4 address. */
  function withAddress(bytes: Bytes): Bytes | undefined {
    const inner = ip4(bytes.subarray(-4));
    return inner && Uint8Array.from([...bytes.subarray(0, -4), ...inner]);
  }

  function ip6(bytes: Bytes, prefixBits = 128): Bytes | undefined {
    const length = isNetwork(bytes, prefixBits) ? prefixBits : 128;
    if (isIn(bytes, mapped) || isIn(bytes, translated)) return prefixBits === 128 ? withAddress(bytes) : undefined;
    if (isIn(bytes, solicited))
      return Uint8Array.from([...bytes.subarray(0, 13), ...device(bytes.subarray(10)).subarray(3)]);
    if (untouched6.some((each) => isIn(bytes, each)) || (bytes[0] === 0xfe && length <= 64)) return undefined;
    return bytes[0] === 0xfe && bytes[1] === 0x80 ? mapLocal(bytes, length) : map6(bytes, length);
  }

  const device = (bytes: Bytes): Bytes => mapDevice(bytes);

  return {
    ip: (bytes, prefixBits) => (bytes.length === 4 ? ip4(bytes, prefixBits) : ip6(bytes, prefixBits)),
    device(bytes) {
      if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)) return undefined;
      if (bytes.length === 6 && ofAddress.some((each) => isIn(bytes, each))) return withAddress(bytes);
      return device(bytes);
    },
  };
}

/** No bit is set behind the prefix: what is meant is the network, whose pseudonym has none either. */
function isNetwork(bytes: Bytes, prefixBits: number): boolean {
  for (let at = prefixBits; at < bytes.length * 8; at++) {
    if ((((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1) return false;
  }
  return true;
}

/** Four numbers up to 255, or nothing. */
export function bytesOfOctets(octets: readonly string[]): Bytes | undefined {
  if (octets.length !== 4 || !octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255))
    return undefined;
  return Uint8Array.from(octets.map(Number));
}

/** The sixteen bytes of an IPv6 address in any spelling, without its zone. */
export function bytesOfIpv6(text: string): Bytes | undefined {
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

/** `10.0.0.1`, `fd00::1`: one text for each address. */
export const ipText = (bytes: Bytes): string => ipaddr.fromByteArray([...bytes]).toString();
export const deviceText = (bytes: Bytes): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
