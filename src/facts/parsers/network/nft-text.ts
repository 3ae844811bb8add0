// Reads `nft list ruleset`, with or without handles (-a): tables, chains, rules, and elements of maps.
//
//   table ip kube-proxy {
//           map service-ips {
//                   type ipv4_addr . inet_proto . inet_service : verdict
//                   elements = { 172.30.0.41 . tcp . 80 comment "ns1/svc1:p80" : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }
//           }

import type { Problem } from '../../parser.ts';
import { wordTable } from '../../text/word-table.ts';
import { readNftRule } from './nft-rule.ts';
import { newCollection, readCollectionLine } from './nft-sets.ts';
import { type Chain, type Collection, type MapElement, newTable, type Ruleset, type Table } from './ruleset.ts';

/** Names that iptables-nft gives its tables; anything else was made with nft itself. */
const iptablesNames = new Set(['filter', 'nat', 'mangle', 'raw', 'security', 'broute']);

/** iptables tables are known by the warning nft prints before them, else by name, family and base chains in capitals. */
export function isManaged(
  family: string,
  name: string,
  warned: ReadonlySet<string>,
  chains: Iterable<string>,
): boolean {
  if (warned.has(`${family} ${name}`)) return true;
  if ((family !== 'ip' && family !== 'ip6') || !iptablesNames.has(name)) return false;
  return [...chains].every((chain) => !/^(input|forward|output|prerouting|postrouting)$/.test(chain));
}

const priorities = wordTable<number>({
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  out: 100,
});

/** `dstnat - 10` is -110. */
function readPriority(text: string): number | undefined {
  const parts = /^(-?\d+|[a-z]+)(?:\s*([+-])\s*(\d+))?$/.exec(text.trim());
  if (!parts) return undefined;
  const base = /\d/.test(parts[1]!) ? Number(parts[1]) : priorities[parts[1]!];
  if (base === undefined) return undefined;
  return base + (parts[2] === '-' ? -1 : 1) * Number(parts[3] ?? 0);
}

