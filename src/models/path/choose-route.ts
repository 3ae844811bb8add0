// The routes of a node for a packet on its way; where they were not gathered, what Node objects say, beside not knowing.

import { unknownDevice } from '../netfilter/packet.ts';
import { ownerOf } from './cluster.ts';
import type { Context } from './context.ts';
import type { NodeNetwork } from './node-network.ts';
import { isLoopback } from './own-addresses.ts';
import { findRoutes, knowsLocal, type RouteAnswer, type RouteQuestion } from './routing.ts';
import { decide, suppose, type Way } from './way.ts';

export interface Routed {
  readonly way: Way;
  readonly answer: RouteAnswer;
}

export function chooseRoutes(
  context: Context,
  network: NodeNetwork,
  way: Way,
  question: RouteQuestion,
): readonly Routed[] {
  const { destination, family } = question;
  if (knowsLocal(network, family) || isLoopback(destination)) return routed(context, network, way, question);
  const { holds, fails } = decide(
    way,
    isLocal(context, way.node, destination),
    `${destination} is an address of ${way.node}`,
  );
  return [
    ...holds.map((each): Routed => ({ way: each, answer: { kind: 'local' } })),
    ...fails.flatMap((each) => routed(context, network, each, question)),
  ];
}

/** As far as objects tell. */
function isLocal({ cluster }: Context, node: string, address: string): boolean | undefined {
  const owner = ownerOf(cluster, address);
  if (owner.kind === 'node') return owner.node === node;
  return owner.kind === 'pod' || owner.kind === 'service' ? false : undefined;
}

function routed(context: Context, network: NodeNetwork, way: Way, question: RouteQuestion): readonly Routed[] {
  return findRoutes(network, question).flatMap(({ answer, weight, assumptions }): Routed[] => {
    if (assumptions.some((text) => contradicts(way.assumptions, text))) return [];
    const added = assumptions.filter((text) => !way.assumptions.includes(text));
    const here: Way = { ...way, weight: way.weight * weight, assumptions: [...way.assumptions, ...added] };
    if (answer.kind !== 'unknown') return [{ way: here, answer }];
    const guess = fromObjects(context, here, question.destination);
    if (!guess) return [{ way: here, answer }];
    const { holds, fails } = suppose(here, `${guess.text} (${answer.reason})`);
    return [
      ...holds.map((each) => ({ way: each, answer: guess.answer })),
      ...fails.map((each) => ({ way: each, answer })),
    ];
  });
}

function fromObjects(
  { cluster }: Context,
  { node }: Way,
  destination: string,
): { readonly answer: RouteAnswer; readonly text: string } | undefined {
  const owner = ownerOf(cluster, destination);
  if (owner.kind === 'service') return undefined;
  if (owner.kind === 'node' && owner.node === node)
    return { answer: { kind: 'local' }, text: `${destination} is an address of ${node}` };
  const text =
    owner.kind === 'nobody'
      ? `${node} sends ${destination} out of the cluster`
      : `${node} has a route to ${destination}`;
  return { answer: { kind: 'via', device: unknownDevice, text: `${destination} dev ?` }, text };
}

function contradicts(assumptions: readonly string[], text: string): boolean {
  return assumptions.includes(text.startsWith('not: ') ? text.slice('not: '.length) : `not: ${text}`);
}
