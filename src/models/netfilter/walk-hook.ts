// Walks one packet through one hook of one node: base chains in the order of their priority, as the kernel does it.

import type { Hook, Step } from '../path/trace.ts';
import { plainText } from './address.ts';
import { type BaseChain, conntrackPriority, type HookGroup, isNatHook } from './base-chains.ts';
import { assume, type Flow, type Outcome, stepsOf, unknownEnd, type Walk } from './flow.ts';
import { opposite } from './kleene.ts';
import { mergeWays, sameWays } from './merge-ways.ts';
import type { NodeFacts } from './node-facts.ts';
import type { Connection, Packet } from './packet.ts';
import type { Ruleset } from './ruleset.ts';
import { walkBaseChain } from './walk-chain.ts';

export type HookVerdict = 'accept' | 'drop' | 'unknown' | { readonly reject: string };

/** One way through the hook. */
export interface HookBranch {
  readonly packet: Packet;
  readonly connection: Connection;
  /** Share of the connections, as far as dice of rules decide it; alternatives by assumption share one weight. */
  readonly weight: number;
  /** Those that this hook adds: `X`, or `not: X` for the other way. */
  readonly assumptions: readonly string[];
  readonly steps: readonly Step[];
  readonly verdict: HookVerdict;
}

export interface HookPlace {
  /** Empty if the node has no name. */
  readonly node: string;
  readonly hook: Hook;
  readonly nodeFacts: NodeFacts;
  /** True for the outer packet of a tunnel: only the steps say so. */
  readonly outer?: boolean;
}

export interface HookInput {
  readonly packet: Packet;
  readonly connection: Connection;
  /** What was assumed before: the same condition is not decided twice. */
  readonly assumptions?: readonly string[];
}

export function walkHook(ruleset: Ruleset, place: HookPlace, input: HookInput): readonly HookBranch[] {
  const { hook } = place;
  const given = input.assumptions ?? [];
  const opened = { byAssumption: 0, byDice: 0 };
  const base = {
    ruleset,
    node: place.node,
    hook,
    nodeFacts: place.nodeFacts,
    outer: place.outer === true,
    opened,
    stack: [],
  };
  const early = hook === 'prerouting' || hook === 'output';
  const packet = {
    ...input.packet,
    source: plainText(input.packet.source),
    destination: plainText(input.packet.destination),
  };
  const entered: Flow = { packet, connection: input.connection, weight: 1, assumptions: given, trail: undefined };
  let outcomes = ruleset.known
    ? unlistedTables(entered, ruleset, hook)
    : [{ flow: assume(entered, [noRules(place)]), end: 'accept' as const }];
  for (const group of ruleset.hookGroups(packet.family, hook)) {
    // On its way over the loopback device a packet keeps what connection tracking knows of it.
    const untracked = early && group.priority <= conntrackPriority && packet.inDevice !== 'lo';
    const walk: Walk = { ...base, untracked };
    const live = outcomes.filter(({ end }) => end === 'accept').length;
    outcomes = outcomes.flatMap((each) => (each.end === 'accept' ? walkGroup(group, each.flow, walk) : [each]));
    if (live > 1) outcomes = mergeWays(outcomes);
  }
  return outcomes.map(({ flow, end }) => ({
    packet: flow.packet,
    connection: flow.connection,
    weight: flow.weight,
    assumptions: flow.assumptions.filter((text) => !given.includes(text)),
    steps: stepsOf(flow.trail),
    verdict: end === 'return' ? 'accept' : end,
  }));
}

const noRules = ({ node }: HookPlace) =>
  `${node === '' ? 'the node' : `node ${node}`} has no packet filter rules that matter`;

/** A table that was not listed may hold anything: the way goes on if it does not matter. */
function unlistedTables(entered: Flow, ruleset: Ruleset, hook: Hook): Outcome[] {
  let flow = entered;
  const open: Outcome[] = [];
  for (const name of ruleset.unlisted(entered.packet.family)) {
    const asked =
      name === 'nat' ? isNatHook(hook) && firstPacket(entered, hook) : hook !== 'prerouting' && hook !== 'postrouting';
    const family = entered.packet.family === 'ip' ? 'IPv4' : 'IPv6';
    const atom = `table ${name} (${family}), which was not gathered, has no rule that matters`;
    if (!asked || flow.assumptions.includes(atom)) continue;
    open.push(unknownEnd(flow, `not: ${atom}`));
    flow = assume(flow, [atom]);
  }
  return [...open, { flow, end: 'accept' }];
}

