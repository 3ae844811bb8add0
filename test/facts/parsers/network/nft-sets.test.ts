import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nft } from '../../../../src/facts/parsers/network/netfilter.ts';

const text = `table ip mine {
	set seen {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
		timeout 3h
		elements = { 10.0.0.5 timeout 3h expires 2h59m, 10.1.0.0/16,
			     10.2.0.1-10.2.0.9 counter packets 3 bytes 180 }
	}
	map fronts {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.1 . tcp . 443 comment "a, b : c" : goto service-x }
	}
	map empty {
		type inet_service : verdict
	}
	chain in {
		type nat hook prerouting priority dstnat; policy accept;
	}
}
`;
const json = {
  nftables: [
    { table: { family: 'ip', name: 'mine' } },
    {
      set: {
        family: 'ip',
        name: 'seen',
        table: 'mine',
        type: 'ipv4_addr',
        flags: ['timeout'],
        elem: [{ elem: { val: '10.0.0.5', expires: 9 } }, { prefix: { addr: '10.1.0.0', len: 16 } }],
      },
    },
    {
      map: {
        family: 'ip',
        name: 'fronts',
        table: 'mine',
        type: ['ipv4_addr', 'inet_service'],
        map: 'verdict',
        elem: [[{ concat: ['10.96.0.1', 443] }, { goto: { target: 'service-x' } }]],
      },
    },
  ],
};

const factsOf = (content: string) =>
  nft
    .parse(
      content,
      { path: 'nft', kind: 'NftRuleset', layout: '', root: '', labels: {} },
      { has: () => true, objects: 'all' },
    )
    .facts.map(({ type, span, value }) => ({ type, span, value: value as Record<string, unknown> }));
const setsOf = (content: string) => factsOf(content).filter(({ type }) => type === 'NftSet');

test('a set keeps its type, its flags and its elements, without what they count', () => {
  const [seen] = setsOf(text);
  assert.equal(seen?.span, [2, 8]);
  assert.is(seen?.value.keyType, 'ipv4_addr');
  assert.equal(seen?.value.flags, ['dynamic', 'timeout']);
  assert.equal(seen?.value.elements, [{ key: ['10.0.0.5'] }, { key: ['10.1.0.0/16'] }, { key: ['10.2.0.1-10.2.0.9'] }]);
});

test('a map keeps what each key leads to; a comment does not confuse it', () => {
  const [, fronts, empty] = setsOf(text);
  assert.is(fronts?.value.keyType, 'ipv4_addr . inet_proto . inet_service');
  assert.equal(fronts?.value.elements, [{ key: ['10.96.0.1', 'tcp', '443'], value: 'goto service-x' }]);
  assert.equal(empty?.value.elements, []);
});

test('the JSON of nft says the same', () => {
  const [seen, fronts] = setsOf(JSON.stringify(json));
  assert.equal(seen?.value.elements, [{ key: ['10.0.0.5'] }, { key: ['10.1.0.0/16'] }]);
  assert.equal(fronts?.value.elements, [{ key: ['10.96.0.1', '443'], value: 'goto service-x' }]);
});

test('a base chain keeps its type', () => {
  const chain = factsOf(text).find(({ type }) => type === 'NetfilterChain');
  assert.is(chain?.value.type, 'nat');
});

test('a set on one line, and one that is cut off, break nothing', () => {
  assert.is(setsOf('table ip a {\n\tset b { type ipv4_addr; }\n}\n').length, 1);
  assert.is(setsOf(text.slice(0, 180)).length, 1);
});

test.run();
