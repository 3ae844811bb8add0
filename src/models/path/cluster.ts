// Who has an address: pods, nodes and services of the bundle, and what is ready behind a service.

import type { FactStore } from '../../facts/store.ts';
import { contains, type Network, parseAddress, parseNetwork } from '../netfilter/address.ts';
import { type NodeNetwork, readNodeNetworks } from './node-network.ts';

export interface PodOfCluster {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly hostNetwork: boolean;
  readonly phase: string;
}

export interface ServicePortOfCluster {
  readonly namespace: string;
  readonly service: string;
  readonly portName: string;
  readonly port: number;
  readonly protocol: string;
  readonly nodePort?: number;
  readonly type: string;
  readonly headless: boolean;
  readonly clusterIPs: readonly string[];
  readonly ingressIPs: readonly string[];
  readonly externalIPs: readonly string[];
}

export interface EndpointOfCluster {
  readonly namespace: string;
  readonly service: string;
  readonly portName: string;
  readonly port?: number;
  readonly address: string;
  readonly ready: boolean;
}

export type Owner =
  | { readonly kind: 'pod'; readonly pod: PodOfCluster }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly service: string }
  /** In the pod network of a node, but no Pod of the bundle has it. */
  | { readonly kind: 'pod-network'; readonly node: string }
  | { readonly kind: 'nobody' };

export interface Cluster {
  readonly networks: ReadonlyMap<string, NodeNetwork>;
  /** Names of all nodes: of Node objects and of gathered machines. */
  readonly nodes: readonly string[];
  readonly pods: readonly PodOfCluster[];
  readonly ports: readonly ServicePortOfCluster[];
  readonly endpoints: readonly EndpointOfCluster[];
  /** By address: pods that run with an address of their own, and services. */
  readonly podOf: ReadonlyMap<string, PodOfCluster>;
  readonly serviceOf: ReadonlyMap<string, ServicePortOfCluster>;
  /** `address port` of all ready endpoints; and their addresses alone. */
  readonly servedAt: ReadonlySet<string>;
  readonly readyAddresses: ReadonlySet<string>;
  /** Container ports that pods name, as `namespace/pod port/protocol`. */
  readonly containerPorts: ReadonlySet<string>;
  /** `node protocol` to listened `address port`; absent where sockets were not gathered. */
  readonly listeners: ReadonlyMap<string, readonly { readonly address: string; readonly port: number }[]>;
  readonly nodeAddresses: ReadonlyMap<string, string>;
  /** The first address of each node that others reach it by. */
  readonly mainAddress: ReadonlyMap<string, string>;
  readonly podNetworks: readonly { readonly node: string; readonly network: Network }[];
}

export function readCluster(store: FactStore): Cluster {
  const networks = readNodeNetworks(store);
  const objects = store.read('KubernetesNode').map(({ value }) => value as unknown as NodeValue);
  const values = store.read('Pod').map(({ value }) => value as unknown as PodValue);
  const pods = values.map(({ namespace, name, node, podIPs, hostNetwork, phase }) => {
    return { namespace, name, node, addresses: podIPs, hostNetwork, phase };
  });
  const addresses = nodeAddresses(objects, networks, values);
  const ports = store.read('ServicePort').map(({ value }) => value as unknown as ServicePortOfCluster);
  const endpoints = store
    .read('ServiceEndpoints')
    .flatMap(({ value }) => readEndpoints(value as unknown as SliceValue));
  const ready = endpoints.filter((each) => each.ready);
  const own = pods.filter((each) => isAlive(each) && !each.hostNetwork);
  const names = new Set([...objects.map(({ name }) => name), ...networks.keys(), ...addresses.values()]);
  return {
    networks,
    nodes: [...names].sort(),
    pods,
    ports,
    endpoints,
    podOf: firstBy(own.flatMap((each) => each.addresses.map((address) => [address, each] as const))),
    serviceOf: firstBy(ports.flatMap((each) => virtualAddresses(each).map((address) => [address, each] as const))),
    servedAt: new Set(ready.map(({ address, port }) => `${address} ${port}`)),
    readyAddresses: new Set(ready.map(({ address }) => address)),
    containerPorts: containerPorts(store),
    listeners: listeners(store),
    nodeAddresses: addresses,
    mainAddress: mainAddresses(objects, addresses),
    podNetworks: objects.flatMap(({ name, podCIDRs }) =>
      podCIDRs.flatMap((text) => {
        const network = parseNetwork(text);
        return network ? [{ node: name, network }] : [];
      }),
    ),
  };
}

