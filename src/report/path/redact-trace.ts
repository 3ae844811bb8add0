// A trace as it leaves the program: names, rules and reasons go through the same rules as every other text of a report.

import type { Packet } from '../../models/netfilter/packet.ts';
import type { Branch, End, Place, Step, Trace } from '../../models/path/trace.ts';
import { redactPath, redactText } from '../redact-secrets.ts';

/** The trace without secrets in what it says, its keys in one order. */
export function redactTrace({ query, verdicts, branches, notVisible }: Trace): Trace {
  return {
    query: {
      from: redactText(query.from),
      to: redactText(query.to),
      protocol: redactText(query.protocol),
      ...(query.node !== undefined && { node: redactText(query.node) }),
      ...(query.sourcePort !== undefined && { sourcePort: query.sourcePort }),
      ...(query.lengthBytes !== undefined && { lengthBytes: query.lengthBytes }),
    },
    verdicts: verdicts.map(({ verdict, symptom, least, most }) => ({
      verdict,
      symptom: redactText(symptom),
      least,
      most,
    })),
    branches: branches.map(redactBranch),
    notVisible: notVisible.map(redactText),
  };
}

function redactBranch({ weight, assumptions, steps, end, seenFrom, reply }: Branch): Branch {
  return {
    weight,
    assumptions: assumptions.map(redactText),
    steps: steps.map(redactStep),
    end: redactEnd(end),
    ...(seenFrom !== undefined && { seenFrom: redactText(seenFrom) }),
    ...(reply && { reply: reply.map(redactStep) }),
  };
}

function redactStep({ node, stage, rule, effect, packet, outer, idle, place, counted }: Step): Step {
  return {
    node: redactText(node),
    stage,
    ...(rule && {
      rule: {
        hook: rule.hook,
        ...(rule.backend !== undefined && { backend: rule.backend }),
        table: redactText(rule.table),
        chain: redactText(rule.chain),
        kind: rule.kind,
        number: rule.number,
        text: redactText(rule.text),
      },
    }),
    effect: redactText(effect),
    packet: redactPacket(packet),
    outer,
    idle,
    ...(place && { place: redactPlace(place) }),
    ...(counted !== undefined && { counted }),
  };
}

/** Addresses and devices: a dump may say anything in their place. */
const redactPacket = (packet: Packet): Packet => ({
  ...packet,
  protocol: redactText(packet.protocol),
  source: redactText(packet.source),
  destination: redactText(packet.destination),
  inDevice: redactText(packet.inDevice),
  outDevice: redactText(packet.outDevice),
});

const redactPlace = ({ path, first, last }: Place): Place => ({ path: redactPath(path), first, last });

function redactEnd({ verdict, node, reason, symptom, receiver }: End): End {
  return {
    verdict,
    node: redactText(node),
    reason: redactText(reason),
    symptom: redactText(symptom),
    ...(receiver !== undefined && { receiver: redactText(receiver) }),
  };
}
