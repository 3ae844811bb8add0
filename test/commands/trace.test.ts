// `trace`: two pods behind a service on one node, asked in every form; what is unknown gets a suggestion.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../src/commands/run.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import { codeOf } from '../../src/commands/trace.ts';
import { endpointText } from '../../src/commands/trace-endpoints.ts';
import { nodePortTrace, sdnTrace } from '../report/path/sample-traces.ts';
import { newFolder, write } from './drydock.ts';

const pod = (name: string, address: string, app: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}}}
spec: {nodeName: pier-1, containers: [{name: c, image: x, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: ${address}, hostIP: 192.0.2.11, conditions: [{type: Ready, status: "True"}]}
---
`;
const objects = `apiVersion: v1
kind: Node
metadata: {name: pier-1}
spec: {podCIDR: 10.244.5.0/24}
status: {addresses: [{type: InternalIP, address: 192.0.2.11}]}
---
${pod('till-0', '10.244.5.2', 'till')}${pod('cart-0', '10.244.5.3', 'cart')}apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {type: ClusterIP, clusterIP: 10.96.7.7, selector: {app: cart}, ports: [{name: web, protocol: TCP, port: 80, targetPort: 8080}]}
`;
const rules = (forward: string) => `*filter
:FORWARD ${forward} [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.5.3:8080
COMMIT
`;
const network = {
  'pier-1/ip_route_show_table_all.txt':
    'default via 192.0.2.1 dev eth0\n10.244.5.0/24 dev cni0 proto kernel scope link src 10.244.5.1\n192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.11\n',
  'pier-1/ip_-d_address.txt': `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP group default
    link/ether 02:00:00:00:02:11 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.11/24 scope global eth0
3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default
    link/ether 02:00:00:00:05:01 brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500
    inet 10.244.5.1/24 scope global cni0
`,
  'pier-1/sysctl.txt':
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.all.route_localnet = 0\nnet.bridge.bridge-nf-call-iptables = 1\n',
};
const nodeDump = (forward: string) => ({ ...network, 'pier-1/iptables-save.txt': rules(forward) });
const bundle = write(newFolder(), { 'objects.yaml': objects, ...nodeDump('ACCEPT') });

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** In this process: a start of the program for each question would take most of the time. */
async function trace(...words: readonly string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    say: (text) => void out.push(`${text}\n`),
    warn: (text) => void err.push(`${text}\n`),
    progress: () => undefined,
    isTerminal: false,
    color: false,
    columns: 100,
    clock: () => 0,
    signal: new AbortController().signal,
  };
  const code = await run(['trace', ...words], terminal);
  return { code, out: out.join(''), err: err.join('') };
}
const from = ['--from', 'pod/shop/till-0'];
const ask = (...words: readonly string[]) => trace(bundle, ...from, '--to', 'svc/shop/cart:80', ...words);

test('a service is followed to its pod, with the line of the rule that translates', async () => {
  const { code, out, err } = await ask();
  assert.is(code, 0, err + out);
  assert.match(out, /^pod shop\/till-0 → service shop\/cart:80, tcp\n/);
  assert.match(out, /KUBE-SERVICES rule 1: DNAT 10\.96\.7\.7:80 → 10\.244\.5\.3:8080/);
  assert.match(out, /iptables-save\.txt:8\n/);
});

test('both spellings of an endpoint are one question', async () => {
  const spaced = await trace(bundle, '--from', 'pod shop/till-0', '--to', 'service shop/cart:80');
  assert.is(spaced.out, (await ask()).out);
});

test('each output format says the same of the way', async () => {
  const trace = JSON.parse((await ask('-o', 'json')).out);
  assert.equal(trace.query, { from: 'pod shop/till-0', to: 'service shop/cart:80', protocol: 'tcp' });
  assert.match((await ask('-o', 'mermaid')).out, /^flowchart LR\n/);
  assert.match((await ask('-o', 'svg')).out, /^<\?xml version="1\.0"[^>]*>\n<svg /);
});

test('a way that is dropped ends with exit code 1', async () => {
  const dropping = write(newFolder(), { 'objects.yaml': objects, ...nodeDump('DROP') });
  const { code, out } = await trace(dropping, '--from', 'pod/shop/till-0', '--to', '10.96.7.7:80');
  assert.match(out, /✖ dropped/);
  assert.is(code, 1);
});

test('several inputs are one case', async () => {
  const nodes = write(newFolder(), nodeDump('ACCEPT'));
  const cluster = write(newFolder(), { 'objects.yaml': objects });
  const { out, err } = await trace(cluster, nodes, '--from', 'pod/shop/till-0', '--to', 'svc/shop/cart:80');
  assert.match(out, /DNAT 10\.96\.7\.7:80 → 10\.244\.5\.3:8080/, err);
});

test('what the bundle does not have is no trace, and gets a suggestion', async () => {
  const of = (from: string, to: string) => trace(bundle, '--from', from, '--to', to);
  const pod = await of('pod/shop/tilt-0', 'svc/shop/cart:80');
  assert.is(pod.code, 2);
  assert.match(pod.err, /no pod shop\/tilt-0 in the bundle\n {2}Did you mean shop\/till-0\?/);
  assert.match((await of('pod/shop/till-0', 'svc/stop/cart:80')).err, /Did you mean shop\/cart\?/);
  assert.match((await of('node/pier-9', 'svc/shop/cart:80')).err, /pier-1/);
  assert.is((await ask('--node', 'pier-7')).code, 2);
});

test('a wrong call says what to do', async () => {
  assert.match((await trace(bundle)).err, /trace needs --from and --to/);
  assert.match((await ask('-o', 'png')).err, /choose text, json, mermaid, svg/);
  assert.match((await ask('--protocol', 'icmp')).err, /choose tcp, udp, sctp/);
  assert.match((await ask('--length', '3')).err, /from 20 to 65535/);
  assert.match((await trace(bundle, '--from', 'pod/till-0', '--to', 'external')).err, /pod\/NAMESPACE\/NAME/);
  assert.is((await trace('--help')).code, 0);
});

test('endpoints are read in either spelling; addresses stay as they are', async () => {
  assert.equal(['svc/a/b:80', 'service a/b:80', 'po/a/b', 'node/n:1', '[fd00::1]:80', 'external'].map(endpointText), [
    'service a/b:80',
    'service a/b:80',
    'pod a/b',
    'node n:1',
    '[fd00::1]:80',
    'external',
  ]);
});

test('the exit code is that of the worst way: a failure, then what nobody can see', async () => {
  const [, delivered] = sdnTrace.branches;
  assert.is(codeOf(sdnTrace), 0);
  assert.is(codeOf(nodePortTrace), 1);
  assert.is(codeOf({ ...sdnTrace, branches: [] }), 3);
  const hidden = { ...delivered!, end: { ...delivered!.end, verdict: 'not-visible' as const } };
  assert.is(codeOf({ ...sdnTrace, branches: [delivered!, hidden] }), 3);
});

test.run();
