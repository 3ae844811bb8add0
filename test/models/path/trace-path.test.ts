import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Query, Trace } from '../../../src/models/path/trace.ts';
import { queryProblem, tracePath } from '../../../src/models/path/trace-path.ts';
import { changed, type Dump, factsOf, objects, storeOf, twoNodes } from './two-nodes.ts';

const healthy = storeOf(factsOf(twoNodes, objects));

function ask(from: string, to: string, dumps: readonly Dump[] = twoNodes, more: Partial<Query> = {}): Trace {
  const store = dumps === twoNodes ? healthy : storeOf(factsOf(dumps, objects));
  return tracePath(store, { from, to, protocol: 'tcp', ...more });
}

const said = ({ verdicts }: Trace) =>
  verdicts.map(({ verdict, symptom, least, most }) => `${verdict} ${symptom} ${least}-${most}`);
const receivers = ({ branches }: Trace) =>
  branches.map(({ end, seenFrom, weight }) => `${end.receiver ?? end.verdict} ${seenFrom ?? ''} ${weight}`);
const steps = ({ branches }: Trace, at = 0) =>
  branches[at]!.steps.flatMap(({ rule, node, outer }) =>
    rule ? [`${node}${outer ? ' outer' : ''} ${rule.table} ${rule.chain} ${rule.kind} ${rule.number}`] : [],
  );

test('a service is shared over its endpoints, and the pod on the other node is reached through the tunnel', () => {
  const trace = ask('pod shop/client', 'svc/shop/web:80');
  assert.equal(said(trace), ['delivered connects 1-1']);
  assert.equal(receivers(trace), ['pod shop/web-0 10.1.1.2 0.5', 'pod shop/web-1 10.1.1.2 0.5']);
  const remote = steps(trace, 1);
  assert.ok(remote.includes('n1 nat KUBE-SEP-1 rule 2'));
  assert.ok(remote.includes('n1 outer filter OUTPUT policy 1'));
  assert.ok(remote.includes('n2 outer filter INPUT policy 1'));
  assert.is(remote.at(-1), 'n2 nat POSTROUTING policy 3');
  assert.equal(trace.branches[1]!.assumptions, []);
  assert.ok(trace.branches[1]!.reply!.some(({ node }) => node === 'n2'));
});

test('a process of the node is masqueraded by the device it leaves by', () => {
  assert.equal(receivers(ask('node n1', '10.96.0.10:80')), [
    'pod shop/web-0 10.1.1.1 0.5',
    'pod shop/web-1 10.1.1.0 0.5',
  ]);
});

test('a pod that reaches itself through its service needs the hairpin of its port', () => {
  const off = changed('n1', 'IpAddr', (text) => text.replaceAll('hairpin on', 'hairpin off'));
  assert.equal(said(ask('pod shop/web-0', 'svc/shop/web:80')), ['delivered connects 1-1']);
  assert.equal(said(ask('pod shop/web-0', 'svc/shop/web:80', off)), [
    'lost timeout 0.5-0.5',
    'delivered connects 0.5-0.5',
  ]);
  const hidden = changed('n1', 'IpAddr', (text) => text.replaceAll(/ +bridge_slave.*\n/g, ''));
  assert.equal(said(ask('pod shop/web-0', 'svc/shop/web:80', hidden)), [
    'delivered connects 0.5-1',
    'lost timeout 0-0.5',
  ]);
});

test('without bridge-nf-call-iptables the answer of a pod on the same bridge comes from the wrong address', () => {
  const off = changed('n1', 'Sysctl', (text) => text.replace('call-iptables = 1', 'call-iptables = 0'));
  const trace = ask('pod shop/client', 'svc/shop/web:80', off);
  assert.equal(said(trace), ['lost timeout 0.5-0.5', 'delivered connects 0.5-0.5']);
  assert.match(trace.branches[0]!.end.reason, 'comes from 10.1.1.3:8080 and not from 10.96.0.10:80');
  assert.equal(said(ask('pod shop/client', 'pod shop/web-0', off)), ['delivered connects 1-1']);
});

test('a service without endpoints is refused; where the message is dropped, the client waits', () => {
  assert.equal(said(ask('pod shop/client', 'svc/shop/empty:80')), ['refused ECONNREFUSED 1-1']);
  const silent = changed('n1', 'IptablesSave', (text) =>
    text.replace('-A FORWARD -d 10.96.0.99', '-A OUTPUT -p icmp -j DROP\n-A FORWARD -d 10.96.0.99'),
  );
  assert.equal(said(ask('pod shop/client', 'svc/shop/empty:80', silent)), ['dropped timeout 1-1']);
});

test('the other node has to let the outer packet in', () => {
  const shut = changed('n2', 'IptablesSave', (text) =>
    text
      .replace('COMMIT\n*filter', 'COMMIT\n*filter')
      .replace(':INPUT ACCEPT [0:0]\n:FORWARD DROP', ':INPUT DROP [0:0]\n:FORWARD DROP'),
  );
  const trace = ask('pod shop/client', 'pod shop/web-1', shut);
  assert.equal(said(trace), ['dropped timeout 1-1']);
  assert.is(trace.branches[0]!.end.node, 'n2');
});

test('a tunnel without a forwarding entry loses the packet, and one that was not gathered may', () => {
  const missing = changed('n1', 'BridgeFdb', (text) => text.replace(/.*flannel.*\n/, ''));
  assert.equal(said(ask('pod shop/client', 'pod shop/web-1', missing)), ['lost timeout 1-1']);
  const hidden = twoNodes.filter(({ kind }) => kind !== 'BridgeFdb');
  assert.equal(said(ask('pod shop/client', 'pod shop/web-1', hidden)), ['delivered connects 0-1', 'unknown  0-1']);
});

