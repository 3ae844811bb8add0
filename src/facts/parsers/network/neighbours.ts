// Reads `ip neigh`, also with -s.
//
//   10.1.12.0 dev flannel.1 lladdr 92:22:3f:b6:02:6c used 263/0/1002 probes 0 PERMANENT
//   10.6.0.9 dev ens3  FAILED

import type { Span } from '../../../bundle/source.ts';
import { factType, int, map, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

const netns = optional(string('Network namespace, where the dump is of one other than the host.'));

export const Neighbour = factType('Neighbour', 'One entry of the neighbour table.', {
  node: node(),
  netns,
  address: string(),
  device: string(),
  mac: optional(string()),
  state: string('REACHABLE, STALE, DELAY, FAILED, INCOMPLETE, PERMANENT, NOARP, …'),
});

export const NeighbourCount = factType('NeighbourCount', 'How many neighbour entries there are, by state.', {
  node: node(),
  netns,
  total: int(),
  states: map(int(), 'State to number of entries.'),
});

export const neighbours = parser({
  reads: 'IpNeigh',
  yields: [Neighbour, NeighbourCount],
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const states = new Map<string, number>();
    // `ip -j neigh` is put into the form of a line first.
    const json = /^\s*\[/.test(text) ? fromJson(text) : undefined;
    const lines = json ?? text.split('\n');
    const whole = text.trimEnd().split('\n').length;
    const facts = lines.flatMap((raw, index) => {
      const line = /^([0-9a-f][0-9a-f.:]*|::\S*) dev (\S+)(.*)$/i.exec(raw.trim());
      if (!line) return [];
      const mac = / lladdr (\S+)/.exec(line[3]!)?.[1];
      const state = / ([A-Z]+)$/.exec(line[3]!)?.[1] ?? 'NONE';
      states.set(state, (states.get(state) ?? 0) + 1);
      const span: Span = json ? [1, whole] : [index + 1, index + 1];
      return [Neighbour.fact(span, { ...place, address: line[1]!, device: line[2]!, ...(mac && { mac }), state })];
    });
    if (facts.length === 0) {
      if (text.trim() === '') return { facts: [], problems: [] };
      return { facts, problems: failedOutput(text, 'output of ip neigh') };
    }
    const counted = Object.fromEntries([...states].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      facts: [...facts, NeighbourCount.fact([1, whole], { ...place, total: facts.length, states: counted })],
      problems: [],
    };
  },
});

function fromJson(text: string): string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  return parsed.map((entry: Record<string, unknown> | null) => {
    const state = Array.isArray(entry?.state) ? entry.state.join(' ') : '';
    return `${entry?.dst} dev ${entry?.dev}${entry?.lladdr ? ` lladdr ${entry.lladdr}` : ''} ${state}`;
  });
}
