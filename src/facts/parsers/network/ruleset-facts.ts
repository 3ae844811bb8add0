// Turns a rule set that was read into facts; what nobody asked for is left out.

import type { Source } from '../../../bundle/source.ts';
import type { Fact } from '../../fact-type.ts';
import type { Wanted } from '../../parser.ts';
import { hookFacts, masqueradeFacts } from './hook-chains.ts';
import { NetfilterChain, NetfilterRule, NetfilterTable, NftSet, NftTable } from './netfilter-facts.ts';
import { nftServiceFacts } from './nft-services.ts';
import { proxyFacts, ServiceMapElement } from './proxy-facts.ts';
import type { Chain, Rule, Ruleset, Table } from './ruleset.ts';
import { type KeyOf, type Place, serviceFacts, spanOf } from './service-chains.ts';

export const rulesetFactTypes = [NetfilterTable, NetfilterChain, NetfilterRule, ...proxyFacts] as const;
export const nftFactTypes = [...rulesetFactTypes, NftTable, NftSet, ServiceMapElement] as const;

const perService =
  /^KUBE-(SVC|SVL|EXT|FW|XLB|SEP)-[A-Z2-7]{16}$|^(service|local|external|firewall|endpoint)-[A-Z2-7]{8}-/;
const hints = /^KUBE-(IPTABLES-HINT|.*CANARY)$/;

/** What of a table is shown exactly: a save keeps all, a listing rounds counters, nft drops comments. */
const fidelity = { save: 4, list: 3, nft: 2, 'nft-json': 1 };

/**
 * The same table is often dumped several times (`-t filter -nvL`, `-vnxL`, `nft list ruleset`): equal keys make one fact
 * of them, the most exact one. Dumps of one machine share a root or a folder. Listings do not tell their backend and
 * count as that of the default tool; legacy tables of a tool that also knows nft (1.8 and later) stand apart.
 */
function keys(source: Source, table: Table, place: Place): KeyOf {
  const folder = source.path.slice(0, Math.max(0, source.path.lastIndexOf('/')));
  const machine = source.labels.node ?? (source.root === '' ? folder : source.root);
  const modern = !/^(0|1\.[0-7]\.|1\.[0-7]$)/.test(table.version ?? '0');
  const group = table.backend === 'native' ? 'native' : table.backend === 'legacy' && modern ? 'legacy' : 'default';
  const rounded = [...table.chains.values()].some(({ rules }) => rules.some(({ body }) => body.countersRounded));
  const version = fidelity[table.dialect] * 2 + (rounded ? 0 : 1);
  return (...parts) => ({ key: [machine, place.netns ?? '', place.family, group, ...parts].join('|'), version });
}

export function rulesetFacts({ tables }: Ruleset, source: Source, wanted: Wanted): Fact[] {
  const { netns } = source.labels;
  const facts: Fact[] = [];
  const groups = new Map<string, { place: Place; tables: Map<string, Table>; keyOf: KeyOf }>();
  for (const table of tables) {
    const place: Place = {
      ...(netns !== undefined && { netns }),
      family: table.family,
      ...(table.backend !== undefined && { backend: table.backend }),
    };
    const keyOf = keys(source, table, place);
    facts.push(tableFact(place, table));
    if (table.dialect.startsWith('nft')) {
      const { family, name, sets, maps } = table;
      const rules = countRules(table);
      const managedByIptables = table.backend === 'nft';
      facts.push(
        NftTable.fact(table.span, {
          ...(netns !== undefined && { netns }),
          ...{ family, name, managedByIptables, chains: table.chains.size, rules, maps, sets },
        }),
      );
    }
    if (wanted.has('NftSet')) facts.push(...collectionFacts(place, table, keyOf));
    if (wanted.has('NetfilterChain')) facts.push(...chainFacts(place, table, keyOf));
    if (wanted.has('NetfilterRule')) facts.push(...ruleFacts(place, table, keyOf));
    if (wanted.has('HookChain')) facts.push(...hookFacts(place, table, keyOf));
    if (table.name === 'nat' || table.name === 'kube-proxy') facts.push(...masqueradeFacts(place, table, keyOf));
    if (table.backend === 'native') {
      if (table.name === 'kube-proxy') facts.push(...nftServiceFacts(place, table, keyOf));
      continue;
    }
    const id = `${table.family} ${table.backend}`;
    const group = groups.get(id) ?? { place, tables: new Map<string, Table>(), keyOf };
    if (!group.tables.has(table.name)) group.tables.set(table.name, table);
    groups.set(id, group);
  }
  const asksForServices = ['ServiceChain', 'ServiceFrontend', 'KubeProxyRules'].some((type) => wanted.has(type));
  if (asksForServices)
    for (const { place, tables: some, keyOf } of groups.values()) facts.push(...serviceFacts(place, some, keyOf));
  return facts;
}

