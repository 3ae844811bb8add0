import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFactsOf } from '../../../src/models/netfilter/node-facts.ts';
import { rulesetOf } from '../../../src/models/netfilter/ruleset.ts';
import { legacy, nodeFacts, pod, save, storeOf, walk, ways } from './small-node.ts';

const listing = `Chain FORWARD (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    9   540 PODS       0    --  *      *       0.0.0.0/0            0.0.0.0/0

Chain PODS (1 references)
 pkts bytes target     prot opt in     out     source               destination
    9   540 ACCEPT     0    --  cni0   *       10.244.0.0/16        0.0.0.0/0
`;
const saved = save({ filter: 'policy FORWARD DROP\n-A FORWARD -j PODS\n-A PODS -s 10.244.0.0/16 -i cni0 -j ACCEPT' });

test('a save and the listing of the same table are one table', () => {
  const files = { 'IptablesSave n1/iptables-save': saved, 'IptablesList n1/iptables_-t_filter_-nvL': listing };
  const { tables } = rulesetOf(storeOf(files), undefined);
  assert.equal(
    tables.map(({ name, backend, dialect }) => [name, backend, dialect]),
    [['filter', 'legacy', 'save']],
  );
});

test('the listing of a save belongs to it also where nft has a table of the same name', () => {
  const wall =
    'table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n';
  const files = {
    'IptablesSave n1/iptables-save': saved,
    'IptablesList n1/iptables_-t_filter_-nvL': listing,
    'NftRuleset n1/nft': wall,
  };
  const ruleset = rulesetOf(storeOf(files), undefined);
  assert.equal(
    ruleset.tables.map(({ backend, chains }) => [backend, chains.get('FORWARD')?.rules.length]),
    [
      ['legacy', 1],
      ['nft', 0],
    ],
  );
  assert.equal(ways(walk(ruleset, 'forward')), ['drop 10.96.0.10:80']);
});

test('another chain in a listing than in the save is a table of the other backend', () => {
  const files = {
    'IptablesSave n1/iptables-save': save({ filter: '-A FORWARD -j OTHER\n-A OTHER -j ACCEPT' }),
    'IptablesList n1/iptables_-t_filter_-nvL': listing,
  };
  assert.is(rulesetOf(storeOf(files), undefined).tables.length, 2);
});

test('two dumps in one file are not mixed: the first of the best dialect counts', () => {
  const after = save({ filter: 'policy FORWARD DROP\n-A FORWARD -j ACCEPT\n-A FORWARD -j DROP' });
  const ruleset = rulesetOf(storeOf({ 'IptablesSave n1/both': saved + after }), undefined);
  assert.equal(
    ruleset.tables[0]?.chains.get('FORWARD')?.rules.map(({ value }) => value.target),
    ['PODS'],
  );
});

const bare = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/^ pkts bytes /, '')
        .replace(/^ +\d+ +\d+ /, '')
        .replace(/ {2}(\*|cni0) +\* +(?=\d)/, '  '),
    )
    .join('\n')
    .replace(' 0 packets, 0 bytes', '');

test('a listing without -v hides the interfaces: what hangs on them is not known', () => {
  const ruleset = rulesetOf(storeOf({ 'IptablesList n1/iptables_-nL': bare(listing) }), undefined);
  assert.equal(ways(walk(ruleset, 'forward')), [
    'accept 10.96.0.10:80 [what the dump hides of rule n1 filter FORWARD 1 (interfaces) matches] [what the dump hides of rule n1 filter PODS 1 (interfaces) matches]',
    'drop 10.96.0.10:80 [what the dump hides of rule n1 filter FORWARD 1 (interfaces) matches] [not: what the dump hides of rule n1 filter PODS 1 (interfaces) matches]',
    'drop 10.96.0.10:80 [not: what the dump hides of rule n1 filter FORWARD 1 (interfaces) matches]',
  ]);
  assert.equal(ruleset.notShown, ['rules of table raw, mangle, nat: no listing of them']);
});

