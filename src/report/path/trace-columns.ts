// The columns of a drawn trace: the client, the hooks of each node in the order of the packet, what lies between nodes, the end.

import { type Station, stationsOf } from './trace-stations.ts';
import type { NumberedStep, TraceTree } from './trace-tree.ts';

/** A station as it is drawn: in a column, in the lane of the way that is the first to pass it. */
export interface DrawnStation extends Station {
  readonly column: string;
  /** Which node of the way it is: 0 for the first, 1 for the next … */
  readonly ordinal: number;
}

export interface DrawnTree {
  readonly stations: readonly DrawnStation[];
  readonly forks: readonly DrawnTree[];
  readonly tree: TraceTree;
  /** The last steps of a way that arrives, at its receiver: part of its end. */
  readonly arrival: readonly NumberedStep[];
  /** Lane of its first way. */
  readonly lane: number;
}

interface Road {
  readonly last: DrawnStation | undefined;
  readonly ordinal: number;
  readonly node: string;
  /** Columns passed so far. */
  readonly passed: readonly string[];
}

/** Tells where everything stands: the same hook of the same node of the way is one column. */
export function columnsOf(tree: TraceTree): { readonly columns: readonly string[]; readonly drawn: DrawnTree } {
  const columns: string[] = [];
  let lanes = 0;
  const draw = (part: TraceTree, road: Road): DrawnTree => {
    const lane = lanes;
    let { ordinal, node, passed, last } = road;
    const { passing, arrival } = withoutArrival(folded(stationsOf(part.steps, road.last)), part);
    const stations = passing.map((station): DrawnStation => {
      if (station.node !== '' && station.name !== 'start' && station.node !== node) {
        if (node !== '') ordinal += 1;
        node = station.node;
      }
      const column = columnFor(station, ordinal, passed, columns);
      passed = [...passed, column];
      last = { ...station, column, ordinal };
      return last;
    });
    if (part.leaf) lanes += 1;
    const forks = part.forks.map((fork) => draw(fork, { last, ordinal, node, passed }));
    return { stations, forks, tree: part, arrival, lane };
  };
  const drawn = draw(tree, { last: undefined, ordinal: 0, node: '', passed: [] });
  return { columns, drawn };
}

function withoutArrival(stations: readonly Station[], { leaf }: TraceTree) {
  const last = stations.at(-1);
  if (leaf?.branch.end.verdict !== 'delivered' || last?.name !== 'arrival') return { passing: stations, arrival: [] };
  return { passing: stations.slice(0, -1), arrival: last.steps };
}

/** The column of that name behind all that was passed; a new one where there is none. */
function columnFor(station: Station, ordinal: number, passed: readonly string[], columns: string[]): string {
  const behind = Math.max(-1, ...passed.map((column) => columns.indexOf(column)));
  // What lies between nodes stands behind every hook of the node before it.
  const name = `${station.node === '' ? 'between' : 'node'} ${ordinal} ${station.name}`;
  const isBefore = (column: string) =>
    column.includes(' start ') ||
    Number(column.split(' ')[1]) < ordinal ||
    (station.node === '' && column.startsWith(`node ${ordinal} `));
  const least = columns.findLastIndex(isBefore);
  for (let times = 1; ; times++) {
    const column = `${name} ${times}`;
    const at = columns.indexOf(column);
    if (at > behind) return column;
    if (at >= 0) continue;
    columns.splice(Math.max(behind, least) + 1, 0, column);
    return column;
  }
}

/** All that carries a packet from node to node is one station between them. */
function folded(stations: readonly Station[]): Station[] {
  const out: Station[] = [];
  for (const station of stations) {
    const isCarried = station.outer || station.name === 'tunnel' || station.name === 'wire';
    const shown = isCarried ? { ...station, node: '', name: 'tunnel' } : station;
    const last = out.at(-1);
    if (isCarried && last?.name === 'tunnel') out[out.length - 1] = { ...last, steps: [...last.steps, ...shown.steps] };
    else out.push(shown);
  }
  return out;
}
