// What the words of a query mean: where the connection starts, and which address and port it goes to.

import { familyOf, parseAddress, splitPort } from '../netfilter/address.ts';
import type { Family } from '../netfilter/packet.ts';
import { type Cluster, ownerOf, type PodOfCluster, type ServicePortOfCluster } from './cluster.ts';
import type { Query } from './trace.ts';

/** Stands for any client outside: from the range that is kept for documents. */
export const outsideAddresses: Readonly<Record<Family, string>> = { ip: '203.0.113.1', ip6: '2001:db8::1' };

export type Start =
  | { readonly kind: 'pod'; readonly pod: PodOfCluster; readonly address: string }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'outside'; readonly address: string };

export interface Target {
  readonly address: string;
  readonly port?: number;
  readonly protocol: string;
  /** What it stands for: `service shop/cart:80`. */
  readonly text: string;
  /** Node that has the address, or at which the query says that the connection comes in. */
  readonly node?: string;
}

export interface Meaning {
  readonly start: Start;
  /** Several for a headless service. */
  readonly targets: readonly Target[];
}

/** A problem is a sentence for the one who asked. */
export type Resolved = Meaning | { readonly problem: string };

export function resolveQuery(cluster: Cluster, query: Query): Resolved {
  const words = readWords(query.to);
  const outside = readWords(query.from).kind === 'external' || isOutside(cluster, query.from);
  const targets = findTargets(cluster, words, query, outside);
  if ('problem' in targets) return targets;
  const family = familyOf(targets.found[0]!.address);
  const start = findStart(cluster, query, family);
  return 'problem' in start ? start : { start: start.found, targets: targets.found };
}

interface Words {
  readonly kind: 'pod' | 'node' | 'service' | 'address' | 'external';
  readonly name: string;
  readonly port: string;
}

/** `pod shop/web-0`, `svc/shop/cart:80`, `node worker-1:30080`, `[fd00::1]:443`, `external`. */
function readWords(text: string): Words {
  const plain = text.trim();
  if (plain === 'external') return { kind: 'external', name: '', port: '' };
  const named = /^(pods?|po|nodes?|no|services?|svc)[ /](.+)$/.exec(plain);
  if (!named) {
    const { address, port } = splitPort(plain);
    return { kind: 'address', name: address, port };
  }
  const [, word = '', rest = ''] = named;
  const [, name = rest, port = ''] = /^(.*?)(?::([\w-]+))?$/.exec(rest) ?? [];
  const kind = word.startsWith('p') ? 'pod' : word.startsWith('n') ? 'node' : 'service';
  return { kind, name, port };
}

function isOutside(cluster: Cluster, text: string): boolean {
  const { kind, name } = readWords(text);
  return kind === 'address' && ownerOf(cluster, name).kind === 'nobody';
}

function findStart(cluster: Cluster, query: Query, family: Family): { found: Start } | { problem: string } {
  const { kind, name } = readWords(query.from);
  if (kind === 'external') return { found: { kind: 'outside', address: outsideAddresses[family] } };
  if (kind === 'service') return { problem: `a connection cannot start at a service: ${query.from}` };
  if (kind === 'node') {
    return cluster.nodes.includes(name)
      ? { found: { kind: 'node', node: name } }
      : { problem: `no node ${name} in the bundle${among(cluster.nodes)}` };
  }
  if (kind === 'pod') {
    const pod = podNamed(cluster, name);
    return pod ? startOfPod(pod, family) : { problem: `no pod ${name} in the bundle` };
  }
  if (!parseAddress(name)) return { problem: `${query.from} is neither an address nor pod/…, node/… or external` };
  const owner = ownerOf(cluster, name);
  if (owner.kind === 'pod') return startOfPod(owner.pod, family);
  if (owner.kind === 'node') return { found: { kind: 'node', node: owner.node } };
  if (owner.kind === 'service') return { problem: `a connection cannot start at a service: ${name}` };
  return { found: { kind: 'outside', address: name } };
}

