// `-m set --match-set NAME src,dst` and `ip saddr @NAME`: is the packet in the set?

import { likely, type Truth, unknown } from './kleene.ts';
import type { Subject } from './match-context.ts';
import { type Packet, unknownDevice } from './packet.ts';
import { protocolNumberName } from './protocols.ts';
import { type AddressSet, findElement } from './sets.ts';

export function matchSet(name: string, directions: string, subject: Subject): Truth {
  const { rule, context, packet } = subject;
  const nft = rule.table.backend === 'native' || directions === '';
  const set = nft
    ? context.ruleset.nftSets.get(`${rule.table.family} ${rule.table.name} ${name}`)
    : context.ruleset.ipSets.get(name);
  if (!nft && set?.type.startsWith('list:')) return matchList(set, directions, subject);
  const values = nft
    ? [directions === 'src' ? packet.source : packet.destination].map((address) => address || undefined)
    : dimensions(set?.type ?? '', directions.split(','), subject);
  return inSet(
    set,
    name,
    set
      ? values
      : directions
          .split(',')
          .slice(0, 1)
          .map((way) => endOf(packet, way)),
    subject,
  );
}

/** Of a set that no dump shows not even the type is known: address and port name the packet. */
function endOf({ source, sourcePort, destination, destinationPort }: Packet, way: string): string {
  const [address, port] = way === 'src' ? [source, sourcePort] : [destination, destinationPort];
  return `${address || 'the masqueraded source'}${port === undefined ? '' : ` port ${port}`}`;
}

/** A set of sets: in any of its members. */
function matchList(list: AddressSet, directions: string, subject: Subject): Truth {
  let open: Truth = false;
  for (const { key } of list.exact.values()) {
    const truth = matchSet(key[0]!, directions, subject);
    if (truth === true) return true;
    if (truth !== false) open = truth;
  }
  return open === false && !list.complete ? unknown(`the packet is in set ${list.name}`) : open;
}

export function inSet(
  set: AddressSet | undefined,
  name: string,
  values: readonly (string | undefined)[],
  { context, packet }: Subject,
): Truth {
  const what = `${values.map((value) => value ?? 'what is not known').join(',')} is in set ${name}`;
  const atom = context.node === '' ? what : `${what} on ${context.node}`;
  if (!set) return unknown(atom);
  // Clients that were seen before are in it: a first packet is not.
  if (set.dynamic && set.exact.size + set.wide.length === 0) {
    return likely(`${packet.source || 'the client'} has connected here lately`, false);
  }
  const element = findElement(set, values);
  if (element === 'unknown') return unknown(atom);
  if (element) return element.nomatch !== true;
  return set.complete ? false : unknown(atom);
}

/** One value for each part of the type of an ipset: `hash:ip,port,ip` with `dst,dst,src`. */
function dimensions(type: string, directions: readonly string[], { packet }: Subject): (string | undefined)[] {
  const parts = (type.split(':')[1] ?? '').split(',');
  return parts.map((part, at) => {
    const from = (directions[at] ?? directions.at(-1)) === 'src';
    if (part === 'ip' || part === 'net') return (from ? packet.source : packet.destination) || undefined;
    if (part === 'iface') {
      const device = from ? packet.inDevice : packet.outDevice;
      return device === unknownDevice ? undefined : device;
    }
    if (part === 'port') {
      const port = from ? packet.sourcePort : packet.destinationPort;
      if (port === undefined) return undefined;
      return type.startsWith('bitmap:') ? String(port) : `${protocolNumberName(packet.protocol)}:${port}`;
    }
    return undefined;
  });
}
