import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labels, nft, walk, ways } from './small-node.ts';

/** What kube-proxy writes in nftables mode, cut down to two services. */
const kubeProxy = `table ip kube-proxy {
	set affinity-AAAAAAAA-shop/cart/tcp/__10.244.1.3/8080 {
		type ipv4_addr
		flags dynamic,timeout
		timeout 3h
	}
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.10 . tcp . 80 : goto service-web,
			     10.96.0.20 . tcp . 80 : goto service-cart }
	}
	map no-endpoint-services {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.99 . tcp . 80 comment "shop/empty:http, no pods" : goto reject-chain }
	}
	map service-nodeports {
		type inet_proto . inet_service : verdict
		elements = { tcp . 30000-30010 : goto service-web }
	}
	chain endpoints-check {
		ip daddr . meta l4proto . th dport vmap @no-endpoint-services
	}
	chain filter-forward {
		type filter hook forward priority -110; policy accept;
		ct state new jump endpoints-check
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
	chain nat-postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		jump masquerading
	}
	chain masquerading {
		meta mark & 0x00004000 == 0x00000000 return
		meta mark set meta mark ^ 0x00004000
		masquerade fully-random
	}
	chain mark-for-masquerade {
		meta mark set meta mark | 0x00004000
	}
	chain reject-chain {
		reject
	}
	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
		fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports
	}
	chain service-web {
		ip daddr 10.96.0.10 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade
		numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-b }
	}
	chain service-cart {
		ip saddr @affinity-AAAAAAAA-shop/cart/tcp/__10.244.1.3/8080 goto endpoint-a
		numgen random mod 1 vmap { 0 : goto endpoint-a }
	}
	chain endpoint-a {
		ip saddr 10.244.1.3 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.244.1.3:8080
	}
	chain endpoint-b {
		meta l4proto tcp dnat to 10.244.2.2:8080
	}
}
`;
const ruleset = nft(kubeProxy);

test('a map leads to the chain of the service, dice to its endpoints', () => {
  const branches = walk(ruleset, 'prerouting');
  assert.equal(ways(branches), ['accept 10.244.1.3:8080 50 %', 'accept 10.244.2.2:8080 50 %']);
  assert.equal(labels(branches[1]!), [
    'kube-proxy:nat-prerouting:rule:1',
    'kube-proxy:services:rule:1',
    'kube-proxy:service-web:rule:2',
    'kube-proxy:endpoint-b:rule:1',
  ]);
});

test('a node port is looked up for addresses of the node alone, ranges included', () => {
  const local = { destination: '192.168.0.11', destinationPort: 30005 };
  assert.is(walk(ruleset, 'prerouting', local).length, 2);
  assert.equal(ways(walk(ruleset, 'prerouting', { ...local, destinationPort: 30011 })), ['accept 192.168.0.11:30011']);
  assert.equal(ways(walk(ruleset, 'prerouting', { ...local, destination: '10.9.9.9' })), ['accept 10.9.9.9:30005']);
});

test('who is not a pod is marked, and masqueraded on the way out', () => {
  const marks = walk(ruleset, 'prerouting', { source: '203.0.113.9' }).map(({ packet }) => packet.mark.value);
  assert.equal(marks, [0x4000, 0x4000]);
  const mark = { value: 0x4000, known: 0xffffffff };
  const [out] = walk(ruleset, 'postrouting', { mark, inDevice: '', outDevice: 'eth0', source: '203.0.113.9' });
  assert.is(out?.packet.source, '192.168.0.11');
  assert.is(out?.packet.mark.value, 0);
  assert.not.ok(walk(ruleset, 'postrouting', { inDevice: '', outDevice: 'eth0' })[0]?.connection.sourceTranslated);
});

test('a service without endpoints refuses', () => {
  assert.equal(ways(walk(ruleset, 'forward', { destination: '10.96.0.99', outDevice: 'eth0' })), [
    'reject icmp-port-unreachable 10.96.0.99:80',
  ]);
});

test('a client that comes for the first time is in no set of those that have an endpoint', () => {
  assert.equal(ways(walk(ruleset, 'prerouting', { destination: '10.96.0.20' })), [
    'accept 10.244.1.3:8080 [not: 10.244.1.2 has connected here lately]',
  ]);
});

test('without the addresses of the node a condition on them is decided once', () => {
  const text = kubeProxy.replace(
    'chain service-cart {',
    'chain service-cart {\n\t\tfib saddr type local jump mark-for-masquerade\n\t\tfib saddr type local goto endpoint-b',
  );
  const branches = walk(nft(text), 'prerouting', { destination: '10.96.0.20' }, {}, {});
  assert.equal(
    branches.map(({ packet }) => `${packet.destination} ${packet.mark.value}`),
    ['10.244.2.2 16384', '10.244.1.3 0'],
  );
});

const table = (rules: string, sets = '') =>
  nft(
    `table inet mine {\n${sets}\tchain in {\n\t\ttype filter hook input priority filter; policy drop;\n${rules
      .split('\n')
      .map((rule) => `\t\t${rule.trim()}\n`)
      .join('')}\t}\n}\n`,
  );
const verdict = (rules: string, sets = '') => walk(table(rules, sets), 'input')[0]?.verdict;

test('matches that only nft has', () => {
  assert.is(verdict('ip saddr { 10.244.0.0/16, 192.168.0.0/24 } tcp dport { 80, 443 } accept'), 'accept');
  assert.is(verdict('ip saddr 10.244.1.1-10.244.1.9 accept'), 'accept');
  assert.is(verdict('ip daddr . tcp dport { 10.96.0.10 . 80 } accept'), 'accept');
  assert.is(verdict('ip daddr . tcp dport { 10.96.0.10 . 81 } accept'), 'drop');
  assert.is(verdict('meta nfproto ipv6 accept'), 'drop');
  assert.is(verdict('ct state vmap { established : accept, new : accept }'), 'accept');
  assert.is(verdict('iifname vmap { "lo" : accept, "cni*" : accept }'), 'accept');
  assert.is(verdict('tcp flags & (fin | syn | rst | ack) == syn accept'), 'accept');
});

test('a set of a table holds what its elements say', () => {
  const sets =
    '\tset allowed {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 10.244.0.0/16,\n\t\t\t     192.168.0.1 }\n\t}\n';
  assert.is(verdict('ip saddr @allowed accept', sets), 'accept');
  assert.is(verdict('ip saddr != @allowed accept', sets), 'drop');
  assert.is(verdict('ip daddr @allowed accept', sets), 'drop');
});

test('a rule on IPv4 in a table for both families says nothing of IPv6', () => {
  const packet = { family: 'ip6', source: 'fd00::1', destination: 'fd00::2' } as const;
  assert.is(walk(table('ip saddr != 10.0.0.0/8 accept'), 'input', packet)[0]?.verdict, 'drop');
});

test.run();
