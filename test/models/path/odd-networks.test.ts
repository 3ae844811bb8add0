import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Query, Trace } from '../../../src/models/path/trace.ts';
import { tracePath } from '../../../src/models/path/trace-path.ts';
import { changed, type Dump, factsOf, objects, rules, storeOf } from './two-nodes.ts';

const ask = (from: string, to: string, dumps: readonly Dump[], more: Partial<Query> = {}): Trace =>
  tracePath(storeOf(factsOf(dumps, objects)), { from, to, protocol: 'tcp', ...more });
const said = ({ verdicts }: Trace) =>
  verdicts.map(({ verdict, symptom, least, most }) => `${verdict} ${symptom} ${least}-${most}`);
const told = ({ branches }: Trace, at = 0) =>
  branches[at]!.steps.filter(({ stage }) => stage !== 'rule').map(
    ({ node, stage, effect }) => `${node} ${stage}: ${effect}`,
  );

/** Bridges named tun0 that flood what they do not know into the tunnel: what stands in for OpenShift SDN in a lab. */
function overBridge(own: number, other: number, pods: readonly number[]): readonly Dump[] {
  const node = `n${own}`;
  const veth = pods.map(
    (last) =>
      `${last + 5}: veth${last}@if2: <UP> mtu 1450 master tun0 state UP\n    link/ether 0a:00:00:00:0${own}:f${last} brd ff:ff:ff:ff:ff:ff\n    veth\n    bridge_slave state forwarding hairpin off guard off\n`,
  );
  return [
    { node, kind: 'IptablesSave', text: rules },
    {
      node,
      kind: 'IpAddr',
      text: `2: eth0: <UP> mtu 1500 state UP
    inet 192.168.0.1${own}/24 scope global eth0
3: tun0: <UP> mtu 1450 state UP
    link/ether 0a:00:00:00:0${own}:cc brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500
    inet 10.1.${own}.1/24 scope global tun0
4: vxlan_sys_4789: <UP> mtu 1450 master tun0 state UNKNOWN
    link/ether 0a:00:00:00:0${own}:01 brd ff:ff:ff:ff:ff:ff
    vxlan id 0 local 192.168.0.1${own} dev eth0 srcport 0 0 dstport 4789
    bridge_slave state forwarding hairpin off guard off
${veth.join('')}`,
    },
    {
      node,
      kind: 'IpRoute',
      text: `default via 192.168.0.1 dev eth0
10.1.${own}.0/24 dev tun0 proto kernel scope link src 10.1.${own}.1
10.1.0.0/16 dev tun0 proto kernel scope link
10.96.0.0/16 dev tun0 scope link
192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1${own}
`,
    },
    { node, kind: 'BridgeFdb', text: `00:00:00:00:00:00 dev vxlan_sys_4789 dst 192.168.0.1${other} self permanent\n` },
    {
      node,
      kind: 'Sysctl',
      text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.bridge.bridge-nf-call-iptables = 1\n',
    },
  ];
}

test('the walk to a service over a bridge that leads into the tunnel, and back', () => {
  const trace = ask('pod shop/client', 'svc/shop/web:80', [...overBridge(1, 2, [2, 3]), ...overBridge(2, 1, [2])]);
  assert.equal(said(trace), ['delivered connects 1-1']);
  assert.equal(told(trace, 1), [
    'n1 start: pod shop/client: 10.1.1.2 → 10.96.0.10:80',
    'n1 bridge: stays on bridge tun0',
    'n1 tunnel: vxlan to 192.168.0.12:4789 by vxlan_sys_4789',
    'n1 route: 192.168.0.0/24 dev eth0',
    'n1 wire: eth0 of n1 to n2',
    'n2 tunnel: comes out of vxlan_sys_4789',
    'n2 bridge: stays on bridge tun0',
    'n2 local: delivered to pod shop/web-1',
  ]);
  const forward = trace.branches[1]!.steps.find(({ rule, node }) => rule?.hook === 'forward' && node === 'n2');
  assert.is(forward?.packet.inDevice, 'tun0');
  assert.is(forward?.packet.outDevice, 'tun0');
  const back = trace.branches[1]!.reply!.filter(({ stage }) => stage === 'tunnel').map(({ node }) => node);
  assert.equal(back, ['n2', 'n1']);
});