test('a pod network without its route leaves by the default route', () => {
  const missing = changed('n1', 'IpRoute', (text) => text.replace(/.*flannel.*\n/, ''));
  const trace = ask('node n1', 'pod shop/web-1', missing);
  assert.ok(said(trace).includes('black-holed timeout 0-1'));
  assert.match(trace.branches.at(-1)!.end.reason, '10.1.2.2 left n1 by eth0 to 192.168.0.1');
});

test('an address that no Pod has is a black hole', () => {
  const stale = changed('n1', 'IptablesSave', (text) => text.replaceAll('10.1.2.2:8080', '10.1.2.77:8080'));
  const trace = ask('pod shop/client', 'svc/shop/web:80', stale);
  assert.equal(said(trace), [
    'delivered connects 0.5-0.5',
    'black-holed timeout 0-0.5',
    'black-holed EHOSTUNREACH 0-0.5',
  ]);
  assert.match(trace.branches[1]!.end.reason, 'no Pod of the bundle has 10.1.2.77');
});

test('a service address that is not translated is nobody’s', () => {
  const missing = changed('n1', 'IptablesSave', (text) => text.replace(/-A KUBE-SERVICES -d.*\n/, ''));
  const trace = ask('pod shop/client', 'svc/shop/web:80', missing);
  assert.ok(trace.branches.every(({ end }) => end.verdict === 'black-holed'));
});

test('a node that does not forward loses what is not for it', () => {
  const off = changed('n2', 'Sysctl', (text) => text.replace('ip_forward = 1', 'ip_forward = 0'));
  const trace = ask('pod shop/client', 'pod shop/web-1', off);
  assert.equal(said(trace), ['lost timeout 1-1']);
  assert.match(trace.branches[0]!.end.reason, 'n2 does not forward');
});

test('a strict reverse path filter loses what has another way back', () => {
  const strict = changed('n1', 'Sysctl', (text) => text.replaceAll('rp_filter = 0', 'rp_filter = 1'));
  const odd = changed('n1', 'IpRoute', (text) => `10.1.1.2 dev eth0 scope link\n${text}`, strict);
  assert.equal(said(ask('pod shop/client', 'pod shop/web-1', odd)), ['lost timeout 1-1']);
  assert.equal(said(ask('pod shop/client', 'pod shop/web-0', odd)), ['delivered connects 1-1']);
});

test('what comes from outside to a node port is translated there, and the answer goes back the same way', () => {
  const trace = ask('external', 'node n2:30080');
  assert.equal(receivers(trace), ['pod shop/web-0 10.1.2.0 0.5', 'pod shop/web-1 10.1.2.1 0.5']);
  assert.equal(said(trace), ['delivered connects 1-1']);
  assert.equal(said(ask('external', 'svc/shop/web:80', twoNodes, { node: 'n2' })), ['delivered connects 1-1']);
});

test('a packet that does not fit is refused, or lost without a word', () => {
  const ping = { protocol: 'icmp', lengthBytes: 1500 };
  assert.equal(said(ask('pod shop/client', '10.1.2.2', twoNodes, ping)), ['lost EMSGSIZE 1-1']);
  const silent = changed('n1', 'IptablesSave', (text) =>
    text.replace('-A FORWARD -d 10.96.0.99', '-A OUTPUT -p icmp -j DROP\n-A FORWARD -d 10.96.0.99'),
  );
  assert.equal(said(ask('pod shop/client', '10.1.2.2', silent, ping)), ['dropped timeout 1-1']);
});

test('a port that nothing is known to serve may refuse', () => {
  assert.equal(said(ask('pod shop/client', '10.1.1.3:9999')), ['delivered connects 0-1', 'refused ECONNREFUSED 0-1']);
});

test('without any rules a service cannot be told', () => {
  const bare = twoNodes.filter(({ kind }) => kind !== 'IptablesSave');
  assert.equal(said(ask('pod shop/client', 'svc/shop/web:80', bare)), ['unknown  1-1']);
});

test('a node of which nothing was gathered is taken to pass packets on, and that is said', () => {
  const trace = ask(
    'pod shop/client',
    'pod shop/web-1',
    twoNodes.filter(({ node }) => node === 'n1'),
  );
  assert.equal(said(trace), ['delivered connects 0-1', 'unknown  0-1']);
  assert.equal(trace.branches[0]!.assumptions, ['n2 passes on what comes to it (nothing of its network was gathered)']);
});

test('Open vSwitch and BPF are said to be out of sight', () => {
  const ovn = changed(
    'n1',
    'IpAddr',
    (text) => `${text}9: ovn-k8s-mp0: <UP> mtu 1400 state UP\n    inet 10.1.1.9/24 scope global ovn-k8s-mp0\n`,
  );
  const trace = ask('pod shop/client', 'svc/shop/web:80', ovn);
  assert.equal(said(trace), ['not-visible  1-1']);
  assert.match(trace.notVisible[0]!, 'OVN-Kubernetes');
});

test('what a query does not say right is a sentence, not a path', () => {
  const problem = (from: string, to: string) => queryProblem(healthy, { from, to, protocol: 'tcp' });
  assert.is(problem('pod shop/nobody', '10.1.1.3:80'), 'no pod shop/nobody in the bundle');
  assert.match(problem('node n1', 'svc/shop/web:81')!, 'has no port 81 tcp; there are: 80/tcp');
  assert.is(problem('node n1', 'svc/shop/web:80'), undefined);
  assert.equal(said(ask('pod shop/nobody', '10.1.1.3:80')), ['unknown  1-1']);
});

test.run();
