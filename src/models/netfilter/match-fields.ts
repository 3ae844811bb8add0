// Matches on what every packet has: addresses, ports, devices, and the state of its connection.

import { contains, inRange, type Network, parseAddress, parseNetwork, parseRange } from './address.ts';
import { type Truth, unknown } from './kleene.ts';
import { ruleName, type Subject } from './match-context.ts';
import { type Connection, unknownDevice } from './packet.ts';
import { protocolNumberName } from './protocols.ts';

export type Condition = (subject: Subject) => Truth;

export function addressTest(field: 'source' | 'destination', text: string, negated: boolean): Condition {
  const range = text.includes('-') ? parseRange(text) : undefined;
  const network: Network | undefined = range ? undefined : parseNetwork(text);
  const family = range?.first.family ?? network?.address.family;
  if (family === undefined) {
    return (subject) => unknown(`${field} ${text} of rule ${ruleName(subject)} matches`);
  }
  return ({ packet }) => {
    const address = parseAddress(packet[field]);
    if (!address) return unknown(`the masqueraded ${field} is in ${text}`, negated);
    // In a table for both families a rule on IPv4 has nothing to say of IPv6, not even with a negation.
    if (address.family !== family) return false;
    return (network ? contains(network, address) : inRange(range!, address)) !== negated;
  };
}

const hasPorts = (protocol: string) => /^(tcp|udp|sctp|dccp|udplite)$/.test(protocolNumberName(protocol));

/** `80`, `1024:65535`, `80,443:445`; a packet without ports matches neither the port nor its negation. */
export function portTest(field: 'sourcePort' | 'destinationPort', text: string, negated: boolean): Condition {
  const ranges = text.split(',').map((part) => part.split(':').map((end) => (end === '' ? Number.NaN : Number(end))));
  if (!/^[\d:,]+$/.test(text)) return (subject) => unknown(`${field} ${text} of rule ${ruleName(subject)} matches`);
  return ({ packet }) => {
    const port = packet[field];
    if (!hasPorts(packet.protocol)) return false;
    if (port === undefined) {
      // Any port at all.
      if (ranges.some(([first, last]) => (first === 0 || Number.isNaN(first)) && last === 65535)) return !negated;
      return unknown(`the ${field === 'sourcePort' ? 'source' : 'destination'} port is ${text}`, negated);
    }
    const inside = ranges.some(([first, last]) => {
      const from = Number.isNaN(first) ? 0 : first!;
      const to = last === undefined ? from : Number.isNaN(last) ? 65535 : last;
      return port >= from && port <= to;
    });
    return inside !== negated;
  };
}

/** A final `+` stands for anything; a packet without the device matches only that, and every negation. */
export function deviceTest(
  field: 'inDevice' | 'outDevice' | 'inPort' | 'outPort',
  text: string,
  negated: boolean,
): Condition {
  const names = text.split(',');
  return ({ packet, context }) => {
    const device = packet[field] ?? '';
    if (device === unknownDevice && !names.includes('+')) {
      const way = field.startsWith('in') ? 'comes to' : 'leaves';
      return unknown(`${packet.destination} ${way} ${context.node || 'the node'} by ${text}`, negated);
    }
    const hit = names.some((name) => (name.endsWith('+') ? device.startsWith(name.slice(0, -1)) : device === name));
    return hit !== negated;
  };
}

/** Where no connection is known to the packet, its mark neither matches nor fails to match: the rule is passed over. */
export const hasConnection = ({ connection, untracked }: Pick<Subject, 'connection' | 'untracked'>): boolean =>
  !untracked && connection.state !== 'UNTRACKED' && connection.state !== 'INVALID';

/** In the raw table every packet is INVALID, but those taken out of tracking. */
export function stateTest(states: readonly string[], connection: Connection, untracked: boolean): boolean {
  const state = untracked && connection.state !== 'UNTRACKED' ? 'INVALID' : connection.state;
  return states.some(
    (each) =>
      each === state ||
      (!untracked && each === 'DNAT' && connection.destinationTranslated) ||
      (!untracked && each === 'SNAT' && connection.sourceTranslated),
  );
}
