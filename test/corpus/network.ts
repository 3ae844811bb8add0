// Runs the network parsers over a folder of real dumps, and compares dumps of one rule set in different dialects.
//
//   node test/corpus/network.ts FOLDER        prints counts per kind, problems, and where two dialects disagree

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Fact } from '../../src/facts/fact-type.ts';
import { networkParsers } from '../../src/facts/parsers/network/index.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node test/corpus/network.ts FOLDER');

/** By name first, as the catalogue would; free-form dumps go by content. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/(^|[/_])(SOURCES|README|ORACLE)\.md$|\.(py|sh|thy|upper|lower|yaml|stderr|pdf)$|fixture\.json$|journalctl/, ''],
  [
    /\/(sys|proc|lib|usr|udev|ufw|init\.d|rootwrap\.d|generator\S*)\/(?!class\/net)|\.(cfg|service)$|\/hosts\/|-config$/,
    '',
  ],
  [/nft[_-].*(ruleset|kube-proxy|iptables)|nftables\/.*\.txt$/, 'NftRuleset'],
  [/ip6?tables[^/]*save|restore-input|iptables-in\/.*\.rules6?$/, 'IptablesSave'],
  [/ip6?tables[^/]*$(?<!json)|\/IPTABLES/, 'IptablesList'],
  [/ipset-/, 'IpsetList'],
  [/ipvsadm(-|_|$)/, 'IpvsadmList'],
  [/ip_?(-[so46dj]_)*(-\w_)*link|ip-s-d-link|IP_\w*LINK/, 'IpLink'],
  [/ip[_-](.*_)?-?addr|ip[_-].*address|ip6?-addr|IP_ADDR/, 'IpAddr'],
  [/ip6?[_-]route|ip[_-].*route_show|ip-j-route|IP_ROUTE|route_-n|routes-|route(-vn|-6-n)?\.out/, 'IpRoute'],
  [/ip6?[_-](.*_)?rule(\.txt|-\d.*|$)/, 'IpRule'],
  [/neigh/i, 'IpNeigh'],
  [/sys\/class\/net\/[^/]+\/mtu$/, 'SysNetMtu'],
  [/nstat_/, 'Nstat'],
  [/netstat_-s$/, 'NetstatStatistics'],
  [/\/ss_/, 'SsSockets'],
  [/subnet\.env$/, 'FlannelSubnetEnv'],
  [/cni\/net\.d\/|cni_podman/, 'CniConfig'],
];

function* files(at: string): Generator<string> {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

type Value = Record<string, unknown>;
const byFolder = new Map<string, { path: string; facts: readonly Fact[] }[]>();
const counts = new Map<string, Map<string, number>>();
const problems = new Map<string, string[]>();
const add = (kind: string, name: string, by = 1) => {
  const of = counts.get(kind) ?? new Map<string, number>();
  counts.set(kind, of.set(name, (of.get(name) ?? 0) + by));
};

for (const path of [...files(folder)].sort()) {
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const parser = networkParsers.find(({ reads }) => reads.includes(kind));
  if (!parser || statSync(path).size > 20_000_000) continue;
  const netns = /netns_exec_(\S+?)_ip/.exec(path)?.[1];
  const source = { path, kind, layout: '', root: dirname(path), labels: netns === undefined ? {} : { netns } };
  const parsed = parser.parse(readFileSync(path, 'utf8'), source, { has: () => true, objects: 'all' });
  add(kind, 'files');
  for (const { type } of parsed.facts) add(kind, type);
  for (const { code, detail } of parsed.problems) {
    add(kind, 'problems');
    problems.set(kind, [...(problems.get(kind) ?? []), `${code} ${basename(path)}: ${detail}`]);
  }
  if (/^(Iptables|Nft)/.test(kind)) {
    byFolder.set(dirname(path), [...(byFolder.get(dirname(path)) ?? []), { path, facts: parsed.facts }]);
  }
}
for (const [kind, of] of counts) console.log(kind.padEnd(18), [...of].map(([name, n]) => `${name} ${n}`).join(', '));
for (const [kind, of] of problems) console.log(`\n${kind}\n  ${of.slice(0, 12).join('\n  ')}`);

// --- What was derived about services: in a healthy dump all names are the hash they should be, and all shares are even.

const tally = new Map<string, string[]>();
for (const [at, dumps] of byFolder) {
  for (const { path, facts } of dumps) {
    for (const { type, value } of facts) {
      const chain = value as Value;
      if (type !== 'ServiceChain') continue;
      const tell = (what: string) =>
        tally.set(what, [...(tally.get(what) ?? []), `${basename(at)}/${basename(path)} ${chain.chain}`]);
      const ends = chain.endpoints as Value[];
      if (chain.namespace === undefined) tell('without a name');
      if (chain.hashMatches === false) tell('hash differs');
      if (ends.some((end) => end.hashMatches === false)) tell('endpoint hash differs');
      if (chain.even === false) tell('uneven');
      if (chain.endpointsKnown === false) tell('endpoints hidden');
      if (chain.references === 0) tell('unreferenced');
    }
  }
}
for (const [what, where] of tally)
  console.log(`\nServiceChain ${what}: ${where.length}\n  ${where.slice(0, 4).join('\n  ')}`);

// --- Two dumps of one rule set must give one model, as far as both show it.

/** A save in one folder stands for all listings of it; in folders with dates, for those of the same date. */
const moment = (path: string) => /\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d/.exec(basename(path))?.[0] ?? '';
const familyOf = (path: string) => (basename(path).includes('ip6tables') ? 'ip6' : 'ip');
const isSave = (path: string) => /save(_-c)?(\.txt|-\d.*)?$/.test(basename(path));

