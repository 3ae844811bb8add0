// What a walk looks up: the cluster, and of each node its network, its packet filter and its addresses.

import type { FactStore } from '../../facts/store.ts';
import { type NodeFacts, nodeFactsOf } from '../netfilter/node-facts.ts';
import { type Ruleset, rulesetOf } from '../netfilter/ruleset.ts';
import { type Cluster, readCluster } from './cluster.ts';
import type { NodeNetwork } from './node-network.ts';
import { type Invisible, readInvisible } from './visibility.ts';

export interface VirtualServer {
  readonly node?: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly realServers: readonly { readonly address: string; readonly port?: number; readonly weight?: number }[];
}

export interface Context {
  readonly cluster: Cluster;
  readonly invisible: ReadonlyMap<string, Invisible>;
  readonly virtualServers: readonly VirtualServer[];
  network(node: string): NodeNetwork;
  ruleset(node: string): Ruleset;
  nodeFacts(node: string): NodeFacts;
}

/** Reads the facts once; several traces of one bundle share it. */
export function createContext(store: FactStore): Context {
  const cluster = readCluster(store);
  const rulesets = new Map<string, Ruleset>();
  const facts = new Map<string, NodeFacts>();
  const factName = (node: string) => (node === '' ? undefined : node);
  return {
    cluster,
    invisible: readInvisible(store, cluster),
    virtualServers: store.read('IpvsVirtualServer').map(({ value }) => value as unknown as VirtualServer),
    network: (node) =>
      cluster.networks.get(node) ?? { node, addressesKnown: false, settings: new Map(), settingsComplete: false },
    ruleset: (node) => remember(rulesets, node, () => rulesetOf(store, factName(node))),
    nodeFacts: (node) =>
      remember(facts, node, () => {
        const known = nodeFactsOf(store, factName(node));
        const own = [...cluster.nodeAddresses].flatMap(([address, holder]) => (holder === node ? [address] : []));
        return known.devices || own.length === 0 ? known : { ...known, alsoLocal: own };
      }),
  };
}

function remember<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
