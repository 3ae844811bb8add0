import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deviceMtu } from '../../../../src/facts/parsers/network/device-mtu.ts';
import { interfaces } from '../../../../src/facts/parsers/network/interfaces.ts';
import { read } from './read.ts';

const details = `3: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN mode DEFAULT group default 
    link/ether 52:54:00:0a:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 65535 
    vxlan id 1 local 10.60.3.7 dev ens3 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300 
    inet 10.1.84.0/32 scope global flannel.1
       valid_lft forever preferred_lft forever
    inet6 fe80::98e0:6bff:fec3:cee3/64 scope link 
       valid_lft forever preferred_lft forever
4: veth1@if2: <BROADCAST,UP> mtu 1450 qdisc noqueue master cni0 state UP group default 
    link/ether 52:ad:ee:25:dc:10 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    veth 
    RX: bytes  packets  errors  dropped overrun mcast   
    190756     639      1       2       0       0       
    TX: bytes  packets  errors  dropped carrier collsns 
    93071      737      3       13      0       0       
`;

test('a device gives MTU, tunnel settings and addresses', () => {
  const { facts, of } = read(interfaces, details);
  assert.equal(of('NetworkInterface')[0], {
    name: 'flannel.1',
    index: 3,
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    addresses: [
      { family: 'inet', address: '10.1.84.0', prefixLength: 32, scope: 'global' },
      { family: 'inet6', address: 'fe80::98e0:6bff:fec3:cee3', prefixLength: 64, scope: 'link' },
    ],
    mtu: 1450,
    state: 'UNKNOWN',
    linkType: 'ether',
    mac: '52:54:00:0a:00:01',
    kind: 'vxlan',
    vxlanId: 1,
    vxlanPort: 8472,
    vxlanLocal: '10.60.3.7',
    vxlanDevice: 'ens3',
  });
  assert.equal(facts[0]?.span, [1, 7]);
  assert.equal(facts[1]?.span, [4, 4]);
  assert.is(of('InterfaceAddress')[0]?.interface, 'flannel.1');
});

test('peer, bridge and counters are read', () => {
  const veth = read(interfaces, details).of('NetworkInterface')[1]!;
  assert.equal([veth.peer, veth.master, veth.kind], ['if2', 'cni0', 'veth']);
  assert.equal((veth.counters as { rxErrors: number; txDropped: number }).rxErrors, 1);
  assert.equal((veth.counters as { rxErrors: number; txDropped: number }).txDropped, 13);
});

test('ip -o shows one address per line and no MTU', () => {
  const { of } = read(
    interfaces,
    '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever\n2: ppp0    inet 10.0.0.1 peer 10.0.0.2/32 scope global ppp0\n',
  );
  assert.is(of('NetworkInterface').length, 2);
  assert.is(of('NetworkInterface')[0]?.mtu, undefined);
  assert.is(of('InterfaceAddress').length, 3);
  assert.equal([of('InterfaceAddress')[2]?.address, of('InterfaceAddress')[2]?.prefixLength], ['10.0.0.1', 32]);
});

test('ip -o -d link puts a device on one line', () => {
  const line =
    '2: vx: <UP> mtu 1400 qdisc noqueue state UP mode DEFAULT \\    link/ether 00:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff \\    vxlan id 7 dstport 4789 \n';
  const [device] = read(interfaces, line).of('NetworkInterface');
  assert.equal([device?.mtu, device?.mac, device?.vxlanId, device?.vxlanPort], [1400, '00:00:00:00:00:01', 7, 4789]);
});

test('JSON gives the same', () => {
  const json = JSON.stringify([
    {
      ifindex: 2,
      ifname: 'flannel.1',
      flags: ['UP'],
      mtu: 1450,
      operstate: 'UNKNOWN',
      link_type: 'ether',
      address: '9a:9f:c8:5c:52:76',
      linkinfo: { info_kind: 'vxlan', info_data: { id: 1, local: '127.0.0.1', link: 'lo', port: 8472 } },
      addr_info: [{ family: 'inet', local: '10.244.1.1', prefixlen: 24, scope: 'global' }],
    },
  ]);
  const [device] = read(interfaces, json).of('NetworkInterface');
  assert.equal(
    [device?.name, device?.mtu, device?.kind, device?.vxlanPort, device?.mac],
    ['flannel.1', 1450, 'vxlan', 8472, '9a:9f:c8:5c:52:76'],
  );
  assert.equal(device?.addresses, [{ family: 'inet', address: '10.244.1.1', prefixLength: 24, scope: 'global' }]);
});

test('a namespace comes from the label', () => {
  assert.is(read(interfaces, details, 'x', { netns: 'qrouter-1' }).of('NetworkInterface')[0]?.netns, 'qrouter-1');
});

test('a cut-off file keeps what came before, an empty one says nothing, a wrong one is named', () => {
  assert.is(read(interfaces, details.slice(0, 60)).of('NetworkInterface')[0]?.name, 'flannel.1');
  assert.equal(read(interfaces, '').codes, []);
  assert.equal(read(interfaces, 'Object "adr" is unknown, try "ip help".\n').codes, ['PARSE_ERROR']);
  assert.equal(read(interfaces, '[{"ifname": "lo"').codes, ['PARSE_ERROR']);
});

test('an MTU of /sys takes its device from the path', () => {
  assert.equal(read(deviceMtu, '1450\n', 'sys/class/net/cni0/mtu').of('DeviceMtu'), [{ device: 'cni0', mtu: 1450 }]);
  assert.equal(read(deviceMtu, '', 'sys/class/net/cni0/mtu').codes, []);
  for (const text of ['cat: Invalid argument\n', `${'9'.repeat(400)}\n`]) {
    assert.equal(read(deviceMtu, text, 'sys/class/net/cni0/mtu').codes, ['PARSE_ERROR']);
  }
});

test('a port of a bridge says whether packets may go back out of it', () => {
  const port = (hairpin: string) =>
    `4: veth1@if2: <UP> mtu 1500 master cni0 state UP\n    veth\n    bridge_slave state forwarding hairpin ${hairpin} guard off\n`;
  const json =
    '[{"ifname":"veth1","linkinfo":{"info_kind":"veth","info_slave_kind":"bridge","info_slave_data":{"hairpin":true}}}]';
  const said = [port('on'), port('off'), json, details].map(
    (text) => read(interfaces, text).of('NetworkInterface')[0]?.hairpin,
  );
  assert.equal(said, [true, false, true, undefined]);
});

test('a number that is none is left out', () => {
  const text = '3: v: <UP> mtu x state UP\n    vxlan id - dstport / local 10.0.0.1\n';
  const [device] = read(interfaces, text).of('NetworkInterface');
  assert.equal(
    [device?.mtu, device?.vxlanId, device?.vxlanPort, device?.vxlanLocal],
    [undefined, undefined, undefined, '10.0.0.1'],
  );
});

test.run();
