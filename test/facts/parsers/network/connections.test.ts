import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bridgeFdb } from '../../../../src/facts/parsers/network/bridge-fdb.ts';
import { conntrack } from '../../../../src/facts/parsers/network/conntrack.ts';
import { read } from './read.ts';

test('a forwarding entry has its device, its bridge, and the remote host of a VXLAN device', () => {
  const text = `33:33:00:00:00:01 dev dev eth0 self permanent
92:22:3f:b6:02:6c dev flannel.1 dst 10.6.3.202 via ens3 self permanent
00:16:3e:3a:20:be dev ens3 vlan 1 used 23504/25 master br-ens3
`;
  assert.equal(read(bridgeFdb, text).of('ForwardingEntry'), [
    { mac: '33:33:00:00:00:01', device: 'eth0', state: 'permanent' },
    { mac: '92:22:3f:b6:02:6c', device: 'flannel.1', destination: '10.6.3.202', state: 'permanent' },
    { mac: '00:16:3e:3a:20:be', device: 'ens3', master: 'br-ens3', vlan: 1, state: 'dynamic' },
  ]);
  assert.equal(read(bridgeFdb, '').codes, []);
  assert.equal(read(bridgeFdb, 'RTNETLINK answers: Operation not supported\nDump terminated\n').codes, ['PARSE_ERROR']);
});

const service =
  'tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.96.0.1 sport=55158 dport=443 src=172.16.0.2 dst=10.0.0.9 sport=6443 dport=55158 [ASSURED] mark=8192 use=1';

test('a connection has both directions, so what NAT made of it', () => {
  const { of, facts } = read(conntrack, `${service}\n`, 'conntrack_-L', { netns: 'blue' });
  assert.equal(of('TrackedConnection'), [
    {
      netns: 'blue',
      family: 'inet',
      protocol: 'tcp',
      protocolNumber: 6,
      state: 'ESTABLISHED',
      timeoutSeconds: 431999,
      source: '10.0.0.9',
      destination: '10.96.0.1',
      replySource: '172.16.0.2',
      replyDestination: '10.0.0.9',
      sourcePort: 55158,
      destinationPort: 443,
      replySourcePort: 6443,
      replyDestinationPort: 55158,
      replied: true,
      assured: true,
      mark: 8192,
    },
  ]);
  assert.equal(of('TrackedConnectionCount'), [
    { netns: 'blue', protocol: 'tcp', total: 1, unreplied: 0, states: { ESTABLISHED: 1 } },
  ]);
  assert.equal(facts[0]?.span, [1, 1]);
});

test('the extended form, counters, icmp and protocols without a name are read as well', () => {
  const text = `ipv4     2 udp      17 11 src=10.0.0.9 dst=10.0.0.1 sport=39410 dport=53 packets=1 bytes=60 [UNREPLIED] src=10.0.0.1 dst=10.0.0.9 sport=53 dport=39410 packets=0 bytes=0 mark=0 secctx=system_u:object_r:unlabeled_t:s0 zone=3 use=2
ipv6     10 icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=7 src=fd00::2 dst=fd00::1 type=129 code=0 id=7 mark=0 use=1
ipv4     2 unknown  112 598 src=169.254.194.252 dst=224.0.0.18 [UNREPLIED] src=224.0.0.18 dst=169.254.194.252 mark=0 use=1
conntrack v1.4.5 (conntrack-tools): 3 flow entries have been shown.
`;
  const { of } = read(conntrack, text);
  const short = of('TrackedConnection').map(({ protocol, family, replied, zone, sourcePort, replySourcePort }) => [
    protocol,
    family,
    replied,
    zone,
    sourcePort,
    replySourcePort,
  ]);
  assert.equal(short, [
    ['udp', 'inet', false, 3, 39410, 53],
    ['icmpv6', 'inet6', true, undefined, undefined, undefined],
    ['unknown', 'inet', false, undefined, undefined, undefined],
  ]);
  assert.equal(
    of('TrackedConnectionCount').map(({ protocol, unreplied, states }) => [protocol, unreplied, states]),
    [
      ['icmpv6', 0, {}],
      ['udp', 1, {}],
      ['unknown', 1, {}],
    ],
  );
});

test('a table without connections is no problem, a cut-off line is left out, another text is named', () => {
  assert.equal(read(conntrack, 'conntrack v1.4.5 (conntrack-tools): 0 flow entries have been shown.\n').codes, []);
  assert.is(read(conntrack, `${service}\n${service.slice(0, 90)}`).of('TrackedConnection').length, 1);
  assert.equal(read(conntrack, 'conntrack: command not found\n').codes, ['COLLECTION_ERROR']);
});

test('connections nobody asked for are counted, and not kept', () => {
  const source = { path: 'conntrack_-L', kind: 'ConntrackList', layout: 'test', root: '', labels: {} };
  const wanted = { has: (type: string) => type === 'TrackedConnectionCount', objects: new Set<string>() };
  const { facts } = conntrack.parse(`${service}\n`, source, wanted);
  assert.equal(
    facts.map(({ type }) => type),
    ['TrackedConnectionCount'],
  );
});

test.run();
