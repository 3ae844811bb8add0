import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NodeFacts } from '../../../src/models/netfilter/node-facts.ts';
import type { Connection, Packet } from '../../../src/models/netfilter/packet.ts';
import { rulesetOf } from '../../../src/models/netfilter/ruleset.ts';
import type { Hook } from '../../../src/models/path/trace.ts';
import { addresses, nodeFacts, save, storeOf, walk } from './small-node.ts';

interface Given extends Partial<Packet> {
  readonly hook?: Hook;
  readonly table?: string;
  readonly connection?: Partial<Connection>;
  readonly facts?: NodeFacts;
  readonly ipset?: string;
}

/** `yes`, `no`, or the ways: what becomes of a packet at the one rule of its chain, which drops. */
function matches(
  options: string,
  { hook = 'forward', table = 'filter', connection, facts = nodeFacts, ipset, ...packet }: Given = {},
): string {
  const files = {
    'IptablesSave n1/iptables-save': save({ [table]: `-A ${hook.toUpperCase()} ${options} -j DROP` }),
    ...(ipset !== undefined && { 'IpsetList n1/ipset': ipset }),
  };
  const out = hook === 'forward' || hook === 'output' ? 'eth0' : '';
  const branches = walk(rulesetOf(storeOf(files), undefined), hook, { outDevice: out, ...packet }, connection, facts);
  const said = branches.map(({ verdict, weight, assumptions }) =>
    [verdict === 'drop' ? 'yes' : 'no', ...(weight < 1 ? [`${Math.round(weight * 100)} %`] : []), ...assumptions].join(
      ' | ',
    ),
  );
  return said.join(' // ');
}

test('addresses, networks and their negation', () => {
  assert.is(matches('-s 10.244.1.2/32'), 'yes');
  assert.is(matches('-s 10.244.0.0/16 ! -d 10.244.0.0/16'), 'yes');
  assert.is(matches('! -s 10.244.0.0/16'), 'no');
  assert.is(matches('-d 10.96.0.0/255.255.0.0'), 'yes');
});

test('an address that is not known leaves a rule open, and every condition that is false still decides', () => {
  assert.is(
    matches('-s 10.0.0.0/8', { source: '' }),
    'yes | the masqueraded source is in 10.0.0.0/8 // no | not: the masqueraded source is in 10.0.0.0/8',
  );
  assert.is(matches('-s 10.0.0.0/8 -p udp', { source: '' }), 'no');
});

test('protocols by name and number', () => {
  assert.is(matches('-p tcp'), 'yes');
  assert.is(matches('-p 6'), 'yes');
  assert.is(matches('! -p udp'), 'yes');
  assert.is(matches('-p icmp', { protocol: 'icmp' }), 'yes');
});

test('ports: one, a range, an open range, a list, and the negation', () => {
  assert.is(matches('-p tcp -m tcp --dport 80'), 'yes');
  assert.is(matches('-p tcp -m tcp --dport 79:81'), 'yes');
  assert.is(matches('-p tcp -m tcp --dport 1024:'), 'no');
  assert.is(matches('-p tcp -m multiport --dports 443,70:90'), 'yes');
  assert.is(matches('-p tcp -m multiport --ports 40000,1'), 'yes');
  assert.is(matches('-p tcp -m tcp ! --dport 80'), 'no');
  assert.is(matches('-p tcp -m tcp --sport 1:1023'), 'no');
});

test('devices: an empty one matches only what matches everything, and every negation', () => {
  assert.is(matches('-i cni0 -o eth0'), 'yes');
  assert.is(matches('-i cni+'), 'yes');
  assert.is(matches('! -i cni0'), 'no');
  assert.is(matches('-i eth0', { inDevice: '' }), 'no');
  assert.is(matches('! -i eth0', { inDevice: '' }), 'yes');
  assert.is(matches('-i +', { inDevice: '' }), 'yes');
});

