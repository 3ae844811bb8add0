import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labels, legacy, nodeFacts, walk, ways } from './small-node.ts';

test('steps are those of the kernel: rules that match, the end of a user chain, the policy', () => {
  const ruleset = legacy({
    nat: `
      -A PREROUTING -j KUBE-SERVICES
      -A KUBE-SERVICES -d 10.96.0.99/32 -j KUBE-MARK-MASQ
      -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
      -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
      chain KUBE-NODEPORTS`,
  });
  const [branch] = walk(ruleset, 'prerouting');
  assert.equal(labels(branch!), ['nat:PREROUTING:rule:1', 'nat:KUBE-SERVICES:return:3', 'nat:PREROUTING:policy:2']);
  assert.equal(labels(walk(ruleset, 'prerouting', { destination: '192.168.0.11' })[0]!), [
    'nat:PREROUTING:rule:1',
    'nat:KUBE-SERVICES:rule:2',
    'nat:KUBE-NODEPORTS:return:1',
    'nat:KUBE-SERVICES:return:3',
    'nat:PREROUTING:policy:2',
  ]);
});

test('a verdict without any match looks like a policy or the end of a chain; a comment makes it a rule', () => {
  const ruleset = legacy({
    filter: `
      -A FORWARD -j FIRST
      -A FORWARD -j SECOND
      -A FORWARD -j ACCEPT
      -A FIRST -j RETURN
      -A SECOND -m comment --comment why -j RETURN`,
  });
  assert.equal(labels(walk(ruleset, 'forward')[0]!), [
    'filter:FORWARD:rule:1',
    'filter:FIRST:return:1',
    'filter:FORWARD:rule:2',
    'filter:SECOND:rule:1',
    'filter:FORWARD:policy:3',
  ]);
});

test('after goto the way back leads to the caller of the caller, from a base chain to the policy', () => {
  const ruleset = legacy({
    filter: `
      policy FORWARD DROP
      -A FORWARD -j A
      -A FORWARD -j ACCEPT
      -A A -g B
      -A A -j DROP
      chain B
      -A INPUT -g B
      -A INPUT -j DROP`,
  });
  const [forward] = walk(ruleset, 'forward');
  assert.is(forward?.verdict, 'accept');
  assert.equal(labels(forward!), [
    'filter:FORWARD:rule:1',
    'filter:A:rule:1',
    'filter:B:return:1',
    'filter:FORWARD:policy:2',
  ]);
  const [input] = walk(ruleset, 'input');
  assert.is(input?.verdict, 'accept');
  assert.equal(labels(input!), ['filter:INPUT:rule:1', 'filter:B:return:1', 'filter:INPUT:policy:3']);
});

test('RETURN in a base chain is its policy', () => {
  const ruleset = legacy({
    filter: 'policy FORWARD DROP\n-A FORWARD -s 10.244.0.0/16 -j RETURN\n-A FORWARD -j ACCEPT',
  });
  const [branch] = walk(ruleset, 'forward');
  assert.is(branch?.verdict, 'drop');
  assert.equal(labels(branch!), ['filter:FORWARD:rule:1', 'filter:FORWARD:policy:3']);
});

const service = legacy({
  nat: `
    -A PREROUTING -j KUBE-SVC-AAAAAAAAAAAAAAAA
    -A KUBE-SVC-AAAAAAAAAAAAAAAA -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-AAAAAAAAAAAAAAAA
    -A KUBE-SVC-AAAAAAAAAAAAAAAA -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-BBBBBBBBBBBBBBBB
    -A KUBE-SVC-AAAAAAAAAAAAAAAA -j KUBE-SEP-CCCCCCCCCCCCCCCC
    -A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m tcp -j DNAT --to-destination 10.244.1.3:8080
    -A KUBE-SEP-BBBBBBBBBBBBBBBB -p tcp -m tcp -j DNAT --to-destination 10.244.1.4:8080
    -A KUBE-SEP-CCCCCCCCCCCCCCCC -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080`,
});

test('three endpoints are three ways of a third each, and nothing is assumed', () => {
  assert.equal(ways(walk(service, 'prerouting')), [
    'accept 10.244.1.3:8080 33.3 %',
    'accept 10.244.1.4:8080 33.3 %',
    'accept 10.244.2.2:8080 33.3 %',
  ]);
});

