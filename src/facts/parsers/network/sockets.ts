// Reads `ss` in its forms, lightly: how many sockets there are in which state, and which ports are listened on.
//
//   Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
//   tcp   LISTEN 0      4096   0.0.0.0:6443        0.0.0.0:*         users:(("kube-apiserver",pid=1,fd=7))

import type { Span } from '../../../bundle/source.ts';
import { factType, int, map, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

const netns = optional(string('Network namespace, where the dump is of one other than the host.'));

export const SocketCount = factType('SocketCount', 'How many sockets of one protocol are in which state.', {
  node: node(),
  netns,
  protocol: string('`tcp`, `udp`, `sctp`, `raw`.'),
  total: int(),
  states: map(int(), 'State, as ss prints it, to number of sockets.'),
});

export const ListeningSocket = factType('ListeningSocket', 'A socket that waits for connections or datagrams.', {
  node: node(),
  netns,
  protocol: string(),
  address: string('`0.0.0.0`, `*` or `::` for all.'),
  port: int(),
  queued: int('Connections that wait to be accepted (Recv-Q).'),
  backlog: int('Room for them (Send-Q); 0 for udp.'),
  process: optional(string('Name of the first process that holds it.')),
});

export const sockets = parser({
  reads: 'SsSockets',
  yields: [SocketCount, ListeningSocket],
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const states = new Map<string, Map<string, number>>();
    const lines = text.split('\n');
    const header = lines.findIndex((line) => /^(Netid\s+)?State\s+Recv-Q\s+Send-Q/.test(line));
    const summary = /^Total: \d+/m.test(text) ? summaryOf(lines, place) : [];
    if (header < 0 && summary.length > 0) return { facts: summary, problems: [] };
    if (header < 0) {
      if (text.trim() === '') return { facts: [], problems: [] };
      return { facts: [], problems: failedOutput(text, 'header of ss') };
    }
    // With one kind of sockets asked for, ss leaves out the first column.
    const named = lines[header]!.startsWith('Netid');
    const only = /ss_-\w*u\w*$/.test(source.path) ? 'udp' : 'tcp';
    const listening = lines.slice(header + 1).flatMap((raw, index) => {
      const line = named ? raw : `${only} ${raw}`;
      const socket = /^(tcp|udp|sctp|raw|mptcp|dccp)\s+([A-Z0-9-]+)\s+(\d+)\s+(\d+)\s+(\S+):([^\s:]+)\s+\S+(.*)$/.exec(
        line,
      );
      if (!socket) return [];
      const [, protocol, state, queued, backlog, address, port, rest] = socket as unknown as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const of = states.get(protocol) ?? new Map<string, number>();
      states.set(protocol, of.set(state, (of.get(state) ?? 0) + 1));
      // Without -n a port is a name, and which number it stands for depends on the machine.
      if ((state !== 'LISTEN' && state !== 'UNCONN') || !/^\d+$/.test(port) || protocol === 'raw') return [];
      const process = /users:\(\("([^"]+)"/.exec(rest)?.[1];
      const number = header + index + 2;
      const span: Span = [number, number];
      const value = {
        ...place,
        protocol,
        address: address.replace(/^\[|\](?=%|$)/g, '').replace(/%.*/, ''),
        port: Number(port),
        queued: Number(queued),
        backlog: protocol === 'udp' ? 0 : Number(backlog),
        ...(process && { process }),
      };
      return [ListeningSocket.fact(span, value)];
    });
    const last = text.trimEnd().split('\n').length;
    const counts = [...states]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([protocol, of]) => {
        const byState = Object.fromEntries([...of].sort(([a], [b]) => (a < b ? -1 : 1)));
        const total = [...of.values()].reduce((sum, count) => sum + count, 0);
        return SocketCount.fact([header + 1, last], { ...place, protocol, total, states: byState });
      });
    return { facts: [...counts, ...listening], problems: [] };
  },
});

/** `TCP:   15 (estab 5, closed 2, orphaned 0, timewait 1)` of `ss -s`. */
function summaryOf(lines: readonly string[], place: { netns?: string }) {
  return lines.flatMap((line, index) => {
    const tcp = /^TCP:\s+(\d+) \((.*)\)/.exec(line);
    if (!tcp) return [];
    const states = [...tcp[2]!.matchAll(/([a-z]+) (\d+)/g)].map(([, state, count]) => [state!, Number(count)] as const);
    const value = { ...place, protocol: 'tcp', total: Number(tcp[1]), states: Object.fromEntries(states) };
    return [SocketCount.fact([index + 1, index + 1], value)];
  });
}