test('marks of packet and connection, bit by bit', () => {
  assert.is(matches('-m mark --mark 0x4000/0x4000', { mark: { value: 0x4001, known: 0xffffffff } }), 'yes');
  assert.is(matches('-m mark ! --mark 0x4000/0x4000'), 'yes');
  assert.is(matches('-m connmark --mark 0x1', { connection: { mark: { value: 1, known: 0xffffffff } } }), 'yes');
  assert.is(
    matches('-m mark --mark 0x1/0x1', { mark: { value: 0, known: 0 } }),
    'yes | the mark of the packet is 0x1/0x1 // no | not: the mark of the packet is 0x1/0x1',
  );
});

test('without a connection its mark neither matches nor fails to match', () => {
  const connection = { mark: { value: 1, known: 0xffffffff } };
  assert.is(matches('-m connmark ! --mark 0x2', { connection }), 'yes');
  assert.is(matches('-m connmark ! --mark 0x2', { connection, hook: 'prerouting', table: 'raw' }), 'no');
  assert.is(matches('-m connmark --mark 0x1', { connection, hook: 'prerouting', table: 'raw' }), 'no');
  assert.is(matches('-m connmark ! --mark 0x2', { connection: { ...connection, state: 'UNTRACKED' } }), 'no');
});

test('the state of the connection; in the raw table nothing is tracked yet', () => {
  assert.is(matches('-m conntrack --ctstate NEW'), 'yes');
  assert.is(matches('-m state --state RELATED,ESTABLISHED'), 'no');
  assert.is(matches('-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT'), 'yes');
  assert.is(matches('-m conntrack --ctstate DNAT', { connection: { destinationTranslated: true } }), 'yes');
  assert.is(matches('-m conntrack --ctstatus DNAT', { connection: { destinationTranslated: true } }), 'yes');
  assert.is(matches('-m conntrack --ctstate INVALID', { hook: 'prerouting', table: 'raw' }), 'yes');
  assert.is(matches('-m conntrack --ctstate NEW', { hook: 'prerouting', table: 'raw' }), 'no');
  assert.is(matches('-m conntrack --ctproto 6 --ctorigdst 10.96.0.0/16 --ctorigdstport 80'), 'yes');
  assert.is(matches('-m conntrack --ctdir REPLY'), 'no');
});

test('LOCAL is what the node has; without its addresses nobody knows', () => {
  assert.is(matches('-m addrtype --dst-type LOCAL', { destination: '192.168.0.11' }), 'yes');
  assert.is(matches('-m addrtype --dst-type LOCAL'), 'no');
  assert.is(matches('-m addrtype --dst-type LOCAL', { destination: '127.0.0.53', facts: {} }), 'yes');
  assert.is(matches('-m addrtype ! --src-type LOCAL', { source: '10.244.1.1' }), 'no');
  assert.is(matches('-m addrtype --dst-type BROADCAST', { destination: '192.168.0.255' }), 'yes');
  assert.is(matches('-m addrtype --dst-type MULTICAST', { destination: '224.0.0.251' }), 'yes');
  assert.is(
    matches('-m addrtype --dst-type LOCAL', { facts: {} }),
    'yes | 10.96.0.10 is an address of node n1 // no | not: 10.96.0.10 is an address of node n1',
  );
  assert.is(matches('-m addrtype --dst-type LOCAL --limit-iface-in', { destination: '192.168.0.11' }), 'no');
  assert.is(matches('-m addrtype --dst-type LOCAL --limit-iface-in', { destination: '10.244.1.1' }), 'yes');
});

