// Takes a way through one hook of its node, and sends back what the node says when it refuses.

import { allBits, type Connection, noMark, type Packet } from '../netfilter/packet.ts';
import { walkHook } from '../netfilter/walk-hook.ts';
import type { Context } from './context.ts';
import { sourceAddress } from './own-addresses.ts';
import { findRoutes } from './routing.ts';
import { symptomOfReject, timeout, unsure } from './symptoms.ts';
import type { End, Hook } from './trace.ts';
import { isTranslated } from './unseen-node.ts';
import { ended, type Situation, suppose, type Way } from './way.ts';

export type Onward = (way: Way) => readonly Situation[];

export function passHook(context: Context, way: Way, hook: Hook, onward: Onward): readonly Situation[] {
  const ruleset = context.ruleset(way.node);
  if (!ruleset.known) return passUnseen(context, way, hook, onward);
  const { packet, connection, assumptions, node } = way;
  const place = { node, hook, nodeFacts: context.nodeFacts(node), outer: way.carried.length > 0 };
  return walkHook(ruleset, place, { packet, connection, assumptions }).flatMap((branch) => {
    const next: Way = {
      ...way,
      packet: branch.packet,
      connection: branch.connection,
      weight: way.weight * branch.weight,
      assumptions: [...assumptions, ...branch.assumptions],
      steps: [...way.steps, ...branch.steps],
    };
    if (branch.verdict === 'accept') return onward(next);
    const last = branch.steps.at(-1)?.rule;
    const where = last ? `${last.table} ${last.chain} ${last.kind} ${last.number}` : hook;
    if (branch.verdict === 'drop')
      return [ended(next, { verdict: 'dropped', symptom: timeout, reason: `dropped by ${where} on ${node}` })];
    if (branch.verdict === 'unknown') return [ended(next, unsure(`what ${where} on ${node} decides is not known`))];
    const kind = branch.verdict.reject;
    return sendRefusal(context, next, kind, { ...symptomOfReject(kind), reason: `rejected by ${where} on ${node}` });
  });
}

/** No rules of the node were gathered: most likely it lets the packet pass, unless it would have to translate it. */
function passUnseen(context: Context, way: Way, hook: Hook, onward: Onward): readonly Situation[] {
  const name = way.node || 'the node';
  const reason = `the packet filter of ${name} was not gathered`;
  const first = hook === 'prerouting' || hook === 'output';
  if (first && !way.answers && isTranslated(context.cluster, way.node, way.packet)) return [ended(way, unsure(reason))];
  const { holds, fails } = suppose(way, `${name} lets it pass: its packet filter was not gathered`);
  return [...holds.flatMap(onward), ...fails.map((each) => ended(each, unsure(reason)))];
}

/** The message back to the sender goes through output and postrouting too; where it is dropped, the client waits. */
export function sendRefusal(
  context: Context,
  way: Way,
  kind: string,
  end: Omit<End, 'node' | 'receiver'>,
): readonly Situation[] {
  const { packet, node } = way;
  // The sender of the outer packet is a node: the client hears nothing of it.
  // Nor is a refusal refused.
  if (way.carried.length > 0 || way.answers || way.connection.state === 'RELATED')
    return [ended(way, { verdict: 'dropped', symptom: timeout, reason: end.reason })];
  if (packet.source === '') return [ended(way, end)];
  const network = context.network(node);
  const question = { family: packet.family, destination: packet.source, source: '', mark: noMark, inDevice: '' };
  const answer = findRoutes(network, question)[0]?.answer;
  const device = answer?.kind === 'via' ? answer.device : answer?.kind === 'local' ? 'lo' : '';
  if (device === '') return [ended(way, end)];
  const reset = /tcp.reset/.test(kind);
  const own =
    answer?.kind === 'via' ? (answer.source ?? sourceAddress(network, device, packet.source, packet.family)) : '';
  const message: Packet = {
    family: packet.family,
    protocol: reset ? 'tcp' : packet.family === 'ip' ? 'icmp' : 'icmpv6',
    source: reset || answer?.kind === 'local' ? packet.destination : (own ?? ''),
    destination: packet.source,
    ...(reset && packet.destinationPort !== undefined && { sourcePort: packet.destinationPort }),
    ...(reset && packet.sourcePort !== undefined && { destinationPort: packet.sourcePort }),
    mark: { value: 0, known: allBits },
    inDevice: '',
    outDevice: device,
  };
  const connection: Connection = {
    ...way.connection,
    state: 'RELATED',
    destinationDecided: true,
    sourceDecided: true,
  };
  const sent: Way = { ...way, packet: message, connection };
  const silent = (each: Situation): Situation => {
    if (each.stop.at !== 'ended' || each.stop.end.verdict === 'unknown' || each.stop.end.symptom === end.symptom)
      return each;
    const reason = `${end.reason}, and its message to the client is lost: ${each.stop.end.reason}`;
    return ended(each.way, { verdict: 'dropped', symptom: timeout, reason });
  };
  const past = passHook(context, sent, 'output', (out) =>
    passHook(context, out, 'postrouting', (gone) => [ended(gone, end)]),
  );
  return past.map(silent);
}
