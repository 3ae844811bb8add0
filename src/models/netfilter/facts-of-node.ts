// The packet filter facts of one node, sorted once per bundle: a bundle may hold a hundred nodes.

import type { FactStore, StoredFact } from '../../facts/store.ts';

export interface FactsOfNode {
  readonly tables: readonly StoredFact[];
  readonly chains: readonly StoredFact[];
  /** By `family|table|chain|path`. */
  readonly rules: ReadonlyMap<string, readonly StoredFact[]>;
  readonly ipSets: readonly StoredFact[];
  readonly ipSetMembers: readonly StoredFact[];
  readonly nftSets: readonly StoredFact[];
}

type Lists = { [K in keyof Omit<FactsOfNode, 'rules'>]: StoredFact[] } & { rules: Map<string, StoredFact[]> };

const sorted = new WeakMap<FactStore, Map<string, Lists>>();
const types = {
  NetfilterTable: 'tables',
  NetfilterChain: 'chains',
  IpSet: 'ipSets',
  IpSetMember: 'ipSetMembers',
  NftSet: 'nftSets',
} as const;
const none: FactsOfNode = { tables: [], chains: [], rules: new Map(), ipSets: [], ipSetMembers: [], nftSets: [] };

export function factsOfNode(store: FactStore, node: string | undefined, netns: string | undefined): FactsOfNode {
  let places = sorted.get(store);
  if (!places) {
    places = sortFacts(store);
    sorted.set(store, places);
  }
  return places.get(placeKey(node, netns)) ?? none;
}

const placeKey = (node: unknown, netns: unknown) => `${node ?? ''}\0${netns ?? ''}`;

function sortFacts(store: FactStore): Map<string, Lists> {
  const places = new Map<string, Lists>();
  const at = ({ value }: StoredFact): Lists => {
    const key = placeKey(value.node, value.netns);
    const known = places.get(key);
    if (known) return known;
    const made: Lists = { tables: [], chains: [], rules: new Map(), ipSets: [], ipSetMembers: [], nftSets: [] };
    places.set(key, made);
    return made;
  };
  for (const [type, list] of Object.entries(types)) for (const fact of store.read(type)) at(fact)[list].push(fact);
  for (const fact of store.read('NetfilterRule')) {
    const { family, table, chain } = fact.value;
    const { rules } = at(fact);
    const key = `${family}|${table}|${chain}|${fact.path}`;
    const known = rules.get(key);
    if (known) known.push(fact);
    else rules.set(key, [fact]);
  }
  return places;
}
