// What the kernel throws away without a word when it routes a packet that came in: reverse path, foreign loopback addresses.

import { noMark, unknownDevice } from '../netfilter/packet.ts';
import { largerSetting, type NodeNetwork } from './node-network.ts';
import { deviceWith, isLoopback } from './own-addresses.ts';
import { findRoutes } from './routing.ts';
import { lost } from './symptoms.ts';
import { ended, type Situation, suppose, type Way } from './way.ts';

export interface Checked {
  readonly passing: readonly Way[];
  readonly ended: readonly Situation[];
}

/** `rewritten`: bridged, and its destination was translated; the bridge then tries to answer for the route. */
export function ingressFault(network: NodeNetwork, way: Way, device: string, rewritten: boolean): Checked {
  if (device === 'lo') return { passing: [way], ended: [] };
  if (isLoopback(way.packet.destination)) return loopback(network, way, device);
  return reversePath(network, way, device, rewritten);
}

function loopback(network: NodeNetwork, way: Way, device: string): Checked {
  const end = lost(
    `${way.packet.destination} came in by ${device}: a martian address, route_localnet is 0 on ${way.node}`,
  );
  const allowed = largerSetting(network, 'route_localnet', device) ?? either(network, 'route_localnet');
  if (allowed === 1) return { passing: [way], ended: [] };
  if (allowed === 0) return { passing: [], ended: [ended(way, end)] };
  const { holds, fails } = suppose(way, `route_localnet is 1 for ${device} of ${way.node}`);
  return { passing: holds, ended: fails.map((each) => ended(each, end)) };
}

/** `all` alone decides where it is the larger one. */
function either({ settings }: NodeNetwork, name: string): number | undefined {
  return settings.get(`net.ipv4.conf.all.${name}`) === '1' ? 1 : undefined;
}

function reversePath(network: NodeNetwork, way: Way, device: string, rewritten: boolean): Checked {
  const { source, family } = way.packet;
  const fine: Checked = { passing: [way], ended: [] };
  if (family !== 'ip' || source === '' || device === unknownDevice || !network.routes) return fine;
  const question = { family, destination: source, source: '', mark: noMark, inDevice: '' };
  const answers = findRoutes(network, question).map(({ answer }) => answer);
  if (answers.some((answer) => answer.kind === 'unknown')) return fine;
  if (answers.some((answer) => answer.kind === 'via' && answer.device === device)) return fine;
  const reason = `the way back to ${source} is not ${device} on ${way.node}, and rp_filter is strict`;
  if (deviceWith(network, source))
    return {
      passing: [],
      ended: [ended(way, lost(`${source} is an address of ${way.node} itself, but came in by ${device}`))],
    };
  const mode = largerSetting(network, 'rp_filter', device) ?? strictByAll(network);
  if (mode === 0 || mode === 2) return fine;
  const dropped = (each: Way): readonly Situation[] => {
    if (!rewritten) return [ended(each, lost(reason))];
    const told = suppose(each, 'the bridge answers for a packet that has no way back');
    return [
      ...told.fails.map((other) => ended(other, lost(reason))),
      ...told.holds.map((other) => ended(other, { verdict: 'lost', symptom: 'EHOSTUNREACH', reason })),
    ];
  };
  if (mode === 1) return { passing: [], ended: dropped(way) };
  const { holds, fails } = suppose(way, `rp_filter is strict for ${device} of ${way.node}`);
  return { passing: fails, ended: holds.flatMap(dropped) };
}

/** With `all` at 2 the result is loose whatever the device says. */
function strictByAll({ settings }: NodeNetwork): number | undefined {
  return settings.get('net.ipv4.conf.all.rp_filter') === '2' ? 2 : undefined;
}