test('an ipset holds what its dump lists; without the dump its content is not known', () => {
  const ipset = [
    'create KUBE-CLUSTER-IP hash:ip,port family inet',
    'add KUBE-CLUSTER-IP 10.96.0.10,tcp:80',
    'create pods hash:net family inet',
    'add pods 10.244.0.0/16',
    'add pods 10.244.1.0/30 nomatch',
  ].join('\n');
  assert.is(matches('-m set --match-set KUBE-CLUSTER-IP dst,dst', { ipset }), 'yes');
  assert.is(matches('-m set --match-set KUBE-CLUSTER-IP dst,dst', { ipset, destinationPort: 81 }), 'no');
  assert.is(matches('-m set ! --match-set KUBE-CLUSTER-IP dst,dst', { ipset }), 'no');
  assert.is(matches('-m set --match-set pods src', { ipset, source: '10.244.7.7' }), 'yes');
  assert.is(matches('-m set --match-set pods src', { ipset }), 'no');
  assert.is(
    matches('-m set --match-set gone dst', { ipset }),
    'yes | 10.96.0.10 port 80 is in set gone on n1 // no | not: 10.96.0.10 port 80 is in set gone on n1',
  );
});

test('TCP flags are those of a first packet, or of a later one', () => {
  assert.is(matches('-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN'), 'yes');
  assert.is(matches('-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN'), 'no');
  assert.is(matches('-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', { connection: { state: 'ESTABLISHED' } }), 'no');
});

test('dice give each way its share', () => {
  assert.is(matches('-m statistic --mode random --probability 0.5'), 'yes | 50 % // no | 50 %');
  assert.is(matches('-m statistic --mode nth --every 4 --packet 0'), 'yes | 25 % // no | 75 %');
});

test('a first packet is within every limit and in no list of those seen before', () => {
  assert.is(matches('-m limit --limit 5/min'), 'yes | the limit limit 5/min is not reached');
  assert.is(matches('-p tcp -m connlimit --connlimit-above 10'), 'no | not: the limit connlimit-above 10 is exceeded');
  assert.is(
    matches('-m recent --rcheck --seconds 60 --name SEEN --mask 255.255.255.255 --rsource'),
    'no | not: 10.244.1.2 has connected here lately',
  );
  assert.is(matches('-m recent --set --name SEEN --mask 255.255.255.255 --rsource'), 'yes');
});

test('only a process of the node has an owner', () => {
  assert.is(matches('-m owner --uid-owner 0'), 'no');
  assert.match(matches('-m owner --uid-owner 0', { hook: 'output', inDevice: '' }), /^yes \| the process that sends/);
});

test('ranges, bridge ports, fragments and IPsec', () => {
  assert.is(matches('-m iprange --src-range 10.244.1.1-10.244.1.9'), 'yes');
  assert.is(matches('-m iprange ! --src-range 10.244.1.1-10.244.1.9'), 'no');
  assert.is(matches('-m physdev --physdev-is-bridged'), 'no');
  assert.is(matches('-m physdev --physdev-is-bridged', { inPort: 'veth1', outPort: 'veth2' }), 'yes');
  assert.is(matches('-m physdev --physdev-in veth+', { inPort: 'veth1' }), 'yes');
  assert.is(matches('-f'), 'no');
  assert.is(matches('-m policy --dir in --pol none'), 'yes');
  assert.is(matches('-m policy --dir in --pol ipsec'), 'no');
});

test('a module nobody knows is unknown, and says which', () => {
  assert.is(
    matches('-m geoip --source-country CN'),
    'yes | "geoip --source-country CN" of rule n1 filter FORWARD 1 matches // no | not: "geoip --source-country CN" of rule n1 filter FORWARD 1 matches',
  );
});

test('IPv6 addresses match however they are spelled', () => {
  const packet = { family: 'ip6', source: 'fd00:10:244::2', destination: 'FD00:10:96:0::a' } as const;
  const text = save({ filter: '-A FORWARD -d fd00:10:96::a/128 -j DROP' }, 'ip6tables-save v1.8.9');
  const ruleset = rulesetOf(storeOf({ 'IptablesSave n1/ip6tables-save': text }), undefined);
  assert.is(walk(ruleset, 'forward', packet)[0]?.verdict, 'drop');
  assert.is(walk(ruleset, 'forward', packet, {}, addresses({ eth0: 'fd00::1/64' })).length, 1);
});

test.run();