export function isNftText(text: string): boolean {
  return /^table (ip|ip6|inet|arp|bridge|netdev) \S+ \{/m.test(text);
}

/** `3h`, `1d2h3m4s`, in seconds. */
function readDuration(text: string): number {
  const units: Record<string, number> = { d: 86400, h: 3600, m: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)([dhms])(?!s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}

/** Braces opened less braces closed, quoted text left out. */
function depthOf(line: string): number {
  let depth = 0;
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (letter === '{') depth += 1;
    else if (letter === '}') depth -= 1;
  }
  return depth;
}

interface Statement {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** Lines, with the wrapped ones (`elements = { …,`) put together; a line that opens a block stays by itself. */
function* statements(text: string): Generator<Statement> {
  let held: { text: string; first: number; depth: number } | undefined;
  let number = 0;
  for (const raw of text.split('\n')) {
    number += 1;
    const line = raw.replace(/\s+# handle \d+\s*$/, '').trim();
    if (line === '') continue;
    if (held) {
      held.text += ` ${line}`;
      held.depth += depthOf(line);
      if (held.depth > 0) continue;
      yield { text: held.text, first: held.first, last: number };
      held = undefined;
    } else if (depthOf(line) > 0 && !line.endsWith('{')) held = { text: line, first: number, depth: depthOf(line) };
    else yield { text: line, first: number, last: number };
  }
  if (held) yield { text: held.text, first: held.first, last: number };
}

export function readNftText(text: string): Ruleset {
  const tables: Table[] = [];
  const problems: Problem[] = [];
  const warned = new Set<string>();
  let table: Table | undefined;
  let block: { kind: string; name: string; chain?: Chain; collection?: Collection } | undefined;
  let legacyWarning = false;
  /** Rules as text, until it is known whose table it is. */
  const pending: { chain: Chain; table: Table; statement: Statement }[] = [];

  for (const statement of statements(text)) {
    const { text: line, first, last } = statement;
    const managed = /^# Warning: table (\S+) (\S+) is managed by iptables-nft/.exec(line);
    if (managed) warned.add(`${managed[1]} ${managed[2]}`);
    if (/^# Warning: ip6?tables-legacy tables present/.test(line)) legacyWarning = true;
    if (line.startsWith('#')) continue;
    if (!table) {
      const opened = /^table (\S+) (\S+) \{/.exec(line);
      if (!opened) continue;
      table = newTable({ family: opened[1]!, name: opened[2]!, dialect: 'nft', tableKnown: true, span: [first, last] });
      table.complete = false;
      tables.push(table);
      block = undefined;
      if (line.endsWith('}')) [table.complete, table] = [true, undefined];
      continue;
    }
    table.span = [table.span[0], last];
    if (line === '}') {
      if (block) block = undefined;
      else [table.complete, table] = [true, undefined];
      continue;
    }
    if (!block) {
      const opened = /^(chain|map|set|[a-z][a-z ]*?) (\S+) \{/.exec(line);
      if (!opened) continue;
      const [kind, name] = [opened[1]!, opened[2]!];
      if (kind === 'map') table.maps += 1;
      if (kind === 'set') table.sets += 1;
      const chain = kind === 'chain' ? { name, span: [first, first] as [number, number], rules: [] } : undefined;
      if (chain) table.chains.set(name, chain);
      const collection =
        kind === 'map' || kind === 'set' ? newCollection(table.collections, kind, name, [first, last]) : undefined;
      if (!line.endsWith('}')) block = { kind, name, ...(chain && { chain }), ...(collection && { collection }) };
      continue;
    }
    if (block.chain) {
      if (!readChainHead(block.chain, line)) pending.push({ chain: block.chain, table, statement });
      continue;
    }
    if (block.collection) readCollectionLine(block.collection, statement);
    if (block.kind === 'set' && line.startsWith('timeout ')) {
      table.setTimeouts.set(block.name, readDuration(line.slice('timeout '.length)));
    } else if (block.kind === 'map' && /^elements = \{/.test(line)) {
      table.elements.push(...readElements(block.name, statement));
    }
  }
  if (table) {
    const detail = `table ${table.family} ${table.name} is not closed`;
    problems.push({ code: 'FILE_TRUNCATED', span: table.span, detail });
  }
  for (const each of tables) {
    const managed = isManaged(each.family, each.name, warned, each.chains.keys());
    Object.assign(each, { backend: managed ? 'nft' : 'native', otherBackendWarning: legacyWarning });
  }
  for (const { chain, table: owner, statement } of pending) {
    const body = readNftRule(statement.text, owner);
    chain.rules.push({ span: [statement.first, statement.last], body });
  }
  return { tables, problems };
}

/** `type nat hook prerouting priority dstnat; policy accept;` and `comment "…"`. */
function readChainHead(chain: Chain, line: string): boolean {
  if (/^comment "/.test(line)) return true;
  const head = /^type (\w+) hook (\w+)(?: devices? .*?)? priority ([^;]+);(?: policy (\w+);)?/.exec(line);
  if (!head) return false;
  const priority = readPriority(head[3]!);
  chain.type = head[1]!;
  chain.hook = head[2]!;
  if (priority !== undefined) chain.priority = priority;
  chain.policy = (head[4] ?? 'accept').toUpperCase();
  return true;
}

function readElements(map: string, { text, first, last }: Statement): MapElement[] {
  const body = text.replace(/^elements = \{\s*/, '').replace(/\s*\}?$/, '');
  // Commas in comments are no separators; chain names hold no comma.
  const parts = body.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return parts.flatMap((part) => {
    const element = /^(.+?)(?: comment "([^"]*)")?(?: counter packets \d+ bytes \d+)? : (.+)$/.exec(part.trim());
    if (!element) return [];
    const comment = element[2] === undefined ? {} : { comment: element[2] };
    return [{ map, span: [first, last], key: element[1]!.split(' . '), verdict: element[3]!, ...comment } as const];
  });
}
