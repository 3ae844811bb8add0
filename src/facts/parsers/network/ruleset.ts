// What a dump of a packet filter holds, while it is read: the same for save, list and nft text.

import type { Span } from '../../../bundle/source.ts';
import type { FactType } from '../../fact-type.ts';
import type { Problem } from '../../parser.ts';
import { wordTable } from '../../text/word-table.ts';
import type { NetfilterRule } from './netfilter-facts.ts';

type ValueOf<T> = T extends FactType<infer V> ? V : never;
export type RuleValue = ValueOf<typeof NetfilterRule>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** A rule without the place it stands in. */
export type RuleBody = Writable<
  Omit<RuleValue, 'node' | 'netns' | 'family' | 'backend' | 'table' | 'chain' | 'position'>
> & {
  otherMatches: string[];
  hidden: string[];
};

export interface Rule {
  readonly span: Span;
  readonly body: RuleBody;
}

export interface Chain {
  readonly name: string;
  readonly span: Span;
  readonly rules: Rule[];
  policy?: string;
  hook?: string;
  type?: string;
  priority?: number;
  references?: number;
  packets?: number;
  bytes?: number;
}

export interface MapElement {
  readonly map: string;
  readonly span: Span;
  /** Parts of the key: `['10.96.0.1', 'tcp', '443']`. */
  readonly key: readonly string[];
  readonly verdict: string;
  readonly comment?: string;
}

/** A set or a map of an nft table, with its elements as printed. */
export interface Collection {
  readonly name: string;
  readonly kind: 'set' | 'map';
  span: Span;
  /** `ipv4_addr . inet_proto . inet_service`. */
  keyType: string;
  flags: readonly string[];
  elements: readonly { readonly key: readonly string[]; readonly value?: string }[];
}

export interface Table {
  family: string;
  name: string;
  readonly backend?: 'legacy' | 'nft' | 'native';
  readonly version?: string;
  /** As printed in the head of a save, taken as UTC. */
  readonly printedAt?: string;
  readonly dialect: 'save' | 'list' | 'nft' | 'nft-json';
  /** Grows with what is seen of it. */
  span: Span;
  readonly chains: Map<string, Chain>;
  readonly elements: MapElement[];
  readonly collections: Collection[];
  /** Timeout of the elements of a set, in seconds, where it has one. */
  readonly setTimeouts: Map<string, number>;
  sets: number;
  maps: number;
  complete: boolean;
  readonly tableKnown: boolean;
  otherBackendWarning: boolean;
}

export interface Ruleset {
  readonly tables: readonly Table[];
  readonly problems: readonly Problem[];
}

export const emptyRule = (text: string): RuleBody => ({
  goto: false,
  protocolNegated: false,
  sourceNegated: false,
  destinationNegated: false,
  sourcePortNegated: false,
  destinationPortNegated: false,
  inInterfaceNegated: false,
  outInterfaceNegated: false,
  ctstateNegated: false,
  otherMatches: [],
  unconditional: false,
  hidden: [],
  countersRounded: false,
  text,
});

export function newTable(table: Pick<Table, 'family' | 'name' | 'dialect' | 'tableKnown'> & Partial<Table>): Table {
  return {
    span: [1, 1],
    chains: new Map(),
    elements: [],
    collections: [],
    setTimeouts: new Map(),
    sets: 0,
    maps: 0,
    complete: true,
    otherBackendWarning: false,
    ...table,
  };
}

export function chainOf(table: Table, name: string, line: number): Chain {
  const known = table.chains.get(name);
  if (known) return known;
  const chain: Chain = { name, span: [line, line], rules: [] };
  table.chains.set(name, chain);
  return chain;
}

const conditions = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'inInterface',
  'outInterface',
  'mark',
  'connmark',
  'ctstate',
  'addrtype',
  'probability',
  'set',
] as const;

/** Sets `unconditional` once all else is known. `recent --set` matches always, and does its work on the way. */
export function finishRule(rule: RuleBody): RuleBody {
  const hides = rule.hidden.some((name) => name !== 'comment' && name !== 'packets' && name !== 'targetOptions');
  rule.unconditional =
    !hides &&
    rule.otherMatches.length === 0 &&
    (!rule.recent || rule.recent.operation === 'set') &&
    conditions.every((name) => rule[name] === undefined);
  return rule;
}

const protocolNames = wordTable<string>({
  '1': 'icmp',
  '2': 'igmp',
  '4': 'ipencap',
  '6': 'tcp',
  '17': 'udp',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '58': 'ipv6-icmp',
  '112': 'vrrp',
  '132': 'sctp',
  '136': 'udplite',
  icmpv6: 'ipv6-icmp',
  icmp6: 'ipv6-icmp',
});

/** The name of a protocol as tools print it today; undefined for all. iptables 1.8.9 lists numbers. */
export function protocolName(text: string): string | undefined {
  if (text === 'all' || text === '0' || text === 'ip' || text === 'any') return undefined;
  return protocolNames[text] ?? text;
}

/** Names that a listing without `-n` takes from /etc/hosts and /etc/networks. */
const addressNames = wordTable<string>({
  'base-address.mcast.net': '224.0.0.0',
  'link-local': '169.254.0.0',
  localhost: '127.0.0.1',
  loopback: '127.0.0.0',
});

/** `10.0.0.1/32` and `10.0.0.1` are the same; undefined for anything at all. */
export function plainAddress(text: string): string | undefined {
  if (text === 'anywhere' || text === '0.0.0.0/0' || text === '::/0' || text === '*') return undefined;
  const numeric = text.replace(/^[a-z][\w.-]*/, (name) => addressNames[name] ?? name);
  const bare = numeric.replace(/\/(32|255\.255\.255\.255)$/, text.includes(':') ? '$&' : '').replace(/\/128$/, '');
  const dotted = /^(.*)\/(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (!dotted) return bare;
  const bits = dotted[2]!
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? `${dotted[1]}/${bits.replaceAll('0', '').length}` : bare;
}

/** `0x4000/0xffff`; without a mask all bits count. */
export function readMark(text: string): { value: number; mask: number } | undefined {
  const parts = /^(0x[0-9a-f]+|\d+)(?:\/(0x[0-9a-f]+|\d+))?$/i.exec(text);
  if (!parts) return undefined;
  const value = Number(parts[1]);
  const mask = parts[2] === undefined ? 0xffffffff : Number(parts[2]);
  return Math.max(value, mask) > 0xffffffff ? undefined : { value, mask };
}

/** A test on one bit reads the same whether it is put as "is set" or as "is not zero". */
export function markTest(value: number, mask: number, negated: boolean) {
  const oneBit = mask !== 0 && (mask & (mask - 1)) === 0;
  return value === 0 && oneBit ? { value: mask, mask, negated: !negated } : { value, mask, negated };
}

/** `38M` is 38000000: iptables counts in thousands, in at most 20 digits. */
export function readCounter(text: string): number {
  const parts = /^(\d{1,20})([KMGTP]?)$/.exec(text);
  if (!parts) return Number.NaN;
  return Number(parts[1]) * 1000 ** ['', 'K', 'M', 'G', 'T', 'P'].indexOf(parts[2] ?? '');
}
