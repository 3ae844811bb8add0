// The network of the cluster, as several objects tell it.
//
//   kind: Network                       (config.openshift.io)
//   status: { clusterNetwork: [ { cidr: 10.128.0.0/14, hostPrefix: 23 } ], clusterNetworkMTU: 1450, networkType: OpenShiftSDN }

import { dyn, factType, int, list, object, optional, string } from '../../../fact-type.ts';
import { factOf, type KubeObject, type ObjectReader, places } from '../kube-object.ts';
import { hasTree, intAt, type Tree, textAt, textsAt, treeAt, treesAt } from '../tree.ts';

export const ClusterNetwork = factType(
  'ClusterNetwork',
  'Pod and service networks of the cluster. Each object that tells of them is a fact of its own: see `from`.',
  {
    from: string(
      'config (network.config.openshift.io: what is in force), operator (network.operator.openshift.io: what is asked for), sdn (clusternetwork.network.openshift.io) or kubeadm.',
    ),
    networkType: string('OVNKubernetes, OpenShiftSDN, Calico, …; empty where the object does not say.'),
    clusterNetworks: list(
      object({ cidr: string('CIDR.'), hostPrefix: optional(int('Length of the prefix each node gets.')) }),
      'Networks of pods.',
    ),
    serviceNetworks: list(string('CIDR.')),
    mtu: optional(int('MTU of pods.')),
    vxlanPort: optional(int('UDP port of VXLAN.')),
    genevePort: optional(int('UDP port of Geneve.')),
    mode: string('Mode of OpenShift SDN; empty elsewhere.'),
    internalNetworks: list(string('CIDR.'), 'Join, transit and masquerade networks of OVN-Kubernetes that are set.'),
    migration: optional(dyn('Migration of network type or MTU under way.')),
  },
  { object: { kind: 'Network' } },
);

type Value = Parameters<typeof ClusterNetwork.fact>[1];

export const clusterNetworkReader: ObjectReader = {
  reads: ['config.openshift.io/Network', 'operator.openshift.io/Network', 'network.openshift.io/ClusterNetwork'],
  yields: [ClusterNetwork],
  read(object) {
    const value =
      object.group === 'network.openshift.io'
        ? readSdn(object)
        : object.group === 'operator.openshift.io'
          ? readOperator(object)
          : readConfig(object);
    const at = places(object, {
      clusterNetworks: object.group === 'config.openshift.io' ? 'status.clusterNetwork' : 'spec.clusterNetwork',
      networkType: object.group === 'config.openshift.io' ? 'status.networkType' : 'spec.defaultNetwork',
      mtu: object.group === 'network.openshift.io' ? 'mtu' : 'status.clusterNetworkMTU',
      vxlanPort: 'vxlanPort',
      migration: 'status.migration',
    });
    return [factOf(ClusterNetwork, object, value, { at, key: [object.group, object.name] })];
  },
};

/** The status is what is in force; early in an installation only the spec is there. */
function readConfig({ spec, status }: KubeObject): Value {
  const told = hasTree(status) && textAt(status, 'networkType') !== '' ? status : spec;
  return {
    from: 'config',
    networkType: textAt(told, 'networkType'),
    clusterNetworks: readNetworks(told),
    serviceNetworks: textsAt(told, 'serviceNetwork'),
    mtu: intAt(status, 'clusterNetworkMTU'),
    mode: '',
    internalNetworks: [],
    migration: hasTree(status, 'migration') ? treeAt(status, 'migration') : undefined,
  };
}

function readOperator({ spec }: KubeObject): Value {
  const network = treeAt(spec, 'defaultNetwork');
  const sdn = treeAt(network, 'openshiftSDNConfig');
  const ovn = treeAt(network, 'ovnKubernetesConfig');
  const internal = [
    textAt(ovn, 'v4InternalSubnet'),
    textAt(ovn, 'v6InternalSubnet'),
    ...['ipv4', 'ipv6'].flatMap((family) => [
      textAt(ovn, family, 'internalJoinSubnet'),
      textAt(ovn, family, 'internalTransitSwitchSubnet'),
      textAt(ovn, 'gatewayConfig', family, 'internalMasqueradeSubnet'),
    ]),
  ];
  return {
    from: 'operator',
    networkType: textAt(network, 'type'),
    clusterNetworks: readNetworks(spec),
    serviceNetworks: textsAt(spec, 'serviceNetwork'),
    mtu: intAt(sdn, 'mtu') ?? intAt(ovn, 'mtu'),
    vxlanPort: intAt(sdn, 'vxlanPort'),
    genevePort: intAt(ovn, 'genevePort'),
    mode: textAt(sdn, 'mode'),
    internalNetworks: internal.filter((network) => network !== ''),
    migration: hasTree(spec, 'migration') ? treeAt(spec, 'migration') : undefined,
  };
}

function readSdn({ whole }: KubeObject): Value {
  const networks = treesAt(whole, 'clusterNetworks').map((one) => ({
    cidr: textAt(one, 'CIDR'),
    hostPrefix: hostPrefix(one),
  }));
  return {
    from: 'sdn',
    networkType: 'OpenShiftSDN',
    clusterNetworks: networks,
    serviceNetworks: [textAt(whole, 'serviceNetwork')].filter(Boolean),
    mtu: intAt(whole, 'mtu'),
    vxlanPort: intAt(whole, 'vxlanPort'),
    mode: textAt(whole, 'pluginName').replace('redhat/openshift-ovs-', ''),
    internalNetworks: [],
  };
}

/** OpenShift SDN counts the bits of the host part: 9 means /23. */
function hostPrefix(network: Tree): number | undefined {
  const bits = intAt(network, 'hostSubnetLength');
  if (bits === undefined) return undefined;
  return (textAt(network, 'CIDR').includes(':') ? 128 : 32) - bits;
}

function readNetworks(owner: Tree): Value['clusterNetworks'] {
  return treesAt(owner, 'clusterNetwork').map((one) => ({
    cidr: textAt(one, 'cidr'),
    hostPrefix: intAt(one, 'hostPrefix'),
  }));
}
