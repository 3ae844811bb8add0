// What OpenShift SDN notes per node and per namespace.
//
//   kind: HostSubnet
//   host: worker-1
//   hostIP: 10.10.12.21
//   subnet: 10.128.2.0/23

import { factType, int, list, optional, string } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import { intAt, textAt, textsAt } from '../tree.ts';

export const HostSubnet = factType(
  'HostSubnet',
  'Pod subnet of one node under OpenShift SDN.',
  {
    node: string('Node.'),
    hostIP: string('IP address of the node.'),
    subnet: string('CIDR.'),
    egressIPs: list(string(), 'Egress IPs.'),
    egressCIDRs: list(string(), 'Networks of egress IPs.'),
  },
  { object: { kind: 'HostSubnet', name: 'node', node: 'node' } },
);

export const NetNamespace = factType(
  'NetNamespace',
  'Virtual network of one namespace under OpenShift SDN.',
  { namespace: string('Namespace.'), netId: optional(int('0 is global.')), egressIPs: list(string(), 'Egress IPs.') },
  { object: { kind: 'NetNamespace', name: 'namespace' } },
);

export const hostSubnetReader: ObjectReader = {
  reads: ['network.openshift.io/HostSubnet'],
  yields: [HostSubnet],
  read(object) {
    const value = {
      node: textAt(object.whole, 'host') || object.name,
      hostIP: textAt(object.whole, 'hostIP'),
      subnet: textAt(object.whole, 'subnet'),
      egressIPs: textsAt(object.whole, 'egressIPs'),
      egressCIDRs: textsAt(object.whole, 'egressCIDRs'),
    };
    return [factOf(HostSubnet, object, value, { at: places(object, { hostIP: 'hostIP', subnet: 'subnet' }) })];
  },
};

export const netNamespaceReader: ObjectReader = {
  reads: ['network.openshift.io/NetNamespace'],
  yields: [NetNamespace],
  read(object) {
    const value = {
      namespace: textAt(object.whole, 'netname') || object.name,
      netId: intAt(object.whole, 'netid'),
      egressIPs: textsAt(object.whole, 'egressIPs'),
    };
    return [factOf(NetNamespace, object, value, { at: places(object, { netId: 'netid' }) })];
  },
};
