// What the rules of one dump say about services: derived from chains, jumps and comments that stand together in it.

import { bool, double, factType, int, list, node, object, optional, string } from '../../fact-type.ts';

const place = {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  family: string('`ip` or `ip6`.'),
  backend: optional(string('`legacy`, `nft` or `native`; absent if the dump does not tell.')),
};
const servicePort = {
  namespace: optional(string('Of the service; absent where the dump shows no comment.')),
  service: optional(string('Name of the service.')),
  portName: optional(string('Name of its port, empty if it has none.')),
};
const mark = { value: int(), mask: int() };

export const ServiceChain = factType(
  'ServiceChain',
  'A chain that kube-proxy made for one service port, with the endpoints it leads to.',
  {
    ...place,
    ...servicePort,
    protocol: optional(string('`tcp`, `udp` or `sctp`.')),
    chain: string('Name of the chain.'),
    kind: string(
      '`SVC` cluster, `SVL` local, `EXT` external, `FW` source ranges, `XLB` external and local (up to 1.23).',
    ),
    hash: string('The part of the name that is a hash of the service port.'),
    hashMatches: optional(bool('Whether the hash is that of the service port named in the comments.')),
    clusterIP: optional(string('Destination of the rule that jumps here, for cluster traffic.')),
    port: optional(int('Port of the service.')),
    nodePort: optional(int()),
    references: int('Rules that jump here; 0 is a leftover.'),
    endpoints: list(
      object({
        ip: string('Empty where the dump hides it; see `endpointsKnown`.'),
        port: optional(int()),
        chain: string('The chain of the endpoint.'),
        hashMatches: optional(bool('Whether the name of that chain is the hash of service port and endpoint.')),
        probability: optional(double('As printed; absent for the last one.')),
        share: optional(double('Part of the new connections that ends up here, from 0 to 1.')),
        packets: optional(int('Packets that were sent here.')),
        marksHairpin: optional(
          bool('Whether its chain marks what the endpoint sends to itself; absent where the dump hides it.'),
        ),
      }),
      'In the order of the rules.',
    ),
    complete: bool('False if the dump is cut off: then the chain may have had more rules.'),
    endpointsKnown: bool('False where the dump hides addresses (nft JSON of an iptables table) or is cut off.'),
    even: optional(bool('True if each endpoint gets the same share, within 0.0001; absent where the dump hides it.')),
    affinitySeconds: optional(int('Timeout of ClientIP affinity, if such rules exist.')),
    sourceRanges: list(string(), 'Networks that a firewall chain lets in.'),
    droppedPackets: optional(int('Packets refused by the source ranges.')),
  },
  { object: { kind: 'Service', namespace: 'namespace', name: 'service', node: 'node' } },
);

export const ServiceFrontend = factType(
  'ServiceFrontend',
  'One rule or map element that catches traffic to a service address or node port.',
  {
    ...place,
    ...servicePort,
    table: string(),
    chain: string('Chain or map it stands in.'),
    address: optional(string('Destination address; absent for a node port.')),
    port: int('Destination port.'),
    protocol: string(),
    nodePort: bool('True if it catches a port of the node.'),
    action: string('`forward`, `reject` or `drop`.'),
    reason: optional(string('`no endpoints` or `no local endpoints`, of a reject or drop.')),
    targetChain: optional(string('Where it leads.')),
    packets: optional(int()),
  },
  { object: { kind: 'Service', namespace: 'namespace', name: 'service', node: 'node' } },
);

export const KubeProxyRules = factType('KubeProxyRules', 'All service addresses that the rules of one node know.', {
  ...place,
  mode: string('`iptables` or `nftables`.'),
  complete: bool('False if the dump is cut off: then an address that is missing may still be served.'),
  forwarded: list(string(), 'Addresses that lead to endpoints, as `10.96.0.1:443/tcp`, IPv6 as `[fd00::1]:443/tcp`.'),
  refused: list(string(), 'Addresses that are rejected or dropped for want of endpoints.'),
  nodePorts: list(string(), 'Node ports that lead to endpoints, as `30080/tcp`.'),
  serviceChains: int('Number of chains made for service ports.'),
  endpointChains: int('Number of chains made for endpoints.'),
});

export const MasqueradeSetup = factType('MasqueradeSetup', 'How kube-proxy marks traffic and masquerades it.', {
  ...place,
  mode: string('`iptables` or `nftables`.'),
  complete: bool('False if the dump is cut off or hides options of these rules.'),
  postroutingJump: bool('Whether POSTROUTING jumps to the masquerading chain.'),
  markChain: bool('Whether the chain that sets the mark exists.'),
  markSet: optional(object(mark, 'Mark set on traffic to be masqueraded.')),
  postroutingChain: bool('Whether the masquerading chain exists.'),
  returnsUnmarked: bool('Whether that chain returns what has no mark.'),
  markTested: optional(object(mark, 'Mark it looks for.')),
  clearsMark: bool('Whether it takes the mark off again.'),
  masquerades: bool('Whether it ends in MASQUERADE.'),
  form: string('`return-first` (1.19 and later), `single-rule` (before) or `none`.'),
});

export const HookChain = factType(
  'HookChain',
  'A base chain, with what Kubernetes hooked into it and what stands before.',
  {
    ...place,
    table: string(),
    chain: string('e.g. FORWARD.'),
    hook: string('prerouting, input, forward, output or postrouting.'),
    policy: optional(string()),
    policyPackets: optional(int('Packets the policy decided.')),
    complete: bool('False if the dump is cut off.'),
    jumps: list(string(), 'Chains it jumps to, in order.'),
    kubeJumps: list(string(), 'Those among them that kube-proxy, the kubelet or a network plugin made.'),
    accepts: list(string(), 'Rules that accept by themselves, as text.'),
    blocks: list(
      object({
        position: int(),
        target: string('DROP or REJECT.'),
        text: string(),
        unconditional: bool('True if it matches every packet.'),
        source: optional(string()),
        destination: optional(string()),
        inInterface: optional(string()),
        outInterface: optional(string()),
        packets: optional(int()),
        before: list(string(), 'Kubernetes chains whose jump stands behind it.'),
      }),
      'Rules without a Kubernetes comment that drop or reject.',
    ),
  },
);

export const ServiceMapElement = factType(
  'ServiceMapElement',
  'One element of a map that kube-proxy made in nftables mode.',
  {
    node: node(),
    netns: optional(string()),
    family: string(),
    table: string(),
    map: string('e.g. service-ips, no-endpoint-services, service-nodeports, firewall-ips.'),
    address: optional(string('Absent for node ports.')),
    protocol: string(),
    port: int(),
    ...servicePort,
    action: string('`goto`, `drop`, …'),
    chain: optional(string('Where it goes.')),
  },
  { object: { kind: 'Service', namespace: 'namespace', name: 'service', node: 'node' } },
);

export const proxyFacts = [ServiceChain, ServiceFrontend, KubeProxyRules, MasqueradeSetup, HookChain] as const;
