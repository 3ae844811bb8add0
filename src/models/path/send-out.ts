// What a node puts out: sent by a process of its own or a tunnel device, and what cannot be routed.

import type { Packet } from '../netfilter/packet.ts';
import { chooseRoutes } from './choose-route.ts';
import type { Context } from './context.ts';
import { answersOf } from './entry.ts';
import type { NodeNetwork } from './node-network.ts';
import { sourceAddress } from './own-addresses.ts';
import { passHook, sendRefusal } from './pass-hook.ts';
import type { RouteAnswer } from './routing.ts';
import { timeout, unsure } from './symptoms.ts';
import { realServers } from './virtual-server.ts';
import { ended, newConnection, type Situation, tupleOf, type Way, withStep } from './way.ts';

/** A process of the node sends, or a tunnel device does with its outer packet. */
export function originate(context: Context, before: Way, behind: string | undefined): readonly Situation[] {
  const packet = { ...before.packet, inDevice: '', outDevice: '' };
  const start: Way = { ...before, packet, entered: tupleOf(packet) };
  const way: Way = { ...start, connection: answersOf(start) ?? newConnection(packet) };
  return sendOut(context, way, behind === undefined ? {} : { behind });
}

export function sendOut(context: Context, way: Way, { behind }: { readonly behind?: string }): readonly Situation[] {
  const network = context.network(way.node);
  const question = { ...way.packet, inDevice: '' };
  return chooseRoutes(context, network, way, question).flatMap(({ way: here, answer }): readonly Situation[] => {
    if (answer.kind !== 'via' && answer.kind !== 'local') return unroutable(context, here, answer, false);
    const there = withSource(network, onto(here, answer), answer);
    return passHook(context, there, 'output', (past) => {
      const balanced = way.answers ? undefined : realServers(context, past);
      if (!balanced && !routesAnew(past.packet, there.packet)) return putOut(context, past, answer, behind);
      return (balanced ?? [past]).flatMap((each) =>
        chooseRoutes(context, network, each, { ...each.packet, inDevice: '' }).flatMap(({ way: anew, answer: last }) =>
          putOut(context, sameHop(last, answer) ? anew : onto(anew, last), last, behind),
        ),
      );
    });
  });
}

function putOut(context: Context, way: Way, answer: RouteAnswer, behind: string | undefined): readonly Situation[] {
  const out: Way = { ...way, packet: { ...way.packet, inDevice: behind ?? '' } };
  if (answer.kind === 'via') return postroute(context, out, answer);
  return answer.kind === 'local' ? throughLoopback(context, out) : unroutable(context, way, answer, false);
}

const sameHop = (one: RouteAnswer, two: RouteAnswer) =>
  one.kind === 'via' && two.kind === 'via' ? one.text === two.text : one.kind === two.kind;

/** What the output hook changes is routed once more. */
function routesAnew(after: Packet, before: Packet): boolean {
  const { value, known } = after.mark;
  return after.destination !== before.destination || value !== before.mark.value || known !== before.mark.known;
}

function onto(way: Way, answer: RouteAnswer): Way {
  if (answer.kind === 'local') return { ...way, packet: { ...way.packet, outDevice: 'lo' } };
  if (answer.kind !== 'via') return way;
  const there = withStep(way, 'route', answer.text, answer.place ? { place: answer.place } : {});
  return { ...there, packet: { ...there.packet, outDevice: answer.device } };
}

function throughLoopback(context: Context, way: Way): readonly Situation[] {
  return passHook(context, way, 'postrouting', (out) => [
    { way: passed(out), stop: { at: 'enters', device: 'lo', bridged: false } },
  ]);
}

function withSource(network: NodeNetwork, way: Way, answer: RouteAnswer): Way {
  const { packet } = way;
  if (packet.source !== '') return way;
  const source =
    answer.kind === 'via'
      ? (answer.source ?? sourceAddress(network, answer.device, answer.gateway ?? packet.destination, packet.family))
      : packet.destination;
  if (source === undefined) return way;
  const known = { ...packet, source };
  return { ...way, packet: known, entered: tupleOf(known), connection: answersOf(way) ?? newConnection(known) };
}

export function postroute(
  context: Context,
  way: Way,
  answer: Extract<RouteAnswer, { kind: 'via' }>,
): readonly Situation[] {
  return passHook(context, way, 'postrouting', (out) => [
    {
      way: passed(out),
      stop: {
        at: 'leaves',
        device: answer.device,
        bridged: false,
        ...(answer.gateway !== undefined && { gateway: answer.gateway }),
      },
    },
  ]);
}

export function unroutable(context: Context, way: Way, answer: RouteAnswer, forwarded: boolean): readonly Situation[] {
  const { node, packet } = way;
  if (answer.kind === 'unknown') return [ended(way, unsure(answer.reason))];
  if (answer.kind === 'group')
    return [
      ended(way, {
        verdict: 'lost',
        symptom: timeout,
        reason: `${packet.destination} is a broadcast or multicast address of ${node}`,
      }),
    ];
  const type = answer.kind === 'refused' ? answer.type : 'none';
  const where = `${type === 'none' ? 'no route' : `route of type ${type}`} to ${packet.destination} on ${node}`;
  if (type === 'blackhole')
    return [ended(way, { verdict: 'black-holed', symptom: forwarded ? timeout : 'EINVAL', reason: where })];
  const symptom = type === 'none' ? 'ENETUNREACH' : type === 'prohibit' && !forwarded ? 'EACCES' : 'EHOSTUNREACH';
  const end = { verdict: 'unreachable', symptom, reason: where } as const;
  return forwarded ? sendRefusal(context, way, 'icmp-net-unreachable', end) : [ended(way, end)];
}

/** What the connection tracking of this node keeps; that of an outer packet is of no interest. */
export function passed(way: Way): Way {
  if (way.carried.length > 0 || way.answers) return way;
  return { ...way, passed: [...way.passed, { node: way.node, before: way.entered, after: tupleOf(way.packet) }] };
}