test('pods with a device each are routed, and a tunnel of IP in IP leads to the node that the route names', () => {
  const calico = (own: number, other: number, pod: number): readonly Dump[] => [
    { node: `n${own}`, kind: 'IptablesSave', text: rules },
    {
      node: `n${own}`,
      kind: 'IpAddr',
      text: `2: eth0: <UP> mtu 1500 state UP
    inet 192.168.0.1${own}/24 scope global eth0
3: tunl0@NONE: <UP> mtu 1480 state UNKNOWN
    link/ipip 0.0.0.0 brd 0.0.0.0
    ipip any remote any local any ttl inherit
    inet 10.1.${own}.77/32 scope global tunl0
4: cali0${own}@if3: <UP> mtu 1480 state UP
    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff
    veth
`,
    },
    {
      node: `n${own}`,
      kind: 'IpRoute',
      text: `default via 192.168.0.1 dev eth0
10.1.${own}.${pod} dev cali0${own} scope link
blackhole 10.1.${own}.0/24 proto bird
10.1.${other}.0/24 via 192.168.0.1${other} dev tunl0 proto bird onlink
192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1${own}
`,
    },
    { node: `n${own}`, kind: 'Sysctl', text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n' },
  ];
  const dumps = [...calico(1, 2, 2), ...calico(2, 1, 2)];
  const trace = ask('pod shop/client', 'pod shop/web-1', dumps);
  assert.equal(said(trace), ['delivered connects 1-1']);
  assert.ok(told(trace).includes('n1 tunnel: ipip to 192.168.0.12 by tunl0'));
  assert.is(trace.branches[0]!.steps.find(({ outer }) => outer)?.packet.protocol, '4');
  assert.equal(said(ask('pod shop/client', '10.1.1.9:80', dumps)), ['black-holed timeout 1-1']);
});

test('IPVS takes over what the node lets in for an address of kube-ipvs0', () => {
  const local = changed(
    'n1',
    'IpAddr',
    (text) => `${text}9: kube-ipvs0: <NOARP> mtu 1500 state DOWN\n    inet 10.96.0.10/32 scope global kube-ipvs0\n`,
  );
  const plain = changed('n1', 'IptablesSave', (text) => text.replaceAll(/-A KUBE-SERVICES -d.*\n/g, ''), local);
  const ipvs = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.10:80 rr
  -> 10.1.1.3:8080                Masq    1      0          0
  -> 10.1.2.2:8080                Masq    3      0          0
`;
  const trace = ask('pod shop/client', '10.96.0.10:80', [...plain, { node: 'n1', kind: 'IpvsadmList', text: ipvs }], {
    node: 'n1',
  });
  assert.equal(
    trace.branches.map(({ end, weight }) => `${end.receiver} ${weight}`),
    ['pod shop/web-0 0.25', 'pod shop/web-1 0.75'],
  );
  assert.ok(told(trace).includes('n1 translate: IPVS 10.96.0.10:80 → 10.1.1.3:8080'));
});

test('a packet from outside that is translated to 127.0.0.1 needs route_localnet', () => {
  const redirect = changed('n1', 'IptablesSave', (text) =>
    text.replace(
      '-A PREROUTING -j',
      '-A PREROUTING -p tcp -m tcp --dport 8443 -j DNAT --to-destination 127.0.0.1:8443\n-A PREROUTING -j',
    ),
  );
  const off = changed('n1', 'Sysctl', (text) => `${text}net.ipv4.conf.eth0.route_localnet = 0\n`, redirect);
  assert.equal(said(ask('external', 'node n1:8443', off)), ['lost timeout 1-1']);
  const on = changed(
    'n1',
    'Sysctl',
    (text) => text.replace('all.route_localnet = 0', 'all.route_localnet = 1'),
    redirect,
  );
  assert.ok(said(ask('external', 'node n1:8443', on)).includes('delivered connects 0-1'));
  assert.ok(said(ask('external', 'node n1:8443', redirect)).includes('lost timeout 0-1'));
});

test('the outer packet has the mark of the inner one', () => {
  const marked = changed('n1', 'IptablesSave', (text) => text.replace(/-A KUBE-POSTROUTING -j MARK.*\n/, ''));
  const trace = ask('node n1', 'svc/shop/web:80', marked);
  const outer = trace.branches.at(-1)!.steps.find((step) => step.outer && step.rule?.chain === 'KUBE-POSTROUTING');
  assert.is(outer?.packet.mark.value, 0x4000);
});

test('two nodes that send a packet to each other for ever are a loop', () => {
  const dumps = changed('n2', 'IpRoute', (text) =>
    text.replace(
      '10.1.2.0/24 dev cni0 proto kernel',
      '10.1.2.0/24 via 10.1.1.0 dev flannel.1 onlink\n10.1.2.1 dev cni0 proto kernel',
    ),
  );
  assert.equal(said(ask('pod shop/client', 'pod shop/web-1', dumps)), ['loop timeout 1-1']);
});

test('an answer that comes back without its translation is INVALID to the rules on its way', () => {
  const guarded = changed('n2', 'IptablesSave', (text) =>
    text.replace('-A FORWARD -m mark', '-A FORWARD -m conntrack --ctstate INVALID -j DROP\n-A FORWARD -m mark'),
  );
  assert.equal(said(ask('pod shop/client', 'svc/shop/web:80', guarded)), ['delivered connects 1-1']);
});

test('of very many ways sixty-four are kept, and the last one stands for the rest', () => {
  const many = Array.from(
    { length: 100 },
    (_, at) => `-A KUBE-SVC-WEB -m statistic --mode random --probability ${1 / (101 - at)} -j KUBE-SEP-0`,
  );
  const dumps = changed('n1', 'IptablesSave', (text) =>
    text
      .replace(
        /-A KUBE-SVC-WEB -m statistic.*\n/,
        `${many.map((line, at) => line.replace('KUBE-SEP-0', `KUBE-SEP-X${at}`)).join('\n')}\n`,
      )
      .replace(':KUBE-SEP-1', `${many.map((_, at) => `:KUBE-SEP-X${at} - [0:0]`).join('\n')}\n:KUBE-SEP-1`)
      .replace(
        '-A KUBE-SEP-1',
        `${many.map((_, at) => `-A KUBE-SEP-X${at} -p tcp -j DNAT --to-destination 10.1.1.${at + 10}:8080`).join('\n')}\n-A KUBE-SEP-1`,
      ),
  );
  const { branches, verdicts } = ask('pod shop/client', 'svc/shop/web:80', dumps);
  assert.ok(branches.length <= 64);
  assert.ok(verdicts.some(({ verdict }) => verdict === 'unknown'));
});

test.run();
