// Reads the connections that a node tracks: `conntrack -L`, also with `-o extended`, and /proc/net/nf_conntrack.
//
//   tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.96.0.1 sport=55158 dport=443 src=172.16.0.2 dst=10.0.0.9 sport=6443 dport=55158 [ASSURED] mark=0 use=1
//   ipv4     2 udp      17 11 src=10.0.0.9 dst=10.0.0.1 sport=39410 dport=53 [UNREPLIED] src=10.0.0.1 dst=10.0.0.9 sport=53 dport=39410 mark=0 zone=0 use=2

import type { Span } from '../../../bundle/source.ts';
import { bool, type Fact, factType, int, map, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { present } from '../../text/present.ts';

const netns = optional(string('Network namespace, where the dump is of one other than the host.'));

export const TrackedConnection = factType(
  'TrackedConnection',
  'One connection that the kernel tracks, and what NAT made of it.',
  {
    node: node(),
    netns,
    family: string('`inet` or `inet6`.'),
    protocol: string('tcp, udp, icmp, icmpv6, sctp …; `unknown` with a number for what has no name.'),
    protocolNumber: int('6 for tcp, 17 for udp.'),
    state: optional(string('ESTABLISHED, TIME_WAIT, SYN_SENT …, of tcp, sctp and dccp.')),
    timeoutSeconds: optional(int('When it is forgotten unless a packet comes.')),
    source: string('Who began it.'),
    sourcePort: optional(int()),
    destination: string('Where the first packet was sent: of a Service its cluster IP.'),
    destinationPort: optional(int()),
    replySource: string('Who answers: after DNAT the endpoint.'),
    replySourcePort: optional(int()),
    replyDestination: string('Whom the answer is sent to: after SNAT the node.'),
    replyDestinationPort: optional(int()),
    replied: bool('False while no packet came back ([UNREPLIED]).'),
    assured: bool('True when traffic went both ways; such an entry is not dropped when the table fills.'),
    mark: optional(int('Connection mark.')),
    zone: optional(int('Zone, of Open vSwitch and others.')),
  },
);

export const TrackedConnectionCount = factType(
  'TrackedConnectionCount',
  'How many connections of one protocol the kernel tracks.',
  {
    node: node(),
    netns,
    protocol: string(),
    total: int(),
    unreplied: int('Of these, the ones without an answer.'),
    states: map(int(), 'State to number of connections; of protocols without states it is empty.'),
  },
);

interface Tally {
  total: number;
  unreplied: number;
  readonly states: Map<string, number>;
  first: number;
  last: number;
}

export const conntrack = parser({
  reads: 'ConntrackList',
  yields: [TrackedConnection, TrackedConnectionCount],
  parse(text, source, wanted) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const tallies = new Map<string, Tally>();
    const facts: Fact[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      const head =
        /^(?:ipv[46]\s+\d+\s+)?([a-z][\w-]*)\s+(\d+)(?:\s+(\d+))?(?:\s+([A-Z][A-Z_0-9]*))?\s+(?=\S+=|src=)(.*)$/.exec(
          line,
        );
      if (!head) continue;
      const [, protocol = '', number, timeout, state, rest = ''] = head;
      const two = directions(rest);
      if (!two) continue;
      const replied = !rest.includes('[UNREPLIED]');
      count(tallies, protocol, state, replied, index + 1);
      if (!wanted.has(TrackedConnection.name)) continue;
      const value = present({
        ...place,
        family: two.source.includes(':') ? 'inet6' : 'inet',
        protocol,
        protocolNumber: Number(number),
        state,
        timeoutSeconds: timeout === undefined ? undefined : Number(timeout),
        ...two,
        replied,
        assured: rest.includes('[ASSURED]'),
        mark: numberAfter(rest, 'mark'),
        zone: numberAfter(rest, 'zone'),
      });
      const span: Span = [index + 1, index + 1];
      facts.push(TrackedConnection.fact(span, value));
    }
    for (const [protocol, { total, unreplied, states, first, last }] of [...tallies].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      const byState = Object.fromEntries([...states].sort(([a], [b]) => (a < b ? -1 : 1)));
      facts.push(TrackedConnectionCount.fact([first, last], { ...place, protocol, total, unreplied, states: byState }));
    }
    if (facts.length > 0) return { facts, problems: [] };
    // The last line of conntrack says how many there were.
    return /^conntrack v\S+ .*: 0 flow entries/m.test(text)
      ? { facts, problems: [], answered: [TrackedConnection.name, TrackedConnectionCount.name] }
      : { facts, problems: failedOutput(text, 'output of conntrack -L') };
  },
});

/** The same keys come twice: as the first packet had them, and as the answer has them. */
function directions(rest: string) {
  const sides = [...rest.matchAll(/src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?/g)];
  const [original, reply] = sides;
  const [, source, destination, sourcePort, destinationPort] = original ?? [];
  const [, replySource, replyDestination, replySourcePort, replyDestinationPort] = reply ?? [];
  if (!source || !destination || !replySource || !replyDestination) return undefined;
  const port = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return {
    source,
    destination,
    replySource,
    replyDestination,
    sourcePort: port(sourcePort),
    destinationPort: port(destinationPort),
    replySourcePort: port(replySourcePort),
    replyDestinationPort: port(replyDestinationPort),
  };
}

function numberAfter(rest: string, name: string): number | undefined {
  const digits = new RegExp(` ${name}=(\\d+)`).exec(rest)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function count(
  tallies: Map<string, Tally>,
  protocol: string,
  state: string | undefined,
  replied: boolean,
  line: number,
): void {
  const tally = tallies.get(protocol) ?? {
    total: 0,
    unreplied: 0,
    states: new Map<string, number>(),
    first: line,
    last: line,
  };
  tallies.set(protocol, tally);
  tally.total++;
  tally.last = line;
  if (!replied) tally.unreplied++;
  if (state !== undefined) tally.states.set(state, (tally.states.get(state) ?? 0) + 1);
}
