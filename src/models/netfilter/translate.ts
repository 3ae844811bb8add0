// Network address translation: what DNAT, SNAT, MASQUERADE, REDIRECT and NETMAP make of a packet.

import { contains, formatAddress, parseAddress, parseNetwork, parseRange, splitPort } from './address.ts';
import type { HookContext } from './match-context.ts';
import type { DeviceAddress } from './node-facts.ts';
import type { Connection, Packet } from './packet.ts';

export interface Translated {
  readonly packet: Packet;
  readonly connection: Connection;
  readonly effect: string;
  /** Of those that the target chooses among. */
  readonly share: number;
}

const end = (address: string, port: number | undefined) => {
  const shown = address === '' ? 'an address that is not known' : address;
  if (port === undefined) return shown;
  return `${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
};

/** At most as many addresses of a range are followed one by one. */
const longestRange = 16;

/** Addresses of `10.0.0.1-10.0.0.3`; '' where there are too many. */
function choices(text: string): string[] {
  if (!text.includes('-')) return [text];
  const range = parseRange(text);
  if (range?.first.family !== 'ip' || range.last.family !== 'ip') return [''];
  const { first, last } = { first: range.first.bits, last: range.last.bits };
  if (last - first >= longestRange || last < first) return [''];
  return Array.from({ length: last - first + 1 }, (_, at) => formatAddress({ family: 'ip', bits: first + at }));
}

/** A port, the old one if it lies in the range, or one of several that nobody knows. */
function choosePort(text: string, old: number | undefined): number | undefined {
  if (text === '') return old;
  const [first, last] = text.split('/')[0]!.split('-').map(Number);
  if (last === undefined || last === first) return first;
  return old !== undefined && old >= first! && old <= last ? old : undefined;
}

/** `numgen random mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80 }` of nft. */
function numberedTargets(text: string): string[] | undefined {
  const map = /^numgen \w+ mod (\d+)(?: offset \d+)? map \{ (.*) \}$/.exec(text);
  if (!map) return undefined;
  return map[2]!.split(/\s*,\s*/).map((each) => {
    const [address, port] = each.replace(/^\S+ : /, '').split(' . ');
    const bracketed = address!.includes(':') && port !== undefined ? `[${address}]` : address!;
    return port === undefined ? bracketed : `${bracketed}:${port}`;
  });
}

/** Undefined if the text names no address or port. */
export function translateDestination(packet: Packet, connection: Connection, to: string): Translated[] | undefined {
  const targets = numberedTargets(to) ?? [to];
  const found: Translated[] = [];
  for (const target of targets) {
    const { address, port } = splitPort(target);
    if (address !== '' && !parseAddress(address) && !parseRange(address)) return undefined;
    const addresses = address === '' ? [packet.destination] : choices(address);
    for (const destination of addresses) {
      const share = 1 / targets.length / addresses.length;
      found.push({
        ...toDestination(packet, connection, destination, choosePort(port, packet.destinationPort)),
        share,
      });
    }
  }
  return found;
}

export function toDestination(
  { destinationPort: _, ...packet }: Packet,
  connection: Connection,
  destination: string,
  port: number | undefined,
): Translated {
  return {
    packet: { ...packet, destination, ...(port !== undefined && { destinationPort: port }) },
    // To the address it has already nothing is translated: the connection is not of state DNAT.
    connection: {
      ...connection,
      destinationDecided: true,
      destinationTranslated: connection.destinationTranslated || destination !== packet.destination || port !== _,
    },
    effect: `DNAT ${end(packet.destination, _)} → ${end(destination, port)}`,
    share: 1,
  };
}

export function translateSource(
  packet: Packet,
  connection: Connection,
  to: string,
  random: boolean,
): Translated[] | undefined {
  const { address, port } = splitPort(to);
  if (address !== '' && !parseAddress(address) && !parseRange(address)) return undefined;
  const addresses = address === '' ? [packet.source] : choices(address);
  return addresses.map((source) => ({
    ...toSource(packet, connection, source, random ? 'any' : choosePort(port, packet.sourcePort), 'SNAT'),
    share: 1 / addresses.length,
  }));
}

function toSource(
  { sourcePort: _, ...packet }: Packet,
  connection: Connection,
  source: string,
  to: number | undefined | 'any',
  name: string,
): Translated {
  const port = to === 'any' ? undefined : to;
  const translated = connection.sourceTranslated || source !== packet.source || to !== _;
  return {
    packet: { ...packet, source, ...(port !== undefined && { sourcePort: port }) },
    connection: { ...connection, sourceDecided: true, sourceTranslated: translated },
    effect: `${name} ${end(packet.source, _)} → ${end(source, port)}`,
    share: 1,
  };
}

/** The address of the device it leaves by: the one in the network it goes to, else the first. */
export function masquerade(
  packet: Packet,
  connection: Connection,
  context: HookContext,
  ports: string,
  random: boolean,
): Translated {
  const source = senderAddress(packet, context);
  return toSource(packet, connection, source, random ? 'any' : choosePort(ports, packet.sourcePort), 'MASQUERADE');
}

/** To the node itself: the device it came in by, or loopback for a local process. */
export function redirect(packet: Packet, connection: Connection, context: HookContext, ports: string): Translated {
  const loopback = packet.family === 'ip' ? '127.0.0.1' : '::1';
  const address = context.hook === 'output' ? loopback : addressOf(packet.inDevice, packet, context);
  return toDestination(packet, connection, address, choosePort(ports, packet.destinationPort));
}

/** For redirected packets: the first address of the device. */
function addressOf(device: string, { family }: Packet, { nodeFacts }: HookContext): string {
  const own = nodeFacts.devices?.get(device)?.filter((each) => each.family === family && each.scope !== 'link') ?? [];
  return own[0]?.address ?? '';
}

/** Of a device without a global address (loopback, for one) the first one of any other device stands in. */
function senderAddress({ family, destination, outDevice }: Packet, { nodeFacts }: HookContext): string {
  const usable = (each: DeviceAddress) => each.family === family && each.scope === 'global';
  const own = nodeFacts.devices?.get(outDevice)?.filter(usable) ?? [];
  if (own.length === 0 && family === 'ip' && nodeFacts.devices?.has(outDevice)) {
    return [...nodeFacts.devices.values()].flat().find(usable)?.address ?? '';
  }
  const target = parseAddress(destination);
  const near = own.find(({ address, prefixLength }) => {
    const network = parseNetwork(`${address}/${prefixLength}`);
    return network && target && prefixLength > 0 && contains(network, target);
  });
  return (near ?? own[0])?.address ?? '';
}

/** `NETMAP --to 10.0.0.0/24`: the network changes, the host in it stays. */
export function netmap(
  packet: Packet,
  connection: Connection,
  to: string,
  ofDestination: boolean,
): Translated | undefined {
  const network = parseNetwork(to);
  const old = parseAddress(ofDestination ? packet.destination : packet.source);
  if (!network || network.address.family !== old?.family) return undefined;
  const bits =
    old.family === 'ip' && network.address.family === 'ip'
      ? { family: 'ip' as const, bits: mixed32(network.address.bits, old.bits, network.prefixLength) }
      : mixed128(network.address.bits as bigint, old.bits as bigint, network.prefixLength);
  const address = formatAddress(bits);
  return ofDestination
    ? toDestination(packet, connection, address, packet.destinationPort)
    : toSource(packet, connection, address, packet.sourcePort, 'NETMAP');
}

function mixed32(network: number, host: number, length: number): number {
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return ((network & mask) | (host & ~mask)) >>> 0;
}

function mixed128(network: bigint, host: bigint, length: number): { family: 'ip6'; bits: bigint } {
  const hostMask = (1n << BigInt(128 - length)) - 1n;
  return { family: 'ip6', bits: (network & ~hostMask) | (host & hostMask) };
}
