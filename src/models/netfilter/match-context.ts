// What a match is asked about: one packet at one hook, with what the node is known to be.

import type { Hook } from '../path/trace.ts';
import { contains, parseAddress, parseNetwork, plainText } from './address.ts';
import { type Truth, unknown } from './kleene.ts';
import type { NodeFacts } from './node-facts.ts';
import type { Connection, Packet } from './packet.ts';
import type { Rule, Ruleset } from './ruleset.ts';

export interface HookContext {
  readonly ruleset: Ruleset;
  readonly node: string;
  readonly hook: Hook;
  readonly nodeFacts: NodeFacts;
  readonly outer: boolean;
}

export interface Subject {
  readonly rule: Rule;
  readonly packet: Packet;
  readonly connection: Connection;
  readonly context: HookContext;
  /** True in the raw table: connection tracking has not looked at the packet yet. */
  readonly untracked: boolean;
}

/** Names a rule where it has to be named: `w1 filter FORWARD 3`. */
export function ruleName({ rule, context }: Pick<Subject, 'rule' | 'context'>): string {
  return [context.node, rule.table.name, rule.chain, rule.position].filter((part) => part !== '').join(' ');
}

/** What the kernel calls the type of an address: LOCAL, BROADCAST, MULTICAST or UNICAST. */
export function isOfType(address: string, type: string, { nodeFacts, node }: HookContext, device?: string): Truth {
  const parsed = parseAddress(address);
  const where = node === '' ? 'the node' : `node ${node}`;
  if (!parsed) return unknown(`the source address after masquerading on ${where} is of type ${type}`);
  const isIn = (network: string) => contains(parseNetwork(network)!, parsed);
  if (type === 'MULTICAST') return isIn('224.0.0.0/4') || isIn('ff00::/8');
  if (type === 'ANYCAST' || type === 'BLACKHOLE' || type === 'PROHIBIT' || type === 'UNREACHABLE' || type === 'THROW') {
    return unknown(`${address} is of type ${type} on ${where}`);
  }
  const isLocal = (): Truth => {
    if (device === undefined && (isIn('127.0.0.0/8') || isIn('::1/128'))) return true;
    const plain = plainText(address);
    if (nodeFacts.alsoLocal?.some((each) => plainText(each) === plain)) return true;
    if (!nodeFacts.devices) return unknown(`${plain} is an address of ${where}`);
    for (const [name, addresses] of nodeFacts.devices) {
      if (device !== undefined && name !== device) continue;
      if (addresses.some((each) => plainText(each.address) === plain)) return true;
    }
    return nodeFacts.alsoLocal === undefined ? false : unknown(`${plain} is an address of ${where}`);
  };
  if (type === 'LOCAL') return isLocal();
  const broadcast =
    parsed.family === 'ip' && (parsed.bits === 0 || parsed.bits === 0xffffffff || isBroadcast(parsed.bits, nodeFacts));
  if (type === 'BROADCAST') return broadcast;
  if (type === 'UNICAST') {
    if (broadcast || isIn('224.0.0.0/4') || isIn('ff00::/8')) return false;
    const local = isLocal();
    return typeof local === 'boolean' ? !local : unknown(`${address} is an address of ${where}`, true);
  }
  return unknown(`${address} is of type ${type} on ${where}`);
}

function isBroadcast(bits: number, { devices }: NodeFacts): boolean {
  for (const addresses of devices?.values() ?? []) {
    for (const { address, prefixLength } of addresses) {
      const parsed = parseAddress(address);
      if (parsed?.family !== 'ip' || prefixLength >= 31) continue;
      if (bits === (parsed.bits | (0xffffffff >>> prefixLength)) >>> 0) return true;
    }
  }
  return false;
}
