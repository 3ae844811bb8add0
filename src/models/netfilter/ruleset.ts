// All packet filter rules of one node, as the walk needs them: base chains by hook and priority, chains by name, sets.

import type { RuleValue } from '../../facts/parsers/network/ruleset.ts';
import type { FactStore, StoredFact } from '../../facts/store.ts';
import type { Hook, Place } from '../path/trace.ts';
import { type Backend, type BaseChain, type HookGroup, hookGroups } from './base-chains.ts';
import { type CandidateIndex, indexRules } from './chain-index.ts';
import { type FactsOfNode, factsOfNode } from './facts-of-node.ts';
import type { Family } from './packet.ts';
import { type AddressSet, ipSetsOf, nftSetsOf } from './sets.ts';

export interface Rule {
  readonly table: Table;
  readonly chain: string;
  readonly position: number;
  readonly value: RuleValue;
  readonly place: Place;
}

export interface Chain {
  readonly table: Table;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly place: Place;
  readonly policy?: string;
  readonly policyPackets?: number;
  readonly hook?: Hook;
  readonly priority?: number;
  readonly type?: string;
  /** Rules that may match, by address and port; made when the chain is first walked. */
  index?: CandidateIndex;
}

export interface Table {
  /** `ip`, `ip6`, `inet`. */
  readonly family: string;
  readonly name: string;
  readonly backend?: Backend;
  readonly dialect: string;
  /** False if the dump is cut off or filtered: what it does not show may exist. */
  readonly complete: boolean;
  readonly chains: ReadonlyMap<string, Chain>;
}

export interface Ruleset {
  /** False if the bundle holds no rules of this node at all. */
  readonly known: boolean;
  readonly tables: readonly Table[];
  readonly ipSets: ReadonlyMap<string, AddressSet>;
  /** By `family table name`. */
  readonly nftSets: ReadonlyMap<string, AddressSet>;
  /** Tables of which no dump speaks though they matter: `nat` where only `iptables -L` was gathered. */
  unlisted(family: Family): readonly string[];
  /** What the dumps leave open, in words. */
  readonly notShown: readonly string[];
  /** Base chains of one hook, in the order of their priority; chains of one group have the same one. */
  hookGroups(family: Family, hook: Hook): readonly HookGroup[];
}

export type { BaseChain, HookGroup };

/** Candidates of a chain: rules that are certain not to match are left out. */
export function indexOf(chain: Chain): CandidateIndex {
  chain.index ??= indexRules(chain.rules);
  return chain.index;
}

/** `netns` absent: the network namespace of the host. */
export function rulesetOf(store: FactStore, node: string | undefined, netns?: string): Ruleset {
  const facts = factsOfNode(store, node, netns);
  const tables = tablesOf(facts);
  const groups = new Map<string, readonly HookGroup[]>();
  return {
    known: tables.length > 0,
    tables,
    ipSets: ipSetsOf(facts),
    nftSets: nftSetsOf(facts),
    unlisted: (family) => unlisted(tables, family),
    notShown: notShown(facts, tables),
    hookGroups(family, hook) {
      const key = `${family} ${hook}`;
      const known = groups.get(key);
      if (known) return known;
      const made = hookGroups(tables, family, hook);
      groups.set(key, made);
      return made;
    },
  };
}

interface Draft {
  readonly family: string;
  readonly name: string;
  readonly backend?: Backend;
  dialect: string;
  complete: boolean;
  /** Chains of its own that the dumps name. */
  readonly names: Set<string>;
  readonly chains: Map<string, Chain>;
  /** Of each chain, how exact the dump is that it was taken from. */
  readonly ranks: Map<string, number>;
}

/** What of a table each dialect shows: a save all, nft no comments of iptables. */
const ranks: Readonly<Record<string, number>> = { save: 4, list: 3, nft: 2, 'nft-json': 1 };

const placeOf = ({ path, span }: StoredFact): Place => ({ path, first: span[0], last: span[1] });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function tablesOf({ tables, chains, rules }: FactsOfNode): Draft[] {
  const drafts = new Map<string, Draft>();
  /** Dumps by path, so that a chain finds the one it was printed in. */
  const dumps = new Map<string, { draft: Draft; rank: number; first: number; last: number }[]>();
  const told = tables.filter(({ value }) => value.backend !== undefined);
  const untold = tables.filter(({ value }) => value.backend === undefined);
  for (const { value, path, span } of [...told, ...untold]) {
    const [family, name] = [text(value.family), text(value.table)];
    const rank = ranks[text(value.dialect)] ?? 0;
    const draft = draftFor(drafts, value);
    if (rank > (ranks[draft.dialect] ?? -1)) {
      draft.dialect = text(value.dialect);
      draft.complete = value.complete === true;
    }
    for (const chain of ownChains(value)) draft.names.add(chain);
    const dump = { draft, rank, first: span[0], last: span[1] };
    const place = `${path}|${family}|${name}`;
    const known = dumps.get(place);
    if (known) known.push(dump);
    else dumps.set(place, [dump]);
  }
  for (const fact of chains) {
    const { value, path, span } = fact;
    const [family, table, name] = [text(value.family), text(value.table), text(value.chain)];
    const printed = dumps.get(`${path}|${family}|${table}`) ?? [];
    const dump = printed.find(({ first, last }) => span[0] >= first && span[1] <= last) ?? printed[0];
    if (!dump || (dump.draft.ranks.get(name) ?? -1) >= dump.rank) continue;
    const all = rules.get(`${family}|${table}|${name}|${path}`) ?? [];
    const { draft, rank, first, last } = dump;
    const mine = () =>
      printed.length === 1 ? all : all.filter((rule) => rule.span[0] >= first && rule.span[1] <= last);
    draft.ranks.set(name, rank);
    draft.chains.set(name, chainOf(draft, fact, mine));
  }
  return [...drafts.values()];
}

