// What the walk of a hook must know of its node: addresses, by device. Absent means that the bundle does not show it.

import type { FactStore } from '../../facts/store.ts';
import type { Family } from './packet.ts';

export interface DeviceAddress {
  readonly family: Family;
  readonly address: string;
  readonly prefixLength: number;
  /** `global`, `link`, `host`. */
  readonly scope: string;
}

export interface NodeFacts {
  /** Addresses by device, the primary one first; absent where `ip addr` was not gathered. */
  readonly devices?: ReadonlyMap<string, readonly DeviceAddress[]>;
  /** Further local addresses, e.g. from Node.status where `ip addr` is missing: those not listed may be local too. */
  readonly alsoLocal?: readonly string[];
}

interface AddressValue {
  readonly node?: string;
  readonly netns?: string;
  readonly name: string;
  readonly addresses: readonly {
    readonly family: string;
    readonly address: string;
    readonly prefixLength: number;
    readonly scope: string;
  }[];
}

/** From `ip addr`; `ip link` alone knows devices but no addresses. */
export function nodeFactsOf(store: FactStore, node: string | undefined, netns?: string): NodeFacts {
  const devices = new Map<string, DeviceAddress[]>();
  let seen = false;
  for (const { value } of store.read('NetworkInterface')) {
    const { node: on, netns: within, name, addresses } = value as unknown as AddressValue;
    if (on !== node || within !== netns) continue;
    seen ||= addresses.length > 0;
    const known = devices.get(name) ?? [];
    for (const { family, address, prefixLength, scope } of addresses) {
      const short: Family = family === 'inet6' ? 'ip6' : 'ip';
      if (!known.some((each) => each.address === address)) known.push({ family: short, address, prefixLength, scope });
    }
    devices.set(name, known);
  }
  return seen ? { devices } : {};
}
