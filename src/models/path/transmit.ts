// From a device of one node to the next stop: a pod, a tunnel, another node, a router, or nobody.

import { unknownDevice } from '../netfilter/packet.ts';
import { isBridge, mayHairpin, portOf, tunnelPort } from './bridge.ts';
import { type Owner, ownerOf, podsKnown, podText } from './cluster.ts';
import type { Context } from './context.ts';
import { tooLarge, tunnelTooLarge } from './mtu.ts';
import type { NodeNetwork } from './node-network.ts';
import { deviceOnLink, deviceWith } from './own-addresses.ts';
import { lost, nobodyAnswers, unsure } from './symptoms.ts';
import { encapsulate, tunnelOf } from './tunnel.ts';
import { ended, granted, type Situation, type Stop, suppose, type Way, withStep } from './way.ts';

type Leaving = Extract<Stop, { at: 'leaves' }>;

export function transmit(context: Context, way: Way, stop: Leaving): readonly Situation[] {
  const network = context.network(way.node);
  const { device } = stop;
  const large = tooLarge(context, way, device);
  if (large) return large;
  const { packet } = way;
  const nextHop = stop.gateway ?? packet.destination;
  if (tunnelOf(network, device)) return encapsulate(context, way, device, nextHop);
  const asked = askNeighbour(network, way, device, nextHop);
  const owner = ownerOf(context.cluster, packet.destination);
  const onward = asked.holds.flatMap((each) =>
    stop.gateway === undefined
      ? toNeighbour(context, network, each, stop, owner)
      : byRouter(context, each, device, stop.gateway),
  );
  return [...onward, ...asked.silent];
}

/** The node has asked for the next hop, and nobody answered: then, at least. */
function askNeighbour(
  network: NodeNetwork,
  way: Way,
  device: string,
  nextHop: string,
): { readonly holds: readonly Way[]; readonly silent: readonly Situation[] } {
  const entry = network.neighbours?.find((each) => each.address === nextHop && each.device === device);
  if (!entry || !/^(FAILED|INCOMPLETE)$/.test(entry.state)) return { holds: [way], silent: [] };
  const told = withStep(way, 'neighbour', `${nextHop} on ${device}: ${entry.state}`, { place: entry.place });
  const { holds, fails } = suppose(told, `${nextHop} answers by now on ${device} of ${way.node}`);
  const reason = `nobody answers for ${nextHop} on ${device} of ${way.node} (${entry.state})`;
  return { holds, silent: fails.flatMap((each) => nobodyAnswers(each, reason)) };
}

function toNeighbour(
  context: Context,
  network: NodeNetwork,
  way: Way,
  stop: Leaving,
  owner: Owner,
): readonly Situation[] {
  const { destination } = way.packet;
  if (owner.kind === 'pod' && owner.pod.node === way.node)
    return toPod(network, way, stop, podText(owner.pod), () => [
      {
        way: withStep(way, 'local', `delivered to ${podText(owner.pod)}`),
        stop: { at: 'reached', who: { kind: 'pod', pod: owner.pod, address: destination } },
      },
    ]);
  if (owner.kind === 'pod') return toOtherNode(context, network, way, stop.device, owner.pod.node);
  if (owner.kind === 'pod-network' && owner.node !== way.node)
    return toOtherNode(context, network, way, stop.device, owner.node);
  if (owner.kind === 'node') return toNode(context, network, way, stop.device, owner.node);
  if (owner.kind === 'service')
    return nobodyAnswers(
      way,
      `${destination} of service ${owner.namespace}/${owner.service} was not translated, and no machine has it`,
    );
  if (owner.kind === 'pod-network' || podDevice(network, stop.device)) return toStranger(context, way, stop, network);
  return outside(way, stop.device, destination);
}

/** Devices behind which only pods are. */
const podDevice = (network: NodeNetwork, device: string) =>
  /^(cni\d+|cbr\d+|kube-bridge|tun0|ovn-k8s-mp0|antrea-gw0)$/.test(device) ||
  /^(cali|veth|lxc|eni|gke)[0-9a-f]/.test(device) ||
  isBridge(network, device);

function toPod(
  network: NodeNetwork,
  way: Way,
  stop: Leaving,
  name: string,
  arrive: () => readonly Situation[],
): readonly Situation[] {
  // A bridge sends nothing back out of the port it came from, unless that port is a hairpin.
  if (!stop.bridged || stop.sender !== way.packet.destination) return arrive();
  const port = portOf(network, stop.device, way.packet.destination);
  const allowed = mayHairpin(network, stop.device, port);
  const end = lost(
    `${stop.device} of ${way.node} does not send ${name} its own packet back: hairpin is off at its port`,
  );
  if (allowed === true) return arrive();
  if (allowed === false) return [ended(way, end)];
  const { holds, fails } = suppose(way, `hairpin is on at the port of ${name}`);
  return [
    ...(holds.length > 0
      ? arrive().map((each) => ({ ...each, way: { ...each.way, assumptions: holds[0]!.assumptions } }))
      : []),
    ...fails.map((each) => ended(each, end)),
  ];
}