test('rules of kube-proxy have no interfaces: a listing without -v hides nothing of them', () => {
  const text = bare(listing).replaceAll('PODS', 'KUBE-FORWARD');
  const ruleset = rulesetOf(storeOf({ 'IptablesList n1/iptables_-nL': text }), undefined);
  assert.equal(ways(walk(ruleset, 'forward')), ['accept 10.96.0.10:80']);
});

test('a rule that lost its mark on the way through another version of iptables is not taken at its word', () => {
  const ruleset = legacy({
    filter:
      'policy FORWARD DROP\n-A FORWARD -j KUBE-FORWARD\n-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -j ACCEPT',
  });
  assert.equal(
    walk(ruleset, 'forward').map(({ verdict }) => verdict),
    ['accept', 'drop'],
  );
});

test('a grep of a dump is no whole table', () => {
  const { tables, notShown } = rulesetOf(
    storeOf({ 'IptablesSave n1/grep': '-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-X\n' }),
    undefined,
  );
  assert.not.ok(tables[0]?.complete);
  assert.equal(notShown, ['rules of table filter (ip): the dump is cut off or filtered']);
});

test('a listing says NOTRACK where a save says the same', () => {
  const raw = `Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
   11  1354 CT         6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80 NOTRACK
`;
  const nat = raw.replace(/ +11 .*\n/, '');
  const files = { 'IptablesList n1/iptables_-t_raw_-nvL': raw, 'IptablesList n1/iptables_-t_nat_-nvL': nat };
  const [branch] = walk(rulesetOf(storeOf(files), undefined), 'prerouting');
  assert.is(branch?.connection.state, 'UNTRACKED');
});

test('what nft shows of several conntrack states is less than what the rule asks: not known', () => {
  const text =
    '# Warning: table ip filter is managed by iptables-nft, do not touch!\ntable ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\tct status dnat counter packets 0 bytes 0 drop\n\t}\n}\n';
  const ruleset = rulesetOf(storeOf({ 'NftRuleset n1/nft': text }), undefined);
  assert.equal(
    walk(ruleset, 'forward').map(({ verdict }) => verdict),
    ['drop', 'accept'],
  );
});

test('rules and addresses of another node, or of a pod, are not those of this one', () => {
  const store = storeOf({ 'IptablesSave n1/iptables-save': saved });
  assert.not.ok(rulesetOf(store, 'other').known);
  assert.not.ok(rulesetOf(store, undefined, 'cni-1').known);
  assert.equal(nodeFactsOf(store, undefined), {});
});

test('addresses of a node come from its devices', () => {
  const text =
    '1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP> mtu 1500 qdisc x state UP\n    inet 192.168.0.11/24 scope global eth0\n';
  const { devices } = nodeFactsOf(storeOf({ 'IpAddr n1/ip_addr': text }), undefined);
  assert.equal(devices?.get('eth0'), [{ family: 'ip', address: '192.168.0.11', prefixLength: 24, scope: 'global' }]);
});

test('ten thousand services are found by their address, and the steps are the same as without an index', () => {
  const count = 10_000;
  const address = (at: number) => `10.96.${at >> 8}.${at & 255}`;
  const rules = Array.from(
    { length: count },
    (_, at) =>
      `-A KUBE-SERVICES -d ${address(at)}/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.${at >> 8}.${at & 255}:8080`,
  );
  const ruleset = legacy({
    nat: `-A PREROUTING -j KUBE-SERVICES\n${rules.join('\n')}\n-A KUBE-SERVICES -d 10.96.0.0/12 -j DROP`,
  });
  const packet = { ...pod, destination: address(9_999) };
  walk(ruleset, 'prerouting', packet);
  const before = performance.now();
  for (let round = 0; round < 100; round += 1) walk(ruleset, 'prerouting', packet, {}, nodeFacts);
  assert.ok(performance.now() - before < 2_000);
  const [branch] = walk(ruleset, 'prerouting', packet);
  assert.is(branch?.packet.destination, '10.244.39.15');
  assert.is(branch?.steps.at(-1)?.rule?.number, 10_000);
  assert.is(walk(ruleset, 'prerouting', { ...packet, destinationPort: 81 })[0]?.verdict, 'drop');
});

test.run();
