// Packets that are too large for the next device: the node says so, and where its message is lost, large packets vanish.

import { tunnelOverheadBytes } from '../mtu.ts';
import type { Context } from './context.ts';
import type { NodeNetwork } from './node-network.ts';
import { sendRefusal } from './pass-hook.ts';
import type { Situation, Way } from './way.ts';

/** Undefined if the packet fits, or if that cannot be told. */
export function tooLarge(context: Context, way: Way, device: string): readonly Situation[] | undefined {
  const { lengthBytes } = way.packet;
  const mtu = context.network(way.node).devices?.get(device)?.mtuBytes;
  if (lengthBytes === undefined || mtu === undefined || lengthBytes <= mtu) return undefined;
  const reason = `${lengthBytes} bytes do not fit ${device} of ${way.node} (MTU ${mtu})`;
  return sendRefusal(context, way, 'icmp-fragmentation-needed', { verdict: 'lost', symptom: 'EMSGSIZE', reason });
}

/** Says of a tunnel device that it takes in more than the device below can carry. */
export function tunnelTooLarge(network: NodeNetwork, tunnel: string, below: string): string | undefined {
  const inner = network.devices?.get(tunnel);
  const outer = network.devices?.get(below);
  const overhead = inner?.kind === undefined ? undefined : tunnelOverheadBytes(inner.kind);
  if (inner?.mtuBytes === undefined || outer?.mtuBytes === undefined || overhead === undefined) return undefined;
  if (inner.mtuBytes + overhead <= outer.mtuBytes) return undefined;
  return `MTU ${inner.mtuBytes} of ${tunnel} and ${overhead} bytes around it are more than MTU ${outer.mtuBytes} of ${below}: large packets are lost`;
}