/** Chains of one priority. Where they belong to several tables, no dump shows which comes first. */
function walkGroup(group: HookGroup, entered: Flow, walk: Walk): Outcome[] {
  if (group.nat && !firstPacket(entered, walk.hook)) return [{ flow: rewrite(entered, walk.hook), end: 'accept' }];
  const { flow, missing } = shownWhole(group, entered);
  const orders = ordersOf(group.chains);
  const walked = orders.map((order) => walkInOrder(order, flow, walk, group.nat));
  const first = walked[0] ?? [{ flow, end: 'accept' as const }];
  if (walked.every((each) => sameWays(each, first))) return [...missing, ...first];
  const named = walked.flatMap((outcomes, at) => {
    const assumptions = orderText(orders, at, walk.hook);
    if (contradicts(flow.assumptions, assumptions)) return [];
    return outcomes.map((outcome) => ({ ...outcome, flow: assume(outcome.flow, [assumptions]) }));
  });
  return [...missing, ...named];
}

/** NAT looks at the first packet of a connection only, and at none that is not tracked. */
function firstPacket({ connection }: Flow, hook: Hook): boolean {
  if (connection.state !== 'NEW' && connection.state !== 'RELATED') return false;
  return hook === 'prerouting' || hook === 'output' ? !connection.destinationDecided : !connection.sourceDecided;
}

/** Of a connection that is known, connection tracking itself translates each packet. */
function rewrite(flow: Flow, hook: Hook): Flow {
  const { rewrites, state } = flow.connection;
  if (!rewrites || state === 'NEW' || state === 'UNTRACKED' || state === 'INVALID') return flow;
  const { packet } = flow;
  if (hook === 'prerouting' || hook === 'output') {
    if (!rewrites.destination) return flow;
    const { address, port } = rewrites.destination;
    return {
      ...flow,
      packet: { ...packet, destination: address, ...(port !== undefined && { destinationPort: port }) },
    };
  }
  if (!rewrites.source) return flow;
  const { address, port } = rewrites.source;
  return { ...flow, packet: { ...packet, source: address, ...(port !== undefined && { sourcePort: port }) } };
}

function walkInOrder(chains: readonly BaseChain[], entered: Flow, walk: Walk, nat: boolean): Outcome[] {
  const atDestination = walk.hook === 'prerouting' || walk.hook === 'output';
  const decided = ({ connection }: Flow) => (atDestination ? connection.destinationDecided : connection.sourceDecided);
  let outcomes: Outcome[] = [{ flow: entered, end: 'accept' }];
  for (const { chain } of chains) {
    outcomes = outcomes.flatMap((outcome) => {
      if (outcome.end !== 'accept' || (nat && decided(outcome.flow))) return [outcome];
      return walkBaseChain(chain, outcome.flow, walk);
    });
  }
  if (!nat) return outcomes;
  // Also where no rule translates, that is decided for the whole connection.
  const flag = atDestination ? { destinationDecided: true } : { sourceDecided: true };
  return outcomes.map(({ flow, end }) => ({
    end,
    flow: end === 'accept' ? { ...flow, connection: { ...flow.connection, ...flag } } : flow,
  }));
}

/** A table of which the dump shows a part: the way goes on if that is all, and may end anyhow if not. */
function shownWhole({ chains }: HookGroup, entered: Flow): { flow: Flow; missing: Outcome[] } {
  let flow = entered;
  const missing: Outcome[] = [];
  for (const { table } of chains.map(({ chain }) => chain)) {
    if (table.complete) continue;
    const atom = `the dump of table ${table.name} (${table.family}) shows all rules that matter`;
    if (flow.assumptions.includes(atom)) continue;
    missing.push(unknownEnd(flow, `not: ${atom}`));
    flow = assume(flow, [atom]);
  }
  return { flow, missing };
}

/** Two chains of one table stand in the order they were made in; of three and more tables the extremes must do. */
function ordersOf(chains: readonly BaseChain[]): (readonly BaseChain[])[] {
  const tied = new Set(chains.map(({ priority }) => priority)).size < chains.length;
  const tables = new Set(chains.map(({ chain }) => chain.table));
  if (!tied || tables.size < 2) return [chains];
  const reversed = [...chains].reverse().sort((one, two) => one.priority - two.priority);
  return [chains, reversed];
}

function orderText(orders: readonly (readonly BaseChain[])[], at: number, hook: Hook): string {
  const names = orders[0]!.map(({ chain: { table } }) =>
    [table.backend, table.family, table.name].filter(Boolean).join(' '),
  );
  return `${at === 0 ? '' : 'not: '}the kernel asks ${names.join(' before ')} in ${hook}`;
}

const contradicts = (assumptions: readonly string[], text: string) => assumptions.includes(opposite(text));
