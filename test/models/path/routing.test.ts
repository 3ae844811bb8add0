import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { noMark } from '../../../src/models/netfilter/packet.ts';
import { type NodeNetwork, readNodeNetworks } from '../../../src/models/path/node-network.ts';
import { sourceAddress } from '../../../src/models/path/own-addresses.ts';
import { findRoutes, type RouteQuestion } from '../../../src/models/path/routing.ts';
import { factsOf, storeOf } from './two-nodes.ts';

function networkOf(parts: Readonly<Record<string, string>>): NodeNetwork {
  const dumps = Object.entries(parts).map(([kind, text]) => ({ node: 'n1', kind, text }));
  return readNodeNetworks(storeOf(factsOf(dumps))).get('n1')!;
}

function ways(network: NodeNetwork, destination: string, more: Partial<RouteQuestion> = {}): readonly string[] {
  const question = { family: 'ip', destination, source: '', mark: noMark, inDevice: '', ...more } as const;
  return findRoutes(network, question).map(({ answer, weight, assumptions }) => {
    const text = answer.kind === 'via' ? answer.text : answer.kind === 'refused' ? answer.type : answer.kind;
    return [text, ...(weight === 1 ? [] : [weight]), ...assumptions].join(' | ');
  });
}

test('the longest prefix wins, then the smallest metric', () => {
  const network = networkOf({
    IpRoute: `default via 10.0.0.1 dev eth0 metric 100
default via 10.0.0.2 dev eth1 metric 50
10.1.0.0/16 dev cni0 scope link
10.1.2.0/24 via 10.1.2.0 dev flannel.1 onlink
blackhole 10.1.3.0/24
`,
  });
  assert.equal(ways(network, '8.8.8.8'), ['0.0.0.0/0 via 10.0.0.2 dev eth1'.replace('0.0.0.0/0', 'default')]);
  assert.equal(ways(network, '10.1.2.9'), ['10.1.2.0/24 via 10.1.2.0 dev flannel.1']);
  assert.equal(ways(network, '10.1.9.9'), ['10.1.0.0/16 dev cni0']);
  assert.equal(ways(network, '10.1.3.9'), ['blackhole']);
});

test('no route is not the same as routes that were not gathered', () => {
  assert.equal(ways(networkOf({ IpRoute: '10.1.0.0/16 dev cni0 scope link\n' }), '10.2.0.1'), ['none']);
  assert.equal(ways(networkOf({ IpRule: '0:\tfrom all lookup local\n' }), '10.2.0.1'), ['unknown']);
});

test('addresses of the node are local, with or without a dump of the local table', () => {
  const routes = 'default via 10.0.0.1 dev eth0\n';
  const addresses = '2: eth0: <UP> mtu 1500 state UP\n    inet 10.0.0.5/24 scope global eth0\n';
  assert.equal(ways(networkOf({ IpRoute: routes, IpAddr: addresses }), '10.0.0.5'), ['local']);
  const dumped = `${routes}local 10.0.0.5 dev eth0 table local proto kernel scope host src 10.0.0.5\n`;
  assert.equal(ways(networkOf({ IpRoute: dumped }), '10.0.0.5'), ['local']);
  assert.equal(ways(networkOf({ IpRoute: routes }), '127.0.0.1'), ['local']);
});

test('policy rules are asked in order, by source, mark and device', () => {
  const network = networkOf({
    IpRule: `0:\tfrom all lookup local
10:\tfrom 10.9.0.0/16 lookup 200
20:\tfrom all fwmark 0x1/0x1 lookup 300
32766:\tfrom all lookup main
`,
    IpRoute: `default via 10.0.0.1 dev eth0
default via 10.9.0.1 dev eth9 table 200
default via 10.3.0.1 dev eth3 table 300
`,
  });
  assert.equal(ways(network, '8.8.8.8', { source: '10.9.1.1', inDevice: 'cni0' }), ['default via 10.9.0.1 dev eth9']);
  assert.equal(ways(network, '8.8.8.8', { mark: { value: 1, known: 0xffffffff } }), ['default via 10.3.0.1 dev eth3']);
  assert.equal(ways(network, '8.8.8.8'), ['default via 10.0.0.1 dev eth0']);
  assert.equal(ways(network, '8.8.8.8', { mark: { value: 0, known: 0 } }), [
    'default via 10.3.0.1 dev eth3 | routing rule "from all fwmark 0x1/0x1 lookup 300" of n1 fits',
    'default via 10.0.0.1 dev eth0 | not: routing rule "from all fwmark 0x1/0x1 lookup 300" of n1 fits',
  ]);
});

