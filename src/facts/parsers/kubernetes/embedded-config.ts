// Configuration of cluster components that lies as text inside ConfigMaps: flannel, kube-proxy, kubeadm, Istio, ACI.
//
//   kind: ConfigMap
//   metadata: { name: kube-flannel-cfg }
//   data:
//     net-conf.json: |
//       { "Network": "10.244.0.0/16", "Backend": { "Type": "vxlan" } }

import type { Fact } from '../../fact-type.ts';
import { keySpan, readDocuments } from '../../text/documents.ts';
import { AciConfig, FlannelNetConf, IstioMeshConfig, KubeProxyConfig } from './embedded-fields.ts';
import { factOf, type KubeObject, type ObjectReader } from './kube-object.ts';
import { ClusterNetwork } from './openshift/cluster-network.ts';
import { boolAt, intAt, isTree, optionalBool, optionalText, type Tree, textAt, textsAt, treeAt } from './tree.ts';

/** ConfigMap names and the key in them. Istio revisions have one each: `istio-1-20`. */
const entries: readonly { name: RegExp; key: RegExp; read: (map: KubeObject, tree: Tree, place: Place) => Fact[] }[] = [
  { name: /^kube-flannel-cfg$/, key: /^net-conf\.json$/, read: readFlannel },
  { name: /^kube-proxy$/, key: /^config\.conf$/, read: readKubeProxy },
  { name: /^sdn-config$/, key: /^kube-proxy-config\.yaml$/, read: readKubeProxy },
  { name: /^kubeadm-config$/, key: /^ClusterConfiguration$/, read: readKubeadm },
  { name: /^istio(-.+)?$/, key: /^mesh$/, read: readMesh },
  { name: /^aci-containers-config$/, key: /^host-agent-config$/, read: readAci },
];

type Place = { readonly span: ReturnType<typeof keySpan>; readonly key: readonly string[] };

export const embeddedConfigReader: ObjectReader = {
  reads: ['/ConfigMap'],
  yields: [FlannelNetConf, KubeProxyConfig, ClusterNetwork, IstioMeshConfig, AciConfig],
  read(object, wanted) {
    const data = object.whole.data;
    if (!isTree(data)) return [];
    const known = entries.filter((entry) => entry.name.test(object.name));
    return known.flatMap((entry) => {
      const key = Object.keys(data).find((one) => entry.key.test(one));
      const text = key === undefined ? undefined : data[key];
      if (key === undefined || typeof text !== 'string') return [];
      const tree = readDocuments(text)
        .documents.map((one) => one.value)
        .find(isTree);
      if (!tree) return [];
      const place = { span: keySpan(data, key), key: [object.namespace, object.name] };
      return entry.read(object, tree, place).filter((fact) => wanted.has(fact.type));
    });
  },
};

function readFlannel(map: KubeObject, conf: Tree, place: Place): Fact[] {
  const backend = treeAt(conf, 'Backend');
  const value = {
    namespace: map.namespace,
    configMap: map.name,
    network: textAt(conf, 'Network'),
    ipv6Network: textAt(conf, 'IPv6Network'),
    subnetLength: intAt(conf, 'SubnetLen') ?? 24,
    backendType: textAt(backend, 'Type') || 'udp',
    vni: intAt(backend, 'VNI'),
    port: intAt(backend, 'Port'),
    mtu: intAt(backend, 'MTU'),
    directRouting: boolAt(backend, 'DirectRouting'),
  };
  return [factOf(FlannelNetConf, map, value, place)];
}

function readKubeProxy(map: KubeObject, config: Tree, place: Place): Fact[] {
  const value = {
    namespace: map.namespace,
    configMap: map.name,
    mode: textAt(config, 'mode'),
    clusterCIDR: textAt(config, 'clusterCIDR'),
    detectLocalMode: textAt(config, 'detectLocalMode'),
    bindAddress: textAt(config, 'bindAddress'),
    nodePortAddresses: textsAt(config, 'nodePortAddresses'),
    masqueradeAll:
      boolAt(config, 'iptables', 'masqueradeAll') ||
      boolAt(config, 'nftables', 'masqueradeAll') ||
      boolAt(config, 'linux', 'masqueradeAll'),
    masqueradeBit: intAt(config, 'iptables', 'masqueradeBit') ?? intAt(config, 'nftables', 'masqueradeBit'),
    ipvsScheduler: textAt(config, 'ipvs', 'scheduler'),
    strictArp: boolAt(config, 'ipvs', 'strictARP'),
    conntrackMaxPerCore: intAt(config, 'conntrack', 'maxPerCore') ?? intAt(config, 'linux', 'conntrack', 'maxPerCore'),
    metricsBindAddress: textAt(config, 'metricsBindAddress'),
  };
  return [factOf(KubeProxyConfig, map, value, place)];
}

function readKubeadm(map: KubeObject, config: Tree, place: Place): Fact[] {
  const list = (key: string) => textAt(config, 'networking', key).split(',').filter(Boolean);
  const value = {
    from: 'kubeadm',
    networkType: '',
    clusterNetworks: list('podSubnet').map((cidr) => ({ cidr })),
    serviceNetworks: list('serviceSubnet'),
    mode: '',
    internalNetworks: [],
  };
  return [factOf(ClusterNetwork, map, value, { ...place, key: ['kubeadm', map.name] })];
}

function readMesh(map: KubeObject, mesh: Tree, place: Place): Fact[] {
  const proxy = treeAt(mesh, 'defaultConfig');
  const value = {
    namespace: map.namespace,
    configMap: map.name,
    rootNamespace: textAt(mesh, 'rootNamespace'),
    trustDomain: textAt(mesh, 'trustDomain'),
    outboundTrafficPolicy: textAt(mesh, 'outboundTrafficPolicy', 'mode') || 'ALLOW_ANY',
    enableAutoMtls: optionalBool(mesh, 'enableAutoMtls') ?? true,
    holdApplicationUntilProxyStarts: boolAt(proxy, 'holdApplicationUntilProxyStarts'),
    interceptionMode: textAt(proxy, 'interceptionMode') || 'REDIRECT',
    statusPort: intAt(proxy, 'statusPort') || 15020,
    mesh,
  };
  return [factOf(IstioMeshConfig, map, value, place)];
}

function readAci(map: KubeObject, config: Tree, place: Place): Fact[] {
  const value = {
    namespace: map.namespace,
    configMap: map.name,
    encapType: optionalText(config, 'encap-type') ?? '',
    infraVlan: intAt(config, 'aci-infra-vlan'),
    serviceVlan: intAt(config, 'service-vlan'),
    interfaceMtu: intAt(config, 'interface-mtu'),
    headroom: intAt(config, 'interface-mtu-headroom'),
    uplinkInterface: textAt(config, 'uplink-iface'),
    config,
  };
  return [factOf(AciConfig, map, value, place)];
}
