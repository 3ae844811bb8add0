import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ipset } from '../../../../src/facts/parsers/network/ipset.ts';
import { ipvs } from '../../../../src/facts/parsers/network/ipvs.ts';
import { read } from './read.ts';

const listed = `Name: KUBE-CLUSTER-IP
Type: hash:ip,port
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 comment bucketsize 12 initval 0xeb4b6708
Size in memory: 321
References: 2
Number of entries: 2
Members:
10.96.0.1,tcp:443 comment "default/kubernetes:https"
10.96.0.10,udp:53

Name: KUBE-NODE-PORT-TCP
Type: bitmap:port
Revision: 3
Header: range 0-65535
Size in memory: 8264
References: 1
Members:
30080
`;

test('ipset list gives sets and members with address, protocol, port and comment', () => {
  const { of, codes } = read(ipset, listed);
  assert.equal(codes, []);
  assert.equal(
    of('IpSet').map(({ name, type, members, references }) => [name, type, members, references]),
    [
      ['KUBE-CLUSTER-IP', 'hash:ip,port', 2, 2],
      ['KUBE-NODE-PORT-TCP', 'bitmap:port', 1, 1],
    ],
  );
  assert.equal(of('IpSetMember')[0], {
    set: 'KUBE-CLUSTER-IP',
    member: '10.96.0.1,tcp:443',
    address: '10.96.0.1',
    protocol: 'tcp',
    port: 443,
    nomatch: false,
    comment: 'default/kubernetes:https',
  });
  assert.equal([of('IpSetMember')[2]?.port, of('IpSetMember')[2]?.address], [30080, undefined]);
});

test('ipset save gives the same', () => {
  const { of } = read(ipset, 'create A hash:net family inet6 hashsize 1024 maxelem 10\nadd A fd00::/64 nomatch\n');
  assert.equal(of('IpSet')[0], {
    name: 'A',
    type: 'hash:net',
    family: 'inet6',
    maxElements: 10,
    members: 1,
    complete: true,
  });
  assert.equal([of('IpSetMember')[0]?.address, of('IpSetMember')[0]?.nomatch], ['fd00::/64', true]);
});

test('a set with fewer members than announced is cut off', () => {
  const { of, codes } = read(ipset, listed.slice(0, listed.indexOf('10.96.0.10')));
  assert.equal(codes, ['FILE_TRUNCATED']);
  assert.is(of('IpSet')[0]?.complete, false);
});

const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.1:443 rr persistent 10800
  -> 172.18.0.3:6443              Masq    1      3          0
TCP  10.96.0.50:80 rr
UDP  [fd00::a]:53 rr
  -> [fd00::b]:53                 Masq    0      0          7
FWM  258 rr
`;

test('ipvsadm -Ln gives virtual servers with their real servers', () => {
  const servers = read(ipvs, table).of('IpvsVirtualServer');
  assert.equal(servers[0], {
    address: '10.96.0.1',
    port: 443,
    protocol: 'tcp',
    scheduler: 'rr',
    persistentSeconds: 10800,
    realServers: [
      { address: '172.18.0.3', port: 6443, forward: 'Masq', weight: 1, activeConnections: 3, inactiveConnections: 0 },
    ],
  });
  assert.equal(servers[1]?.realServers, []);
  assert.equal([servers[2]?.address, (servers[2]!.realServers as { weight: number }[])[0]?.weight], ['fd00::a', 0]);
  assert.equal([servers[3]?.protocol, servers[3]?.port], ['fwm', 258]);
});

test('ipvsadm-save gives the same servers', () => {
  const saved =
    '-A -t 10.96.0.1:443 -s rr -p 10800\n-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.1:443 -r 172.18.0.3:6443 -m -w 1\n';
  const [first, second] = read(ipvs, saved).of('IpvsVirtualServer');
  assert.equal(first?.realServers, [{ address: '172.18.0.3', port: 6443, forward: 'Masq', weight: 1 }]);
  assert.equal([first?.persistentSeconds, second?.realServers], [10800, []]);
});

test('statistics give the servers without states', () => {
  const stats = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.96.0.1:443                      12      345      300    45678    98765
  -> 172.18.0.3:6443                    12      345      300    45678    98765
`;
  const [server] = read(ipvs, stats).of('IpvsVirtualServer');
  assert.equal([server?.scheduler, server?.realServers], [undefined, [{ address: '172.18.0.3', port: 6443 }]]);
});

test('a listing cut off in the middle keeps what came before', () => {
  const [server] = read(ipvs, table.slice(0, table.indexOf('3          0'))).of('IpvsVirtualServer');
  assert.is((server!.realServers as unknown[]).length, 1);
});

test('empty files say nothing, wrong ones are named', () => {
  for (const parser of [ipset, ipvs]) {
    assert.equal(read(parser, '').codes, []);
    assert.equal(read(parser, 'sh: command not found\n').codes, ['COLLECTION_ERROR']);
  }
  assert.equal(read(ipvs, table.slice(0, 60)).facts, []);
});

test('counters of a real server that are no numbers are left out', () => {
  const [server] = read(ipvs, 'TCP  10.96.0.1:443 rr\n  -> 10.0.0.1:6443 Masq 1 - 0\n').of('IpvsVirtualServer');
  assert.equal(server?.realServers, [{ address: '10.0.0.1', port: 6443 }]);
});

test.run();
