import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rulesetOf } from '../../../src/models/netfilter/ruleset.ts';
import { walkHook } from '../../../src/models/netfilter/walk-hook.ts';
import { fresh, labels, legacy, nft, nodeFacts, pod, save, storeOf, walk, ways } from './small-node.ts';

test('tables are asked in the order of the kernel, each sees what the one before did', () => {
  const ruleset = legacy({
    filter: '-A OUTPUT -d 10.0.0.1/32 -j DROP',
    mangle: '-A OUTPUT -j MARK --set-xmark 0x1/0x1',
    nat: '-A OUTPUT -m mark --mark 0x1/0x1 -j DNAT --to-destination 10.0.0.1',
    raw: '-A OUTPUT -m conntrack --ctstate NEW -j DROP',
  });
  const [branch] = walk(ruleset, 'output', { inDevice: '', outDevice: 'eth0' });
  assert.is(branch?.verdict, 'drop');
  assert.equal(labels(branch!), [
    'raw:OUTPUT:policy:2',
    'mangle:OUTPUT:rule:1',
    'mangle:OUTPUT:policy:2',
    'nat:OUTPUT:rule:1',
    'filter:OUTPUT:rule:1',
  ]);
});

test('nat is asked for the first packet of a connection only, and once', () => {
  const ruleset = legacy({ nat: '-A PREROUTING -j DNAT --to-destination 10.0.0.1\n-A POSTROUTING -j MASQUERADE' });
  const untouched = (connection: object) => walk(ruleset, 'prerouting', {}, connection)[0]?.packet.destination;
  assert.is(untouched({}), '10.0.0.1');
  assert.is(untouched({ state: 'ESTABLISHED' }), '10.96.0.10');
  assert.is(untouched({ destinationDecided: true }), '10.96.0.10');
  assert.is(walk(ruleset, 'postrouting', {}, { sourceDecided: true })[0]?.packet.source, '10.244.1.2');
});

test('that nothing translates is a decision too', () => {
  const [branch] = walk(
    legacy({ nat: '-A PREROUTING -d 10.0.0.9/32 -j DNAT --to-destination 10.0.0.1' }),
    'prerouting',
  );
  assert.ok(branch?.connection.destinationDecided);
  assert.not.ok(branch?.connection.destinationTranslated);
});

test('of a known connection tracking itself rewrites each packet, between mangle and filter', () => {
  const ruleset = legacy({
    mangle: '-A OUTPUT -d 10.96.0.10/32 -j ACCEPT',
    filter: '-A OUTPUT -d 10.0.0.1/32 -j ACCEPT',
  });
  const rewrites = { destination: { address: '10.0.0.1', port: 8080 } };
  const [branch] = walk(ruleset, 'output', {}, { state: 'ESTABLISHED', rewrites });
  assert.equal(ways([branch!]), ['accept 10.0.0.1:8080']);
  assert.equal(labels(branch!), ['mangle:OUTPUT:rule:1', 'filter:OUTPUT:rule:1']);
});

const nftTable = (name: string, chain: string) => `table ip ${name} {\n\tchain ${chain}\n\t}\n}\n`;

test('accept ends one base chain, drop ends all: also that of the other backend', () => {
  const files = {
    'IptablesSave n1/iptables-save': save({ filter: '-A FORWARD -j ACCEPT' }),
    'NftRuleset n1/nft': nftTable('wall', 'forward {\n\t\ttype filter hook forward priority filter; policy drop;'),
  };
  assert.equal(ways(walk(rulesetOf(storeOf(files), undefined), 'forward')), ['drop 10.96.0.10:80']);
});

test('two backends that translate at the same priority: which is first no dump shows', () => {
  const files = {
    'IptablesSave n1/iptables-save': save({ nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1' }),
    'NftRuleset n1/nft': nftTable(
      'mine',
      'pre {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t\tmeta l4proto tcp dnat to 10.0.0.2',
    ),
  };
  assert.equal(ways(walk(rulesetOf(storeOf(files), undefined), 'prerouting')), [
    'accept 10.0.0.1:80 [the kernel asks legacy ip nat before native ip mine in prerouting]',
    'accept 10.0.0.2:80 [not: the kernel asks legacy ip nat before native ip mine in prerouting]',
  ]);
  assert.equal(ways(walk(rulesetOf(storeOf(files), undefined), 'prerouting', { protocol: 'udp' })), [
    'accept 10.96.0.10:80',
  ]);
});

test('of a table that is cut off, more may come: one way more', () => {
  const cut = save({ filter: '-A FORWARD -s 10.0.0.0/8 -j ACCEPT' }).replace('COMMIT\n', '');
  assert.equal(ways(walk(rulesetOf(storeOf({ 'IptablesSave n1/s': cut }), undefined), 'forward')), [
    'unknown 10.96.0.10:80 [not: the dump of table filter (ip) shows all rules that matter]',
    'accept 10.96.0.10:80 [the dump of table filter (ip) shows all rules that matter]',
  ]);
});

test('a node without any dump of rules lets pass, and says that this is assumed', () => {
  const ruleset = rulesetOf(storeOf({}), undefined);
  assert.not.ok(ruleset.known);
  assert.equal(ways(walk(ruleset, 'forward')), [
    'accept 10.96.0.10:80 [node n1 has no packet filter rules that matter]',
  ]);
});

test('where only one table was listed, what the other does is open; of IPv6 nobody knows anything', () => {
  const listing = `Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
`;
  const ruleset = rulesetOf(storeOf({ 'IptablesList n1/iptables_-t_filter_-nvL': listing }), undefined);
  assert.equal(ways(walk(ruleset, 'prerouting')), [
    'unknown 10.96.0.10:80 [not: table nat (IPv4), which was not gathered, has no rule that matters]',
    'accept 10.96.0.10:80 [table nat (IPv4), which was not gathered, has no rule that matters]',
  ]);
  assert.equal(ways(walk(ruleset, 'forward')), ['accept 10.96.0.10:80']);
  const packet = { family: 'ip6', source: 'fd00::1', destination: 'fd00::2' } as const;
  assert.equal(
    walk(ruleset, 'forward', packet).map(({ verdict }) => verdict),
    ['unknown', 'accept'],
  );
});

test('what was assumed at an earlier hook decides here', () => {
  const ruleset = legacy({ filter: '-A FORWARD -m set --match-set bad src -j DROP' });
  const place = { node: 'n1', hook: 'forward', nodeFacts } as const;
  const input = { packet: pod, connection: fresh, assumptions: ['10.244.1.2 port 40000 is in set bad on n1'] };
  assert.equal(ways(walkHook(ruleset, place, input)), ['drop 10.96.0.10:80']);
});

test('an IPv6 packet meets the tables of IPv6 and those for both', () => {
  const text = ['inet', 'ip']
    .map((family) => `table ${family} t {\n\tchain c {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n`)
    .join('');
  const packet = { family: 'ip6', source: 'fd00::1', destination: 'fd00::2' } as const;
  const [branch] = walk(nft(text), 'input', packet);
  assert.equal(labels(branch!), ['t:c:policy:1']);
});

test.run();