const differences = new Map<string, { count: number; samples: string[] }>();
let compared = 0;
let pairs = 0;
for (const dumps of byFolder.values()) {
  const saves = dumps.filter(({ path }) => isSave(path) && !/legacy/.test(basename(path)));
  for (const save of saves) {
    const rules = rulesOf(save.facts);
    for (const other of dumps) {
      if (
        other === save ||
        netnsOf(other.path) !== netnsOf(save.path) ||
        moment(other.path) !== moment(save.path) ||
        /legacy/.test(basename(other.path))
      )
        continue;
      if (!/^nft/.test(basename(other.path)) && familyOf(other.path) !== familyOf(save.path)) continue;
      pairs += 1;
      const others = rulesOf(other.facts);
      for (const [place, value] of others) compare(place, rules.get(place), value, other.path);
      const tables = new Set(
        other.facts.filter(({ type }) => type === 'NetfilterTable').map(({ value }) => tableOf(value)),
      );
      for (const [place, value] of rules) {
        if (tables.has(tableOf(value)) && !others.has(place))
          note(basename(other.path), 'rule only in save', `${place}: ${value.text}`);
      }
    }
  }
}

function netnsOf(path: string): string {
  return /netns_exec_([^_]+)/.exec(path)?.[1] ?? '';
}

function tableOf(value: object): string {
  const { family, table } = value as { family: string; table: string };
  return `${family} ${table}`;
}

function rulesOf(facts: readonly Fact[]): Map<string, Value> {
  const rules = facts.filter(({ type }) => type === 'NetfilterRule').map(({ value }) => value as Value);
  return new Map(rules.map((rule) => [[rule.family, rule.table, rule.chain, rule.position].join(' '), rule]));
}

function compare(place: string, one: Value | undefined, two: Value, path: string): void {
  const dialect = /nft_?-?j/.test(path)
    ? 'nft -j'
    : /nft/.test(basename(path))
      ? 'nft'
      : basename(path).replace(/-?\d{4}.*|\.txt$/g, '');
  if (!one) {
    if (two.backend !== 'native') note(dialect, 'rule not in save', `${path} ${place}: ${two.text}`);
    return;
  }
  compared += 1;
  const hidden = new Set([...(one.hidden as string[]), ...(two.hidden as string[])]);
  for (const name of new Set([...Object.keys(one), ...Object.keys(two)])) {
    if (
      ['text', 'hidden', 'backend', 'countersRounded', 'unconditional', 'targetOptions'].includes(name) ||
      hidden.has(name.replace('Negated', ''))
    )
      continue;
    if (
      (name === 'packets' || name === 'bytes') &&
      (hidden.has('packets') || one.countersRounded || two.countersRounded)
    )
      continue;
    const [a, b] =
      name === 'otherMatches' ? [one, two].map((rule) => (rule[name] as string[]).length > 0) : [one[name], two[name]];
    if (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) < 1e-9) continue;
    if (name === 'otherMatches' && hidden.size > 0) continue;
    if (sorted(a) !== sorted(b)) {
      note(dialect, name, `${JSON.stringify(a)} / ${JSON.stringify(b)}\n      ${one.text}\n      ${two.text}`);
    }
  }
}

function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? '';
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function note(dialect: string, what: string, sample: string): void {
  const of = differences.get(`${dialect}: ${what}`) ?? { count: 0, samples: [] };
  of.count += 1;
  if (of.samples.length < 2) of.samples.push(sample);
  differences.set(`${dialect}: ${what}`, of);
}

console.log(`\n${pairs} pairs of dumps, ${compared} rules compared, ${differences.size} kinds of difference`);
for (const [what, { count, samples }] of differences)
  console.log(`  ${count} × ${what}\n    ${samples.join('\n    ')}`);
