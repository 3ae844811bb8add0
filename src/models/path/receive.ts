// Somebody got the packet: does anything listen there, and does the answer find its way back?

import { isServed, podText } from './cluster.ts';
import type { Context } from './context.ts';
import { followReply } from './reply.ts';
import type { Finished } from './run.ts';
import type { Branch, End } from './trace.ts';
import { endText, type Receiver, suppose, type Way } from './way.ts';

/** The branches that a finished way stands for. */
export function branchesOf(context: Context, { way, stop }: Finished): readonly Branch[] {
  if (stop.at === 'ended') return [branch(way, stop.end)];
  const { who } = stop;
  if (who.kind === 'outside') {
    const reason = `left the cluster from ${way.node}: what is beyond is not in the bundle`;
    return [branch(way, { verdict: 'not-visible', node: way.node, symptom: '', reason })];
  }
  const listening = listens(context, way, who);
  const port = endText(way.packet.destination, way.packet.destinationPort);
  return [
    ...listening.holds.flatMap((each) => answered(context, each, who)),
    ...listening.fails.map((each) =>
      branch(each, {
        verdict: 'refused',
        node: each.node,
        symptom: 'ECONNREFUSED',
        reason: `nothing listens on ${port} of ${nameOf(who)}`,
        receiver: nameOf(who),
      }),
    ),
  ];
}

function nameOf(who: Receiver): string {
  if (who.kind === 'process') return `process on ${who.node}`;
  if (who.kind === 'pod') return who.pod ? podText(who.pod) : who.address;
  return 'a host outside';
}

function listens(context: Context, way: Way, who: Receiver): { holds: readonly Way[]; fails: readonly Way[] } {
  const { destinationPort: port, protocol, destination } = way.packet;
  const certain = { holds: [way], fails: [] };
  if (port === undefined) return certain;
  const { cluster } = context;
  if (who.kind === 'pod' && who.pod && isServed(cluster, who.pod, port, protocol)) return certain;
  if (who.kind === 'process') {
    const sockets = cluster.listeners.get(`${who.node} ${protocol}`);
    const all = new Set(['0.0.0.0', '*', '::', '[::]']);
    const found = sockets?.some(
      (each) => each.port === port && (all.has(each.address) || each.address === destination),
    );
    if (found === true) return certain;
    if (found === false && protocol === 'tcp') return { holds: [], fails: [way] };
  }
  // A datagram that nobody takes is answered too (ICMP), but who sends datagrams seldom listens.
  return suppose(way, `something listens on ${endText(destination, port)} of ${nameOf(who)}`);
}

function answered(context: Context, way: Way, who: Receiver): readonly Branch[] {
  const delivered: End = {
    verdict: 'delivered',
    node: way.node,
    symptom: 'connects',
    reason: `delivered to ${nameOf(who)}`,
    receiver: nameOf(who),
  };
  return followReply(context, way, who).map(({ way: back, end, steps }) => {
    const seen = way.packet.source;
    const found = branch({ ...way, weight: back.weight, assumptions: back.assumptions }, end ?? delivered);
    return {
      ...found,
      ...(seen !== '' && { seenFrom: seen }),
      ...(steps.length > 0 && { reply: steps }),
      ...(end && { end: { ...end, receiver: nameOf(who) } }),
    };
  });
}

function branch({ weight, assumptions, steps }: Way, end: End): Branch {
  return { weight, assumptions, steps, end };
}
