// Reads `ip route` (any table, -j too) and the older `route -n`.
//
//   default via 10.6.0.1 dev ens3 proto dhcp src 10.6.3.201 metric 100
//   10.1.7.0/24 via 10.1.7.0 dev flannel.1 onlink
//   broadcast 10.6.0.0 dev ens3 table local proto kernel scope link src 10.6.3.201

import type { Span } from '../../../bundle/source.ts';
import { bool, factType, int, node, optional, string } from '../../fact-type.ts';
import { type Parsed, parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

export const IpRoute = factType('IpRoute', 'One route; a multipath route gives one for each next hop.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  family: string('`inet` or `inet6`.'),
  destination: string('Network with its prefix length, an address, or `default`.'),
  type: string('`unicast`, `local`, `broadcast`, `multicast`, `unreachable`, `blackhole`, `prohibit`, `throw`, …'),
  gateway: optional(string()),
  device: optional(string()),
  source: optional(string('Preferred source address.')),
  metric: optional(int()),
  table: string('`main` if the line names none.'),
  protocol: optional(string('Who made it: kernel, dhcp, bird, …')),
  scope: optional(string()),
  mtu: optional(int('Bytes, if the route sets one.')),
  onlink: bool('True if the gateway is reached without a route to it.'),
  weight: optional(int('Of a next hop.')),
});

type Value = Parameters<typeof IpRoute.fact>[1];
const types = /^(unicast|local|broadcast|multicast|unreachable|blackhole|prohibit|throw|anycast|nat)$/;

function parse(text: string, path: string, netns: string | undefined): Parsed {
  if (text.trim() === '') return { facts: [], problems: [] };
  const place = netns === undefined ? {} : { netns };
  const found = /^\s*\[/.test(text)
    ? readJson(text)
    : /^Destination\s+(Gateway|Next Hop)/m.test(text)
      ? readOld(text)
      : readText(text, path);
  if (!found || found.length === 0) {
    return {
      facts: [],
      problems: failedOutput(text, 'output of ip route or route -n'),
    };
  }
  return { facts: found.map(({ span, value }) => IpRoute.fact(span, { ...place, ...value })), problems: [] };
}

interface Found {
  readonly span: Span;
  readonly value: Value;
}

function readText(text: string, path: string): Found[] {
  const found: Found[] = [];
  let head: Value | undefined;
  const sixByName = /(^|[/_-])ip6|_-6_/.test(path.slice(path.lastIndexOf('/') + 1));
  for (const [index, raw] of text.split('\n').entries()) {
    const span: Span = [index + 1, index + 1];
    const words = raw
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '\\');
    if (words[0] === '' || words[0] === 'cache') continue;
    if (words[0] === 'nexthop' && head) {
      const hop = { ...head, ...options(words.slice(1)) };
      // The head of a multipath route has no gateway of its own; its next hops stand for it.
      if (found.at(-1)?.value === head) found.pop();
      found.push({ span, value: hop });
      continue;
    }
    const typed = types.test(words[0]!);
    const destination = words[typed ? 1 : 0]!;
    if (!/^(default$|[0-9a-f]*[.:][0-9a-f.:]*(\/\d+)?$|\d+(\/\d+)?$)/i.test(destination)) continue;
    const rest = options(words.slice(typed ? 2 : 1));
    const six = [destination, rest.gateway, rest.source].some((each) => each?.includes(':'));
    head = {
      destination,
      table: 'main',
      onlink: false,
      family: six || (sixByName && destination === 'default') ? 'inet6' : 'inet',
      type: typed ? words[0]! : 'unicast',
      ...rest,
    };
    if (typed || words.length > 1) found.push({ span, value: head });
  }
  return found;
}

const optionNames: ReadonlyMap<string, keyof Value> = new Map([
  ['dev', 'device'],
  ['src', 'source'],
  ['table', 'table'],
  ['proto', 'protocol'],
  ['scope', 'scope'],
]);
const numberNames: ReadonlySet<string> = new Set(['metric', 'mtu', 'weight']);

