// What a node's network looks like: devices, routes, neighbours, settings. An absent part was not gathered: unknown, not empty.

import type { FactStore, StoredFact } from '../../facts/store.ts';
import { type Network, parseNetwork } from '../netfilter/address.ts';
import type { DeviceAddress } from '../netfilter/node-facts.ts';
import type { Family } from '../netfilter/packet.ts';
import type { Place } from './trace.ts';

export interface Device {
  readonly name: string;
  readonly mtuBytes?: number;
  readonly kind?: string;
  readonly master?: string;
  readonly mac?: string;
  readonly hairpin?: boolean;
  readonly addresses: readonly DeviceAddress[];
  readonly vxlanId?: number;
  readonly vxlanPort?: number;
  readonly vxlanLocal?: string;
  readonly vxlanDevice?: string;
  readonly place: Place;
}

export interface Route {
  readonly family: Family;
  readonly network: Network;
  readonly destination: string;
  readonly type: string;
  readonly gateway?: string;
  readonly device?: string;
  readonly source?: string;
  readonly metric: number;
  readonly table: string;
  readonly weight: number;
  readonly protocol?: string;
  readonly place: Place;
}

export interface PolicyRule {
  readonly priority: number;
  readonly negated: boolean;
  readonly from: string;
  readonly to?: string;
  readonly mark?: string;
  readonly inInterface?: string;
  readonly outInterface?: string;
  readonly table?: string;
  readonly action: string;
  readonly text: string;
  readonly place: Place;
}

export interface Neighbour {
  readonly address: string;
  readonly device: string;
  readonly mac?: string;
  readonly state: string;
  readonly place: Place;
}

export interface Forwarding {
  readonly mac: string;
  readonly device: string;
  readonly destination?: string;
  readonly master?: string;
  readonly place: Place;
}

export interface NodeNetwork {
  readonly node: string;
  readonly devices?: ReadonlyMap<string, Device>;
  /** False where devices are known from `ip link` alone. */
  readonly addressesKnown: boolean;
  readonly routes?: readonly Route[];
  readonly rules?: readonly PolicyRule[];
  readonly neighbours?: readonly Neighbour[];
  readonly forwarding?: readonly Forwarding[];
  /** Live kernel settings; a name that is not in it was not gathered. */
  readonly settings: ReadonlyMap<string, string>;
  /** Of a whole `sysctl -a` a setting that is missing does not exist in that kernel. */
  readonly settingsComplete: boolean;
}

export function readNodeNetworks(store: FactStore): ReadonlyMap<string, NodeNetwork> {
  const devices = byNode(store, 'NetworkInterface');
  const mtus = byNode(store, 'DeviceMtu');
  const addresses = byNode(store, 'InterfaceAddress');
  const routes = byNode(store, 'IpRoute');
  const rules = byNode(store, 'RoutingRule');
  const neighbours = byNode(store, 'Neighbour');
  const forwarding = byNode(store, 'ForwardingEntry');
  const settings = byNode(store, 'Sysctl');
  const parts = [devices, mtus, addresses, routes, rules, neighbours, forwarding, settings];
  const names = [...new Set(parts.flatMap((part) => [...part.keys()]))].sort();
  return new Map(
    names.map((node) => {
      const known = readDevices(devices.get(node) ?? [], addresses.get(node) ?? [], mtus.get(node) ?? []);
      const live = (settings.get(node) ?? []).filter(({ value }) => value.origin === 'live');
      const network: NodeNetwork = {
        node,
        ...(known.size > 0 && { devices: known }),
        addressesKnown: [...known.values()].some((device) => device.addresses.length > 0),
        ...(routes.has(node) && { routes: distinct(routes.get(node)!.flatMap(readRoute)) }),
        ...(rules.has(node) && { rules: distinct(rules.get(node)!.map(readRule)).sort(byPriority) }),
        ...(neighbours.has(node) && { neighbours: neighbours.get(node)!.map(plain<Neighbour>) }),
        ...(forwarding.has(node) && { forwarding: forwarding.get(node)!.map(plain<Forwarding>) }),
        settings: new Map(live.map(({ value }) => [String(value.name), String(value.value)])),
        settingsComplete: live.length > 200,
      };
      return [node, network];
    }),
  );
}

export function placeOf({ path, span }: StoredFact): Place {
  return { path, first: span[0], last: span[1] };
}

