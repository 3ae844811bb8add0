import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { counters } from '../../../../src/facts/parsers/network/counters.ts';
import { sockets } from '../../../../src/facts/parsers/network/sockets.ts';
import { read } from './read.ts';

test('nstat gives counters under the names of the kernel', () => {
  const { of } = read(
    counters,
    '#kernel\nIpInReceives                    265936             0.0\nTcpExtListenOverflows           12                 0.0\n',
  );
  assert.equal(of('NetworkCounter'), [
    { name: 'IpInReceives', value: 265936 },
    { name: 'TcpExtListenOverflows', value: 12 },
  ]);
});

test('netstat -s gives the names of the kernel where they are known, else group and sentence', () => {
  const { of } = read(
    counters,
    `Ip:
    Forwarding: 1
    328107 total packets received
    4165 dropped because of missing route
IcmpMsg:
        InType3: 714
TcpExt:
    12 times the listen queue of a socket overflowed
    12 SYNs to LISTEN sockets dropped
    IPReversePathFilter: 3
    7 odd things happened
`,
  );
  assert.equal(
    of('NetworkCounter').map(({ name, value }) => `${name} ${value}`),
    [
      'IpForwarding 1',
      'IpInReceives 328107',
      'IpOutNoRoutes 4165',
      'IcmpMsgInType3 714',
      'TcpExtListenOverflows 12',
      'TcpExtListenDrops 12',
      'TcpExtIPReversePathFilter 3',
      'TcpExt: odd things happened 7',
    ],
  );
});

const ss = `Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
tcp   LISTEN 0      4096   0.0.0.0:6443        0.0.0.0:*         users:(("kube-apiserver",pid=1,fd=7))
tcp   ESTAB  0      0      10.0.0.1:6443       10.0.0.2:51234
udp   UNCONN 0      0      [::]%eth0:8472      [::]:*
`;

test('ss gives counts by state and the ports that are listened on', () => {
  const { of } = read(sockets, ss);
  assert.equal(of('SocketCount'), [
    { protocol: 'tcp', total: 2, states: { ESTAB: 1, LISTEN: 1 } },
    { protocol: 'udp', total: 1, states: { UNCONN: 1 } },
  ]);
  assert.equal(of('ListeningSocket'), [
    { protocol: 'tcp', address: '0.0.0.0', port: 6443, queued: 0, backlog: 4096, process: 'kube-apiserver' },
    { protocol: 'udp', address: '::', port: 8472, queued: 0, backlog: 0 },
  ]);
});

test('sockets whose port is printed as a name are counted, and are no listening sockets', () => {
  const text = `Netid  State      Recv-Q Send-Q Local Address:Port   Peer Address:Port
raw    UNCONN     0      0        [::]:ipv6-icmp       [::]:*
tcp    LISTEN     0      128         *:ssh                *:*
tcp    ESTAB      0      0      10.0.0.1:ssh           10.0.0.9:57000
tcp    LISTEN     0      100    127.0.0.1:10248           *:*
`;
  const { of } = read(sockets, text);
  assert.equal(
    of('SocketCount').map(({ protocol, total, states }) => [protocol, total, states]),
    [
      ['raw', 1, { UNCONN: 1 }],
      ['tcp', 3, { ESTAB: 1, LISTEN: 2 }],
    ],
  );
  assert.equal(
    of('ListeningSocket').map(({ port }) => port),
    [10248],
  );
});

test('the summary of ss -s and listings of one protocol are read', () => {
  const summary = 'Total: 180\nTCP:   15 (estab 5, closed 2, orphaned 0, timewait 1)\n';
  assert.equal(read(sockets, summary).of('SocketCount')[0]?.states, { estab: 5, closed: 2, orphaned: 0, timewait: 1 });
  const tcp =
    'State  Recv-Q Send-Q Local Address:Port  Peer Address:Port\nLISTEN 0      128    [::]:22             [::]:*\n';
  assert.equal(read(sockets, tcp, 'ss_-tan').of('ListeningSocket')[0]?.port, 22);
});

test('cut-off files keep whole lines, empty ones say nothing, wrong ones are named', () => {
  assert.is(read(counters, 'IpInReceives   265936   0.0\nTcpExtLis').of('NetworkCounter').length, 1);
  assert.is(read(sockets, ss.slice(0, 180)).of('ListeningSocket').length, 1);
  for (const parser of [counters, sockets]) {
    assert.equal(read(parser, '').codes, []);
    assert.equal(read(parser, 'exec of "netstat" failed: No such file or directory\n').codes, ['COLLECTION_ERROR']);
  }
});

test.run();
