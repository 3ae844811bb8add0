// Reads `ipvsadm -Ln`, also with --stats or --rate, and `ipvsadm-save -n` (`ipvsadm -Sn`).
//
//   Prot LocalAddress:Port Scheduler Flags                 -A -t 10.96.0.1:443 -s rr -p 10800
//     -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
//   TCP  10.96.0.1:443 rr persistent 10800                 -a -t 10.96.0.1:443 -r 172.18.0.3:6443 -m -w 1
//     -> 172.18.0.3:6443              Masq    1      3          0

import { factType, int, list, node, object, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { splitEndpoint } from './chain-names.ts';

export const IpvsVirtualServer = factType('IpvsVirtualServer', 'One virtual server of IPVS, with its real servers.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  address: string('Address; for a firewall mark `FWM`.'),
  port: int('Port, or the firewall mark.'),
  protocol: string('`tcp`, `udp`, `sctp` or `fwm`.'),
  scheduler: optional(string('e.g. rr; absent in statistics.')),
  persistentSeconds: optional(int('Timeout of client affinity.')),
  realServers: list(
    object({
      address: string(),
      port: optional(int()),
      forward: optional(string('`Masq`, `Route`, `Tunnel` or `Local`.')),
      weight: optional(int('0 means that it drains.')),
      activeConnections: optional(int()),
      inactiveConnections: optional(int()),
    }),
  ),
});

type Value = Parameters<typeof IpvsVirtualServer.fact>[1];
type RealServer = Value['realServers'][number];
interface Draft {
  readonly first: number;
  last: number;
  readonly head: Omit<Value, 'realServers'>;
  readonly realServers: RealServer[];
}

const forwards: Record<string, string> = { '-m': 'Masq', '-g': 'Route', '-i': 'Tunnel' };
const protocols: Record<string, string> = { '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp', '-f': 'fwm' };

export const ipvs = parser({
  reads: 'IpvsadmList',
  yields: IpvsVirtualServer,
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const servers: Draft[] = [];
    let known = false;
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.trim();
      const number = index + 1;
      const add = (head: Draft['head']) =>
        servers.push({ first: number, last: number, head: { ...place, ...head }, realServers: [] });
      const addReal = (real: RealServer, to = servers.at(-1)) => {
        if (!to) return;
        to.last = number;
        to.realServers.push(real);
      };
      if (/^(IP Virtual Server|Prot LocalAddress)/.test(line)) known = true;
      const listed = /^(TCP|UDP|SCTP|FWM)\s+(\S+)(?:\s+(.*))?$/.exec(line);
      const real = /^->\s+(\S+:\d+|\S+)\s+(.*)$/.exec(line);
      const saved = /^-([Aa]) (-t|-u|-f|--sctp-service) (\S+)(.*)$/.exec(line);
      if (listed) {
        const rest = listed[3] ?? '';
        const scheduler = /^([a-z][\w-]*)/.exec(rest)?.[1];
        const persistent = /persistent (\d+)/.exec(rest)?.[1];
        add({
          ...endOf(listed[2]!, listed[1]!.toLowerCase()),
          ...(scheduler && { scheduler }),
          ...(persistent && { persistentSeconds: Number(persistent) }),
        });
      } else if (real && real[1] !== 'RemoteAddress:Port') addReal(readReal(real[1]!, real[2]!.split(/\s+/)));
      else if (saved) {
        known = true;
        const end = endOf(saved[3]!, protocols[saved[2]!]!);
        const option = (name: string) => new RegExp(` ${name} (\\S+)`).exec(saved[4]!)?.[1];
        if (saved[1] === 'A') {
          const persistent = option('-p');
          add({
            ...end,
            scheduler: option('-s') ?? 'wlc',
            ...(persistent && { persistentSeconds: Number(persistent) }),
          });
        } else {
          const same = servers.find(
            ({ head }) => head.address === end.address && head.port === end.port && head.protocol === end.protocol,
          );
          const { ip, port } = splitEndpoint(option('-r') ?? '');
          const forward = Object.keys(forwards).find((flag) => new RegExp(` ${flag}( |$)`).test(saved[4]!));
          const weight = option('-w');
          addReal(
            {
              address: ip,
              ...(port !== undefined && { port }),
              ...(forward && { forward: forwards[forward]! }),
              ...(weight !== undefined && { weight: Number(weight) }),
            },
            same,
          );
        }
      }
    }
    if (!known && servers.length === 0 && text.trim() !== '') {
      return { facts: [], problems: failedOutput(text, 'output of ipvsadm') };
    }
    const facts = servers.map(({ first, last, head, realServers }) =>
      IpvsVirtualServer.fact([first, last], { ...head, realServers }),
    );
    return { facts, problems: [] };
  },
});

function endOf(text: string, protocol: string): Pick<Value, 'address' | 'port' | 'protocol'> {
  if (protocol === 'fwm') return { address: 'FWM', port: Number(text), protocol };
  const { ip, port } = splitEndpoint(text);
  return { address: ip, port: port ?? 0, protocol };
}

/** In a listing `Masq 1 3 0`; in statistics there are only counters. */
function readReal(end: string, words: readonly string[]): RealServer {
  const { ip, port } = splitEndpoint(end);
  const place = { address: ip, ...(port !== undefined && { port }) };
  if (!/^(Masq|Route|Tunnel|Local)$/.test(words[0] ?? '')) return place;
  const [weight, active = '0', inactive = '0'] = words.slice(1);
  if (![weight, active, inactive].every((word) => /^\d{1,15}$/.test(word ?? ''))) return place;
  return {
    ...place,
    forward: words[0]!,
    weight: Number(weight),
    activeConnections: Number(active),
    inactiveConnections: Number(inactive),
  };
}
