// Reads the counters of the network stack: `nstat -zas` and `netstat -s`.
//
//   #kernel                                              TcpExt:
//   TcpExtListenOverflows           12                 0.0      12 times the listen queue of a socket overflowed

import type { Span } from '../../../bundle/source.ts';
import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

export const NetworkCounter = factType('NetworkCounter', 'One counter of the network stack, since boot.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  name: string(
    'Name of the kernel, e.g. TcpExtListenOverflows; from netstat, where no kernel name is known, group and text.',
  ),
  value: int(),
});

/** Sentences of `netstat -s` that rules ask for, under the names nstat uses. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^Ip: total packets received$/, 'IpInReceives'],
  [/^Ip: forwarded$/, 'IpForwDatagrams'],
  [/^Ip: incoming packets discarded$/, 'IpInDiscards'],
  [/^Ip: outgoing packets dropped$/, 'IpOutDiscards'],
  [/^Ip: dropped because of missing route$/, 'IpOutNoRoutes'],
  [/^Ip: fragments failed$/, 'IpFragFails'],
  [/^Ip: packet reassembl(y failed|es failed|ies failed)$/, 'IpReasmFails'],
  [/^Tcp: active connections? openings$/, 'TcpActiveOpens'],
  [/^Tcp: passive connection openings$/, 'TcpPassiveOpens'],
  [/^Tcp: failed connection attempts$/, 'TcpAttemptFails'],
  [/^Tcp: connection resets received$/, 'TcpEstabResets'],
  [/^Tcp: segments received$/, 'TcpInSegs'],
  [/^Tcp: segments sen[dt] out$/, 'TcpOutSegs'],
  [/^Tcp: segments retransmit+ed$/, 'TcpRetransSegs'],
  [/^Tcp: bad segments received\.?$/, 'TcpInErrs'],
  [/^Tcp: resets sent$/, 'TcpOutRsts'],
  [/^Udp: packet receive errors$/, 'UdpInErrors'],
  [/^Udp: receive buffer errors$/, 'UdpRcvbufErrors'],
  [/^Udp: send buffer errors$/, 'UdpSndbufErrors'],
  [/^Udp: packets to unknown port received\.?$/, 'UdpNoPorts'],
  [/^TcpExt: times the listen queue of a socket overflowed$/, 'TcpExtListenOverflows'],
  [/^TcpExt: SYNs to LISTEN sockets (ignored|dropped)$/, 'TcpExtListenDrops'],
  [/^TcpExt: packets? (pruned|collapsed in receive queue)/, 'TcpExtPruneCalled'],
  [/^TcpExt: .*(passive connections|timestamps?) rejected because of time ?stamp$/, 'TcpExtPAWSPassive'],
];

export const counters = parser({
  reads: ['Nstat', 'NetstatStatistics'],
  yields: NetworkCounter,
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    let group = '';
    const facts = text.split('\n').flatMap((line, index) => {
      const span: Span = [index + 1, index + 1];
      const fact = (name: string, value: string) => [
        NetworkCounter.fact(span, { ...place, name, value: Number(value) }),
      ];
      const counted = /^([A-Z]\w+)\s+(\d+)\s+[\d.]+\s*$/.exec(line);
      if (counted) return fact(counted[1]!, counted[2]!);
      const headed = /^([A-Z]\w+):\s*$/.exec(line);
      if (headed) group = headed[1]!;
      if (group === '') return [];
      const named = /^\s+([A-Z]\w+): (\d+)\s*$/.exec(line);
      if (named) return fact(group.endsWith('Msg') ? group + named[1]! : `${group}${named[1]}`, named[2]!);
      const told = /^\s+(.*?)(\d+)(.*)$/.exec(line);
      if (!told) return [];
      const sentence = `${group}: ${`${told[1]}${told[3]}`.trim().replace(/:$/, '').replace(/\s+/g, ' ')}`;
      return fact(sentences.find(([pattern]) => pattern.test(sentence))?.[1] ?? sentence, told[2]!);
    });
    if (facts.length > 0 || text.trim() === '') return { facts, problems: [] };
    return {
      facts,
      problems: failedOutput(text, 'output of nstat or netstat -s'),
    };
  },
});
