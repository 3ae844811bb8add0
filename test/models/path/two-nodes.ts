// A small cluster of two nodes with Flannel, as text: two pods on n1, one on n2, and service shop/web over one of each.

import { networkParsers } from '../../../src/facts/parsers/network/index.ts';
import { sysctl } from '../../../src/facts/parsers/node/sysctls.ts';
import type { FactStore, StoredFact } from '../../../src/facts/store.ts';

export interface Dump {
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

export type Facts = Readonly<Record<string, readonly StoredFact[]>>;

const parsers = [...networkParsers, sysctl];

export function factsOf(dumps: readonly Dump[], objects: Facts = {}): Facts {
  const facts: Record<string, StoredFact[]> = {};
  for (const [type, some] of Object.entries(objects)) facts[type] = [...some];
  for (const { node, kind, text } of dumps) {
    const path = `${node}/${kind}`;
    const source = { path, kind, layout: '', root: node, labels: {} };
    const parser = parsers.find(({ reads }) => reads.includes(kind));
    if (!parser) throw new Error(`no parser reads ${kind}`);
    for (const { type, span, value } of parser.parse(text, source, { has: () => true, objects: 'all' }).facts) {
      facts[type] ??= [];
      facts[type].push({ path, span, value: { node, ...value } });
    }
  }
  return facts;
}

export function storeOf(facts: Facts): FactStore {
  return { types: Object.keys(facts), read: (type) => facts[type] ?? [], logSources: () => 0, hits: () => [] };
}

const object = (value: Record<string, unknown>): StoredFact => ({ path: 'objects.yaml', span: [1, 1], value });

const pod = (name: string, node: string, address: string): StoredFact =>
  object({ namespace: 'shop', name, node, podIPs: [address], hostIP: '', hostNetwork: false, phase: 'Running' });

const servicePort = (service: string, clusterIP: string, nodePort?: number): StoredFact =>
  object({
    namespace: 'shop',
    service,
    type: 'ClusterIP',
    headless: false,
    clusterIPs: [clusterIP],
    ingressIPs: [],
    externalIPs: [],
    portName: '',
    port: 80,
    protocol: 'tcp',
    ...(nodePort !== undefined && { nodePort }),
  });

export const objects: Facts = {
  KubernetesNode: [
    object({ name: 'n1', podCIDRs: ['10.1.1.0/24'], addresses: [{ type: 'InternalIP', address: '192.168.0.11' }] }),
    object({ name: 'n2', podCIDRs: ['10.1.2.0/24'], addresses: [{ type: 'InternalIP', address: '192.168.0.12' }] }),
  ],
  Pod: [pod('client', 'n1', '10.1.1.2'), pod('web-0', 'n1', '10.1.1.3'), pod('web-1', 'n2', '10.1.2.2')],
  ServicePort: [servicePort('web', '10.96.0.10', 30080), servicePort('empty', '10.96.0.99')],
  ServiceEndpoints: [
    object({
      namespace: 'shop',
      service: 'web',
      portName: '',
      port: 8080,
      ready: [{ address: '10.1.1.3' }, { address: '10.1.2.2' }],
      notReady: [],
    }),
  ],
};

export const rules = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-WEB - [0:0]
:KUBE-SEP-0 - [0:0]
:KUBE-SEP-1 - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A POSTROUTING -j KUBE-POSTROUTING
-A POSTROUTING -s 10.1.0.0/16 ! -d 10.1.0.0/16 -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-MARK-MASQ
-A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-SVC-WEB
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -j MASQUERADE
-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-WEB
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-WEB ! -s 10.1.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-WEB -m statistic --mode random --probability 0.5 -j KUBE-SEP-0
-A KUBE-SVC-WEB -j KUBE-SEP-1
-A KUBE-SEP-0 -s 10.1.1.3/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-0 -p tcp -m tcp -j DNAT --to-destination 10.1.1.3:8080
-A KUBE-SEP-1 -s 10.1.2.2/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.1.2.2:8080
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -d 10.96.0.99/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s 10.1.0.0/16 -j ACCEPT
-A FORWARD -d 10.1.0.0/16 -j ACCEPT
COMMIT
`;

/** `other`: the number of the other node. */
function dumpsOf(own: number, other: number, pods: readonly number[]): readonly Dump[] {
  const node = `n${own}`;
  const ports = pods.map(
    (last, at) => `${at + 5}: veth${last}@if2: <UP> mtu 1450 qdisc noqueue master cni0 state UP
    link/ether 0a:00:00:00:0${own}:f${last} brd ff:ff:ff:ff:ff:ff
    veth
    bridge_slave state forwarding priority 32 cost 2 hairpin on guard off root_block off`,
  );
  return [
    { node, kind: 'IptablesSave', text: rules },
    {
      node,
      kind: 'IpAddr',
      text: `1: lo: <LOOPBACK,UP> mtu 65536 state UNKNOWN
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500 state UP
    link/ether 0a:00:00:00:0${own}:ee brd ff:ff:ff:ff:ff:ff
    inet 192.168.0.1${own}/24 scope global eth0
3: cni0: <UP> mtu 1450 state UP
    link/ether 0a:00:00:00:0${own}:cc brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500
    inet 10.1.${own}.1/24 scope global cni0
4: flannel.1: <UP> mtu 1450 state UNKNOWN
    link/ether 0a:00:00:00:0${own}:01 brd ff:ff:ff:ff:ff:ff
    vxlan id 1 local 192.168.0.1${own} dev eth0 srcport 0 0 dstport 8472 nolearning
    inet 10.1.${own}.0/32 scope global flannel.1
${ports.join('\n')}
`,
    },
    {
      node,
      kind: 'IpRoute',
      text: `default via 192.168.0.1 dev eth0
10.1.${own}.0/24 dev cni0 proto kernel scope link src 10.1.${own}.1
10.1.${other}.0/24 via 10.1.${other}.0 dev flannel.1 onlink
192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1${own}
`,
    },
    { node, kind: 'IpRule', text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n' },
    {
      node,
      kind: 'IpNeigh',
      text: [
        `10.1.${other}.0 dev flannel.1 lladdr 0a:00:00:00:0${other}:01 PERMANENT`,
        ...pods.map((last) => `10.1.${own}.${last} dev cni0 lladdr 0a:00:00:01:0${own}:0${last} REACHABLE`),
      ].join('\n'),
    },
    {
      node,
      kind: 'BridgeFdb',
      text: [
        `0a:00:00:00:0${other}:01 dev flannel.1 dst 192.168.0.1${other} self permanent`,
        ...pods.map((last) => `0a:00:00:01:0${own}:0${last} dev veth${last} master cni0`),
      ].join('\n'),
    },
    {
      node,
      kind: 'Sysctl',
      text: `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.cni0.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.flannel/1.rp_filter = 0
net.ipv4.conf.all.route_localnet = 0
net.bridge.bridge-nf-call-iptables = 1
`,
    },
  ];
}

export const twoNodes: readonly Dump[] = [...dumpsOf(1, 2, [2, 3]), ...dumpsOf(2, 1, [2])];

/** The dumps with the text of some of them changed. */
export function changed(node: string, kind: string, edit: (text: string) => string, dumps = twoNodes): readonly Dump[] {
  return dumps.map((dump) => {
    if (dump.node !== node || dump.kind !== kind) return dump;
    const text = edit(dump.text);
    if (text === dump.text) throw new Error(`nothing of ${kind} on ${node} was changed`);
    return { ...dump, text };
  });
}
