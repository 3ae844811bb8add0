// Packets inside of packets: which node a tunnel device leads to, the outer packet, and the inner one when it comes out.

import { tunnelOverheadBytes } from '../mtu.ts';
import { familyOf } from '../netfilter/address.ts';
import type { Family, Packet } from '../netfilter/packet.ts';
import { unknownDevice } from '../netfilter/packet.ts';
import { isBridge } from './bridge.ts';
import { ownerOf } from './cluster.ts';
import type { Context } from './context.ts';
import type { Device, NodeNetwork } from './node-network.ts';
import { lost, nobodyAnswers, timeout, unsure } from './symptoms.ts';
import { ended, newConnection, type Situation, suppose, tupleOf, type Way, withStep } from './way.ts';

interface TunnelKind {
  readonly kind: string;
  readonly port?: number;
}

const byName: readonly (readonly [RegExp, TunnelKind])[] = [
  [/^flannel(\.\d+|-v6\.\d+)$/, { kind: 'vxlan', port: 8472 }],
  [/^vxlan(-v6)?\.calico$/, { kind: 'vxlan', port: 4789 }],
  [/^vxlan_sys_4789$/, { kind: 'vxlan', port: 4789 }],
  [/^cilium_vxlan$/, { kind: 'vxlan', port: 8472 }],
  [/^(genev_sys_6081|cilium_geneve)$/, { kind: 'geneve', port: 6081 }],
  [/^tunl0$/, { kind: 'ipip' }],
  [/^(flannel-wg|wireguard\.cali|cilium_wg0)$/, { kind: 'wireguard', port: 51820 }],
];
const kinds = new Set(['vxlan', 'geneve', 'ipip', 'wireguard']);

/** Undefined for a device that is no tunnel. */
export function tunnelOf(network: NodeNetwork, name: string): TunnelKind | undefined {
  const device = network.devices?.get(name);
  const named = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (device?.kind === undefined) return named;
  if (!kinds.has(device.kind)) return undefined;
  const port = device.vxlanPort ?? named?.port ?? (device.kind === 'vxlan' ? 4789 : undefined);
  return { kind: device.kind, ...(port !== undefined && { port }) };
}

/** `nextHop`: what the route names, or the destination itself where a bridge floods it. */
export function encapsulate(context: Context, way: Way, device: string, nextHop: string): readonly Situation[] {
  const network = context.network(way.node);
  const tunnel = tunnelOf(network, device) ?? { kind: 'vxlan', port: 4789 };
  const found = remoteEnd(context, network, way, device, nextHop, tunnel.kind);
  const { way: known, remote, stops } = found;
  if (!known || remote === undefined) return stops;
  const own = network.devices?.get(device);
  const text = `${tunnel.kind} to ${remote}${tunnel.port === undefined ? '' : `:${tunnel.port}`} by ${device}`;
  const told = withStep(known, 'tunnel', text, own ? { place: own.place } : {});
  const id = own?.vxlanId;
  const outer: Packet = outerPacket(way.packet, own, remote, tunnel);
  const carried = {
    packet: way.packet,
    entered: way.entered,
    tunnel: {
      device,
      kind: tunnel.kind,
      ...(id !== undefined && { id }),
      ...(tunnel.port !== undefined && { port: tunnel.port }),
    },
  };
  const inside: Way = {
    ...told,
    packet: outer,
    entered: tupleOf(outer),
    connection: newConnection(outer),
    carried: [...way.carried, carried],
  };
  return [{ way: inside, stop: { at: 'originates', behind: device } }, ...stops];
}

/** It has the mark of the inner one: what masquerades by mark must clear it. */
function outerPacket(inner: Packet, device: Device | undefined, remote: string, { kind, port }: TunnelKind): Packet {
  const family: Family = familyOf(remote);
  const overhead = tunnelOverheadBytes(kind) ?? 0;
  return {
    family,
    protocol: kind === 'ipip' ? '4' : 'udp',
    source: device?.vxlanLocal ?? '',
    destination: remote,
    ...(port !== undefined && { destinationPort: port }),
    mark: inner.mark,
    inDevice: '',
    outDevice: '',
    ...(inner.lengthBytes !== undefined && { lengthBytes: inner.lengthBytes + overhead }),
  };
}

/** The node at the other end, and the ways that end here. */
interface Remote {
  readonly way?: Way;
  readonly remote?: string;
  readonly stops: readonly Situation[];
}

