// How many bytes an overlay network takes from each packet.

export interface Overlay {
  readonly name: string;
  readonly overheadBytes: number;
  /** UDP port of the tunnel, where it has one. */
  readonly udpPort?: number;
}

/** From the sources of the plugins: OpenShift's network operator, flannel, felix, the ACI host agent. */
export const overlays: readonly Overlay[] = [
  { name: 'openshift-sdn', overheadBytes: 50, udpPort: 4789 },
  { name: 'ovn-kubernetes', overheadBytes: 100, udpPort: 6081 },
  { name: 'ovn-kubernetes-ipsec', overheadBytes: 146, udpPort: 6081 },
  { name: 'flannel-vxlan', overheadBytes: 50, udpPort: 8472 },
  { name: 'flannel-udp', overheadBytes: 28, udpPort: 8285 },
  { name: 'flannel-wireguard', overheadBytes: 80, udpPort: 51820 },
  { name: 'flannel-host-gw', overheadBytes: 0 },
  { name: 'calico-ipip', overheadBytes: 20 },
  { name: 'calico-vxlan', overheadBytes: 50, udpPort: 4789 },
  { name: 'calico-vxlan-ipv6', overheadBytes: 70, udpPort: 4789 },
  { name: 'calico-wireguard', overheadBytes: 60, udpPort: 51820 },
  { name: 'calico-wireguard-ipv6', overheadBytes: 80, udpPort: 51821 },
  { name: 'aci', overheadBytes: 100, udpPort: 8472 },
];

/** The largest MTU of pods over an underlay; undefined for an overlay that is not known. */
export function podMtu(overlay: string, underlayMtu: number): number | undefined {
  const known = overlays.find(({ name }) => name === overlay);
  return known && underlayMtu - known.overheadBytes;
}

const overheadOfKind: ReadonlyMap<string, number> = new Map([
  ['vxlan', 50],
  ['geneve', 58],
  ['ipip', 20],
  ['wireguard', 60],
]);

/** Overhead of a network device by its kind, as `ip -d link` names it: the least the kernel itself puts around. */
export function tunnelOverheadBytes(kind: string): number | undefined {
  return overheadOfKind.get(kind);
}
