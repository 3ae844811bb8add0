// Where a connection goes and why it fails: `tracePath` answers one query from the facts of a bundle.

import type { FactStore } from '../../facts/store.ts';
import { familyOf } from '../netfilter/address.ts';
import { noMark, type Packet } from '../netfilter/packet.ts';
import { ownerOf } from './cluster.ts';
import { type Context, createContext } from './context.ts';
import { type Meaning, resolveQuery, type Target } from './endpoints.ts';
import { branchesOf } from './receive.ts';
import { leavingPod } from './reply.ts';
import { mostBranches, run } from './run.ts';
import { summarise } from './summarise.ts';
import { unsure } from './symptoms.ts';
import type { Branch, Query, Trace } from './trace.ts';
import { entryDevice } from './transmit.ts';
import { ended, newConnection, type Situation, type Stop, tupleOf, tupleText, type Way, withStep } from './way.ts';

export function tracePath(store: FactStore, query: Query, context: Context = createContext(store)): Trace {
  const meaning = resolveQuery(context.cluster, query);
  if ('problem' in meaning) {
    const end = { verdict: 'unknown', node: '', reason: meaning.problem, symptom: '' } as const;
    const branch: Branch = { weight: 1, assumptions: [], steps: [], end };
    return { query, branches: [branch], verdicts: summarise([branch]), notVisible: [] };
  }
  const finished = run(context, starts(context, query, meaning));
  const branches = mostOf(finished.flatMap((each) => branchesOf(context, each)));
  const nodes = new Set(branches.flatMap(({ steps, reply }) => [...steps, ...(reply ?? [])].map(({ node }) => node)));
  const notVisible = [...nodes].flatMap((node) => context.invisible.get(node)?.text ?? []);
  return { query, verdicts: summarise(branches), branches, notVisible };
}

/** What is wrong with the words of a query; undefined if it can be traced. */
export function queryProblem(
  store: FactStore,
  query: Query,
  context: Context = createContext(store),
): string | undefined {
  const meaning = resolveQuery(context.cluster, query);
  return 'problem' in meaning ? meaning.problem : undefined;
}

function starts(context: Context, query: Query, { start, targets }: Meaning): readonly Situation[] {
  return targets.flatMap((target) => {
    const share = 1 / targets.length;
    if (start.kind === 'pod') {
      const way = firstWay(query, target, start.pod.node, start.address, share);
      const hidden = context.invisible.get(start.pod.node);
      const told = withStep(way, 'start', `${query.from}: ${tupleText(tupleOf(way.packet))}`);
      if (hidden?.podTraffic) return [ended(told, { verdict: 'not-visible', symptom: '', reason: hidden.text })];
      return [{ way: told, stop: leavingPod(context, start.pod.node, start.address) }];
    }
    if (start.kind === 'node') {
      const way = firstWay(query, target, start.node, '', share);
      const told = withStep(way, 'start', `process on ${start.node}: ${tupleText(tupleOf(way.packet))}`);
      return [{ way: told, stop: { at: 'originates' } as Stop }];
    }
    return entries(context, query, target).map((node, _, all): Situation => {
      const way = firstWay(query, target, node, start.address, share);
      const told = withStep(way, 'start', `${query.from}: ${tupleText(tupleOf(way.packet))}`, { node: '' });
      const known = all.length === 1 ? told : { ...told, assumptions: [`the packet comes in at ${node}`] };
      if (node === '') return ended(known, unsure('the bundle holds no node at which the packet could come in'));
      return { way: known, stop: { at: 'enters', device: entryDevice(context, known, node), bridged: false } };
    });
  });
}

const mostEntries = 8;

/** Nodes at which a packet from outside may come in: the one with the address, that of the pod, else any that was gathered. */
function entries(context: Context, query: Query, { address, node }: Target): readonly string[] {
  const named = query.node ?? node;
  if (named !== undefined) return [named];
  const owner = ownerOf(context.cluster, address);
  if (owner.kind === 'node' || owner.kind === 'pod-network') return [owner.node];
  if (owner.kind === 'pod') return [owner.pod.node];
  const gathered = context.cluster.nodes.filter((each) => context.ruleset(each).known);
  return gathered.length === 0 ? [context.cluster.nodes[0] ?? ''] : gathered.slice(0, mostEntries);
}

function firstWay(query: Query, target: Target, node: string, source: string, weight: number): Way {
  const packet: Packet = {
    family: familyOf(target.address),
    protocol: target.protocol,
    source,
    destination: target.address,
    ...(query.sourcePort !== undefined && { sourcePort: query.sourcePort }),
    ...(target.port !== undefined && { destinationPort: target.port }),
    ...(query.lengthBytes !== undefined && { lengthBytes: query.lengthBytes }),
    mark: noMark,
    inDevice: '',
    outDevice: '',
  };
  return {
    weight,
    assumptions: [],
    steps: [],
    packet,
    connection: newConnection(packet),
    node,
    entered: tupleOf(packet),
    carried: [],
    passed: [],
    trail: [],
  };
}

/** The last of too many branches speaks for all that are left out. */
function mostOf(branches: readonly Branch[]): readonly Branch[] {
  if (branches.length <= mostBranches) return branches;
  const left = branches.slice(mostBranches - 1);
  const weight = left.reduce((sum, each) => sum + each.weight, 0);
  const reason = `${left.length} more ways were left out: there are over ${mostBranches}`;
  const last: Branch = { ...left[0]!, weight, end: { verdict: 'unknown', node: '', symptom: '', reason } };
  return [...branches.slice(0, mostBranches - 1), last];
}
