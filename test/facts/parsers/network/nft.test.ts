import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nft } from '../../../../src/facts/parsers/network/netfilter.ts';
import { read } from './read.ts';

const native = `table ip kube-proxy { # handle 1
	comment "rules for kube-proxy"
	map service-ips { # handle 7
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.30.0.41 . tcp . 80 comment "shop/cart:web" : goto service-6NVOBYER-shop/cart/tcp/web,
			     172.30.0.42 . tcp . 80 : goto service-42NFTM6N-ns2/svc2/tcp/p80 }
	}

	map no-endpoint-services {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.30.0.43 . tcp . 80 comment "ns3/svc3:p80" : goto reject-chain }
	}

	chain endpoint-CUDLCXFO-shop/cart/tcp/web__10.77.0.1/80 {
		ip saddr 10.77.0.1 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.77.0.1:80
	}

	chain service-6NVOBYER-shop/cart/tcp/web {
		ip daddr 172.30.0.41 tcp dport 80 ip saddr != 10.0.0.0/8 jump mark-for-masquerade
		numgen random mod 1 vmap { 0 : goto endpoint-CUDLCXFO-shop/cart/tcp/web__10.77.0.1/80 }
	}

	chain mark-for-masquerade {
		meta mark set meta mark | 0x00004000
	}

	chain masquerading {
		meta mark & 0x00004000 == 0x00000000 return
		meta mark set meta mark ^ 0x00004000
		masquerade fully-random
	}

	chain nat-postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		jump masquerading
	}

	chain filter-prerouting {
		type filter hook prerouting priority dstnat - 10; policy accept;
	}

	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
}
`;

const managed = `# Warning: table ip nat is managed by iptables-nft, do not touch!
table ip nat {
	chain KUBE-POSTROUTING {
		meta mark & 0x00004000 != 0x00004000 counter packets 3 bytes 180 return
		counter packets 0 bytes 0 meta mark set mark xor 0x4000
		 counter packets 0 bytes 0 masquerade fully-random
	}

	chain KUBE-SVC-NPX46M4PTMTKRN6Y {
		 xt match recent counter packets 0 bytes 0 jump KUBE-SEP-A
		 meta random & 2147483647 < 715827883 counter packets 0 bytes 0 jump KUBE-SEP-A
	}
}
`;

test('kube-proxy maps give their elements, wrapped lines and chains without comments included', () => {
  const { of, codes } = read(nft, native);
  assert.equal(codes, []);
  assert.equal(
    of('ServiceMapElement').map(({ map, address, port, namespace, service, portName, action }) =>
      [map, address, port, namespace, service, portName, action].join(' '),
    ),
    [
      'service-ips 172.30.0.41 80 shop cart web goto',
      'service-ips 172.30.0.42 80 ns2 svc2 p80 goto',
      'no-endpoint-services 172.30.0.43 80 ns3 svc3 p80 goto',
    ],
  );
  const [rules] = of('KubeProxyRules');
  assert.equal(
    [rules?.mode, rules?.forwarded, rules?.refused],
    ['nftables', ['172.30.0.41:80/tcp', '172.30.0.42:80/tcp'], ['172.30.0.43:80/tcp']],
  );
});

test('a service chain of kube-proxy knows its endpoints, and its name is the hash it should be', () => {
  const [chain] = read(nft, native).of('ServiceChain');
  assert.equal(
    [chain?.service, chain?.clusterIP, chain?.hashMatches, chain?.even],
    ['cart', '172.30.0.41', true, true],
  );
  assert.equal(chain?.endpoints, [
    {
      ip: '10.77.0.1',
      port: 80,
      chain: 'endpoint-CUDLCXFO-shop/cart/tcp/web__10.77.0.1/80',
      hashMatches: true,
      share: 1,
    },
  ]);
});

test('client affinity has the timeout of its set', () => {
  const { of } = read(
    nft,
    `table ip kube-proxy {
	set affinity-GSF3XF4S-shop/login/tcp/web__10.77.0.3/80 {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
		timeout 3h
	}

	chain service-A5JFAJOY-shop/login/tcp/web {
		ip saddr @affinity-GSF3XF4S-shop/login/tcp/web__10.77.0.3/80 goto endpoint-GSF3XF4S-shop/login/tcp/web__10.77.0.3/80
	}
}
`,
  );
  assert.is(of('ServiceChain')[0]?.affinitySeconds, 10800);
});

