// What a bridge does with a packet: which port a pod is at, whether iptables sees bridged packets, whether one may go back out.

import { noMark } from '../netfilter/packet.ts';
import type { Cluster } from './cluster.ts';
import { ownerOf } from './cluster.ts';
import type { Device, NodeNetwork } from './node-network.ts';
import { deviceOnLink, deviceWith } from './own-addresses.ts';
import { findRoutes } from './routing.ts';

/** Devices of one pod each, of a tunnel, or of the machine itself. */
const pointToPoint = /^(lo|cali|lxc|veth|eni|gke|eth|ens|eno|enp|bond|flannel|tunl|vxlan|ovn-k8s|antrea)/;
const bridgeName = /^(cni\d+|cbr\d+|docker\d+|kube-bridge|br-\S+|virbr\d+)$/;

/** Undefined where the kind of the device was not gathered and its name says nothing. */
export function isBridge(network: NodeNetwork, name: string): boolean | undefined {
  const device = network.devices?.get(name);
  if (device?.kind !== undefined) return device.kind === 'bridge';
  const members = [...(network.devices?.values() ?? [])].some((each) => each.master === name);
  if (members || bridgeName.test(name)) return true;
  return pointToPoint.test(name) ? false : undefined;
}

/** The device of its node by which a pod's packets come in. */
export function deviceOfPod(network: NodeNetwork, address: string): string | undefined {
  const onLink = deviceOnLink(network, address);
  if (onLink) return onLink.name;
  const family = address.includes(':') ? 'ip6' : 'ip';
  const question = { family, destination: address, source: '', mark: noMark, inDevice: '' } as const;
  const answer = findRoutes(network, question)[0]?.answer;
  return answer?.kind === 'via' && answer.gateway === undefined ? answer.device : undefined;
}

/** By the neighbour table and what the bridge has learned. */
export function portOf(network: NodeNetwork, bridge: string, address: string): string | undefined {
  const mac = network.neighbours?.find((each) => each.address === address && each.device === bridge)?.mac;
  if (mac === undefined) return undefined;
  return network.forwarding?.find((each) => each.mac === mac && each.master === bridge)?.device;
}

/** Whether a bridge may send a packet out of the port it came from; undefined if the dump does not say (`ip -d`). */
export function mayHairpin(network: NodeNetwork, bridge: string, port: string | undefined): boolean | undefined {
  const own = port === undefined ? undefined : network.devices?.get(port)?.hairpin;
  if (own !== undefined) return own;
  const ports = [...(network.devices?.values() ?? [])].filter((each) => each.master === bridge && each.kind === 'veth');
  const all = new Set(ports.map((each) => each.hairpin));
  return all.size === 1 ? [...all][0] : undefined;
}

/** Whether bridged packets come to iptables; undefined if that was not gathered. */
export function bridgeCallsIptables(network: NodeNetwork, family: 'ip' | 'ip6'): boolean | undefined {
  const name = family === 'ip' ? 'iptables' : 'ip6tables';
  const value = network.settings.get(`net.bridge.bridge-nf-call-${name}`);
  if (value !== undefined) return value !== '0';
  // Without br_netfilter the setting does not exist.
  return network.settingsComplete ? false : undefined;
}

/**
 * Whether the sender, which sits at the bridge, takes the destination for a neighbour. Pods of a bridge have its network;
 * those of OpenShift SDN have the network of the whole cluster.
 */
export function isOnLink(cluster: Cluster, network: NodeNetwork, bridge: string, destination: string): boolean {
  if (deviceWith(network, destination)?.name === bridge) return false;
  if (deviceOnLink(network, destination)?.name === bridge) return true;
  const owner = ownerOf(cluster, destination);
  const home = owner.kind === 'pod' ? owner.pod.node : owner.kind === 'pod-network' ? owner.node : undefined;
  if (home === undefined) return false;
  return bridge === 'tun0' || (!network.addressesKnown && home === network.node && owner.kind === 'pod');
}

/** The port of a bridge, or the device beside an Open vSwitch, that leads to other nodes. */
export function tunnelPort(network: NodeNetwork, bridge: string): Device | undefined {
  const devices = [...(network.devices?.values() ?? [])];
  const member = devices.find((each) => each.master === bridge && (each.kind === 'vxlan' || each.kind === 'geneve'));
  return member ?? devices.find((each) => /^(vxlan_sys|genev_sys)_\d+$/.test(each.name));
}
