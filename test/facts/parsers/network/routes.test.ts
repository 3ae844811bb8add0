import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { neighbours } from '../../../../src/facts/parsers/network/neighbours.ts';
import { policyRules } from '../../../../src/facts/parsers/network/policy-rules.ts';
import { routes } from '../../../../src/facts/parsers/network/routes.ts';
import { read } from './read.ts';

const lines = `default via 10.60.0.1 dev ens3 proto dhcp src 10.60.3.7 metric 100 
10.1.7.0/24 via 10.1.7.0 dev flannel.1 onlink 
broadcast 10.60.0.0 dev ens3 table local proto kernel scope link src 10.60.3.7 
unreachable default dev lo  table unspec  proto kernel  metric 4294967295  error -101
10.9.0.0/16 proto static mtu lock 1400 
	nexthop via 10.0.0.1 dev eth0 weight 1 
	nexthop via 10.0.0.2 dev eth1 weight 2 
`;

test('routes give destination, next hop, table and type', () => {
  const all = read(routes, lines).of('IpRoute');
  assert.equal(all[0], {
    destination: 'default',
    table: 'main',
    onlink: false,
    family: 'inet',
    type: 'unicast',
    gateway: '10.60.0.1',
    device: 'ens3',
    protocol: 'dhcp',
    source: '10.60.3.7',
    metric: 100,
  });
  assert.equal([all[1]?.onlink, all[1]?.device], [true, 'flannel.1']);
  assert.equal([all[2]?.type, all[2]?.table, all[2]?.scope], ['broadcast', 'local', 'link']);
  assert.equal([all[3]?.type, all[3]?.destination], ['unreachable', 'default']);
});

test('a multipath route gives one fact for each next hop', () => {
  const hops = read(routes, lines).of('IpRoute').slice(4);
  assert.equal(
    hops.map(({ destination, gateway, device, weight, mtu }) => [destination, gateway, device, weight, mtu]),
    [
      ['10.9.0.0/16', '10.0.0.1', 'eth0', 1, 1400],
      ['10.9.0.0/16', '10.0.0.2', 'eth1', 2, 1400],
    ],
  );
});

test('the default route of an IPv6 listing is of that family', () => {
  assert.is(read(routes, 'default via fe80::1 dev eth0 metric 1024\n').of('IpRoute')[0]?.family, 'inet6');
  assert.is(
    read(routes, 'default dev lo metric 1024\n', 'ip_-6_route_show_table_all').of('IpRoute')[0]?.family,
    'inet6',
  );
});

test('route -n and ip -j route are read as well', () => {
  const old = `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         203.0.113.254   0.0.0.0         UG    0      0        0 eth0
172.16.0.0      0.0.0.0         255.255.0.0     U     100    0        0 eth1
`;
  const [first, second] = read(routes, old).of('IpRoute');
  assert.equal([first?.destination, first?.gateway, first?.device], ['default', '203.0.113.254', 'eth0']);
  assert.equal([second?.destination, second?.gateway, second?.metric], ['172.16.0.0/16', undefined, 100]);
  const json = '[{"dst":"10.244.2.0/24","gateway":"10.244.1.2","dev":"cni0","flags":["onlink"]}]';
  assert.equal(read(routes, json).of('IpRoute')[0]?.onlink, true);
});

test('route -6 may print names, and addresses mapped from IPv4', () => {
  const text = `Kernel IPv6 routing table
Destination                    Next Hop                   Flag Met Ref Use If
0.0.0.0/96                     [::]                       !n   1024 0      0 lo
node-1.example.com/128         [::]                       Un   0   2      4 lo
[::]/0                         gateway                    UG   100 1      4 ens33
`;
  assert.equal(
    read(routes, text)
      .of('IpRoute')
      .map(({ destination, gateway, type, family }) => [destination, gateway, type, family]),
    [
      ['0.0.0.0/96', undefined, 'unreachable', 'inet6'],
      ['node-1.example.com/128', undefined, 'unicast', 'inet6'],
      ['default', 'gateway', 'unicast', 'inet6'],
    ],
  );
});

test('netstat -r has a segment size where route has the metric', () => {
  const text = `Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         10.0.0.1        0.0.0.0         UG     1460 0          0 eth0
`;
  const [only] = read(routes, text).of('IpRoute');
  assert.equal([only?.destination, only?.device, only?.metric], ['default', 'eth0', undefined]);
});

test('rules of ip rule keep priority, marks and table', () => {
  const rules = read(
    policyRules,
    '0:\tfrom all lookup local \n100:\tnot from 10.0.0.0/8 fwmark 0x1/0xff iif eth0 lookup 200\n200:\tfrom all unreachable\n',
  ).of('RoutingRule');
  assert.equal([rules[0]?.priority, rules[0]?.from, rules[0]?.table], [0, 'all', 'local']);
  assert.equal(rules[1], {
    priority: 100,
    negated: true,
    from: '10.0.0.0/8',
    mark: '0x1/0xff',
    inInterface: 'eth0',
    table: '200',
    action: 'lookup',
    text: 'not from 10.0.0.0/8 fwmark 0x1/0xff iif eth0 lookup 200',
  });
  assert.is(rules[2]?.action, 'unreachable');
});

test('neighbours are listed and counted by state', () => {
  const { of } = read(
    neighbours,
    '10.88.12.0 dev flannel.1 lladdr 52:54:00:0a:00:02 used 263/0/1002 probes 0 PERMANENT\n10.60.0.9 dev ens3  FAILED\nfe80::1 dev ens3 lladdr 52:54:00:0a:00:03 router STALE\n',
  );
  assert.equal(of('NeighbourCount'), [{ total: 3, states: { FAILED: 1, PERMANENT: 1, STALE: 1 } }]);
  assert.equal(of('Neighbour')[1], { address: '10.60.0.9', device: 'ens3', state: 'FAILED' });
  assert.is(of('Neighbour')[0]?.mac, '52:54:00:0a:00:02');
});

test('ip -j rule and ip -j neigh are read as well', () => {
  const rule = '[{"priority":100,"not":null,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","fwmask":"0xff","table":"200"}]';
  const [first] = read(policyRules, rule).of('RoutingRule');
  assert.equal([first?.negated, first?.from, first?.mark, first?.table], [true, '10.0.0.0/8', '0x1/0xff', '200']);
  const neigh =
    '[{"dst":"10.0.0.9","dev":"eth0","lladdr":"52:54:00:0a:00:03","state":["STALE"]},{"dst":"10.0.0.8","dev":"eth0","state":["FAILED"]}]';
  assert.equal(read(neighbours, neigh).of('NeighbourCount')[0]?.states, { FAILED: 1, STALE: 1 });
});

test('cut-off files keep whole lines, empty ones say nothing, wrong ones are named', () => {
  assert.is(read(routes, lines.slice(0, 90)).of('IpRoute').length, 2);
  for (const parser of [routes, policyRules, neighbours]) {
    assert.equal(read(parser, '').codes, []);
    assert.equal(read(parser, 'sh: ip: command not found\n').codes, ['COLLECTION_ERROR']);
    assert.equal(read(parser, 'apiVersion: v1\n').codes, ['PARSE_ERROR']);
  }
});

test('words of a route that are names of every object are words', () => {
  const [route] = read(routes, '10.0.0.0/8 __proto__ 9 constructor x dev eth0 metric 5\n').of('IpRoute');
  assert.equal(Object.keys(route ?? {}).sort(), [
    'destination',
    'device',
    'family',
    'metric',
    'onlink',
    'table',
    'type',
  ]);
});

test.run();