test('`not` turns the whole rule around', () => {
  const network = networkOf({
    IpRule: '0:\tfrom all lookup local\n9:\tnot from all fwmark 0xca6c lookup 51820\n32766:\tfrom all lookup main\n',
    IpRoute: 'default via 10.0.0.1 dev eth0\ndefault dev wg0 table 51820 scope link\n',
  });
  assert.equal(ways(network, '8.8.8.8'), ['default dev wg0']);
  assert.equal(ways(network, '8.8.8.8', { mark: { value: 0xca6c, known: 0xffffffff } }), [
    'default via 10.0.0.1 dev eth0',
  ]);
});

test('a table that a rule names and no dump shows is unknown', () => {
  const rules = '0:\tfrom all lookup local\n10:\tfrom all lookup 200\n32766:\tfrom all lookup main\n';
  assert.equal(ways(networkOf({ IpRule: rules, IpRoute: 'default via 10.0.0.1 dev eth0\n' }), '8.8.8.8'), ['unknown']);
  const all = 'default via 10.0.0.1 dev eth0\nlocal 127.0.0.1 dev lo table local scope host\n';
  assert.equal(ways(networkOf({ IpRule: rules, IpRoute: all }), '8.8.8.8'), ['default via 10.0.0.1 dev eth0']);
});

test('suppress_prefixlength leaves out the default route of a table', () => {
  const rules =
    '0:\tfrom all lookup local\n9:\tfrom all lookup main suppress_prefixlength 0\n10:\tfrom all lookup 200\n';
  const routes =
    'default via 10.0.0.1 dev eth0\n10.1.0.0/16 dev cni0 scope link\ndefault via 10.9.0.1 dev wg0 table 200\n';
  const network = networkOf({ IpRule: rules, IpRoute: routes });
  assert.equal(ways(network, '8.8.8.8'), ['default via 10.9.0.1 dev wg0']);
  assert.equal(ways(network, '10.1.0.9'), ['10.1.0.0/16 dev cni0']);
});

test('next hops of one route share by weight', () => {
  const network = networkOf({
    IpRoute:
      'default proto static metric 100\n\tnexthop via 10.0.0.1 dev eth0 weight 1\n\tnexthop via 10.0.0.2 dev eth0 weight 3\n',
  });
  assert.equal(ways(network, '8.8.8.8'), [
    'default via 10.0.0.1 dev eth0 | 0.25',
    'default via 10.0.0.2 dev eth0 | 0.75',
  ]);
});

test('IPv6 has its own routes', () => {
  const network = networkOf({
    IpRoute: 'default via 10.0.0.1 dev eth0\nfd00::/64 dev cni0 metric 256\ndefault via fe80::1 dev eth0 metric 1024\n',
  });
  assert.equal(ways(network, 'fd00::5', { family: 'ip6' }), ['fd00::/64 dev cni0']);
  assert.equal(ways(network, '2001:db8::1', { family: 'ip6' }), ['default via fe80::1 dev eth0']);
});

test('routes of one family say nothing of the other', () => {
  const network = networkOf({ IpRoute: 'default via 10.0.0.1 dev eth0\n' });
  assert.equal(ways(network, '2001:db8::1', { family: 'ip6' }), ['unknown']);
});

test('the source is an address of the network of the next hop, else the first of the device, else a borrowed one', () => {
  const network = networkOf({
    IpAddr: `2: eth0: <UP> mtu 1500 state UP
    inet 10.0.0.5/24 scope global eth0
    inet 10.7.0.5/24 scope global secondary eth0
3: cali1: <UP> mtu 1500 state UP
    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff
`,
  });
  assert.is(sourceAddress(network, 'eth0', '10.7.0.1', 'ip'), '10.7.0.5');
  assert.is(sourceAddress(network, 'eth0', '8.8.8.8', 'ip'), '10.0.0.5');
  assert.is(sourceAddress(network, 'cali1', '10.1.0.9', 'ip'), '10.0.0.5');
  assert.is(sourceAddress(networkOf({ IpRule: '0:\tfrom all lookup local\n' }), 'eth0', '8.8.8.8', 'ip'), undefined);
});

test('two dumps of the same routes are one', () => {
  const text = '10.1.0.0/16 dev cni0 scope link\n';
  const dumps = [
    { node: 'n1', kind: 'IpRoute', text },
    { node: 'n1', kind: 'IpRoute', text },
  ];
  const facts = factsOf(dumps);
  const apart = facts.IpRoute!.map((fact, at) => ({ ...fact, path: `n1/${at}` }));
  const network = readNodeNetworks(storeOf({ IpRoute: apart })).get('n1')!;
  assert.is(network.routes?.length, 1);
});

test.run();