/** An address of this node's pod network that no Pod has. */
function toStranger(context: Context, way: Way, stop: Leaving, network: NodeNetwork): readonly Situation[] {
  const { destination } = way.packet;
  const entry = network.neighbours?.find((each) => each.address === destination && each.device === stop.device);
  const listed = context.cluster.readyAddresses.has(destination);
  const reason = `no Pod of the bundle has ${destination}`;
  const reached = (each: Way): Situation => ({
    way: withStep(each, 'local', `delivered to ${destination}`),
    stop: { at: 'reached', who: { kind: 'pod', address: destination } },
  });
  if (entry?.mac !== undefined && podsKnown(context.cluster, way.node) === false) return [reached(way)];
  if (podsKnown(context.cluster, way.node) && !listed)
    return nobodyAnswers(granted(way, `the bundle holds all Pods of ${way.node}`), reason);
  const { holds, fails } = suppose(way, `something has ${destination} on ${way.node}`);
  return [...holds.map(reached), ...fails.flatMap((each) => nobodyAnswers(each, reason))];
}

function toNode(context: Context, network: NodeNetwork, way: Way, device: string, node: string): readonly Situation[] {
  if (node === way.node)
    return [
      ended(way, unsure(`${way.packet.destination} is an address of ${node} itself, but is routed out by ${device}`)),
    ];
  const port = podDevice(network, device) ? tunnelPort(network, device) : undefined;
  if (port) return encapsulate(context, way, port.name, way.packet.destination);
  return arriveAt(context, way, device, node);
}

/** On the network between the nodes. */
function arriveAt(context: Context, way: Way, from: string, node: string): readonly Situation[] {
  const behind = way.carried.at(-1)?.tunnel.device;
  const warning = behind === undefined ? undefined : tunnelTooLarge(context.network(way.node), behind, from);
  const warned = warning === undefined ? way : withStep(way, 'note', warning);
  const told = withStep(warned, 'wire', `${from} of ${way.node} to ${node}`);
  return [{ way: { ...told, node }, stop: { at: 'enters', device: entryDevice(context, way, node), bridged: false } }];
}

/** By which device a packet comes in from the network between the nodes. */
export function entryDevice(context: Context, way: Way, node: string): string {
  const network = context.network(node);
  const { destination, source } = way.packet;
  const own =
    deviceWith(network, destination) ?? (way.packet.source === '' ? undefined : deviceOnLink(network, source));
  if (own && !podDevice(network, own.name) && !/^(lo|kube-ipvs|dummy|nodelocaldns)/.test(own.name)) return own.name;
  const main = context.cluster.mainAddress.get(node);
  return (main === undefined ? undefined : deviceWith(network, main)?.name) ?? unknownDevice;
}

function toOtherNode(
  context: Context,
  network: NodeNetwork,
  way: Way,
  device: string,
  node: string,
): readonly Situation[] {
  const port = tunnelPort(network, device);
  if (port && podDevice(network, device)) return encapsulate(context, way, port.name, way.packet.destination);
  // Pods with addresses of the network of the nodes: nothing is put around their packets.
  return arriveAt(
    context,
    granted(way, `the network of the nodes carries ${way.packet.destination} to ${node}`),
    device,
    node,
  );
}

function byRouter(context: Context, way: Way, device: string, gateway: string): readonly Situation[] {
  const next = ownerOf(context.cluster, gateway);
  if (next.kind === 'node' && next.node !== way.node) return arriveAt(context, way, device, next.node);
  const { destination } = way.packet;
  const owner = ownerOf(context.cluster, destination);
  if (owner.kind === 'nobody') return outside(way, device, gateway);
  if (owner.kind === 'service')
    return refusedOutside(
      way,
      `${destination} of service ${owner.namespace}/${owner.service} was not translated and left ${way.node} by ${device} to ${gateway}`,
    );
  const home = owner.kind === 'pod' ? owner.pod.node : owner.node;
  if (owner.kind === 'node' && home !== way.node)
    return arriveAt(context, granted(way, `${gateway} routes ${destination} to ${home}`), device, home);
  const { holds, fails } = suppose(way, `${gateway} routes ${destination} to ${home}`);
  return [
    ...holds.flatMap((each) => arriveAt(context, each, device, home)),
    ...fails.flatMap((each) =>
      refusedOutside(each, `${destination} left ${way.node} by ${device} to ${gateway}, which is no node`),
    ),
  ];
}

/** What a router outside does with an address that is not its own: mostly nothing. */
function refusedOutside(way: Way, reason: string): readonly Situation[] {
  const told = withStep(way, 'wire', 'leaves the cluster');
  const { holds, fails } = suppose(told, 'a router outside says that it has no way');
  return [
    ...fails.map((each) => ended(each, { verdict: 'black-holed', symptom: 'timeout', reason })),
    ...holds.map((each) => ended(each, { verdict: 'black-holed', symptom: 'EHOSTUNREACH', reason })),
  ];
}

function outside(way: Way, device: string, nextHop: string): readonly Situation[] {
  const told = withStep(way, 'wire', `${device} of ${way.node} to ${nextHop}, outside of the cluster`);
  return [{ way: told, stop: { at: 'reached', who: { kind: 'outside' } } }];
}
