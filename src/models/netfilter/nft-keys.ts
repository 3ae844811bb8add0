// What nft looks a packet up by: `ip daddr . meta l4proto . th dport`, one value for each part.

import type { Subject } from './match-context.ts';
import { isOfType } from './match-context.ts';
import { allBits, unknownDevice } from './packet.ts';
import { protocolNumberName } from './protocols.ts';

export type KeyPart = (subject: Subject) => string | undefined;

const text = (value: number | undefined) => (value === undefined ? undefined : String(value));

const forms: readonly (readonly [RegExp, (hit: RegExpExecArray) => KeyPart])[] = [
  [
    /^ip6? ([sd])addr/,
    ([, side]) =>
      ({ packet }) =>
        (side === 's' ? packet.source : packet.destination) || undefined,
  ],
  [
    /^meta l4proto|^ip protocol|^ip6 nexthdr/,
    () =>
      ({ packet }) =>
        protocolNumberName(packet.protocol),
  ],
  [
    /^meta nfproto/,
    () =>
      ({ packet }) =>
        packet.family === 'ip' ? 'ipv4' : 'ipv6',
  ],
  [
    /^meta protocol/,
    () =>
      ({ packet }) =>
        packet.family,
  ],
  [
    /^(?:meta )?mark|^meta mark/,
    () =>
      ({ packet: { mark } }) =>
        mark.known === allBits ? String(mark.value) : undefined,
  ],
  [
    /^ct mark/,
    () =>
      ({ connection: { mark } }) =>
        mark.known === allBits ? String(mark.value) : undefined,
  ],
  [
    /^(th|tcp|udp|sctp) ([sd])port/,
    ([, protocol, side]) =>
      ({ packet }) => {
        if (protocol !== 'th' && protocolNumberName(packet.protocol) !== protocol) return '';
        return text(side === 's' ? packet.sourcePort : packet.destinationPort);
      },
  ],
  [
    /^(?:meta )?iif(?:name)?(?=\s|$)/,
    () =>
      ({ packet }) =>
        packet.inDevice === unknownDevice ? undefined : packet.inDevice,
  ],
  [
    /^(?:meta )?oif(?:name)?(?=\s|$)/,
    () =>
      ({ packet }) =>
        packet.outDevice === unknownDevice ? undefined : packet.outDevice,
  ],
  [
    /^ct state/,
    () =>
      ({ connection, untracked }) =>
        untracked && connection.state !== 'UNTRACKED' ? 'invalid' : connection.state.toLowerCase(),
  ],
  [
    /^ct direction/,
    () =>
      ({ connection }) =>
        connection.state === 'NEW' ? 'original' : undefined,
  ],
  [
    /^fib ([sd])addr type/,
    ([, side]) =>
      ({ packet, context }) => {
        const address = side === 's' ? packet.source : packet.destination;
        for (const type of ['LOCAL', 'BROADCAST', 'MULTICAST', 'UNICAST']) {
          const truth = isOfType(address, type, context);
          if (truth === true) return type.toLowerCase();
          if (truth !== false) return undefined;
        }
        return undefined;
      },
  ],
];

/** Undefined if a part is of a kind that is not known here. */
export function readKeys(keys: string): readonly KeyPart[] | undefined {
  const parts: KeyPart[] = [];
  let left = keys.trim();
  while (left !== '') {
    let length = 0;
    for (const [pattern, make] of forms) {
      const hit = pattern.exec(left);
      if (!hit) continue;
      parts.push(make(hit));
      length = hit[0].length;
      break;
    }
    if (length === 0) return undefined;
    left = left.slice(length).trim();
    if (left === '') break;
    if (!left.startsWith('.')) return undefined;
    left = left.slice(1).trim();
  }
  return parts.length > 0 ? parts : undefined;
}

export const keyValues = (parts: readonly KeyPart[], subject: Subject): (string | undefined)[] =>
  parts.map((part) => part(subject));
