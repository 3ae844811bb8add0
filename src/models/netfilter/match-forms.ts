// What single matches mean, whichever way they are spelled: TCP flags, ICMP types, history, the socket of the sender.

import { inRange, parseAddress, parseRange } from './address.ts';
import { likely, negateIf, unknown } from './kleene.ts';
import { isOfType, ruleName, type Subject } from './match-context.ts';
import type { Condition } from './match-fields.ts';
import { type Packet, unknownDevice } from './packet.ts';
import { protocolNumberName } from './protocols.ts';

const flagBits: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  CWR: 128,
  ALL: 63,
  NONE: 0,
};

/** `FIN,SYN` or `0x17`; undefined for a name that is none. */
export function readFlags(text: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text);
  let bits = 0;
  for (const name of text.toUpperCase().split(/[,|]\s*/)) {
    const bit = flagBits[name];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** A first packet has SYN and nothing else; a later one has ACK, and whether SYN or FIN is with it depends. */
export const tcpFlags =
  (mask: number, wanted: number, negated: boolean): Condition =>
  (subject) => {
    const { packet, connection } = subject;
    if (protocolNumberName(packet.protocol) !== 'tcp') return false;
    const first = connection.state === 'NEW' || subject.untracked || connection.state === 'UNTRACKED';
    const [value, known] = first ? [2, 0xff] : [16, 16 | 4];
    if (((value ^ wanted) & mask & known) !== 0) return negated;
    if ((mask & ~known & 0xff) === 0) return !negated;
    return unknown(`the TCP flags of the packet are as rule ${ruleName(subject)} asks`, negated);
  };

/** Packets that are traced are echo requests, if ICMP at all. */
const echoRequest = {
  icmp: ['8', 'echo-request', 'ping', 'any', '255'],
  'ipv6-icmp': ['128', 'echo-request', 'any', '255'],
};

export const icmpType =
  (text: string, negated: boolean): Condition =>
  (subject) => {
    const protocol = protocolNumberName(subject.packet.protocol);
    if (protocol !== 'icmp' && protocol !== 'ipv6-icmp') return false;
    const types = text.replace(/^\{\s*|\s*\}$/g, '').split(/\s*,\s*/);
    return types.some((type) => echoRequest[protocol].includes(type.split('/')[0]!)) !== negated;
  };

export const addressRange = (
  field: 'source' | 'destination',
  text: string,
  negated: boolean,
): Condition | undefined => {
  const range = parseRange(text);
  if (!range) return undefined;
  return ({ packet }) => {
    const address = parseAddress(packet[field]);
    if (!address) return unknown(`the masqueraded ${field} is in ${text}`, negated);
    return address.family === range.first.family && inRange(range, address) !== negated;
  };
};

/** What depends on the packets before: a first one is within every limit, and in no list. */
export const history =
  (what: string, expected: boolean, negated: boolean): Condition =>
  () =>
    negateIf(negated, likely(what, expected));

export const fixed =
  (truth: boolean): Condition =>
  () =>
    truth;

/** Only packets that a process of this node sends have a socket, and so an owner. */
export const owner: Condition = (subject) => {
  const { context, connection } = subject;
  if (context.hook !== 'output' && context.hook !== 'postrouting') return false;
  const sentHere = context.hook === 'output' || isOfType(connection.original.source, 'LOCAL', context);
  if (sentHere === false) return false;
  return unknown(`the process that sends is the one rule ${ruleName(subject)} asks for`);
};

/** A forwarded packet has no socket here. */
export const socket: Condition = ({ packet, context }) => {
  const here = isOfType(packet.destination, 'LOCAL', context);
  return here === false ? false : likely(`a transparent socket takes ${packet.destination}`, false);
};

export function physicalPort(name: string, text: string, negated: boolean): Condition | undefined {
  const port = name.endsWith('in') ? ('inPort' as const) : ('outPort' as const);
  const has = ({ packet }: { packet: Packet }, at: 'inPort' | 'outPort') => packet[at] !== undefined;
  switch (name) {
    case 'physdev-is-in':
    case 'physdev-is-out':
      return (subject) => has(subject, port) !== negated;
    case 'physdev-is-bridged':
      return (subject) => (has(subject, 'inPort') && has(subject, 'outPort')) !== negated;
    case 'physdev-in':
    case 'physdev-out':
      return ({ packet }) => {
        const device = packet[port];
        if (device === undefined) return negated;
        if (device === unknownDevice) return unknown(`the port of the bridge is ${text} (${name})`, negated);
        return (text.endsWith('+') ? device.startsWith(text.slice(0, -1)) : device === text) !== negated;
      };
    default:
      return undefined;
  }
}

/** `ORIGINAL` for packets from the client, `REPLY` for answers: an answer does not come from where the first packet came from. */
export const direction =
  (text: string, negated: boolean): Condition =>
  ({ connection }) => {
    if (connection.state === 'NEW') return (text.toUpperCase() === 'ORIGINAL') !== negated;
    return unknown(`the packet goes in direction ${text.toUpperCase()}`, negated);
  };

const statuses: Readonly<Record<string, (subject: Subject) => boolean>> = {
  DNAT: ({ connection }) => connection.destinationTranslated,
  SNAT: ({ connection }) => connection.sourceTranslated,
  NONE: () => false,
  EXPECTED: ({ connection }) => connection.state === 'RELATED',
  SEEN_REPLY: ({ connection }) => connection.state === 'ESTABLISHED',
  CONFIRMED: ({ connection }) => connection.state === 'ESTABLISHED',
};

export const status =
  (text: string, negated: boolean): Condition =>
  (subject) => {
    const names = text.toUpperCase().replace('SEEN-REPLY', 'SEEN_REPLY').split(',');
    if (names.some((name) => statuses[name]?.(subject) === true)) return !negated;
    const open = names.some((name) => statuses[name] === undefined);
    return open ? unknown(`the status of the connection is ${text}`, negated) : negated;
  };

/** `--limit-iface-in`: local on the device of the packet alone. */
export const localOnDevice =
  (side: 'source' | 'destination', type: string, device: 'inDevice' | 'outDevice', negated: boolean): Condition =>
  ({ packet, context }) =>
    packet[device] === unknownDevice
      ? unknown(`${packet[side]} is of type ${type} on the device of the packet`, negated)
      : negateIf(negated, isOfType(packet[side], type, context, packet[device]));

/** Sent to one machine, as everything that is traced is. */
export const packetType =
  (text: string, negated: boolean): Condition =>
  () =>
    ['unicast', 'host'].includes(text.toLowerCase()) !== negated;

export function lengthTest(text: string, negated: boolean): Condition {
  const [first, last] = text.split(/[:-]/).map(Number);
  return ({ packet }) => {
    if (packet.lengthBytes === undefined) return unknown(`the packet has ${text} bytes`, negated);
    return (packet.lengthBytes >= (first ?? 0) && packet.lengthBytes <= (last ?? first ?? 0)) !== negated;
  };
}
