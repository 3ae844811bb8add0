// The answer: it must come back to the node that translated the question, or the client does not know it.

import { noMark, type Packet, unknownDevice } from '../netfilter/packet.ts';
import { deviceOfPod, isBridge } from './bridge.ts';
import type { Context } from './context.ts';
import { type Finished, run } from './run.ts';
import type { End, Step } from './trace.ts';
import { endText, newConnection, type Receiver, type Stop, suppose, tupleOf, type Way } from './way.ts';

export interface Reply {
  readonly way: Way;
  /** Absent if the client gets the answer it waits for. */
  readonly end?: End;
  readonly steps: readonly Step[];
}

const mostReplies = 16;

export function followReply(context: Context, question: Way, who: Receiver): readonly Reply[] {
  if (who.kind === 'outside') return [{ way: question, steps: [] }];
  if (question.packet.source === '') {
    const { holds, fails } = suppose(
      question,
      'the answer comes back: the address that the receiver sees is not known',
    );
    const end: End = {
      verdict: 'unknown',
      node: question.node,
      symptom: '',
      reason: 'the way of the answer is not known',
    };
    return [...holds.map((way) => ({ way, steps: [] })), ...fails.map((way) => ({ way, end, steps: [] }))];
  }
  const back: Way = answerOf(question);
  const found = run(context, [{ way: back, stop: firstStop(context, back, who) }], mostReplies);
  return merge(
    question,
    found.map((each) => judge(question, each)),
  );
}

function answerOf(question: Way): Way {
  const { source, destination, sourcePort, destinationPort, family, protocol } = question.packet;
  const packet: Packet = {
    family,
    protocol,
    source: destination,
    destination: source,
    ...(destinationPort !== undefined && { sourcePort: destinationPort }),
    ...(sourcePort !== undefined && { destinationPort: sourcePort }),
    mark: noMark,
    inDevice: '',
    outDevice: '',
  };
  return {
    ...question,
    packet,
    steps: [],
    trail: [],
    carried: [],
    entered: tupleOf(packet),
    connection: newConnection(packet),
    answers: question.passed,
  };
}

function firstStop(context: Context, way: Way, who: Receiver): Stop {
  if (who.kind !== 'pod') return { at: 'originates' };
  return leavingPod(context, way.node, way.packet.source);
}

/** How a packet comes from a pod to its node. */
export function leavingPod(context: Context, node: string, address: string): Stop {
  const network = context.network(node);
  const device = deviceOfPod(network, address) ?? unknownDevice;
  return { at: 'enters', device, bridged: isBridge(network, device) !== false, sender: address };
}

function judge(question: Way, { way, stop }: Finished): Reply {
  const steps = way.steps;
  if (stop.at === 'ended') {
    const { end } = stop;
    const symptom = end.verdict === 'unknown' ? '' : 'timeout';
    return { way, steps, end: { ...end, symptom, reason: `the answer is lost: ${end.reason}` } };
  }
  const asked = question.passed[0]?.before ?? tupleOf(question.packet);
  const { source, destination, sourcePort } = way.packet;
  const came = source === asked.destination && destination === asked.source;
  const samePort =
    sourcePort === undefined || asked.destinationPort === undefined || sourcePort === asked.destinationPort;
  if (came && samePort) return { way, steps };
  const from = endText(source, sourcePort);
  const wanted = endText(asked.destination, asked.destinationPort);
  const reason =
    destination === asked.source
      ? `the answer comes from ${from} and not from ${wanted}: the client does not know it`
      : `the answer from ${from} goes to ${destination}, which has not translated the question`;
  return { way, steps, end: { verdict: 'lost', node: way.node, symptom: 'timeout', reason } };
}

/** Where every answer comes back, the one way stands for all, and only what all took for granted counts. */
function merge(question: Way, replies: readonly Reply[]): readonly Reply[] {
  const [first, ...rest] = replies;
  if (!first || replies.some(({ end }) => end !== undefined)) return replies;
  const shared = first.way.assumptions.filter((text) => rest.every(({ way }) => way.assumptions.includes(text)));
  return [{ ...first, way: { ...first.way, assumptions: shared, weight: question.weight } }];
}