test('masquerading of kube-proxy in nft is understood', () => {
  const [setup] = read(nft, native).of('MasqueradeSetup');
  assert.equal(
    [setup?.mode, setup?.postroutingJump, setup?.markSet, setup?.markTested, setup?.clearsMark, setup?.form],
    ['nftables', true, { value: 0x4000, mask: 0x4000 }, { value: 0x4000, mask: 0x4000 }, true, 'return-first'],
  );
});

test('handles are cut off, priorities are numbers, and tables of nft itself are told from those of iptables', () => {
  const { of } = read(nft, native);
  assert.equal(of('NftTable')[0]?.managedByIptables, false);
  const priority = (name: string) => of('NetfilterChain').find(({ chain }) => chain === name)?.priority;
  assert.equal([priority('nat-postrouting'), priority('filter-prerouting')], [100, -110]);
  assert.equal(read(nft, managed).of('NftTable')[0]?.managedByIptables, true);
});

test('rules of iptables-nft have the model of iptables, and name what nft hides', () => {
  const rules = read(nft, managed).of('NetfilterRule');
  assert.equal(
    [rules[0]?.target, rules[0]?.mark, rules[0]?.packets],
    ['RETURN', { value: 0x4000, mask: 0x4000, negated: true }, 3],
  );
  assert.equal(rules[1]?.setMark, { value: 0x4000, mask: 0 });
  assert.equal([rules[2]?.target, rules[2]?.targetOptions], ['MASQUERADE', 'random-fully']);
  assert.equal([rules[3]?.otherMatches, rules[3]?.hidden], [['xt recent'], ['recent', 'comment']]);
  assert.equal(rules[4]?.probability, 715827883 / 2147483648);
});

test('JSON gives the same rules as text', () => {
  const json = JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family: 'ip', name: 'nat', handle: 1 } },
      {
        chain: {
          family: 'ip',
          table: 'nat',
          name: 'PREROUTING',
          type: 'nat',
          hook: 'prerouting',
          prio: -100,
          policy: 'accept',
        },
      },
      {
        rule: {
          family: 'ip',
          table: 'nat',
          chain: 'PREROUTING',
          expr: [
            { match: { op: '!=', left: { meta: { key: 'iifname' } }, right: 'eth0' } },
            {
              match: {
                op: '==',
                left: { payload: { protocol: 'ip', field: 'saddr' } },
                right: { prefix: { addr: '10.0.0.0', len: 8 } },
              },
            },
            { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: { set: [80, 443] } } },
            { counter: { packets: 4, bytes: 240 } },
            { dnat: { addr: 'fd00::1', port: 8080 } },
          ],
        },
      },
    ],
  });
  const text = `table ip nat {
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		iifname != "eth0" ip saddr 10.0.0.0/8 tcp dport { 80, 443 } counter packets 4 bytes 240 dnat to [fd00::1]:8080
	}
}
`;
  const model = (source: string) =>
    read(nft, source)
      .of('NetfilterRule')
      .map(({ text: _text, ...rest }) => rest);
  assert.equal(model(json), model(text));
  assert.equal(model(text)[0]?.destinationPort, '80,443');
  assert.equal(read(nft, json).of('NetfilterChain')[0]?.priority, -100);
});

test('an unknown statement is an unknown match', () => {
  const [odd] = read(nft, 'table inet f {\n\tchain c {\n\t\tquantum flux 7 drop\n\t}\n}\n').of('NetfilterRule');
  assert.equal([odd?.otherMatches, odd?.target, odd?.unconditional], [['quantum flux 7'], 'DROP', false]);
});

test('white space of any sort stands between the words of a rule', () => {
  const [odd] = read(nft, 'table inet f {\n\tchain c {\n\t\t\v\u00a0quantum\u2003drop \ufeff\n\t}\n}\n').of(
    'NetfilterRule',
  );
  assert.equal([odd?.otherMatches, odd?.target], [['quantum'], 'DROP']);
});

test('a rule set that is cut off is named and kept as far as it goes', () => {
  const { of, codes } = read(nft, native.slice(0, 900));
  assert.equal(codes, ['FILE_TRUNCATED']);
  assert.is(of('NetfilterTable')[0]?.complete, false);
  assert.is(of('ServiceMapElement').length, 3);
  assert.equal(read(nft, '{"nftables": [{"table": {"fam').codes, ['YAML_SYNTAX']);
});

test('an empty rule set says nothing, a wrong file is named', () => {
  assert.equal(read(nft, '').codes, []);
  assert.equal(read(nft, 'Error: syntax error, unexpected junk\n').codes, ['COLLECTION_ERROR']);
  assert.equal(read(nft, '{"items": []}').codes, ['COLLECTION_ERROR']);
});

test.run();
