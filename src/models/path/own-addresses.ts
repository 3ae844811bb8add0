// The addresses of a node: which device has one, or is on its network, and which one a packet is sent from.

import { contains, formatAddress, parseAddress, parseNetwork } from '../netfilter/address.ts';
import type { DeviceAddress } from '../netfilter/node-facts.ts';
import type { Family } from '../netfilter/packet.ts';
import type { Device, NodeNetwork } from './node-network.ts';

export function deviceWith(network: NodeNetwork, address: string): Device | undefined {
  for (const device of network.devices?.values() ?? []) {
    if (device.addresses.some((each) => each.address === address)) return device;
  }
  return undefined;
}

/** The device that is on the same network as the address: by its own addresses. */
export function deviceOnLink(network: NodeNetwork, address: string): Device | undefined {
  const parsed = parseAddress(address);
  if (!parsed) return undefined;
  let found: { readonly device: Device; readonly length: number } | undefined;
  for (const device of network.devices?.values() ?? []) {
    for (const own of device.addresses) {
      const length = own.prefixLength;
      const whole = own.family === 'ip' ? 32 : 128;
      if (length === whole || !onNetwork(own, address) || (found && found.length >= length)) continue;
      found = { device, length };
    }
  }
  return found?.device;
}

/**
 * The address that the kernel takes for a packet on this device: of the network of the next hop, else the first.
 * MASQUERADE takes it too, and so do messages of the kernel; a route may name another one (`src`).
 */
export function sourceAddress(
  network: NodeNetwork,
  device: string,
  nextHop: string,
  family: Family,
): string | undefined {
  const own = network.devices?.get(device)?.addresses.filter((each) => usable(each, family)) ?? [];
  const near = own.find((each) => onNetwork(each, nextHop)) ?? own[0];
  if (near) return near.address;
  // A device without an address of its own borrows one.
  if (!network.addressesKnown) return undefined;
  for (const other of network.devices?.values() ?? []) {
    const borrowed = other.addresses.find((each) => usable(each, family) && other.name !== 'lo');
    if (borrowed) return borrowed.address;
  }
  return undefined;
}

const usable = (address: DeviceAddress, family: Family) =>
  address.family === family && address.scope !== 'host' && (family === 'ip' || address.scope !== 'link');

function onNetwork({ address, prefixLength }: DeviceAddress, other: string): boolean {
  return within(`${address}/${prefixLength}`, other);
}

export function isLoopback(address: string): boolean {
  const parsed = parseAddress(address);
  if (!parsed) return false;
  return parsed.family === 'ip' ? parsed.bits >>> 24 === 127 : formatAddress(parsed) === '::1';
}

export function within(network: string, address: string): boolean {
  const [parsed, at] = [parseNetwork(network), parseAddress(address)];
  return parsed !== undefined && at !== undefined && contains(parsed, at);
}
