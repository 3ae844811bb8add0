import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, Packet } from '../../../src/models/netfilter/packet.ts';
import type { Hook } from '../../../src/models/path/trace.ts';
import { addresses, legacy, nft, walk, ways } from './small-node.ts';

const one = (
  table: string,
  hook: Hook,
  target: string,
  packet: Partial<Packet> = {},
  connection: Partial<Connection> = {},
) => walk(legacy({ [table]: `-A ${hook.toUpperCase()} ${target}` }), hook, packet, connection);
const post = { inDevice: '', outDevice: 'eth0', destination: '10.0.0.1' };

test('REJECT says what the client gets', () => {
  assert.equal(ways(one('filter', 'forward', '-j REJECT --reject-with icmp-host-prohibited')), [
    'reject icmp-host-prohibited 10.96.0.10:80',
  ]);
  assert.equal(ways(one('filter', 'forward', '-p tcp -j REJECT --reject-with tcp-reset')), [
    'reject tcp-reset 10.96.0.10:80',
  ]);
});

test('what a program decides is unknown', () => {
  const [branch] = one('filter', 'forward', '-j NFQUEUE --queue-num 1');
  assert.is(branch?.verdict, 'unknown');
  assert.equal(branch?.assumptions, ['the program behind NFQUEUE of filter FORWARD 1 decides']);
});

test('DNAT to an address, to a port alone, to a range', () => {
  assert.equal(ways(one('nat', 'prerouting', '-p tcp -j DNAT --to-destination 10.0.0.1:8080')), [
    'accept 10.0.0.1:8080',
  ]);
  assert.equal(ways(one('nat', 'prerouting', '-p tcp -j DNAT --to-destination :8080')), ['accept 10.96.0.10:8080']);
  assert.equal(ways(one('nat', 'prerouting', '-j DNAT --to-destination 10.0.0.1-10.0.0.2')), [
    'accept 10.0.0.1:80 50 %',
    'accept 10.0.0.2:80 50 %',
  ]);
  const [branch] = one('nat', 'prerouting', '-p tcp -j DNAT --to-destination 10.0.0.1:8080');
  assert.ok(branch?.connection.destinationTranslated);
  assert.ok(branch?.connection.destinationDecided);
});

test('REDIRECT goes to the device it came in by, for a local process to loopback', () => {
  assert.equal(ways(one('nat', 'prerouting', '-p tcp -j REDIRECT --to-ports 15001')), ['accept 10.244.1.1:15001']);
  assert.equal(ways(one('nat', 'output', '-p tcp -j REDIRECT --to-ports 15001', { inDevice: '' })), [
    'accept 127.0.0.1:15001',
  ]);
});

test('what nft does not print of a target of iptables is not known: the new port, and whether the port is drawn', () => {
  const text = (chain: string, target: string) =>
    `table ip nat {\n\tchain ${chain} {\n\t\ttype nat hook ${chain.toLowerCase()} priority 0; policy accept;\n\t\tcounter packets 0 bytes 0 xt target "${target}"\n\t}\n}\n`;
  const [redirected] = walk(nft(text('PREROUTING', 'REDIRECT')), 'prerouting');
  assert.is(redirected?.packet.destination, '10.244.1.1');
  assert.is(redirected?.packet.destinationPort, undefined);
  const [masqueraded] = walk(nft(text('POSTROUTING', 'MASQUERADE')), 'postrouting', post);
  assert.is(masqueraded?.packet.source, '192.168.0.11');
  assert.is(masqueraded?.packet.sourcePort, undefined);
});

test('MASQUERADE takes the address of the device it leaves by; without it the source is not known', () => {
  assert.is(one('nat', 'postrouting', '-j MASQUERADE', post)[0]?.packet.source, '192.168.0.11');
  assert.is(
    one('nat', 'postrouting', '-j MASQUERADE', { ...post, outDevice: 'flannel.1' })[0]?.packet.source,
    '10.244.1.0',
  );
  const [unseen] = walk(legacy({ nat: '-A POSTROUTING -j MASQUERADE --random-fully' }), 'postrouting', post, {}, {});
  assert.is(unseen?.packet.source, '');
  assert.is(unseen?.packet.sourcePort, undefined);
  assert.ok(unseen?.connection.sourceTranslated);
});

test('SNAT and NETMAP', () => {
  assert.is(one('nat', 'postrouting', '-j SNAT --to-source 203.0.113.7', post)[0]?.packet.source, '203.0.113.7');
  const [mapped] = one('nat', 'prerouting', '-d 10.96.0.0/16 -j NETMAP --to 172.30.0.0/16');
  assert.is(mapped?.packet.destination, '172.30.0.10');
});

