import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { iptables } from '../../../../src/facts/parsers/network/netfilter.ts';
import { readComment, shares } from '../../../../src/facts/parsers/network/service-chains.ts';
import { read } from './read.ts';

/** A load balancer as kube-proxy 1.19 wrote it for OpenShift SDN: mark 0x1, source ranges, one endpoint. */
const openshift = `*nat
:POSTROUTING ACCEPT [0:0]
:KUBE-FW-BAR7JSQD2GL6A2KT - [0:0]
:KUBE-MARK-DROP - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SEP-ZBWV76PMI2XAVMCD - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-BAR7JSQD2GL6A2KT - [0:0]
-A POSTROUTING -j KUBE-POSTROUTING
[3:180] -A KUBE-FW-BAR7JSQD2GL6A2KT -s 10.0.0.0/8 -m comment --comment "almighty/almighty5:web loadbalancer IP" -j KUBE-SVC-BAR7JSQD2GL6A2KT
[9:540] -A KUBE-FW-BAR7JSQD2GL6A2KT -m comment --comment "almighty/almighty5:web loadbalancer IP" -j KUBE-MARK-DROP
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x1/0x1
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark 0x1/0x1 -j MASQUERADE
-A KUBE-SEP-ZBWV76PMI2XAVMCD -p tcp -m comment --comment "almighty/almighty5:web" -m tcp -j DNAT --to-destination 10.128.2.151:8080
-A KUBE-SERVICES -d 172.30.9.9/32 -p tcp -m comment --comment "almighty/almighty5:web cluster IP" -m tcp --dport 8080 -j KUBE-SVC-BAR7JSQD2GL6A2KT
-A KUBE-SERVICES -d 10.10.12.208/32 -p tcp -m comment --comment "almighty/almighty5:web loadbalancer IP" -m tcp --dport 8080 -j KUBE-FW-BAR7JSQD2GL6A2KT
-A KUBE-SVC-BAR7JSQD2GL6A2KT -m comment --comment "almighty/almighty5:web" -j KUBE-SEP-ZBWV76PMI2XAVMCD
COMMIT
`;

const three = (probabilities: readonly string[], affinity = '') => `*nat
:KUBE-SEP-A234567A234567AA - [0:0]
:KUBE-SEP-B234567A234567AA - [0:0]
:KUBE-SEP-C234567A234567AA - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
-A KUBE-SEP-A234567A234567AA -p tcp -j DNAT --to-destination 10.0.0.1:80
-A KUBE-SEP-B234567A234567AA -p tcp -j DNAT --to-destination 10.0.0.2:80
-A KUBE-SEP-C234567A234567AA -p tcp -j DNAT --to-destination 10.0.0.3:80
${affinity}${['A', 'B', 'C'].map((letter, at) => `-A KUBE-SVC-NPX46M4PTMTKRN6Y ${probabilities[at]} -j KUBE-SEP-${letter}234567A234567AA`).join('\n')}
COMMIT
`;
const random = (probability: string) => `-m statistic --mode random --probability ${probability}`;
const chainOf = (text: string) => read(iptables, text).of('ServiceChain')[0]!;

test('a service chain joins front, endpoints and names, and its hash is checked', () => {
  const chain = read(iptables, openshift)
    .of('ServiceChain')
    .find(({ kind }) => kind === 'SVC')!;
  assert.equal(
    [chain.namespace, chain.service, chain.portName, chain.protocol],
    ['almighty', 'almighty5', 'web', 'tcp'],
  );
  assert.equal([chain.clusterIP, chain.port, chain.references, chain.hashMatches], ['172.30.9.9', 8080, 2, true]);
  assert.equal(chain.endpoints, [
    {
      ip: '10.128.2.151',
      port: 8080,
      chain: 'KUBE-SEP-ZBWV76PMI2XAVMCD',
      hashMatches: true,
      share: 1,
      marksHairpin: false,
    },
  ]);
});

test('a firewall chain tells its source ranges and what it refused', () => {
  const chain = read(iptables, openshift)
    .of('ServiceChain')
    .find(({ kind }) => kind === 'FW')!;
  assert.equal([chain.sourceRanges, chain.droppedPackets, chain.clusterIP], [['10.0.0.0/8'], 9, undefined]);
});

test('the masquerade mark of OpenShift and the form before 1.19 are read', () => {
  const [setup] = read(iptables, openshift).of('MasqueradeSetup');
  assert.equal(
    [setup?.markSet, setup?.markTested],
    [
      { value: 1, mask: 1 },
      { value: 1, mask: 1 },
    ],
  );
  assert.equal([setup?.postroutingJump, setup?.returnsUnmarked, setup?.form], [true, false, 'single-rule']);
});

test('shares tell whether all endpoints get the same', () => {
  assert.is(chainOf(three([random('0.33333333349'), random('0.50000000000'), ''])).even, true);
  assert.is(chainOf(three([random('0.9'), random('0.5'), ''])).even, false);
  assert.is(chainOf(three(['', random('0.5'), ''])).even, false);
  assert.is(chainOf(three([random('0.33333333349'), random('0.5'), random('0.5')])).even, false);
  assert.equal(shares([0.5, undefined]), [0.5, 0.5]);
});

