// What one rule does to packets that are made for it: so are two spellings of it compared by their meaning.

import { applyTarget, isKnownTarget } from '../../src/models/netfilter/apply-target.ts';
import type { Subject } from '../../src/models/netfilter/match-context.ts';
import { matchRule } from '../../src/models/netfilter/match-rule.ts';
import { allBits, type Connection, type Packet } from '../../src/models/netfilter/packet.ts';
import type { Rule, Ruleset } from '../../src/models/netfilter/ruleset.ts';
import { addresses } from '../models/netfilter/small-node.ts';

/** Text of any value, the same for the same value. */
export function sorted(value: unknown): string {
  if (typeof value === 'number') return value.toPrecision(9);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing';
  if (Array.isArray(value)) return `[${value.map(sorted).sort().join(', ')}]`;
  const entries = Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1));
  return `{${entries.map(([name, each]) => `${name}: ${sorted(each)}`).join(', ')}}`;
}

const nodeFacts = addresses({ eth0: '192.168.0.11/24', cni0: '10.244.1.1/24' });
const number = (text: string | undefined, other: number) => Number(/\d+/.exec(text ?? '')?.[0] ?? other);

/** Packets made for a rule: those it names, and each with one thing changed. */
export function* packetsFor({ value }: Rule): Generator<{ readonly packet: Packet; readonly connection: Connection }> {
  const six = value.family === 'ip6' || (value.source ?? value.destination ?? '').includes(':');
  const place = (text: string | undefined, other: string) => (text ?? other).split(/[/-]/)[0]!;
  const own: Packet = {
    family: six ? 'ip6' : 'ip',
    protocol: value.protocol ?? 'tcp',
    source: place(value.source, six ? 'fd00::2' : '10.244.1.2'),
    destination: place(value.destination, six ? 'fd00::a' : '10.96.0.10'),
    sourcePort: number(value.sourcePort, 40000),
    destinationPort: number(value.destinationPort, 80),
    mark: { value: value.mark?.value ?? 0, known: allBits },
    inDevice: (value.inInterface ?? 'cni0').replace('+', '0'),
    outDevice: (value.outInterface ?? 'eth0').replace('+', '0'),
    lengthBytes: 60,
  };
  const fresh: Connection = {
    state: 'NEW',
    mark: { value: value.connmark?.value ?? 0, known: allBits },
    original: { source: own.source, destination: own.destination, destinationPort: 80 },
    destinationDecided: false,
    sourceDecided: false,
    destinationTranslated: false,
    sourceTranslated: false,
  };
  const changed: readonly Partial<Packet>[] = [
    {},
    { protocol: 'udp' },
    { protocol: six ? 'icmpv6' : 'icmp' },
    { source: six ? 'fd00:9::1' : '203.0.113.9' },
    { destination: six ? 'fd00:9::2' : '203.0.113.10' },
    { destination: six ? 'ff02::1' : '224.0.0.1' },
    { destination: six ? 'fd00::1' : '192.168.0.11' },
    { sourcePort: 53 },
    { destinationPort: 9999 },
    { mark: { value: 0x4000, known: allBits } },
    { inDevice: 'eth7' },
    { outDevice: 'eth7' },
    { lengthBytes: 1500 },
  ];
  for (const each of changed) yield { packet: { ...own, ...each }, connection: fresh };
  yield { packet: own, connection: { ...fresh, state: 'ESTABLISHED' } };
  yield { packet: own, connection: { ...fresh, destinationTranslated: true } };
  yield { packet: own, connection: { ...fresh, mark: { value: 1, known: allBits } } };
}

/** What a rule does to one packet; undefined where the dump leaves that open. */
export function deed(
  rule: Rule,
  ruleset: Ruleset,
  hook: 'prerouting' | 'postrouting',
  given: Pick<Subject, 'packet' | 'connection'>,
) {
  const context = { ruleset, node: '', hook, nodeFacts, outer: false };
  const { truth, share } = matchRule({ rule, ...given, context, untracked: false });
  if (typeof truth !== 'boolean') return { unknown: JSON.stringify(truth) };
  if (!truth) return { said: 'passes by' };
  const dice = share === undefined ? '' : ` share ${share.toPrecision(6)}`;
  const { target } = rule.value;
  if (target !== undefined && !isKnownTarget(target))
    return { said: `${rule.value.goto ? 'goto' : 'jump'} ${target}${dice}` };
  const flow = { ...given, weight: 1, assumptions: [], trail: undefined };
  const opened = { byAssumption: 0, byDice: 0 };
  const applied = applyTarget(rule, flow, { ...context, untracked: false, opened, stack: [] });
  if (applied.some(({ end }) => end === 'unknown')) return { unknown: 'the target is hidden' };
  const verdict = applied.map(({ end }) => sorted(end)).join(' or ') + dice;
  return {
    verdict,
    said: applied.map(({ packet, connection }) => sorted({ packet, connection })).join(' or ') + verdict,
  };
}
