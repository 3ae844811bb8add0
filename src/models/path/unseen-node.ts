// A node of which nothing was gathered: it is taken to pass a packet on, unless it would have to translate it.

import { noMark, unknownDevice } from '../netfilter/packet.ts';
import { type Cluster, ownerOf, podText } from './cluster.ts';
import type { Context } from './context.ts';
import { findRoutes } from './routing.ts';
import { unsure } from './symptoms.ts';
import { ended, type Situation, type Stop, suppose, type Way, withStep } from './way.ts';

export function isUnseen(context: Context, node: string): boolean {
  const { devices, routes } = context.network(node);
  return !devices && !routes && !context.ruleset(node).known;
}

/** True if kube-proxy of the node translates it: a service address, or a node port. */
export function isTranslated(cluster: Cluster, node: string, { destination, destinationPort }: Way['packet']): boolean {
  const owner = ownerOf(cluster, destination);
  if (owner.kind === 'service') return true;
  if (owner.kind !== 'node' || owner.node !== node) return false;
  return cluster.ports.some((each) => each.nodePort !== undefined && each.nodePort === destinationPort);
}

export function throughUnseen(context: Context, way: Way): readonly Situation[] {
  const name = way.node || 'the node';
  const reason = `nothing of the network of ${name} was gathered`;
  // What was inside of a tunnel comes out of it here.
  const inner = way.carried[0];
  const open: Way = inner ? { ...way, packet: { ...inner.packet, inDevice: '', outDevice: '' }, carried: [] } : way;
  if (!way.answers && isTranslated(context.cluster, way.node, open.packet)) return [ended(open, unsure(reason))];
  const { holds, fails } = suppose(open, `${name} passes on what comes to it (nothing of its network was gathered)`);
  return [...holds.flatMap((each) => onward(context, each)), ...fails.map((each) => ended(each, unsure(reason)))];
}

function onward(context: Context, way: Way): readonly Situation[] {
  const { destination } = way.packet;
  const owner = ownerOf(context.cluster, destination);
  if (owner.kind === 'pod' && owner.pod.node === way.node) {
    const told = withStep(way, 'local', `delivered to ${podText(owner.pod)}`);
    return [{ way: told, stop: { at: 'reached', who: { kind: 'pod', pod: owner.pod, address: destination } } }];
  }
  if (owner.kind === 'node' && owner.node === way.node)
    return [{ way, stop: { at: 'reached', who: { kind: 'process', node: way.node } } }];
  const next = owner.kind === 'pod' ? owner.pod.node : 'node' in owner ? owner.node : undefined;
  if (next === way.node) return [ended(way, unsure(`no Pod of the bundle has ${destination}`))];
  if (next !== undefined) {
    const told = withStep(way, 'wire', `${way.node} to ${next}`);
    return [{ way: { ...told, node: next }, stop: comesIn(context, told, next) }];
  }
  return [{ way: withStep(way, 'wire', 'leaves the cluster'), stop: { at: 'reached', who: { kind: 'outside' } } }];
}

/** By the device that the next node itself uses for the way back. */
function comesIn(context: Context, way: Way, node: string): Stop {
  const { family, source } = way.packet;
  const question = { family, destination: source, source: '', mark: noMark, inDevice: '' };
  const answer = findRoutes(context.network(node), question)[0]?.answer;
  return { at: 'enters', device: answer?.kind === 'via' ? answer.device : unknownDevice, bridged: false };
}