test('affinity rules stand beside the endpoints and give their timeout', () => {
  const affinity =
    '-A KUBE-SVC-NPX46M4PTMTKRN6Y -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --rsource -j KUBE-SEP-A234567A234567AA\n';
  const chain = chainOf(three([random('0.33333333349'), random('0.5'), ''], affinity));
  assert.equal([chain.affinitySeconds, (chain.endpoints as unknown[]).length, chain.even], [10800, 3, true]);
});

test('addresses without endpoints are refused, and packets to them counted', () => {
  const { of } = read(
    iptables,
    `*filter
:KUBE-SERVICES - [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
[4:240] -A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment "shop/web:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "shop/web:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j DROP
COMMIT
`,
  );
  const [reject, drop] = of('ServiceFrontend');
  assert.equal(
    [reject?.address, reject?.action, reject?.reason, reject?.packets],
    ['10.96.7.7', 'reject', 'no endpoints', 4],
  );
  assert.equal([drop?.nodePort, drop?.port, drop?.action, drop?.reason], [true, 30080, 'drop', 'no local endpoints']);
});

test('base chains tell what blocks before the jumps of Kubernetes', () => {
  const { of } = read(
    iptables,
    `*filter
:FORWARD DROP [7:420]
:KUBE-FORWARD - [0:0]
:FLANNEL-FWD - [0:0]
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD
COMMIT
`,
  );
  const [forward] = of('HookChain');
  assert.equal(
    [forward?.policy, forward?.policyPackets, forward?.kubeJumps],
    ['DROP', 7, ['KUBE-FORWARD', 'FLANNEL-FWD']],
  );
  const [block] = forward!.blocks as { position: number; unconditional: boolean; before: string[] }[];
  assert.equal([block?.position, block?.unconditional, block?.before], [2, true, ['FLANNEL-FWD']]);
});

test('comments name the service port, with and without a port name', () => {
  assert.equal(readComment('default/kubernetes:https -> 10.0.0.1:6443'), {
    namespace: 'default',
    service: 'kubernetes',
    portName: 'https',
  });
  assert.equal(readComment('shop/web has no endpoints'), { namespace: 'shop', service: 'web', portName: '' });
  assert.equal(readComment('default/nginx-svc: cluster IP'), {
    namespace: 'default',
    service: 'nginx-svc',
    portName: '',
  });
  assert.is(readComment('kubernetes service portals'), undefined);
});

test('the place of a chain is its rules, not the declarations before them', () => {
  const save = `*nat
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -j MASQUERADE
COMMIT
`;
  const setup = read(iptables, save).facts.find(({ type }) => type === 'MasqueradeSetup');
  assert.equal(setup?.span, [8, 10]);
  assert.equal(setup?.at, { postroutingJump: [5, 6], markSet: [7, 7], markTested: [8, 10], masquerades: [8, 10] });
});

test('a chain of a dump that is cut off is not complete', () => {
  const save = `*nat
:KUBE-SVC-FAXFPGMJVQWLKPGL - [0:0]
-A KUBE-SVC-FAXFPGMJVQWLKPGL -m statistic --mode random --probability 0.5 -j KUBE-SEP-G5FMJLFBLEW3FAUB
`;
  assert.is(chainOf(save).complete, false);
  assert.is(chainOf(`${save}COMMIT\n`).complete, true);
});

test('a port that the dump names is left out of the chain', () => {
  const text = openshift.replaceAll('--dport 8080', '--dport webcache');
  const [chain] = read(iptables, text).of('ServiceChain');
  assert.equal([chain?.kind, 'port' in (chain ?? {})], ['FW', false]);
});

test('the chain of an endpoint tells whether it marks what the endpoint sends to itself', () => {
  const dump = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-I5LIAMPLWKMBJ54B - [0:0]
:KUBE-SEP-ENGSELX4FOGUBO5Q - [0:0]
-A KUBE-SERVICES -d 10.96.20.40/32 -p tcp -m comment --comment "shop/cart:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-I5LIAMPLWKMBJ54B
-A KUBE-SVC-I5LIAMPLWKMBJ54B -m comment --comment "shop/cart:http -> 10.244.1.21:8080" -j KUBE-SEP-ENGSELX4FOGUBO5Q
-A KUBE-SEP-ENGSELX4FOGUBO5Q -s 10.244.1.21/32 -m comment --comment "shop/cart:http" -j KUBE-MARK-MASQ
-A KUBE-SEP-ENGSELX4FOGUBO5Q -p tcp -m comment --comment "shop/cart:http" -m tcp -j DNAT --to-destination 10.244.1.21:8080
COMMIT
`;
  const marks = (text: string) =>
    (chainOf(text).endpoints as readonly { readonly marksHairpin?: boolean }[])[0]?.marksHairpin;
  assert.is(marks(dump), true);
  assert.is(marks(dump.replace('-s 10.244.1.21/32', '-s 10.244.1.22/32')), false);
});

test.run();
