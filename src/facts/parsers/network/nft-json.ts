// Reads `nft -j list ruleset`: each rule is put into nft syntax first, so that both forms share one reading.
//
//   {"nftables": [{"metainfo": {…}}, {"table": {…}}, {"chain": {…}}, {"rule": {"chain": "INPUT", "expr": [{"drop": null}]}}]}

import type { Span } from '../../../bundle/source.ts';
import { readNftRule } from './nft-rule.ts';
import { newCollection } from './nft-sets.ts';
import { isManaged } from './nft-text.ts';
import { type Collection, chainOf, type MapElement, newTable, type Ruleset, type Table } from './ruleset.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export function readNftJson(source: string): Ruleset {
  const lines = source.trimEnd().split('\n');
  const whole: Span = [1, lines.length];
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'not JSON';
    return { tables: [], problems: [{ code: 'YAML_SYNTAX', span: whole, detail }] };
  }
  const listed = isObject(parsed) ? parsed.nftables : undefined;
  if (!Array.isArray(listed)) {
    return { tables: [], problems: [{ code: 'COLLECTION_ERROR', span: whole, detail: 'no "nftables" list' }] };
  }
  const entries = listed.filter(isObject);
  const version = entries.map((entry) => (isObject(entry.metainfo) ? text(entry.metainfo.version) : '')).find(Boolean);
  const tables = new Map<string, Table>();
  const tableOf = (family: string, name: string): Table => {
    const known = tables.get(`${family} ${name}`);
    if (known) return known;
    const made = newTable({
      family,
      name,
      dialect: 'nft-json',
      tableKnown: true,
      span: whole,
      ...(version && { version }),
    });
    tables.set(`${family} ${name}`, made);
    return made;
  };
  for (const entry of entries) {
    const [kind, value] = Object.entries(entry)[0] ?? [];
    if (!isObject(value)) continue;
    const family = text(value.family);
    if (kind === 'table') tableOf(family, text(value.name));
    else if (kind === 'chain') {
      const chain = chainOf(tableOf(family, text(value.table)), text(value.name), 1);
      if (value.hook !== undefined) {
        Object.assign(chain, { hook: text(value.hook), policy: (text(value.policy) || 'accept').toUpperCase() });
        if (value.type !== undefined) chain.type = text(value.type);
        if (typeof value.prio === 'number') chain.priority = value.prio;
      }
    } else if (kind === 'map' || kind === 'set') {
      const table = tableOf(family, text(value.table));
      if (typeof value.timeout === 'number') table.setTimeouts.set(text(value.name), value.timeout);
      const collection = newCollection(table.collections, kind, text(value.name), whole);
      collection.keyType = [value.type].flat().map(text).join(' . ');
      collection.flags = value.flags === undefined ? [] : [value.flags].flat().map(text);
      collection.elements = members(value.elem);
      if (kind === 'set') table.sets += 1;
      else {
        table.maps += 1;
        table.elements.push(...elements(text(value.name), value.elem, whole));
      }
    }
  }
  for (const table of tables.values()) {
    const managed = isManaged(table.family, table.name, new Set(), table.chains.keys());
    Object.assign(table, { backend: managed ? 'nft' : 'native' });
  }
  for (const { rule } of entries) {
    if (!isObject(rule)) continue;
    const table = tableOf(text(rule.family), text(rule.table));
    const expressions = Array.isArray(rule.expr) ? rule.expr.filter(isObject) : [];
    const comment = typeof rule.comment === 'string' ? ` comment ${JSON.stringify(rule.comment)}` : '';
    const body = readNftRule(expressions.map(statement).join(' ') + comment, table);
    chainOf(table, text(rule.chain), 1).rules.push({ span: whole, body });
  }
  return { tables: [...tables.values()], problems: [] };
}

/** Of a set or a map. */
function members(listed: unknown): Collection['elements'] {
  if (!Array.isArray(listed)) return [];
  return listed.map((member) => {
    const mapped = Array.isArray(member) && member.length === 2;
    const given: unknown = mapped ? member[0] : member;
    const bare = isObject(given) && isObject(given.elem) ? given.elem.val : given;
    const key = isObject(bare) && Array.isArray(bare.concat) ? bare.concat.map(expression) : [expression(bare)];
    return mapped ? { key, value: isObject(member[1]) ? verdictOrData(member[1]) : expression(member[1]) } : { key };
  });
}

const verdictOrData = (value: Json) => ('concat' in value ? expression(value) : statement(value));