test('NOTRACK takes the packet out of tracking, and so out of the nat table', () => {
  const ruleset = legacy({
    raw: '-A PREROUTING -j CT --notrack',
    nat: '-A PREROUTING -j DNAT --to-destination 10.0.0.1',
  });
  const [branch] = walk(ruleset, 'prerouting');
  assert.is(branch?.connection.state, 'UNTRACKED');
  assert.is(branch?.packet.destination, '10.96.0.10');
});

test('what has a connection already is not taken out of tracking: on loopback, a packet of this node', () => {
  const ruleset = legacy({ raw: '-A PREROUTING -j CT --notrack' });
  assert.is(walk(ruleset, 'prerouting', { inDevice: 'lo' })[0]?.connection.state, 'NEW');
});

test('a translation to what the packet has already is none, unless the port is drawn', () => {
  const same = one('nat', 'prerouting', '-p tcp -j DNAT --to-destination 10.96.0.10:80')[0]?.connection;
  assert.ok(same?.destinationDecided);
  assert.not.ok(same?.destinationTranslated);
  const own = { ...post, source: '192.168.0.11' };
  assert.not.ok(one('nat', 'postrouting', '-j MASQUERADE', own)[0]?.connection.sourceTranslated);
  assert.ok(one('nat', 'postrouting', '-j MASQUERADE --random-fully', own)[0]?.connection.sourceTranslated);
});

test('MASQUERADE on loopback takes the first global address of another device; REDIRECT the first of its own', () => {
  const facts = addresses({ lo: '127.0.0.1/8', eth0: '192.168.0.11/24 10.96.0.1/24' });
  const scoped = new Map(facts.devices);
  scoped.set('lo', [{ family: 'ip', address: '127.0.0.1', prefixLength: 8, scope: 'host' }]);
  const node = { devices: scoped };
  const out = { inDevice: '', outDevice: 'lo', source: '10.96.0.1', destination: '127.0.0.1' };
  assert.is(
    walk(legacy({ nat: '-A POSTROUTING -j MASQUERADE' }), 'postrouting', out, {}, node)[0]?.packet.source,
    '192.168.0.11',
  );
  const into = walk(legacy({ nat: '-A PREROUTING -j REDIRECT' }), 'prerouting', { inDevice: 'eth0' }, {}, node);
  assert.is(into[0]?.packet.destination, '192.168.0.11');
});

test('the mark goes to the connection and back', () => {
  const mark = { value: 0x40, known: 0xffffffff };
  const saved = one('mangle', 'forward', '-j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xf0', { mark });
  assert.is(saved[0]?.connection.mark.value, 0x40);
  const restored = one('mangle', 'prerouting', '-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf0', {}, { mark });
  assert.is(restored[0]?.packet.mark.value, 0x40);
  assert.is(one('mangle', 'prerouting', '-j CONNMARK --set-xmark 0x2/0xf')[0]?.connection.mark.value, 2);
});

test('nothing is saved or restored where the packet has no connection', () => {
  const mark = { value: 0x40, known: 0xffffffff };
  const [saved] = one('mangle', 'forward', '-j CONNMARK --save-mark', { mark }, { state: 'UNTRACKED' });
  assert.is(saved?.connection.mark.value, 0);
  const [restored] = one('mangle', 'forward', '-j CONNMARK --restore-mark', { mark }, { state: 'INVALID' });
  assert.is(restored?.packet.mark.value, 0x40);
});

test('of a rule of iptables that nft prints, the mask holds for both marks; of one made with nft, what is outside is cleared', () => {
  const text = (table: string, chain: string, type: string) =>
    `table ip ${table} {\n\tchain ${chain} {\n\t\ttype filter hook forward priority ${type}; policy accept;\n\t\tct mark set mark and 0xf0\n\t}\n}\n`;
  const marks = { value: 0x41, known: 0xffffffff };
  const given = [{ mark: marks }, { mark: { value: 0x2, known: 0xffffffff } }] as const;
  assert.is(walk(nft(text('mangle', 'FORWARD', 'mangle')), 'forward', ...given)[0]?.connection.mark.value, 0x42);
  assert.is(walk(nft(text('mine', 'through', 'mangle')), 'forward', ...given)[0]?.connection.mark.value, 0x40);
});

test('in nft one rule sets a mark and decides', () => {
  const text =
    'table ip mine {\n\tchain in {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tmeta mark set 0x00000007 accept\n\t}\n}\n';
  const [branch] = walk(nft(text), 'input');
  assert.is(branch?.verdict, 'accept');
  assert.is(branch?.packet.mark.value, 7);
});

test.run();
