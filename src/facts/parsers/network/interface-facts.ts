// Network devices and their addresses, as facts and while they are read.

import type { Span } from '../../../bundle/source.ts';
import { bool, factType, int, list, node, object, optional, string } from '../../fact-type.ts';

const netns = optional(string('Network namespace, where the dump is of one other than the host.'));
const address = {
  family: string('`inet` or `inet6`.'),
  address: string(),
  prefixLength: int(),
  scope: string('`global`, `link`, `host`, …'),
};

export const NetworkInterface = factType('NetworkInterface', 'One network device, from `ip link` or `ip addr`.', {
  node: node(),
  netns,
  name: string(),
  index: int(),
  peer: optional(string('The part after `@`: the other end or the device below.')),
  mtu: optional(int('Bytes; `ip -o addr` does not show it.')),
  state: optional(string('UP, DOWN, UNKNOWN, LOWERLAYERDOWN, …')),
  flags: list(string()),
  master: optional(string('Bridge or bond it is in.')),
  linkType: optional(string('ether, loopback, …')),
  mac: optional(string()),
  kind: optional(
    string('vxlan, veth, bridge, bond, geneve, openvswitch, …; absent for hardware and where -d was not given.'),
  ),
  hairpin: optional(
    bool('Of a port of a bridge: whether a packet may leave by the port it came from; only -d shows it.'),
  ),
  vxlanId: optional(int('VNI.')),
  vxlanPort: optional(int('UDP port of vxlan or geneve.')),
  vxlanLocal: optional(string('Local end of the tunnel.')),
  vxlanDevice: optional(string('Device the tunnel is bound to.')),
  counters: optional(
    object({
      rxBytes: int(),
      rxPackets: int(),
      rxErrors: int(),
      rxDropped: int(),
      txBytes: int(),
      txPackets: int(),
      txErrors: int(),
      txDropped: int(),
    }),
  ),
  addresses: list(object(address)),
});

export const InterfaceAddress = factType('InterfaceAddress', 'One address of one network device.', {
  node: node(),
  netns,
  interface: string('Name of the device.'),
  ...address,
});

export type InterfaceValue = Parameters<typeof NetworkInterface.fact>[1];
export type AddressValue = InterfaceValue['addresses'][number];
export type Draft = { -readonly [K in keyof InterfaceValue]: InterfaceValue[K] } & { addresses: AddressValue[] };
export interface Device {
  readonly value: InterfaceValue;
  span: Span;
  readonly addressSpans: Span[];
}