function elements(map: string, listed: unknown, span: Span): MapElement[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) return [];
    const wrapped = isObject(pair[0]) && isObject(pair[0].elem) ? pair[0].elem : undefined;
    const key = wrapped ? wrapped.val : pair[0];
    const parts = isObject(key) && Array.isArray(key.concat) ? key.concat.map(expression) : [expression(key)];
    const comment = typeof wrapped?.comment === 'string' ? { comment: wrapped.comment } : {};
    return [
      { map, span, key: parts, verdict: isObject(pair[1]) ? statement(pair[1]) : expression(pair[1]), ...comment },
    ];
  });
}

/** One statement or match in nft syntax. What has no form here keeps its JSON, and so becomes an unknown match. */
function statement(entry: Json): string {
  const [kind, value] = Object.entries(entry)[0] ?? ['', undefined];
  const fields = isObject(value) ? value : {};
  switch (kind) {
    case 'match':
      return match(fields);
    case 'counter':
      return isObject(value) ? `counter packets ${text(fields.packets)} bytes ${text(fields.bytes)}` : 'counter';
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'notrack':
      return kind;
    case 'jump':
    case 'goto':
      return `${kind} ${text(fields.target)}`;
    case 'xt':
      return `xt ${text(fields.type)} ${text(fields.name)}`;
    case 'reject':
      if (fields.type === 'tcp reset') return 'reject with tcp reset';
      return fields.expr === undefined ? 'reject' : `reject with ${text(fields.type)} type ${text(fields.expr)}`;
    case 'dnat':
    case 'snat': {
      const port = fields.port === undefined ? '' : `:${expression(fields.port)}`;
      const address = expression(fields.addr);
      return `${kind} to ${port && address.includes(':') ? `[${address}]` : address}${port}${flags(fields)}`;
    }
    case 'masquerade':
    case 'redirect':
      return `${kind}${fields.port === undefined ? '' : ` to :${expression(fields.port)}`}${flags(fields)}`;
    case 'mangle':
      return `${expression(fields.key)} set ${expression(fields.value)}`;
    case 'vmap':
      return `${expression(fields.key)} vmap ${expression(fields.data)}`;
    case 'set':
      return `${text(fields.op)} ${text(fields.set)} { ${expression(fields.elem)} }`;
    case 'log':
      return `log${fields.prefix === undefined ? '' : ` prefix ${JSON.stringify(fields.prefix)}`}`;
    default:
      return JSON.stringify(entry).replaceAll(' ', '');
  }
}

const flags = ({ flags: given }: Json) =>
  given === undefined ? '' : ` ${Array.isArray(given) ? given.join(',') : text(given)}`;

function match({ op, left, right }: Json): string {
  const subject = expression(left);
  const masked = isObject(left) && '&' in left;
  const sign = op === '==' ? (masked ? ' == ' : ' ') : op === 'in' ? ' ' : ` ${text(op)} `;
  // Marks are told apart from other numbers by their form.
  const quoted = /^(meta )?[io]ifname$/.test(subject) && typeof right === 'string';
  return `${subject}${sign}${quoted ? JSON.stringify(right) : expression(right)}`;
}

function expression(value: unknown): string {
  if (Array.isArray(value)) return value.map(expression).join(',');
  if (!isObject(value)) return text(value);
  const [kind, inner] = Object.entries(value)[0] ?? ['', undefined];
  const fields = isObject(inner) ? inner : {};
  const parts = Array.isArray(inner) ? inner.map(expression) : [];
  switch (kind) {
    case 'payload':
      return `${text(fields.protocol)} ${text(fields.field)}`;
    case 'meta':
      return /^[io]ifname$/.test(text(fields.key)) ? text(fields.key) : `meta ${text(fields.key)}`;
    case 'ct':
      return `ct ${text(fields.key)}`;
    case 'fib':
      return `fib ${[fields.flags].flat().map(text).join(' . ')} ${text(fields.result)}`;
    case 'prefix':
      return `${expression(fields.addr)}/${text(fields.len)}`;
    case 'range':
      return parts.join('-');
    case 'set':
      return Array.isArray(inner) ? `{ ${inner.map(pair).join(', ')} }` : `{ ${expression(inner)} }`;
    case 'concat':
      return parts.join(' . ');
    case 'elem':
      return expression(fields.val);
    case 'map':
      return `${expression(fields.key)} map ${expression(fields.data)}`;
    case 'numgen':
      return `numgen ${text(fields.mode)} mod ${text(fields.mod)}`;
    case '&':
    case '|':
    case '^':
      return parts.join(` ${kind} `);
    case '<<':
      return parts.join(' << ');
    default:
      return statement(value);
  }
}

/** A member of a set, or `key : value` of an anonymous map. */
const pair = (member: unknown): string =>
  Array.isArray(member) && member.length === 2
    ? `${expression(member[0])} : ${expression(member[1])}`
    : expression(member);