function remoteEnd(
  context: Context,
  network: NodeNetwork,
  way: Way,
  device: string,
  nextHop: string,
  kind: string,
): Remote {
  const owner = ownerOf(context.cluster, nextHop);
  const home = owner.kind === 'pod' ? owner.pod.node : 'node' in owner ? owner.node : ownerNode(context, way);
  const address = home === undefined ? undefined : context.cluster.mainAddress.get(home);
  if (kind === 'ipip' && owner.kind === 'node') return { way, remote: nextHop, stops: [] };
  if (kind === 'vxlan' || kind === 'geneve') {
    const byTables = fromTables(network, way, device, nextHop);
    if (byTables) return byTables;
  }
  const where = `to which node ${device} of ${way.node} sends ${nextHop}`;
  if (address === undefined) return { stops: [ended(way, unsure(`${where} is not known`))] };
  // A bridge floods what it does not know to all nodes it lists, and Open vSwitch decides by flows that no dump shows.
  const flooded = nextHop === way.packet.destination;
  const listed =
    flooded && network.forwarding?.some((each) => each.device === device && each.destination === address) === true;
  const switched = network.devices?.get(device)?.master === 'ovs-system';
  if (listed || switched) return { way, remote: address, stops: [] };
  const { holds, fails } = suppose(way, `${device} of ${way.node} sends ${nextHop} to ${home}`);
  const stops = fails.map((each) => ended(each, unsure(`${where} was not gathered`)));
  return { ...(holds[0] && { way: holds[0], remote: address }), stops };
}

function ownerNode(context: Context, way: Way): string | undefined {
  const owner = ownerOf(context.cluster, way.packet.destination);
  return owner.kind === 'pod' ? owner.pod.node : 'node' in owner ? owner.node : undefined;
}

/** Neighbour gives the MAC address, forwarding table the node; undefined where they were not gathered. */
function fromTables(network: NodeNetwork, way: Way, device: string, nextHop: string): Remote | undefined {
  const entries = network.forwarding?.filter((each) => each.device === device && each.destination !== undefined);
  const flood = entries?.find(({ mac }) => mac === '00:00:00:00:00:00');
  const neighbour = network.neighbours?.find((each) => each.device === device && each.address === nextHop);
  if (neighbour?.mac !== undefined && entries) {
    const entry = entries.find(({ mac }) => mac === neighbour.mac) ?? flood;
    if (entry)
      return {
        way: withStep(way, 'neighbour', `${nextHop} is ${neighbour.mac}, behind ${entry.destination}`, {
          place: entry.place,
        }),
        remote: entry.destination!,
        stops: [],
      };
    const reason = `no forwarding entry for ${neighbour.mac} (${nextHop}) on ${device} of ${way.node}`;
    return { stops: [ended(way, { verdict: 'lost', symptom: timeout, reason })] };
  }
  // Without learning somebody has to write the neighbours in: one that is missing is nobody's.
  if (network.neighbours && !neighbour && entries && !flood && nextHop !== way.packet.destination)
    return { stops: nobodyAnswers(way, `no neighbour entry for ${nextHop} on ${device} of ${way.node}`) };
  return undefined;
}

/** The outer packet was let in: the inner one comes out of the tunnel device of this node. */
export function decapsulate(context: Context, way: Way): readonly Situation[] {
  const network = context.network(way.node);
  const carried = way.carried.at(-1)!;
  const { tunnel } = carried;
  const peers = [...(network.devices?.values() ?? [])];
  const same = peers.find(
    (each) =>
      each.kind === tunnel.kind && each.vxlanId === tunnel.id && (each.vxlanPort ?? tunnel.port) === tunnel.port,
  );
  const device =
    same?.name ?? (network.devices === undefined || network.devices.has(tunnel.device) ? tunnel.device : undefined);
  const packet: Packet = { ...carried.packet, mark: way.packet.mark, inDevice: '', outDevice: '' };
  const inner: Way = { ...way, packet, entered: tupleOf(packet), carried: way.carried.slice(0, -1) };
  if (device === undefined)
    return [ended(inner, lost(`${way.node} has no ${tunnel.kind} device for what comes in by the tunnel`))];
  const out = withStep(inner, 'tunnel', `comes out of ${device}`, same ? { place: same.place } : {});
  const bridge = network.devices?.get(device)?.master;
  if (bridge !== undefined && isBridge(network, bridge) !== false)
    return [{ way: out, stop: { at: 'enters', device: bridge, port: device, bridged: true } }];
  return [{ way: out, stop: { at: 'enters', device: device || unknownDevice, bridged: false } }];
}