const notOwn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING|KUBE-IPTABLES-HINT|.*CANARY)$/;
const ownChains = (table: StoredFact['value']) =>
  ((table.chainNames ?? []) as readonly string[]).filter((name) => !notOwn.test(name));

/** A listing does not tell its backend: it belongs to the table whose chains it shows. */
function draftFor(drafts: Map<string, Draft>, value: StoredFact['value']): Draft {
  const [family, name, backend] = [text(value.family), text(value.table), value.backend as Backend | undefined];
  if (backend === undefined) {
    const own = ownChains(value);
    for (const draft of drafts.values()) {
      if (draft.family !== family || draft.name !== name) continue;
      if (draft.backend === undefined || draft.backend === 'native') continue;
      const shared = own.filter((chain) => draft.names.has(chain)).length;
      if (own.length === 0 ? draft.names.size === 0 : shared * 2 >= own.length) return draft;
    }
  }
  const key = `${backend ?? ''}|${family}|${name}`;
  const known = drafts.get(key);
  if (known) return known;
  const made: Draft = {
    family,
    name,
    dialect: '',
    complete: false,
    names: new Set(),
    chains: new Map(),
    ranks: new Map(),
    ...(backend !== undefined && { backend }),
  };
  drafts.set(key, made);
  return made;
}

function chainOf(table: Table, fact: StoredFact, facts: () => readonly StoredFact[]): Chain {
  const { chain: name, policy, packets, hook, priority, type } = fact.value;
  let rules: readonly Rule[] | undefined;
  return {
    table,
    name: text(name),
    // Of thirty thousand chains a walk sees a dozen.
    get rules() {
      rules ??= rulesOf(table, facts());
      return rules;
    },
    place: placeOf(fact),
    ...(typeof policy === 'string' && { policy }),
    ...(typeof packets === 'number' && { policyPackets: packets }),
    ...(typeof hook === 'string' && { hook: hook as Hook }),
    ...(typeof priority === 'number' && { priority }),
    ...(typeof type === 'string' && { type }),
  };
}

function rulesOf(table: Table, facts: readonly StoredFact[]): Rule[] {
  const rules = facts.map((fact): Rule => {
    const value = fact.value as unknown as RuleValue;
    return { table, chain: value.chain, position: value.position, value, place: placeOf(fact) };
  });
  rules.sort((one, two) => one.position - two.position);
  return rules.filter((rule, at) => at === 0 || rule.position !== rules[at - 1]!.position);
}

/** A save and `nft list ruleset` show all tables there are; a listing shows one. */
function unlisted(tables: readonly Table[], family: Family): readonly string[] {
  const mine = tables.filter((table) => table.family === family || table.family === 'inet');
  if (mine.length === 0) return ['nat', 'filter'];
  if (mine.some(({ dialect }) => dialect !== 'list')) return [];
  return ['nat', 'filter'].filter((name) => mine.every((table) => table.name !== name));
}

function notShown({ tables: facts }: FactsOfNode, tables: readonly Table[]): string[] {
  const found: string[] = [];
  for (const { family, name, complete } of tables) {
    if (!complete) found.push(`rules of table ${name} (${family}): the dump is cut off or filtered`);
  }
  const backends = new Set(
    tables.flatMap(({ backend }) => (backend === 'legacy' || backend === 'nft' ? [backend] : [])),
  );
  if (backends.size === 1 && facts.some(({ value }) => value.otherBackendWarning === true)) {
    found.push(`rules of the other backend of iptables: the dumps are of ${[...backends][0]} alone`);
  }
  const listed = tables.filter(({ family, backend }) => family === 'ip' && backend !== 'native');
  if (listed.length > 0 && listed.every(({ dialect }) => dialect === 'list')) {
    const missing = ['raw', 'mangle', 'nat', 'filter'].filter((name) => listed.every((table) => table.name !== name));
    if (missing.length > 0) found.push(`rules of table ${missing.join(', ')}: no listing of them`);
  }
  return found;
}