const countRules = ({ chains }: Table) => [...chains.values()].reduce((sum, { rules }) => sum + rules.length, 0);

function tableFact(place: Place, table: Table): Fact {
  const names = [...table.chains.keys()];
  return NetfilterTable.fact(table.span, {
    ...place,
    table: table.name,
    dialect: table.dialect,
    ...(table.version !== undefined && { version: table.version }),
    ...(table.printedAt !== undefined && { printedAt: table.printedAt }),
    complete: table.complete,
    tableKnown: table.tableKnown,
    chains: names.length,
    rules: countRules(table),
    chainNames: names.filter((name) => !perService.test(name)),
    kubeChains: names.filter((name) => name.startsWith('KUBE-') && !hints.test(name)).length,
    hintChains: names.filter((name) => hints.test(name)),
    otherBackendWarning: table.otherBackendWarning,
  });
}

function collectionFacts({ netns, family }: Place, table: Table, keyOf: KeyOf): Fact[] {
  return table.collections.map(({ span, ...collection }) =>
    NftSet.fact(
      span,
      { ...(netns !== undefined && { netns }), family, table: table.name, ...collection },
      keyOf(table.name, 'set', collection.name),
    ),
  );
}

function chainFacts(place: Place, table: Table, keyOf: KeyOf): Fact[] {
  const jumps = new Map<string, number>();
  for (const { rules } of table.chains.values()) {
    for (const { body } of rules) if (body.target) jumps.set(body.target, (jumps.get(body.target) ?? 0) + 1);
  }
  return [...table.chains.values()].map((chain) => {
    const { name, policy, hook, type, priority, packets, bytes } = chain;
    const references = chain.references ?? (table.complete ? (jumps.get(name) ?? 0) : undefined);
    const value = {
      ...place,
      table: table.name,
      chain: name,
      ...(policy !== undefined && { policy }),
      ...(hook !== undefined && { hook }),
      ...(type !== undefined && { type }),
      ...(priority !== undefined && { priority }),
      ...(references !== undefined && { references }),
      rules: chain.rules.length,
      repeats: repeatsOf(chain),
      ...(packets !== undefined && { packets }),
      ...(bytes !== undefined && { bytes }),
    };
    return NetfilterChain.fact(spanOf(chain), value, keyOf(table.name, name, String(chain.rules.length)));
  });
}

/** Words that stand for nothing but themselves: a statistic of the same text takes its share again and is no repetition. */
function repeatsOf({ rules }: Chain): number {
  return rules.filter(
    ({ body }, at) => at > 0 && body.text === rules[at - 1]?.body.text && body.probability === undefined,
  ).length;
}

function ruleFacts(place: Place, table: Table, keyOf: KeyOf): Fact[] {
  return [...table.chains.values()].flatMap(({ name, rules }) => {
    const chain: RulesOfChain = { place: { ...place, table: table.name, chain: name }, length: rules.length, keyOf };
    return rules.map((rule, at) => new RuleFact(chain, rule, at + 1));
  });
}

interface RulesOfChain {
  readonly place: Place & { readonly table: string; readonly chain: string };
  readonly length: number;
  readonly keyOf: KeyOf;
}

/** A node has a hundred thousand of them: what a rule says is put together when it is written down, one by one. */
class RuleFact implements Fact {
  readonly #chain: RulesOfChain;
  readonly #rule: Rule;
  readonly #position: number;

  constructor(chain: RulesOfChain, rule: Rule, position: number) {
    this.#chain = chain;
    this.#rule = rule;
    this.#position = position;
  }

  get type(): string {
    return NetfilterRule.name;
  }

  get span(): Fact['span'] {
    return this.#rule.span;
  }

  get value(): object {
    return { ...this.#chain.place, position: this.#position, ...this.#rule.body };
  }

  get key(): string {
    return this.#keys().key;
  }

  get version(): number {
    return this.#keys().version;
  }

  /** Chains of different length are different moments: their rules are not mixed. */
  #keys(): ReturnType<KeyOf> {
    const { place, length, keyOf } = this.#chain;
    return keyOf(place.table, place.chain, `${this.#position}/${length}`);
  }
}