/** Facts of the host's own network namespace, by node. */
function byNode(store: FactStore, type: string): Map<string, StoredFact[]> {
  const grouped = new Map<string, StoredFact[]>();
  for (const fact of store.read(type)) {
    if (fact.value.netns !== undefined) continue;
    const node = String(fact.value.node ?? '');
    const group = grouped.get(node);
    if (group) group.push(fact);
    else grouped.set(node, [fact]);
  }
  return grouped;
}

interface AddressValue {
  readonly interface?: string;
  readonly family: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly scope: string;
}

function readDevices(
  links: readonly StoredFact[],
  addresses: readonly StoredFact[],
  mtus: readonly StoredFact[],
): Map<string, Device> {
  const devices = new Map<string, Device>();
  const add = (name: string, place: Place, fields: Partial<Device>, more: readonly AddressValue[]) => {
    const before = devices.get(name);
    const known = [...(before?.addresses ?? [])];
    for (const { family, address, prefixLength, scope } of more) {
      const short: Family = family === 'inet6' ? 'ip6' : 'ip';
      if (!known.some((each) => each.address === address)) known.push({ family: short, address, prefixLength, scope });
    }
    devices.set(name, { place, ...before, ...fields, name, addresses: known });
  };
  for (const fact of links) {
    const value = fact.value as unknown as Omit<Device, 'mtuBytes' | 'place'> & { mtu?: number };
    const { mtu, kind, master, mac, hairpin, vxlanId, vxlanPort, vxlanLocal, vxlanDevice } = value;
    const fields = { mtuBytes: mtu, kind, master, mac, hairpin, vxlanId, vxlanPort, vxlanLocal, vxlanDevice };
    const present = Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== undefined));
    add(value.name, placeOf(fact), present, value.addresses as unknown as readonly AddressValue[]);
  }
  for (const fact of addresses) {
    const value = fact.value as unknown as AddressValue;
    add(value.interface ?? '', placeOf(fact), {}, [value]);
  }
  for (const fact of mtus) {
    const { device, mtu } = fact.value as unknown as { device: string; mtu: number };
    if (devices.get(device)?.mtuBytes === undefined) add(device, placeOf(fact), { mtuBytes: mtu }, []);
  }
  return devices;
}

function readRoute(fact: StoredFact): Route[] {
  const value = fact.value as unknown as Omit<Route, 'family' | 'metric' | 'weight'> & {
    family: string;
    metric?: number;
    weight?: number;
  };
  const family: Family = value.family === 'inet6' ? 'ip6' : 'ip';
  const all = family === 'ip' ? '0.0.0.0/0' : '::/0';
  const network = parseNetwork(value.destination === 'default' ? all : value.destination);
  if (!network) return [];
  const place = placeOf(fact);
  return [{ ...value, family, network, metric: value.metric ?? 0, weight: value.weight ?? 1, place }];
}

function readRule(fact: StoredFact): PolicyRule {
  return { ...(fact.value as unknown as PolicyRule), place: placeOf(fact) };
}

function plain<T>(fact: StoredFact): T {
  return { ...fact.value, place: placeOf(fact) } as unknown as T;
}

const byPriority = (one: PolicyRule, two: PolicyRule) => one.priority - two.priority;

/** Two dumps of one machine say the same things twice. */
function distinct<T extends { readonly place: Place }>(entries: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const entry of entries) {
    const key = JSON.stringify(entry, (name, value) =>
      name === 'place' ? undefined : typeof value === 'bigint' ? String(value) : value,
    );
    // In one listing two equal lines are two next hops of one route.
    if (seen.has(key) && seen.get(key)?.place.path !== entry.place.path) continue;
    seen.set(seen.has(key) ? `${key} ${seen.size}` : key, entry);
  }
  return [...seen.values()];
}

/** A setting of one device together with `all`, where the kernel takes the larger of the two; undefined if that is not sure. */
export function largerSetting({ settings }: NodeNetwork, name: string, device: string): number | undefined {
  const key = device.replaceAll('.', '/');
  const all = settings.get(`net.ipv4.conf.all.${name}`);
  const own = settings.get(`net.ipv4.conf.${key}.${name}`);
  return all === undefined || own === undefined ? undefined : Math.max(Number(all), Number(own));
}
