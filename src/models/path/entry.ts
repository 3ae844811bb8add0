// What connection tracking makes of an answer when it comes to a node: known there, and so translated back, or not.

import type { Connection } from '../netfilter/packet.ts';
import { noMark } from '../netfilter/packet.ts';
import { type Passage, type Tuple, tupleOf, type Way } from './way.ts';

/** Undefined for what is no answer (a question, an outer packet): that is a new connection. */
export function answersOf({ answers, carried, packet, node }: Way): Connection | undefined {
  if (!answers || carried.length > 0) return undefined;
  const passage = answers.find((each) => each.node === node && isReverse(each.after, tupleOf(packet)));
  if (!passage) return strange(packet);
  return established(passage);
}

function established({ before, after }: Passage): Connection {
  const turned = before.source !== after.source || before.sourcePort !== after.sourcePort;
  const moved = before.destination !== after.destination || before.destinationPort !== after.destinationPort;
  return {
    state: 'ESTABLISHED',
    mark: noMark,
    original: {
      source: before.source,
      destination: before.destination,
      ...(before.destinationPort !== undefined && { destinationPort: before.destinationPort }),
    },
    destinationDecided: true,
    sourceDecided: true,
    destinationTranslated: moved,
    sourceTranslated: turned,
    rewrites: {
      ...(turned && { destination: end(before.source, before.sourcePort) }),
      ...(moved && { source: end(before.destination, before.destinationPort) }),
    },
  };
}

/** A SYN-ACK without its SYN is INVALID to connection tracking; a datagram just begins a connection. */
function strange({ protocol, source, destination }: Way['packet']): Connection {
  return {
    state: protocol === 'tcp' ? 'INVALID' : 'NEW',
    mark: noMark,
    original: { source, destination },
    destinationDecided: protocol === 'tcp',
    sourceDecided: protocol === 'tcp',
    destinationTranslated: false,
    sourceTranslated: false,
  };
}

const end = (address: string, port: number | undefined) => ({ address, ...(port !== undefined && { port }) });

/** Ports count where both are known. */
function isReverse(one: Tuple, two: Tuple): boolean {
  const same = (left: number | undefined, right: number | undefined) =>
    left === undefined || right === undefined || left === right;
  return (
    one.source === two.destination &&
    one.destination === two.source &&
    same(one.sourcePort, two.destinationPort) &&
    same(one.destinationPort, two.sourcePort)
  );
}
