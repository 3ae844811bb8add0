// The matches and statements of nft that have a field in the model of iptables rules, each as a pattern and what it sets.

import { wordTable } from '../../text/word-table.ts';
import { newMark } from './rule-options.ts';
import { markTest, plainAddress, protocolName, type RuleBody } from './ruleset.ts';

type Apply = (rule: RuleBody, hit: RegExpExecArray) => boolean | undefined;

const set = String.raw`\{[^{}]*\}`;
const value = String.raw`(!= )?(${set}|"[^"]*"|\S+)`;
/** What a verdict map may be keyed by. */
const key = String.raw`(?:ip6? [sd]addr|meta \w+|(?:th|tcp|udp|sctp) [sd]port|[io]if(?:name)?|ct \w+|fib \w+(?: \. \w+)* \w+|numgen \w+ mod \d+(?: offset \d+)?)`;

const form = (pattern: string, apply: Apply) => [new RegExp(`${pattern}(?=\\s|$)`, 'y'), apply] as const;

const inside = (text: string) =>
  text
    .replace(/^\{\s*|\s*\}$/g, '')
    .split(/\s*,\s*/)
    .map((each) => each.replaceAll('"', ''));

const one = (text: string): string | undefined => (/^[{@]/.test(text) ? undefined : text.replaceAll('"', ''));

const address =
  (field: 'source' | 'destination'): Apply =>
  (rule, hit) => {
    const text = hit[2]!;
    if (text.startsWith('@') && !rule.set) {
      rule.set = { name: text.slice(1), directions: field === 'source' ? 'src' : 'dst', negated: hit[1] !== undefined };
      return true;
    }
    const plain = one(text);
    if (plain === undefined || rule[field] !== undefined) return false;
    Object.assign(rule, { [field]: plainAddress(plain), [`${field}Negated`]: hit[1] !== undefined });
    return true;
  };

const port =
  (field: 'sourcePort' | 'destinationPort'): Apply =>
  (rule, hit) => {
    if (rule[field] !== undefined || hit[3]!.startsWith('@')) return false;
    rule[field] = inside(hit[3]!)
      .map((each) => each.replace('-', ':'))
      .join(',');
    rule[`${field}Negated`] = hit[2] !== undefined;
    if (hit[1] !== 'th' && rule.protocol === undefined) rule.protocol = hit[1]!;
    return true;
  };

const device =
  (field: 'inInterface' | 'outInterface'): Apply =>
  (rule, hit) => {
    const name = one(hit[2]!);
    if (name === undefined || rule[field] !== undefined) return false;
    rule[field] = name.replace(/\*$/, '+');
    rule[`${field}Negated`] = hit[1] !== undefined;
    return true;
  };

const states: Apply = (rule, hit) => {
  if (rule.ctstate) return false;
  rule.ctstate = inside(hit[2]!).map((state) => state.toUpperCase());
  rule.ctstateNegated = hit[1] !== undefined;
  return true;
};

const marked =
  (field: 'mark' | 'connmark', mask: number, op: number, at: number): Apply =>
  (rule, hit) => {
    if (rule[field]) return false;
    rule[field] = markTest(Number(hit[at]), mask < 0 ? 0xffffffff : Number(hit[mask]), hit[op]?.trim() === '!=');
    return true;
  };

const hex = String.raw`(0x[0-9a-f]+|\d+)`;

/** `mark and 0xffff0000 xor 0x1`: the new mark is (old and 0xffff0000) xor 0x1. */
const setMark: Apply = (rule, hit) => {
  const and = hit[1] === undefined ? 0xffffffff : Number(hit[1]);
  const operand = Number(hit[3] ?? 0);
  const operation = hit[2] === '|' ? 'or' : hit[2] === '^' ? 'xor' : (hit[2] ?? 'and');
  const mark = operation === 'and' ? newMark('and', and) : newMark(operation, operand);
  rule.target = 'MARK';
  rule.setMark = operation === 'and' ? mark : { value: mark.value, mask: ((~and >>> 0) | mark.mask) >>> 0 };
  return true;
};

const verdict =
  (target: string): Apply =>
  (rule, hit) => {
    rule.target = target;
    if (hit[1] !== undefined && hit[1].trim() !== '') rule.targetOptions = hit[1].trim();
    return true;
  };

/** nft names an extension of iptables that it cannot translate, and nothing more of it. */
const hides = wordTable<readonly string[]>({
  addrtype: ['addrtype'],
  comment: ['comment'],
  connmark: ['connmark'],
  conntrack: ['ctstate'],
  mark: ['mark'],
  multiport: ['sourcePort', 'destinationPort'],
  recent: ['recent'],
  set: ['set'],
  state: ['ctstate'],
  statistic: ['probability'],
  tcp: ['sourcePort', 'destinationPort'],
  udp: ['sourcePort', 'destinationPort'],
});
const hidesOfTarget = wordTable<readonly string[]>({
  DNAT: ['toDestination'],
  MARK: ['setMark'],
  MASQUERADE: ['toPorts'],
  REDIRECT: ['toPorts'],
  REJECT: ['rejectWith'],
  SNAT: ['toSource'],
});

/** Each at the head of what is left; the first that hits and applies wins. Order: longer forms first. */
export const nftForms: readonly (readonly [RegExp, Apply])[] = [
  form(String.raw`(${key}(?: \. ${key})*) vmap (@\S+|\{.*\})`, (rule, hit) => {
    rule.target = 'vmap';
    rule.targetOptions = `${hit[1]} vmap ${hit[2]}`;
    return true;
  }),
  form(String.raw`counter(?: name \S+)?(?: packets (\d+) bytes (\d+))?`, (rule, hit) => {
    if (hit[1] !== undefined) Object.assign(rule, { packets: Number(hit[1]), bytes: Number(hit[2]) });
    return true;
  }),
  form(String.raw`comment "((?:[^"\\]|\\.)*)"`, (rule, hit) => {
    rule.comment = hit[1]!.replace(/\\(.)/g, '$1');
    return true;
  }),
  form(String.raw`xt match "?(\w+)"?`, (rule, hit) => {
    rule.hidden.push(...(hides[hit[1]!] ?? []));
    if (hit[1] !== 'comment') rule.otherMatches.push(`xt ${hit[1]}`);
    return true;
  }),
  form(String.raw`xt target "?(\w+)"?`, (rule, hit) => {
    rule.target = hit[1]!;
    rule.hidden.push('targetOptions', ...(hidesOfTarget[hit[1]!] ?? []));
    return true;
  }),
  form(`(?:meta l4proto|ip6? protocol|ip6 nexthdr) ${value}`, (rule, hit) => {
    const protocol = one(hit[2]!);
    if (protocol === undefined) return false;
    Object.assign(rule, { protocol: protocolName(protocol), protocolNegated: hit[1] !== undefined });
    return true;
  }),
  form(String.raw`${key}(?: \. ${key})+ (?:!= )?(?:@\S+|\{[^{}]*\})`, (rule, hit) => {
    rule.otherMatches.push(hit[0]);
    return true;
  }),
  form(`ip6? saddr ${value}`, address('source')),
  form(`ip6? daddr ${value}`, address('destination')),
  form(`(tcp|udp|sctp|dccp|udplite|th) sport ${value}`, port('sourcePort')),
  form(`(tcp|udp|sctp|dccp|udplite|th) dport ${value}`, port('destinationPort')),
  form(`(?:meta )?iif(?:name)? ${value}`, device('inInterface')),
  form(`(?:meta )?oif(?:name)? ${value}`, device('outInterface')),
  form(
    String.raw`meta mark set (?:(?:meta )?mark(?: (?:and|&) ${hex})?(?: (or|xor|\||\^) ${hex})?|(0x[0-9a-f]+|\d+))`,
    (rule, hit) => {
      if (hit[4] === undefined) return setMark(rule, hit);
      rule.target = 'MARK';
      rule.setMark = { value: Number(hit[4]), mask: 0xffffffff };
      return true;
    },
  ),
  form(`(?:meta )?mark (?:and|&) ${hex} (==|!=) ${hex}`, marked('mark', 1, 2, 3)),
  form(`ct mark (?:and|&) ${hex} (==|!=) ${hex}`, marked('connmark', 1, 2, 3)),
  // nft 1.0 prints the mask of an iptables mark as if it were a network: 0x04000000/16 has the mask 0xffff0000.
  form(String.raw`(?:meta )?mark (!= )?${hex}/(\d+)`, (rule, hit) => {
    if (rule.mark) return false;
    const mask = (2 ** 32 - 2 ** (32 - Number(hit[3]))) >>> 0;
    rule.mark = markTest(Number(hit[2]), mask, hit[1] !== undefined);
    return true;
  }),
  form(`(?:meta )?mark (!= )?${hex}`, marked('mark', -1, 1, 2)),
  form(`ct mark (!= )?${hex}`, marked('connmark', -1, 1, 2)),
  form(`ct state ${value}`, states),
  form(String.raw`fib ([sd])addr type (!= )?(\w+)`, (rule, hit) => {
    if (rule.addrtype) return false;
    const side = hit[1] === 's' ? 'source' : 'destination';
    rule.addrtype = { side, type: hit[3]!.toUpperCase(), negated: hit[2] !== undefined };
    return true;
  }),
  form(String.raw`meta random & 2147483647 < (\d+)`, (rule, hit) => {
    rule.probability = Number(hit[1]) / 2 ** 31;
    return true;
  }),
  form('accept', verdict('ACCEPT')),
  form('drop', verdict('DROP')),
  form('return', verdict('RETURN')),
  form('notrack', (rule) => {
    rule.target = 'CT';
    return verdictOptions(rule, 'notrack');
  }),
  form(String.raw`(jump|goto) (\S+)`, (rule, hit) => {
    rule.target = hit[2]!;
    rule.goto = hit[1] === 'goto';
    return true;
  }),
  form(String.raw`reject(?: with (?:(icmpx|icmpv6|icmp6|icmp) )?(?:type )?(tcp reset|\S+))?`, (rule, hit) => {
    rule.target = 'REJECT';
    const kind = hit[1]?.replace('icmpv6', 'icmp6');
    if (hit[2] === 'tcp reset') rule.rejectWith = 'tcp-reset';
    else if (hit[2] !== undefined) rule.rejectWith = kind === undefined ? hit[2] : `${kind}-${hit[2]}`;
    return true;
  }),
  form(String.raw`masquerade(?: to :(\S+))?((?: (?:fully-random|random|persistent),?)*)`, (rule, hit) => {
    rule.target = 'MASQUERADE';
    if (hit[1] !== undefined) rule.toPorts = hit[1];
    return verdictOptions(rule, hit[2]);
  }),
  form(String.raw`redirect(?: to :(\S+))?((?: (?:fully-random|random|persistent),?)*)`, (rule, hit) => {
    rule.target = 'REDIRECT';
    if (hit[1] !== undefined) rule.toPorts = hit[1];
    return verdictOptions(rule, hit[2]);
  }),
  form(
    String.raw`dnat (?:ip6? |inet )?(?:addr \. port )?to (numgen .*\}|\S+)((?: (?:fully-random|random|persistent),?)*)`,
    (rule, hit) => {
      rule.target = 'DNAT';
      rule.toDestination = hit[1]!;
      return verdictOptions(rule, hit[2]);
    },
  ),
  form(String.raw`snat (?:ip6? |inet )?to (\S+)((?: (?:fully-random|random|persistent),?)*)`, (rule, hit) => {
    rule.target = 'SNAT';
    rule.toSource = hit[1]!;
    return verdictOptions(rule, hit[2]);
  }),
  form(
    String.raw`log((?: (?:prefix "[^"]*"|level \w+|group \d+|flags \S+(?: \S+)*?|snaplen \d+|queue-threshold \d+))*)`,
    (rule, hit) => {
      if (rule.target === undefined) rule.target = 'LOG';
      return verdictOptions(rule, hit[1]);
    },
  ),
  form(String.raw`(ct mark set .*|meta mark set ct mark.*|(?:update|add|delete) @\S+ \{[^{}]*\})`, (rule, hit) => {
    if (rule.target === undefined && hit[1]!.includes('ct mark')) rule.target = 'CONNMARK';
    return verdictOptions(rule, hit[1]);
  }),
];

function verdictOptions(rule: RuleBody, text: string | undefined): true {
  const options = text?.trim().replace('fully-random', 'random-fully');
  if (options) rule.targetOptions = rule.targetOptions === undefined ? options : `${rule.targetOptions} ${options}`;
  return true;
}
