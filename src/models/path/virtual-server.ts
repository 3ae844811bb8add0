// IPVS: a virtual address that is local to the node, and the real servers it is balanced over.

import type { Context } from './context.ts';
import { endText, type Way, withStep } from './way.ts';

/** Undefined where the packet is for no virtual server of its node. */
export function realServers({ virtualServers }: Context, way: Way): readonly Way[] | undefined {
  const { packet, node } = way;
  const server = virtualServers.find(
    (each) =>
      (each.node ?? '') === node &&
      each.address === packet.destination &&
      each.port === packet.destinationPort &&
      each.protocol === packet.protocol,
  );
  if (!server) return undefined;
  const usable = server.realServers.filter(({ weight }) => (weight ?? 1) > 0);
  const total = usable.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
  return usable.map(({ address, port, weight }): Way => {
    const to = port ?? server.port;
    const from = endText(packet.destination, packet.destinationPort);
    const told = withStep(way, 'translate', `IPVS ${from} → ${endText(address, to)}`);
    return {
      ...told,
      weight: way.weight * ((weight ?? 1) / total),
      packet: { ...packet, destination: address, destinationPort: to },
      connection: { ...way.connection, destinationDecided: true, destinationTranslated: true },
    };
  });
}
