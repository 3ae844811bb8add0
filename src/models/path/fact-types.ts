// The fact types that a trace looks at: what must be read of a bundle whose paths are to be drawn.

export const tracedFactTypes: readonly string[] = [
  'Container',
  'DeviceMtu',
  'ForwardingEntry',
  'InterfaceAddress',
  'IpRoute',
  'IpSet',
  'IpSetMember',
  'IpvsVirtualServer',
  'KubernetesNode',
  'ListeningSocket',
  'Neighbour',
  'NetfilterChain',
  'NetfilterRule',
  'NetfilterTable',
  'NetworkInterface',
  'NftSet',
  'Pod',
  'RoutingRule',
  'ServiceEndpoints',
  'ServicePort',
  'Sysctl',
];
/** Packs whose findings a path explains. */
export const tracedPacks: ReadonlySet<string> = new Set(['network-servicepath', 'cni']);
