// Reads what `iptables -L` prints, with or without -n, -v, -x and --line-numbers.
//
//   Chain KUBE-POSTROUTING (1 references)
//    pkts bytes target     prot opt in     out     source               destination
//    1760  106K RETURN     all  --  *      *       0.0.0.0/0            0.0.0.0/0            mark match ! 0x4000/0x4000

import type { Span } from '../../../bundle/source.ts';
import type { Problem } from '../../parser.ts';
import type { Hints } from './iptables-save-text.ts';
import { readListMatches } from './list-matches.ts';
import {
  type Chain,
  emptyRule,
  finishRule,
  newTable,
  plainAddress,
  protocolName,
  type RuleBody,
  type Ruleset,
  readCounter,
  type Table,
} from './ruleset.ts';
import { inferTable, type Prompted, promptedTable } from './table-name.ts';

const head =
  /^Chain (\S+) \((?:policy (\S+)(?: (\d{1,20}[KMGTP]?) packets, (\d{1,20}[KMGTP]?) bytes)?|(-?\d{1,20}) references)\)/;

/** A comment has at most 256 characters and a rule a dozen matches; beyond it the text is no rule. */
const longestLine = 20_000;

interface Columns {
  readonly numbered: boolean;
  readonly verbose: boolean;
}

export function isListText(text: string): boolean {
  return /^Chain \S+ \((policy \S+|-?\d+ references)/m.test(text);
}

export function readListText(text: string, hints: Hints): Ruleset {
  const tables: Table[] = [];
  const problems: Problem[] = [];
  const lines = text.split('\n');
  let prompted: Prompted | undefined;
  let table: Table | undefined;
  let chain: Chain | undefined;
  let columns: Columns | undefined;
  let warned = false;

  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/\r$/, '');
    const number = index + 1;
    if (line.trim() === '') continue;
    const opened = head.exec(line);
    if (opened) {
      const name = opened[1]!;
      if (table?.chains.has(name)) table = undefined;
      if (!table) {
        const known = hints.table ?? prompted?.table;
        table = newTable({
          family: prompted?.family ?? hints.family,
          name: known ?? '',
          dialect: 'list',
          tableKnown: known !== undefined,
          span: [number, number],
          otherBackendWarning: warned,
        });
        tables.push(table);
      }
      chain = { name, span: [number, number], rules: [] };
      if (opened[2] !== undefined) chain.policy = opened[2];
      if (opened[3] !== undefined) {
        chain.packets = readCounter(opened[3]);
        chain.bytes = readCounter(opened[4]!);
      }
      if (opened[5] !== undefined && !opened[5].startsWith('-')) chain.references = Number(opened[5]);
      table.chains.set(name, chain);
      table.span = [table.span[0], number];
      columns = undefined;
    } else if (/^\s*(num\s+)?(pkts\s+bytes\s+)?target\s+prot\s+opt\b/.test(line)) {
      columns = { numbered: /^\s*num\b/.test(line), verbose: /\bpkts\b/.test(line) };
    } else if (/^# Warning: ip6?tables-\S+ tables present/.test(line)) {
      warned = true;
      for (const each of tables) each.otherBackendWarning = true;
    } else if (promptedTable(line.trim())) {
      prompted = promptedTable(line.trim());
      table = undefined;
      chain = undefined;
    } else if (table && chain && columns) {
      // The prompt after the last line of a copied terminal.
      if (/^\[?[\w.-]+@[^|]*[#$>]\s*$/.test(line)) continue;
      const body = line.length > longestLine ? undefined : readRow(line, columns, table.family);
      const span: Span = [number, number];
      table.span = [table.span[0], number];
      if (/\s!?::\/0(\s|$)/.test(line)) table.family = 'ip6';
      if (body) chain.rules.push({ span, body });
      else {
        table.complete = false;
        problems.push({
          code: 'PARSE_ERROR',
          span,
          detail: `not a rule of chain ${chain.name}: ${line.trim().slice(0, 80)}`,
        });
      }
    }
  }
  // Every chain is followed by its header line; without one the listing ends too early.
  if (table && chain && !columns) {
    table.complete = false;
    problems.push({
      code: 'FILE_TRUNCATED',
      span: chain.span,
      detail: `the listing ends at the head of chain ${chain.name}`,
    });
  }
  for (const each of tables) {
    for (const { rules } of each.chains.values()) for (const { body } of rules) inferFamily(each, body);
    if (each.name === '') each.name = inferTable(each);
  }
  return { tables, problems };
}

const isProtocol = (word: string) =>
  /^!?(all|any|tcp|udp|udplite|icmp|icmpv6|icmp6|ipv6-icmp|sctp|dccp|esp|ah|gre|igmp|ipv6|ipencap|vrrp|\d{1,3})$/.test(
    word,
  );
const isOption = (word: string) => /^(--|!?-?f|---)$/.test(word);

function readRow(line: string, { numbered, verbose }: Columns, family: string): RuleBody | undefined {
  const words = [...line.matchAll(/\S+/g)].map((hit) => ({ text: hit[0], end: hit.index + hit[0].length }));
  const word = (at: number) => words[at]?.text ?? '';
  let at = numbered ? 1 : 0;
  if (numbered && !/^\d+$/.test(word(0))) return undefined;
  const counters = verbose ? [word(at), word(at + 1)] : [];
  if (counters.some((counter) => Number.isNaN(readCounter(counter)))) return undefined;
  at += counters.length;
  const first = numbered || verbose ? words[at - 1]?.end : 0;
  const body = emptyRule(line.slice(first).trim());

  // The target may be missing, and ip6tables before 1.8.8 left the option column empty.
  const bare = isOption(word(at + 1)) || (!isOption(word(at + 2)) && isProtocol(word(at)) && !isProtocol(word(at + 1)));
  if (!bare) body.target = word(at++);
  const protocol = word(at++);
  if (!isProtocol(protocol) && !isOption(word(at))) return undefined;
  const named = protocolName(protocol.replace(/^!/, ''));
  if (named !== undefined) Object.assign(body, { protocol: named, protocolNegated: protocol.startsWith('!') });
  if (isOption(word(at))) {
    if (word(at).includes('f')) body.otherMatches.push(word(at).startsWith('!') ? 'not a fragment' : 'fragment');
    at += 1;
  } else if (family === 'ip' && verbose && !/:/.test(line)) return undefined;

  if (verbose) {
    readInterface(body, 'inInterface', word(at));
    readInterface(body, 'outInterface', word(at + 1));
    at += 2;
    body.packets = readCounter(counters[0]!);
    body.bytes = readCounter(counters[1]!);
    body.countersRounded = counters.some((counter) => /[KMGTP]$/.test(counter));
  } else body.hidden.push('inInterface', 'outInterface', 'packets');

  if (words.length < at + 2) return undefined;
  readAddress(body, 'source', word(at));
  readAddress(body, 'destination', word(at + 1));
  readListMatches(body, line.slice(words[at + 1]!.end));
  return finishRule(body);
}

function readInterface(body: RuleBody, field: 'inInterface' | 'outInterface', text: string): void {
  if (text === '*' || text === 'any') return;
  body[field] = text.replace(/^!/, '');
  body[`${field}Negated`] = text.startsWith('!');
}

function readAddress(body: RuleBody, field: 'source' | 'destination', text: string): void {
  const address = plainAddress(text.replace(/^!/, ''));
  if (address === undefined) return;
  body[field] = address;
  body[`${field}Negated`] = text.startsWith('!');
}

/** A file that does not say which family it is of shows it by its addresses. */
function inferFamily(table: Table, { source, destination }: RuleBody): void {
  if ((source ?? destination ?? '').includes(':')) table.family = 'ip6';
}