function options(words: readonly string[]): Partial<Value> {
  const value: Record<string, string | number | boolean> = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const next = words[at + 1];
    if (word === 'onlink') value.onlink = true;
    if (next === undefined) continue;
    const number = next === 'lock' ? words[at + 2] : next;
    if (word === 'via') value.gateway = /^inet6?$/.test(next) ? (words[at + 2] ?? '') : next;
    else if (optionNames.has(word)) value[optionNames.get(word)!] = next;
    else if (numberNames.has(word) && /^\d{1,15}$/.test(number ?? '')) value[word] = Number(number);
  }
  return value as Partial<Value>;
}

/** `route -n` and, for IPv6, `route -6 -n`. */
function readOld(text: string): Found[] {
  const six = /^Destination\s+Next Hop/m.test(text);
  // `netstat -r` has MSS, Window and irtt where `route` has the metric, the references and the use.
  const hasMetric = /^Destination\s.*\bMetric\b/m.test(text);
  return text.split('\n').flatMap((line, index): Found[] => {
    const words = line.trim().split(/\s+/);
    const span: Span = [index + 1, index + 1];
    if (six) {
      const [destination, gateway, flags, metric, , , device] = words;
      // Names stand for addresses without -n, and `0.0.0.0/96` for the addresses mapped from IPv4.
      if (!destination?.includes('/') || device === undefined) return [];
      const type = flags?.includes('!') ? 'unreachable' : 'unicast';
      const hop = gateway === '::' || gateway === '[::]' ? {} : { gateway: gateway! };
      const destinationOrAll = destination === '::/0' || destination === '[::]/0' ? 'default' : destination;
      return [
        {
          span,
          value: {
            family: 'inet6',
            destination: destinationOrAll,
            type,
            ...hop,
            device,
            metric: Number(metric),
            table: 'main',
            onlink: false,
          },
        },
      ];
    }
    const [destination, gateway, mask, flags, metric, , , device] = words;
    if (device === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(mask ?? '')) return [];
    const bits = mask!
      .split('.')
      .map((part) => Number(part).toString(2))
      .join('')
      .replaceAll('0', '').length;
    const all = destination === '0.0.0.0' || destination === 'default';
    const value: Value = {
      family: 'inet',
      destination: all && bits === 0 ? 'default' : bits === 32 ? destination! : `${destination}/${bits}`,
      type: flags?.includes('!') ? 'unreachable' : 'unicast',
      ...(flags?.includes('G') && { gateway: gateway! }),
      device,
      ...(hasMetric && /^\d+$/.test(metric ?? '') && { metric: Number(metric) }),
      table: 'main',
      onlink: false,
    };
    return [{ span, value }];
  });
}

function readJson(text: string): Found[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const span: Span = [1, text.trimEnd().split('\n').length];
  return parsed.flatMap((entry: Record<string, unknown>): Found[] => {
    if (typeof entry?.dst !== 'string') return [];
    const flags = Array.isArray(entry.flags) ? entry.flags : [];
    const word = (name: string, field: keyof Value) =>
      typeof entry[name] === 'string' ? { [field]: entry[name] } : {};
    const value = {
      family: entry.dst.includes(':') || String(entry.gateway ?? '').includes(':') ? 'inet6' : 'inet',
      destination: entry.dst,
      type: typeof entry.type === 'string' ? entry.type : 'unicast',
      table: 'main',
      onlink: flags.includes('onlink'),
      ...word('gateway', 'gateway'),
      ...word('dev', 'device'),
      ...word('prefsrc', 'source'),
      ...word('table', 'table'),
      ...word('protocol', 'protocol'),
      ...word('scope', 'scope'),
      ...(typeof entry.metric === 'number' && { metric: entry.metric }),
    } as Value;
    const hops = Array.isArray(entry.nexthops) ? entry.nexthops : undefined;
    if (!hops) return [{ span, value }];
    return hops.map((hop: Record<string, unknown>) => ({
      span,
      value: {
        ...value,
        ...(typeof hop.gateway === 'string' && { gateway: hop.gateway }),
        ...(typeof hop.dev === 'string' && { device: hop.dev }),
        ...(typeof hop.weight === 'number' && { weight: hop.weight }),
      },
    }));
  });
}

export const routes = parser({
  reads: 'IpRoute',
  yields: IpRoute,
  parse: (text, source) => parse(text, source.path, source.labels.netns),
});