function startOfPod(pod: PodOfCluster, family: Family): { found: Start } | { problem: string } {
  if (pod.node === '') return { problem: `pod ${pod.namespace}/${pod.name} is on no node` };
  if (pod.hostNetwork) return { found: { kind: 'node', node: pod.node } };
  const address = pod.addresses.find((each) => familyOf(each) === family);
  if (address === undefined) return { problem: `pod ${pod.namespace}/${pod.name} has no address of that family` };
  return { found: { kind: 'pod', pod, address } };
}

function findTargets(
  cluster: Cluster,
  words: Words,
  query: Query,
  outside: boolean,
): { found: readonly Target[] } | { problem: string } {
  const { kind, name, port } = words;
  const protocol = query.protocol.toLowerCase();
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  const to = (address: string, more: Partial<Target> = {}): { found: readonly Target[] } => ({
    found: [{ address, protocol, text: query.to, ...(number !== undefined && { port: number }), ...more }],
  });
  if (kind === 'external') return to(outsideAddresses.ip, { port: number ?? 443 });
  if (kind === 'service') return findService(cluster, words, query, outside);
  if (kind === 'pod') {
    const pod = podNamed(cluster, name);
    const address = pod?.addresses[0];
    if (!pod) return { problem: `no pod ${name} in the bundle` };
    return address === undefined ? { problem: `pod ${name} has no address` } : to(address);
  }
  if (kind === 'node') {
    const address = cluster.mainAddress.get(name);
    if (!cluster.nodes.includes(name)) return { problem: `no node ${name} in the bundle${among(cluster.nodes)}` };
    return address === undefined ? { problem: `no address of node ${name} is known` } : to(address, { node: name });
  }
  if (!parseAddress(name)) return { problem: `${query.to} is neither an address nor pod/…, node/… or svc/…` };
  return to(name);
}

function findService(
  cluster: Cluster,
  { name, port }: Words,
  query: Query,
  outside: boolean,
): { found: readonly Target[] } | { problem: string } {
  const all = cluster.ports.filter((each) => `${each.namespace}/${each.service}` === name);
  const wanted = query.protocol.toLowerCase();
  const fits = (each: ServicePortOfCluster) => port === '' || String(each.port) === port || each.portName === port;
  const found = all.find((each) => fits(each) && each.protocol === wanted);
  if (all.length === 0) return { problem: `no service ${name} with ports in the bundle` };
  if (!found) {
    const ports = all.map((each) => `${each.port}/${each.protocol}`);
    return { problem: `service ${name} has no port ${port || 'for'} ${wanted}${among(ports)}` };
  }
  const target = { protocol: wanted, text: `service ${name}:${found.port}` };
  if (found.headless) {
    const behind = cluster.endpoints.filter((each) => each.ready && `${each.namespace}/${each.service}` === name);
    const named = behind.filter((each) => each.portName === found.portName && each.port !== undefined);
    if (named.length === 0) return { problem: `service ${name} is headless and has no ready address` };
    return { found: named.map((each) => ({ ...target, address: each.address, port: each.port! })) };
  }
  const entry = query.node ?? [...cluster.networks.keys()][0] ?? cluster.nodes[0];
  if (outside && found.ingressIPs.length === 0 && found.nodePort !== undefined && entry !== undefined) {
    const address = cluster.mainAddress.get(entry);
    if (address !== undefined) return { found: [{ ...target, address, port: found.nodePort, node: entry }] };
  }
  const address = (outside ? found.ingressIPs[0] : undefined) ?? found.clusterIPs[0];
  if (address === undefined) return { problem: `service ${name} has no cluster address` };
  return { found: [{ ...target, address, port: found.port }] };
}

function podNamed(cluster: Cluster, name: string): PodOfCluster | undefined {
  return cluster.pods.find((pod) => `${pod.namespace}/${pod.name}` === name);
}

const among = (names: readonly string[]) =>
  names.length === 0 || names.length > 12 ? '' : `; there are: ${names.join(', ')}`;
