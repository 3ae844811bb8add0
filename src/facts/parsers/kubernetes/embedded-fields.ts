// Fact types of the configuration texts inside ConfigMaps.

import { bool, dyn, factType, int, list, optional, string } from '../../fact-type.ts';

const place = {
  namespace: string('Namespace of the ConfigMap.'),
  configMap: string('Name of the ConfigMap.'),
};
const named = { object: { kind: 'ConfigMap', namespace: 'namespace', name: 'configMap' } };

export const FlannelNetConf = factType(
  'FlannelNetConf',
  'Network of flannel, from net-conf.json.',
  {
    ...place,
    network: string('CIDR of all pods.'),
    ipv6Network: string('Empty where there is none.'),
    subnetLength: int('Prefix length per node; 24 where not set.'),
    backendType: string('vxlan, host-gw, wireguard, …; udp where not set.'),
    vni: optional(int('VXLAN id; absent means 1 on Linux.')),
    port: optional(int('UDP port; absent means 8472 on Linux for vxlan.')),
    mtu: optional(int('MTU.')),
    directRouting: bool('Nodes of one subnet route without a tunnel.'),
  },
  named,
);

export const KubeProxyConfig = factType(
  'KubeProxyConfig',
  'Configuration of kube-proxy.',
  {
    ...place,
    mode: string('iptables, ipvs or nftables; empty for the default, iptables.'),
    clusterCIDR: string('Network of all pods; empty where not set.'),
    detectLocalMode: string('How local traffic is told apart.'),
    bindAddress: string('Address kube-proxy binds to.'),
    nodePortAddresses: list(string(), 'Addresses that accept NodePorts; empty means all.'),
    masqueradeAll: bool('All service traffic is masqueraded.'),
    masqueradeBit: optional(int('14 means mark 0x4000.')),
    ipvsScheduler: string('Scheduler of ipvs; empty for round robin.'),
    strictArp: bool('Of ipvs.'),
    conntrackMaxPerCore: optional(int('Conntrack entries per core.')),
    metricsBindAddress: string('Address of the metrics.'),
  },
  named,
);

export const IstioMeshConfig = factType(
  'IstioMeshConfig',
  'Mesh configuration of Istio.',
  {
    ...place,
    rootNamespace: string('Namespace of mesh-wide settings.'),
    trustDomain: string('SPIFFE trust domain.'),
    outboundTrafficPolicy: string('ALLOW_ANY or REGISTRY_ONLY.'),
    enableAutoMtls: bool('Mutual TLS wherever both sides can.'),
    holdApplicationUntilProxyStarts: bool('Containers wait for the proxy.'),
    interceptionMode: string('REDIRECT or TPROXY.'),
    statusPort: int('15020 where not set.'),
    mesh: dyn('All of it.'),
  },
  named,
);

export const AciConfig = factType(
  'AciConfig',
  'Host agent configuration of the Cisco ACI CNI.',
  {
    ...place,
    encapType: string('vxlan or vlan.'),
    infraVlan: optional(int('VLAN of the infrastructure.')),
    serviceVlan: optional(int('VLAN of services.')),
    interfaceMtu: optional(int('MTU of pods.')),
    headroom: optional(int('Bytes the uplink must have more.')),
    uplinkInterface: string('Interface to the fabric.'),
    config: dyn('All of it.'),
  },
  named,
);