test('a step names its line, its text and what it does', () => {
  const [branch] = walk(service, 'prerouting');
  const last = branch?.steps.at(-1);
  assert.is(last?.effect, 'DNAT 10.96.0.10:80 → 10.244.1.3:8080');
  assert.equal(last?.place, { path: 'n1/iptables-save', first: 15, last: 15 });
  assert.is(last?.packet.destination, '10.96.0.10');
  assert.is(branch?.steps[1]?.effect, 'jump KUBE-SEP-AAAAAAAAAAAAAAAA (33.3 %)');
});

test('a condition that nobody knows makes two ways, each with what it assumes', () => {
  const ruleset = legacy({ filter: '-A FORWARD -m set --match-set bad src -j DROP' });
  assert.equal(ways(walk(ruleset, 'forward')), [
    'drop 10.96.0.10:80 [10.244.1.2 port 40000 is in set bad on n1]',
    'accept 10.96.0.10:80 [not: 10.244.1.2 port 40000 is in set bad on n1]',
  ]);
});

test('what was assumed once holds for all that follows', () => {
  const ruleset = legacy({
    filter: `
      -A FORWARD -m set --match-set good src -j MARK --set-xmark 0x1/0x1
      -A FORWARD -m set --match-set good src -j ACCEPT
      -A FORWARD -j DROP`,
  });
  assert.equal(
    walk(ruleset, 'forward').map(({ verdict, packet }) => [verdict, packet.mark.value]),
    [
      ['accept', 1],
      ['drop', 0],
    ],
  );
});

test('a condition that nobody knows does not matter where both ways end alike', () => {
  const logs = legacy({ filter: '-A FORWARD -m set --match-set bad src -j LOG' });
  assert.equal(ways(walk(logs, 'forward')), ['accept 10.96.0.10:80']);
  const both = legacy({
    filter: '-A FORWARD -m set --match-set good src -j ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n-A FORWARD -j DROP',
  });
  assert.equal(ways(walk(both, 'forward')), ['accept 10.96.0.10:80']);
  const empty = legacy({ filter: '-A FORWARD -m set --match-set good src -j EMPTY\nchain EMPTY' });
  assert.equal(ways(walk(empty, 'forward')), ['accept 10.96.0.10:80']);
});

test('too many ways end as one that is unknown, and it says what may come of them', () => {
  const rules = Array.from(
    { length: 80 },
    (_, at) => `-A FORWARD -m set --match-set s${at} src -j MARK --set-xmark 0x${(at + 1).toString(16)}/0xff`,
  );
  const branches = walk(legacy({ filter: `${rules.join('\n')}\n-A FORWARD -d 10.0.0.0/8 -j DROP` }), 'forward');
  assert.ok(branches.length < 200);
  const open = branches.filter(({ verdict }) => verdict === 'unknown');
  assert.ok(open.length > 0);
  assert.match(
    open[0]!.assumptions.at(-1)!,
    /^too many ways to follow from n1 filter FORWARD \d+ on; what may come of them: DROP, or the policy$/,
  );
});

test('a target nobody knows may let the packet go on, or not', () => {
  const ruleset = legacy({ filter: '-A FORWARD -j PARALYSE --somehow' });
  assert.equal(
    walk(ruleset, 'forward').map(({ verdict }) => verdict),
    ['drop', 'accept'],
  );
});

test('a jump to a chain that a whole dump does not have leads nowhere', () => {
  const ruleset = legacy({
    nat: '-A PREROUTING -j CNI-0123456789abcdef\n-A PREROUTING -j DNAT --to-destination 10.0.0.1',
  });
  assert.equal(ways(walk(ruleset, 'prerouting')), ['accept 10.0.0.1:80']);
});

test('what only came back is idle, and so is the jump to it; what decides is not', () => {
  const ruleset = legacy({
    filter: '-A FORWARD -j EMPTY\n-A FORWARD -j FULL\nchain EMPTY\n-A FULL -s 10.0.0.0/8 -j ACCEPT',
  });
  const [branch] = walk(ruleset, 'forward', {}, {}, nodeFacts);
  assert.equal(
    branch?.steps.map(({ rule, idle }) => `${rule?.chain} ${rule?.number} ${idle ? 'idle' : 'counts'}`),
    ['FORWARD 1 idle', 'EMPTY 1 idle', 'FORWARD 2 counts', 'FULL 1 counts'],
  );
});

test.run();
