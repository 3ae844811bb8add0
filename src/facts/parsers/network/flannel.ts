// Reads `/run/flannel/subnet.env`: what flanneld leased for this node.
//
//   FLANNEL_NETWORK=10.244.0.0/16
//   FLANNEL_SUBNET=10.244.1.1/24
//   FLANNEL_MTU=1450
//   FLANNEL_IPMASQ=true

import type { Span } from '../../../bundle/source.ts';
import { bool, factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { wordTable } from '../../text/word-table.ts';

export const FlannelSubnet = factType('FlannelSubnet', 'Lease of one node, from /run/flannel/subnet.env.', {
  node: node(),
  network: optional(string('IPv4 network of the cluster.')),
  subnet: optional(string('Address of cni0 with the prefix length of the node, e.g. 10.244.1.1/24.')),
  ipv6Network: optional(string()),
  ipv6Subnet: optional(string()),
  mtu: optional(int('Bytes.')),
  ipMasq: optional(bool()),
});

const switches = wordTable<'mtu' | 'ipMasq'>({ FLANNEL_MTU: 'mtu', FLANNEL_IPMASQ: 'ipMasq' });
const texts = wordTable<'network' | 'subnet' | 'ipv6Network' | 'ipv6Subnet'>({
  FLANNEL_NETWORK: 'network',
  FLANNEL_SUBNET: 'subnet',
  FLANNEL_IPV6_NETWORK: 'ipv6Network',
  FLANNEL_IPV6_SUBNET: 'ipv6Subnet',
});

export const flannel = parser({
  reads: 'FlannelSubnetEnv',
  yields: FlannelSubnet,
  parse(text) {
    const value: Record<string, string | number | boolean> = {};
    const at: Record<string, Span> = {};
    for (const [index, raw] of text.split('\n').entries()) {
      const pair = /^\s*(FLANNEL_\w+)=["']?([^"'\s]*)/.exec(raw);
      if (!pair || pair[2] === '') continue;
      const name = texts[pair[1]!] ?? switches[pair[1]!];
      if (name === undefined) continue;
      if (name === 'mtu' && !/^\d+$/.test(pair[2]!)) continue;
      value[name] = name === 'mtu' ? Number(pair[2]) : name === 'ipMasq' ? pair[2] === 'true' : pair[2]!;
      at[name] = [index + 1, index + 1];
    }
    if (Object.keys(value).length === 0) {
      if (text.trim() === '') return { facts: [], problems: [] };
      return { facts: [], problems: failedOutput(text, 'FLANNEL_ setting') };
    }
    return { facts: [FlannelSubnet.fact([1, text.trimEnd().split('\n').length], value, { at })], problems: [] };
  },
});
