// Matches as `iptables -L` and nft print them, at the head of what is left of the text.

import { covers, parseAddress } from './address.ts';
import { negateIf, or, unknown } from './kleene.ts';
import type { Condition } from './match-fields.ts';
import {
  addressRange,
  direction,
  fixed,
  history,
  icmpType,
  localOnDevice,
  owner,
  physicalPort,
  readFlags,
  socket,
  status,
  tcpFlags,
} from './match-forms.ts';
import { inSet } from './match-set.ts';
import { keyValues, readKeys } from './nft-keys.ts';
import { findElement, makeSet } from './sets.ts';

/** A condition, a share of the packets, or nothing if the form does not fit after all. */
type Read = (hit: RegExpExecArray) => Condition | number | undefined;

const form = (pattern: string, read: Read) => [new RegExp(`${pattern}(?=\\s|$)`, 'y'), read] as const;

const flagsOf = (mask: string, wanted: string, negated: boolean): Condition | undefined => {
  const [bits, set] = [readFlags(mask), readFlags(wanted)];
  return bits === undefined || set === undefined ? undefined : tcpFlags(bits, set, negated);
};
const bare = (text: string) => text.replace(/^[({]\s*|\s*[)}]$/g, '');

export const textForms: readonly (readonly [RegExp, Read])[] = [
  form(String.raw`flags:\s?(!?)(0x[0-9A-Fa-f]+)\/(0x[0-9A-Fa-f]+)`, ([, not, mask, wanted]) =>
    flagsOf(mask!, wanted!, not === '!'),
  ),
  form(
    String.raw`tcp flags (?:& )?(\(?[a-z|, ]+?\)?|0x[0-9a-f]+) (==|!=) (\(?[a-z|]+\)?|0x[0-9a-f]+)`,
    ([, mask, sign, wanted]) => flagsOf(bare(mask!).replaceAll(' ', ''), bare(wanted!), sign === '!='),
  ),
  // `syn / fin,syn,rst,ack`: of these flags exactly syn.
  form(String.raw`tcp flags (!= )?(\S+) \/ (\S+)`, ([, not, wanted, mask]) =>
    flagsOf(mask!, wanted!, not !== undefined),
  ),
  form(String.raw`icmp ?type (!)?(\S+)(?: code \d+)?`, ([, not, type]) => icmpType(type!, not !== undefined)),
  form(String.raw`(?:icmp|icmpv6|ipv6-icmp) ?type (!= )?(\{[^{}]*\}|\S+)`, ([, not, type]) =>
    icmpType(type!, not !== undefined),
  ),
  form(String.raw`(source|destination) IP range (!\s*)?(\S+)`, ([, side, not, range]) =>
    addressRange(side as 'source' | 'destination', range!, not !== undefined),
  ),
  form(String.raw`limit: (?:avg|up to|above) (\S+)(?: burst \d+)?(?: mode \S+)*`, (hit) =>
    hit[0].includes(' above ')
      ? history(`the limit ${hit[1]} is exceeded`, false, false)
      : history(`the limit ${hit[1]} is not reached`, true, false),
  ),
  form(String.raw`limit rate (over )?(\S+)(?: burst \d+ packets)?`, ([, over, rate]) =>
    over
      ? history(`the limit ${rate} is exceeded`, false, false)
      : history(`the limit ${rate} is not reached`, true, false),
  ),
  form(String.raw`#conn src\/\d+ (>|<=) (\d+)`, ([, sign, count]) =>
    history(`the limit of ${count} connections is exceeded`, false, sign === '<='),
  ),
  form(String.raw`statistic mode nth (!)?every (\d+)(?: packet \d+)?`, ([, not, every]) =>
    not ? 1 - 1 / Number(every) : 1 / Number(every),
  ),
  form('(?:! )?owner (?:UID|GID|socket) .*', () => owner),
  form('meta sk[ug]id .*', () => owner),
  form(String.raw`socket (?:--transparent|transparent \d)(?: --\S+)*`, () => socket),
  form('policy match dir (?:in|out) pol (none|ipsec)(?: .*)?', ([, policy]) => fixed(policy === 'none')),
  form(String.raw`PHYSDEV match((?: (?:! )?--physdev-\S+(?: (?!--|!)\S+)?)+)`, ([, options]) => {
    const conditions: Condition[] = [];
    for (const [, not, name, text] of options!.matchAll(/(! )?--(physdev-\S+)(?: (?!--|!)(\S+))?/g)) {
      const condition = physicalPort(name!, text ?? '', not !== undefined);
      if (!condition) return undefined;
      conditions.push(condition);
    }
    // Several options of one match: all of them.
    return (subject) => {
      const truths = conditions.map((condition) => condition(subject));
      return truths.find((truth) => truth !== true) ?? true;
    };
  }),
  form('(?:not a )?fragment', (hit) => fixed(hit[0].startsWith('not'))),
  form(String.raw`PKTTYPE (!)?= (\S+)`, ([, not, type]) => fixed((type === 'unicast') !== (not !== undefined))),
  form(String.raw`meta pkttype (!= )?(\S+)`, ([, not, type]) =>
    fixed((type === 'host' || type === 'unicast') !== (not !== undefined)),
  ),
  form('(?:ct )?direction (!= )?(original|reply)', ([, not, way]) => direction(way!, not !== undefined)),
  form(String.raw`ct status (!= )?(\S+)`, ([, not, text]) => status(text!, not !== undefined)),
  form(String.raw`ctstatus (\S+)`, ([, text]) => status(text!, false)),
  form(String.raw`ADDRTYPE match (src|dst)-type (!)?(\S+) limit-(in|out)`, ([, side, not, type, device]) =>
    localOnDevice(
      side === 'src' ? 'source' : 'destination',
      type!,
      device === 'in' ? 'inDevice' : 'outDevice',
      not === '!',
    ),
  ),
  form(String.raw`fib ([sd])addr \. ([io])if type (!= )?(\w+)`, ([, side, device, not, type]) =>
    localOnDevice(
      side === 's' ? 'source' : 'destination',
      type!.toUpperCase(),
      device === 'i' ? 'inDevice' : 'outDevice',
      not !== undefined,
    ),
  ),
  // rpfilter in the words of nft: is there a way back?
  form(String.raw`fib saddr \. (?:mark \. )?iif oif (?:missing|0|== 0|eq 0)`, () =>
    history('the packet came in where its answer would go out', true, true),
  ),
  form(
    'meta nfproto (!= )?(ipv4|ipv6)',
    ([, not, family]) =>
      ({ packet }) =>
        ((packet.family === 'ip6') === (family === 'ipv6')) !== (not !== undefined),
  ),
  form(String.raw`ip6? ([sd])addr (!= )?(\{[^{}]*\}|\S+-\S+)`, ([, side, not, listed]) => {
    const parts = bare(listed!)
      .split(/\s*,\s*/)
      .filter((part) => part !== '');
    return ({ packet }) => {
      const field = side === 's' ? 'source' : 'destination';
      const address = parseAddress(packet[field]);
      if (!address) return unknown(`the masqueraded ${field} is in ${listed}`, not !== undefined);
      return negateIf(
        not !== undefined,
        or(parts.map((part) => covers(part, address) ?? unknown(`${packet[field]} is ${part}`))),
      );
    };
  }),
  form(String.raw`((?:\S+ )+?)(!= )?@(\S+)`, ([, keys, not, name]) => {
    const parts = readKeys(keys!.trim());
    if (!parts) return undefined;
    return (subject) => {
      const { rule, context } = subject;
      const set = context.ruleset.nftSets.get(`${rule.table.family} ${rule.table.name} ${name}`);
      return negateIf(not !== undefined, inSet(set, name!, keyValues(parts, subject), subject));
    };
  }),
  form(String.raw`((?:\S+ )+?)(!= )?(\{[^{}]*\})`, ([, keys, not, listed]) => {
    const parts = readKeys(keys!.trim());
    if (!parts) return undefined;
    const elements = bare(listed!)
      .split(/\s*,\s*/)
      .map((part) => ({ key: part.replaceAll('"', '').split(' . ') }));
    const set = makeSet({ name: listed!, type: '', complete: true, dynamic: false }, elements);
    return (subject) => {
      const found = findElement(set, keyValues(parts, subject));
      return negateIf(
        not !== undefined,
        found === 'unknown' ? unknown(`${keys}is one of ${listed}`) : found !== undefined,
      );
    };
  }),
];
