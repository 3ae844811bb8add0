// One node, hook by hook: what comes in is bridged, delivered or forwarded; what a local process sends is routed first.

import { unknownDevice } from '../netfilter/packet.ts';
import { bridgeCallsIptables, isBridge, isOnLink, portOf } from './bridge.ts';
import { chooseRoutes } from './choose-route.ts';
import type { Context } from './context.ts';
import { answersOf } from './entry.ts';
import { ingressFault } from './ingress-checks.ts';
import type { NodeNetwork } from './node-network.ts';
import { passHook } from './pass-hook.ts';
import type { RouteAnswer } from './routing.ts';
import { passed, postroute, sendOut, unroutable } from './send-out.ts';
import { lost } from './symptoms.ts';
import { realServers } from './virtual-server.ts';
import { decide, ended, newConnection, type Situation, type Stop, tupleOf, type Way, withStep } from './way.ts';

type Entering = Extract<Stop, { at: 'enters' }>;

export function enterNode(context: Context, before: Way, stop: Entering): readonly Situation[] {
  const network = context.network(before.node);
  const way = atNode(before, stop.device);
  const kind = stop.bridged ? isBridge(network, stop.device) : false;
  const bridge = decide(way, kind, `${stop.device} of ${way.node} is a bridge`);
  return [
    ...bridge.holds.flatMap((each) => enterBridge(context, network, each, stop)),
    ...bridge.fails.flatMap((each) => preroute(context, each, stop, false, false)),
  ];
}

function enterBridge(context: Context, network: NodeNetwork, way: Way, stop: Entering): readonly Situation[] {
  const { packet } = way;
  const onLink = isOnLink(context.cluster, network, stop.device, packet.destination);
  const atom = `iptables sees bridged packets on ${way.node} (bridge-nf-call-iptables)`;
  const seen = decide(way, bridgeCallsIptables(network, packet.family), atom);
  const inPort = stop.port ?? portOf(network, stop.device, stop.sender ?? '') ?? unknownDevice;
  return [
    ...seen.holds.flatMap((each) => preroute(context, { ...each, packet: { ...packet, inPort } }, stop, onLink, true)),
    ...seen.fails.flatMap((each) => (onLink ? switchOnly(each, stop) : preroute(context, each, stop, false, false))),
  ];
}

/** The bridge forwards the frame, and no hook of IP sees it. */
function switchOnly(way: Way, stop: Entering): readonly Situation[] {
  const effect = `${stop.device} forwards the frame; iptables does not see it (bridge-nf-call-iptables is 0)`;
  return [
    {
      way: withStep(way, 'bridge', effect),
      stop: { at: 'leaves', device: stop.device, bridged: true, ...(stop.sender && { sender: stop.sender }) },
    },
  ];
}

/** The packet as a node first sees it: no output device, and what connection tracking knows of it. */
function atNode(way: Way, device: string): Way {
  const { inPort: _in, outPort: _out, ...rest } = way.packet;
  const packet = { ...rest, inDevice: device, outDevice: '' };
  const fresh: Way = { ...way, packet, entered: tupleOf(packet) };
  // A packet that a local process sends to its own node is still the same connection when it comes out of lo.
  if (device === 'lo')
    return { ...fresh, connection: { ...way.connection, destinationDecided: true, sourceDecided: true } };
  return { ...fresh, connection: answersOf(fresh) ?? newConnection(packet) };
}

function preroute(
  context: Context,
  way: Way,
  stop: Entering,
  onLink: boolean,
  bridgeSeen: boolean,
): readonly Situation[] {
  return passHook(context, way, 'prerouting', (past) => {
    const translated = past.packet.destination !== way.packet.destination;
    if (bridgeSeen && onLink && !translated) return bridgeOn(context, past, stop);
    return route(context, past, stop, bridgeSeen && translated);
  });
}

/** Bridged with iptables looking on: the hooks name the bridge on both sides, and postrouting no input device. */
function bridgeOn(context: Context, way: Way, stop: Entering): readonly Situation[] {
  const bridge = stop.device;
  const outPort = portOf(context.network(way.node), bridge, way.packet.destination) ?? unknownDevice;
  const there = withStep(
    { ...way, packet: { ...way.packet, outDevice: bridge, outPort } },
    'bridge',
    `stays on bridge ${bridge}`,
  );
  return passHook(context, there, 'forward', (past) =>
    passHook(context, { ...past, packet: { ...past.packet, inDevice: '' } }, 'postrouting', (out) => [
      {
        way: passed(out),
        stop: { at: 'leaves', device: bridge, bridged: true, ...(stop.sender && { sender: stop.sender }) },
      },
    ]),
  );
}

function route(context: Context, way: Way, stop: Entering, rewritten: boolean): readonly Situation[] {
  const network = context.network(way.node);
  const checked = ingressFault(network, way, stop.device, rewritten);
  const { packet } = way;
  const question = { ...packet, inDevice: stop.device };
  return [
    ...checked.ended,
    ...checked.passing.flatMap((each) =>
      chooseRoutes(context, network, each, question).flatMap(({ way: here, answer }): readonly Situation[] => {
        if (answer.kind === 'local') return deliver(context, here);
        if (answer.kind === 'via' && rewritten && answer.device === stop.device) return bridgeOn(context, here, stop);
        if (answer.kind === 'via') return forward(context, network, here, answer);
        return unroutable(context, here, answer, true);
      }),
    ),
  ];
}

function deliver(context: Context, way: Way): readonly Situation[] {
  return passHook(context, way, 'input', (past) => {
    const balanced = way.answers ? undefined : realServers(context, beforeNat(way, past));
    if (balanced) return balanced.flatMap((each) => sendOut(context, each, {}));
    return [{ way: passed(past), stop: { at: 'local' } }];
  });
}

/** IPVS takes a packet out of the input hook right before its nat chains. */
function beforeNat(way: Way, past: Way): Way {
  const { sourceDecided, sourceTranslated } = way.connection;
  const steps = past.steps.filter(({ rule }, at) => at < way.steps.length || rule?.table !== 'nat');
  return { ...past, steps, connection: { ...past.connection, sourceDecided, sourceTranslated } };
}

function forward(
  context: Context,
  network: NodeNetwork,
  way: Way,
  answer: Extract<RouteAnswer, { kind: 'via' }>,
): readonly Situation[] {
  const name = way.packet.family === 'ip' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  const on = network.settings.get(name);
  const told = withStep(way, 'route', answer.text, answer.place ? { place: answer.place } : {});
  const { holds, fails } = decide(
    told,
    on === undefined ? undefined : on !== '0',
    `${way.node} forwards packets (${name})`,
  );
  return [
    ...holds.flatMap((each) =>
      passHook(context, { ...each, packet: { ...each.packet, outDevice: answer.device } }, 'forward', (past) =>
        postroute(context, past, answer),
      ),
    ),
    ...fails.map((each) => ended(each, lost(`${way.node} does not forward (${name} is 0)`))),
  ];
}
