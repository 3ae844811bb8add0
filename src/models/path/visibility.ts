// What no dump of a node shows: programs in the kernel (BPF), flows of Open vSwitch. Said, instead of called missing.

import type { FactStore } from '../../facts/store.ts';
import type { Cluster } from './cluster.ts';

export interface Invisible {
  /** Sentence for the reader. */
  readonly text: string;
  /** True where the traffic of pods never comes to the packet filter of the host. */
  readonly podTraffic: boolean;
}

export function readInvisible(store: FactStore, { networks, nodes }: Cluster): ReadonlyMap<string, Invisible> {
  const chains = new Map<string, Set<string>>();
  for (const { value } of store.read('NetfilterTable')) {
    const node = String(value.node ?? '');
    const names = chains.get(node) ?? new Set();
    for (const name of value.chainNames as readonly string[]) names.add(name);
    chains.set(node, names);
  }
  const found = new Map<string, Invisible>();
  for (const node of nodes) {
    const names = [...(chains.get(node) ?? [])];
    const devices = networks.get(node)?.devices;
    const proxied = names.includes('KUBE-SERVICES');
    if (devices?.has('ovn-k8s-mp0') || names.some((name) => name.startsWith('OVN-KUBE-'))) {
      found.set(node, {
        text: `${node}: OVN-Kubernetes balances and filters the traffic of pods in Open vSwitch; its flows are not in the bundle`,
        podTraffic: true,
      });
    } else if (devices?.has('cilium_host') || names.some((name) => name.startsWith('CILIUM_'))) {
      found.set(node, {
        text: `${node}: Cilium handles the traffic of pods in BPF programs; their maps are not in the bundle`,
        podTraffic: !proxied,
      });
    } else if (devices?.has('antrea-gw0')) {
      found.set(node, {
        text: `${node}: Antrea switches the traffic of pods in Open vSwitch; its flows are not in the bundle`,
        podTraffic: false,
      });
    } else if (devices?.get('tun0')?.kind === 'openvswitch' || (devices?.has('tun0') && devices.has('br0'))) {
      found.set(node, {
        text: `${node}: br0 of OpenShift SDN is Open vSwitch; its flows are not in the bundle`,
        podTraffic: false,
      });
    }
  }
  return found;
}
