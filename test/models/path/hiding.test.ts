import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Query, VerdictShare } from '../../../src/models/path/trace.ts';
import { tracePath } from '../../../src/models/path/trace-path.ts';
import { changed, type Dump, factsOf, objects, storeOf, twoNodes } from './two-nodes.ts';

/** The same numbers each time: a case that fails can be run again. */
function createDice(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    chance: (share: number) => next() < share,
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
  };
}

const rule = (node: string, line: string) => (dumps: readonly Dump[]) =>
  changed(node, 'IptablesSave', (text) => text.replace('-A FORWARD -d 10.96', `${line}\n-A FORWARD -d 10.96`), dumps);
const set = (member: string): Dump => ({
  node: 'n1',
  kind: 'IpsetList',
  text: `Name: blocked\nType: hash:net\nRevision: 6\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 1\nReferences: 1\nNumber of entries: 1\nMembers:\n${member}\n`,
});

type Fault = (dumps: readonly Dump[]) => readonly Dump[];
const faults: readonly Fault[] = [
  (dumps) => dumps,
  (dumps) => changed('n1', 'Sysctl', (text) => text.replace('call-iptables = 1', 'call-iptables = 0'), dumps),
  (dumps) => changed('n2', 'Sysctl', (text) => text.replace('ip_forward = 1', 'ip_forward = 0'), dumps),
  (dumps) => changed('n1', 'IpAddr', (text) => text.replaceAll('hairpin on', 'hairpin off'), dumps),
  (dumps) => changed('n1', 'BridgeFdb', (text) => text.replace(/.*flannel.*\n/, ''), dumps),
  (dumps) => changed('n2', 'IpNeigh', (text) => text.replace(/.*flannel.*\n/, ''), dumps),
  (dumps) => changed('n1', 'IpNeigh', (text) => text.replace(/(10.1.1.3 dev cni0).*$/m, '$1 FAILED'), dumps),
  (dumps) => changed('n1', 'IpRoute', (text) => text.replace(/.*flannel.*\n/, ''), dumps),
  (dumps) => changed('n1', 'IpRoute', (text) => `10.1.1.2 dev eth0 scope link\n${text}`, dumps),
  (dumps) => changed('n1', 'IptablesSave', (text) => text.replaceAll('10.1.2.2:8080', '10.1.2.77:8080'), dumps),
  rule('n2', '-A INPUT -p udp -m udp --dport 8472 -j DROP'),
  rule('n1', '-A OUTPUT -p icmp -j DROP'),
  rule('n1', '-A FORWARD -i cni0 -o cni0 -j DROP'),
  rule('n1', '-A FORWARD -i cni0 ! -o cni0 -j REJECT --reject-with icmp-host-prohibited'),
  rule('n1', '-A FORWARD -m physdev --physdev-is-bridged -j DROP'),
  rule('n1', '-A FORWARD -m physdev --physdev-in veth2 -j DROP'),
  rule('n2', '-A FORWARD -s 10.1.1.0/32 -j DROP'),
  rule('n1', '-A FORWARD -m addrtype --src-type LOCAL -j DROP'),
  rule('n1', '-A INPUT ! -i eth0 -j DROP'),
  (dumps) => [...rule('n1', '-A FORWARD -m set --match-set blocked src -j DROP')(dumps), set('10.1.1.2')],
  (dumps) => [...rule('n1', '-A FORWARD -m set ! --match-set blocked dst -j DROP')(dumps), set('10.1.2.0/24')],
];

const queries: readonly Query[] = [
  { from: 'pod shop/client', to: 'svc/shop/web:80', protocol: 'tcp' },
  { from: 'pod shop/web-0', to: 'svc/shop/web:80', protocol: 'tcp' },
  { from: 'pod shop/client', to: 'pod shop/web-1', protocol: 'tcp' },
  { from: 'pod shop/client', to: '10.1.1.3:8080', protocol: 'tcp' },
  { from: 'pod shop/client', to: 'svc/shop/empty:80', protocol: 'tcp' },
  { from: 'node n1', to: 'svc/shop/web:80', protocol: 'tcp' },
  { from: 'node n2', to: 'pod shop/web-0', protocol: 'tcp' },
  { from: 'external', to: 'node n1:30080', protocol: 'tcp' },
  { from: 'external', to: 'svc/shop/web:80', protocol: 'tcp', node: 'n2' },
  { from: 'node n1', to: 'node n1:30080', protocol: 'tcp' },
];

const kinds = ['IpAddr', 'IpNeigh', 'BridgeFdb', 'IpsetList', 'Sysctl', 'IpRoute', 'IpRule', 'IptablesSave'];

/** Drops whole dumps, or only the addresses from one of devices (`ip link`). */
function hide(dumps: readonly Dump[], dice: ReturnType<typeof createDice>): readonly Dump[] {
  const gone = new Set(kinds.filter(() => dice.chance(0.25)));
  return dumps.flatMap((dump) => {
    if (gone.has(dump.kind) && dice.chance(0.7)) return [];
    if (dump.kind !== 'IpAddr' || !dice.chance(0.2)) return [dump];
    return [{ ...dump, kind: 'IpLink', text: dump.text.replaceAll(/^ +inet .*\n/gm, '') }];
  });
}

const slack = 1e-6;

/** A share that lies between `least` and `most` with all facts must be possible without some of them. */
function contradiction(all: readonly VerdictShare[], some: readonly VerdictShare[]): string | undefined {
  const open = (shares: readonly VerdictShare[]) => shares.find(({ verdict }) => verdict === 'unknown')?.most ?? 0;
  const key = ({ verdict, symptom }: VerdictShare) => `${verdict} ${symptom}`;
  const names = new Set([...all, ...some].filter(({ verdict }) => verdict !== 'unknown').map(key));
  for (const name of names) {
    const none = { least: 0, most: 0 };
    const [true_, guess] = [all, some].map((shares) => shares.find((each) => key(each) === name) ?? none) as [
      typeof none,
      typeof none,
    ];
    if (guess.least > true_.most + open(all) + slack)
      return `${name} must be ${guess.least}, but is at most ${true_.most}`;
    if (guess.most + open(some) < true_.least - slack)
      return `${name} is at least ${true_.least}, but may be ${guess.most}`;
  }
  return undefined;
}

test('what is hidden never makes a verdict certain that is wrong', () => {
  const dice = createDice(20);
  for (let number = 0; number < 150; number += 1) {
    const fault = dice.pick(faults);
    const query = dice.pick(queries);
    const dumps = fault(twoNodes);
    const hidden = hide(dumps, dice);
    const trace = (some: readonly Dump[]) => tracePath(storeOf(factsOf(some, objects)), query);
    const [all, some] = [trace(dumps), trace(hidden)];
    const found = contradiction(all.verdicts, some.verdicts);
    const left = hidden.map(({ node, kind }) => `${node}/${kind}`).join(' ');
    assert.is(
      found,
      undefined,
      `case ${number}, fault ${faults.indexOf(fault)}, ${query.from} to ${query.to}, with ${left}: ${found}`,
    );
  }
});

test.run();
