// Reads `bridge fdb show`: which device, and for VXLAN which remote host, a MAC address lies behind.
//
//   33:33:00:00:00:01 dev eth0 self permanent
//   92:22:3f:b6:02:6c dev flannel.1 dst 10.6.3.202 self permanent
//   00:16:3e:3a:20:be dev ens3 vlan 1 used 23504/25 master br-ens3

import type { Span } from '../../../bundle/source.ts';
import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

export const ForwardingEntry = factType(
  'ForwardingEntry',
  'One entry of the forwarding tables of bridges and VXLAN devices.',
  {
    node: node(),
    netns: optional(string('Network namespace, where the dump is of one other than the host.')),
    mac: string('Address; 00:00:00:00:00:00 of a VXLAN device stands for all that are not known.'),
    device: string('Port of the bridge, or the VXLAN device.'),
    destination: optional(string('Address of the remote host, of a VXLAN device.')),
    master: optional(string('Bridge of the port.')),
    vlan: optional(int('VLAN it holds for.')),
    state: string('permanent, static or stale; dynamic for what was learned.'),
  },
);

export const bridgeFdb = parser({
  reads: 'BridgeFdb',
  yields: ForwardingEntry,
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const facts = text.split('\n').flatMap((raw, index) => {
      // iproute2 4.18 prints `dev` twice.
      const line = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) dev (?:dev )?(\S+)(.*)$/.exec(raw.trim());
      if (!line) return [];
      const [, mac = '', device = '', rest = ''] = line;
      const word = (name: string): string | undefined => new RegExp(` ${name} (\\S+)`).exec(rest)?.[1];
      const destination = word('dst');
      const master = word('master');
      const vlan = word('vlan');
      const value = {
        ...place,
        mac,
        device,
        ...(destination !== undefined && { destination }),
        ...(master !== undefined && { master }),
        ...(vlan !== undefined && /^\d+$/.test(vlan) && { vlan: Number(vlan) }),
        state: / (permanent|static|stale)\b/.exec(rest)?.[1] ?? 'dynamic',
      };
      const span: Span = [index + 1, index + 1];
      return [ForwardingEntry.fact(span, value)];
    });
    return { facts, problems: facts.length > 0 ? [] : failedOutput(text, 'output of bridge fdb') };
  },
});