export function ownerOf(cluster: Cluster, address: string): Owner {
  const node = cluster.nodeAddresses.get(address);
  if (node !== undefined) return { kind: 'node', node };
  const pod = cluster.podOf.get(address);
  if (pod) return { kind: 'pod', pod };
  const service = cluster.serviceOf.get(address);
  if (service) return { kind: 'service', namespace: service.namespace, service: service.service };
  const parsed = parseAddress(address);
  const home = parsed && cluster.podNetworks.find(({ network }) => contains(network, parsed));
  return home ? { kind: 'pod-network', node: home.node } : { kind: 'nobody' };
}

export const virtualAddresses = ({ clusterIPs, ingressIPs, externalIPs, headless }: ServicePortOfCluster) =>
  headless ? [] : [...clusterIPs, ...ingressIPs, ...externalIPs];

export const podText = ({ namespace, name }: PodOfCluster) => `pod ${namespace}/${name}`;

/** True if the bundle holds pods of this node, so that an address without a Pod is nobody's. */
export function podsKnown(cluster: Cluster, node: string): boolean {
  return cluster.pods.some((pod) => pod.node === node);
}

/** Whether something waits there: what an EndpointSlice or a container says, or the sockets of a node. */
export function isServed(cluster: Cluster, pod: PodOfCluster, port: number, protocol: string): boolean {
  if (cluster.containerPorts.has(`${pod.namespace}/${pod.name} ${port}/${protocol}`)) return true;
  return pod.addresses.some((address) => cluster.servedAt.has(`${address} ${port}`));
}

function firstBy<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of pairs) if (!found.has(key)) found.set(key, value);
  return found;
}

const isAlive = ({ phase }: PodOfCluster) => phase !== 'Succeeded' && phase !== 'Failed';

interface NodeValue {
  readonly name: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly podCIDRs: readonly string[];
}
interface PodValue extends Omit<PodOfCluster, 'addresses'> {
  readonly hostIP: string;
  readonly podIPs: readonly string[];
}
interface SliceValue {
  readonly namespace: string;
  readonly service: string;
  readonly portName: string;
  readonly port?: number;
  readonly ready: readonly { readonly address: string }[];
  readonly notReady: readonly { readonly address: string }[];
}

function readEndpoints({ namespace, service, portName, port, ready, notReady }: SliceValue): EndpointOfCluster[] {
  const common = { namespace, service, portName, ...(port !== undefined && { port }) };
  return [
    ...ready.map(({ address }) => ({ ...common, address, ready: true })),
    ...notReady.map(({ address }) => ({ ...common, address, ready: false })),
  ];
}

function containerPorts(store: FactStore): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { value } of store.read('Container')) {
    const ports = (value.ports ?? []) as readonly { port: number; protocol: string }[];
    for (const { port, protocol } of ports) named.add(`${value.namespace}/${value.pod} ${port}/${protocol || 'tcp'}`);
  }
  return named;
}

function listeners(store: FactStore): Cluster['listeners'] {
  const found = new Map<string, { address: string; port: number }[]>();
  for (const { value } of store.read('ListeningSocket')) {
    if (value.netns !== undefined) continue;
    const key = `${value.node ?? ''} ${String(value.protocol).replace(/6$/, '')}`;
    found.set(key, [...(found.get(key) ?? []), { address: String(value.address), port: Number(value.port) }]);
  }
  return found;
}

/** Node objects come first. An address that two machines have (of docker0, of a local DNS cache) tells nobody. */
function nodeAddresses(
  objects: readonly NodeValue[],
  networks: ReadonlyMap<string, NodeNetwork>,
  pods: readonly PodValue[],
): ReadonlyMap<string, string> {
  const holders = new Map<string, Set<string>>();
  const note = (address: string, node: string) => {
    const known = holders.get(address);
    if (known) known.add(node);
    else holders.set(address, new Set([node]));
  };
  for (const { name, addresses } of objects) {
    for (const { address } of addresses) if (parseAddress(address)) note(address, name);
  }
  // Pods tell of nodes that no object and no dump of the bundle is about.
  for (const { node, hostIP } of pods) if (node !== '' && parseAddress(hostIP)) note(hostIP, node);
  for (const [node, { devices }] of networks) {
    for (const device of devices?.values() ?? []) {
      // kube-ipvs0 carries the addresses of all services.
      if (device.name === 'kube-ipvs0' || device.name === 'lo') continue;
      for (const { address, scope } of device.addresses) if (scope === 'global') note(address, node);
    }
  }
  return new Map(
    [...holders].flatMap(([address, nodes]) => (nodes.size === 1 ? [[address, [...nodes][0]!] as const] : [])),
  );
}

function mainAddresses(objects: readonly NodeValue[], all: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const main = new Map<string, string>();
  for (const { name, addresses } of objects) {
    const best =
      addresses.find(({ type }) => type === 'InternalIP') ?? addresses.find((each) => parseAddress(each.address));
    if (best) main.set(name, best.address);
  }
  for (const [address, node] of all) if (!main.has(node)) main.set(node, address);
  return main;
}
