// IP addresses and networks, as `ip()` and `cidr()` of Kubernetes' CEL see them.

import ipaddr from 'ipaddr.js';
import { define, type FunctionTable } from './function-table.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export class Ip {
  readonly address: Address;
  constructor(address: Address) {
    this.address = address;
  }
  toString(): string {
    return this.address.toString();
  }
}

export class Cidr {
  readonly address: Address;
  readonly prefix: number;
  constructor(address: Address, prefix: number) {
    this.address = address;
    this.prefix = prefix;
  }
  toString(): string {
    return `${this.address.toString()}/${this.prefix}`;
  }
}

const octet = '(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
const fourOctets = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Strict as Go's netip: no leading zeros, no zone, no IPv4 inside IPv6. */
function parseIp(text: string): Ip | undefined {
  if (fourOctets.test(text)) return new Ip(ipaddr.IPv4.parse(text));
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? undefined : new Ip(address);
}

function parseCidr(text: string): Cidr | undefined {
  const [, host, bits] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const ip = host === undefined ? undefined : parseIp(host);
  const prefix = Number(bits);
  return ip && prefix <= width(ip.address) ? new Cidr(ip.address, prefix) : undefined;
}

const width = (address: Address): number => (address.kind() === 'ipv4' ? 32 : 128);

function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (!parsed) throw new Error(`"${text}" is not an IP address`);
  return parsed;
}

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`"${text}" is not a network in CIDR form`);
  return parsed;
}

function containsAddress(network: Cidr, address: Address): boolean {
  if (network.address.kind() !== address.kind()) return false;
  const mine = network.address.toByteArray();
  const other = address.toByteArray();
  for (let bit = 0; bit < network.prefix; bit += 8) {
    const rest = Math.min(8, network.prefix - bit);
    const mask = (0xff << (8 - rest)) & 0xff;
    if (((mine[bit / 8] ?? 0) & mask) !== ((other[bit / 8] ?? 0) & mask)) return false;
  }
  return true;
}

const containsNetwork = (outer: Cidr, inner: Cidr): boolean =>
  outer.prefix <= inner.prefix && containsAddress(outer, inner.address);

function masked(network: Cidr): Cidr {
  const bytes = network.address.toByteArray().map((byte, index) => {
    const rest = Math.min(8, Math.max(0, network.prefix - index * 8));
    return byte & ((0xff << (8 - rest)) & 0xff);
  });
  return new Cidr(ipaddr.fromByteArray(bytes), network.prefix);
}

const range = (address: Address): string => address.range();
const isGlobal = (address: Address): boolean =>
  !['unspecified', 'loopback', 'multicast', 'linkLocal', 'broadcast'].includes(range(address));
const localMulticast = [cidr('224.0.0.0/24'), cidr('ff02::/16')];
const sameAddress = (a: Address, b: Address): boolean => a.toString() === b.toString();

export const addressFunctions: FunctionTable = {
  types: [
    { name: 'IP', ctor: Ip },
    { name: 'CIDR', ctor: Cidr },
  ],
  functions: [
    define('ip(string): IP', 'The address a text says; an error where it says none.', ip),
    define('isIP(string): bool', 'Whether a text is an IP address.', (text) => parseIp(text) !== undefined),
    define('IP.family(): int', '4 or 6.', (a) => (a.address.kind() === 'ipv4' ? 4n : 6n)),
    define('IP.isUnspecified(): bool', '0.0.0.0 or ::.', (a) => range(a.address) === 'unspecified'),
    define('IP.isLoopback(): bool', '127.0.0.0/8 or ::1.', (a) => range(a.address) === 'loopback'),
    define('IP.isLinkLocalUnicast(): bool', '169.254.0.0/16 or fe80::/10.', (a) => range(a.address) === 'linkLocal'),
    define('IP.isLinkLocalMulticast(): bool', '224.0.0.0/24 or ff02::/16.', (a) =>
      localMulticast.some((network) => containsAddress(network, a.address)),
    ),
    define('IP.isGlobalUnicast(): bool', 'None of the special ranges; private ones count.', (a) => isGlobal(a.address)),
    define('string(IP): string', 'The address in its usual form.', String),
    define('cidr(string): CIDR', 'The network a text says; an error where it says none.', cidr),
    define('isCIDR(string): bool', 'Whether a text is a network.', (text) => parseCidr(text) !== undefined),
    define('CIDR.containsIP(IP): bool', 'Whether the address lies in it.', (n, a) => containsAddress(n, a.address)),
    define('CIDR.containsIP(string): bool', 'Whether the address lies in it.', (n, a) =>
      containsAddress(n, ip(a).address),
    ),
    define('CIDR.containsCIDR(CIDR): bool', 'Whether the whole network lies in it.', containsNetwork),
    define('CIDR.containsCIDR(string): bool', 'Whether the whole network lies in it.', (n, other) =>
      containsNetwork(n, cidr(other)),
    ),
    define('CIDR.ip(): IP', 'The address before the slash.', (n) => new Ip(n.address)),
    define('CIDR.masked(): CIDR', 'With the host bits cleared.', masked),
    define('CIDR.prefixLength(): int', 'The number after the slash.', (n) => BigInt(n.prefix)),
    define('string(CIDR): string', 'The network in its usual form.', String),
  ],
  operators: [
    { signature: 'IP == IP', handler: (a, b) => sameAddress(a.address, b.address) },
    { signature: 'CIDR == CIDR', handler: (a, b) => a.prefix === b.prefix && sameAddress(a.address, b.address) },
  ],
};
