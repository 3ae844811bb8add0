import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoredFact } from '../../../src/facts/store.ts';
import type { Packet } from '../../../src/models/netfilter/packet.ts';
import { rulesetOf } from '../../../src/models/netfilter/ruleset.ts';
import type { HookBranch } from '../../../src/models/netfilter/walk-hook.ts';
import type { Hook } from '../../../src/models/path/trace.ts';
import { nodeFacts, save, storeOf, walk } from './small-node.ts';

/** The same numbers in every run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const tables = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'FORWARD', 'POSTROUTING', 'INPUT', 'OUTPUT'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};
const matches = [
  '-s 10.244.0.0/16',
  '! -s 10.244.1.2/32',
  '-d 10.96.0.0/24',
  '-d 192.168.0.11/32',
  '-i cni0',
  '! -i cni0',
  '-o eth0',
  '-p tcp',
  '-p tcp -m tcp --dport 80',
  '-m mark --mark 0x1/0x1',
  '-m mark ! --mark 0x2/0x3',
  '-m conntrack --ctstate NEW',
  '-m conntrack --ctstate INVALID',
  '-m addrtype --dst-type LOCAL',
  '-m addrtype ! --src-type LOCAL',
  '-m set --match-set one src',
  '-m set ! --match-set two dst,dst',
];
const ipset =
  'create one hash:net family inet\nadd one 10.244.1.0/24\ncreate two hash:ip,port family inet\nadd two 10.96.0.10,tcp:80\n';

function randomRules(roll: (sides: number) => number): Record<string, string> {
  const pick = <T>(list: readonly T[]) => list[roll(list.length)]!;
  const made: Record<string, string> = {};
  for (const [table, base] of Object.entries(tables)) {
    const users = ['A', 'B', 'C'];
    const lines = users.map((name) => `chain ${name}`);
    for (const [at, chain] of [...base, ...users].entries()) {
      // A user chain leads only to later ones: the kernel knows no loops.
      const callable = users.slice(Math.max(0, at - base.length + 1));
      for (let count = roll(4); count > 0; count -= 1) {
        const targets = ['ACCEPT', 'DROP', 'RETURN', 'LOG', 'MARK', ...callable, ...callable];
        const target = pick(targets);
        const option = target === 'MARK' ? ` --set-xmark 0x${roll(4)}/0x${1 + roll(3)}` : '';
        const jump = callable.includes(target) && roll(4) === 0 ? '-g' : '-j';
        const conditions = [pick(matches), ...(roll(3) === 0 ? [pick(matches.slice(9))] : [])];
        lines.push(`-A ${chain} ${conditions.join(' ')} ${jump} ${target}${option}`);
      }
    }
    if (roll(3) === 0) lines.push(`policy ${pick(base)} DROP`);
    made[table] = lines.join('\n');
  }
  return made;
}

/** As a listing without -v shows it: without the interfaces. */
function withoutInterfaces({ value, ...fact }: StoredFact): StoredFact {
  const { inInterface: _in, outInterface: _out, ...rest } = value;
  const hidden = [...(value.hidden as string[]), 'inInterface', 'outInterface'];
  return {
    ...fact,
    value: { ...rest, inInterfaceNegated: false, outInterfaceNegated: false, unconditional: false, hidden },
  };
}

const result = ({ verdict, packet }: HookBranch) =>
  `${JSON.stringify(verdict)} ${verdict === 'accept' ? JSON.stringify(packet.mark) : ''}`;

test('what is hidden never makes a certain answer wrong: the true one is always among the ways', () => {
  const roll = dice(20261121);
  let certain = 0;
  let open = 0;
  for (let round = 0; round < 400; round += 1) {
    const files = { 'IptablesSave n1/iptables-save': save(randomRules(roll)), 'IpsetList n1/ipset': ipset };
    const hook = (['prerouting', 'input', 'forward', 'output', 'postrouting'] as Hook[])[roll(5)]!;
    const packet: Partial<Packet> = {
      source: ['10.244.1.2', '10.244.9.9', '192.168.0.11'][roll(3)]!,
      destination: ['10.96.0.10', '192.168.0.11', '8.8.8.8'][roll(3)]!,
      destinationPort: [80, 81][roll(2)]!,
      inDevice: /input|forward|prerouting/.test(hook) ? ['cni0', 'eth0'][roll(2)]! : '',
      outDevice: /forward|output|postrouting/.test(hook) ? ['cni0', 'eth0'][roll(2)]! : '',
    };
    const full = storeOf(files);
    const truth = walk(rulesetOf(full, undefined), hook, packet);
    assert.is(truth.length, 1);
    assert.equal(truth[0]?.assumptions, []);
    const hides = { sets: roll(2) === 0, addresses: roll(2) === 0, interfaces: roll(2) === 0 };
    const part = {
      ...full,
      read: (type: string) => {
        if (hides.sets && type.startsWith('IpSet')) return [];
        return hides.interfaces && type === 'NetfilterRule' ? full.read(type).map(withoutInterfaces) : full.read(type);
      },
    };
    const seen = walk(rulesetOf(part, undefined), hook, packet, {}, hides.addresses ? {} : nodeFacts);
    const possible = seen.map(result);
    const collapsed = seen.some(({ verdict }) => verdict === 'unknown');
    assert.ok(
      collapsed || possible.includes(result(truth[0]!)),
      `round ${round}: ${result(truth[0]!)} is not among ${possible.join(', ')}`,
    );
    const sure = seen.filter(({ assumptions }) => assumptions.length === 0);
    for (const branch of sure) assert.is(result(branch), result(truth[0]!), `round ${round}`);
    if (sure.length > 0) certain += 1;
    else open += 1;
  }
  assert.ok(certain > 100 && open > 50, `${certain} certain, ${open} open`);
});

test.run();
