// Reads `/sys/class/net/<device>/mtu`: a number; the device is in the path.
//
//   1450

import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

export const DeviceMtu = factType('DeviceMtu', 'MTU of one network device, from /sys.', {
  node: node(),
  netns: optional(string('Network namespace, where the file is of one other than the host.')),
  device: string(),
  mtu: int('Bytes.'),
});

export const deviceMtu = parser({
  reads: 'SysNetMtu',
  yields: DeviceMtu,
  parse(text, source) {
    const device = source.labels.interface ?? source.path.split('/').at(-2) ?? '';
    const { netns } = source.labels;
    if (text.trim() === '') return { facts: [], problems: [] };
    if (!/^\s*\d{1,10}\s*$/.test(text)) {
      return { facts: [], problems: failedOutput(text, 'a number of bytes') };
    }
    const value = { ...(netns !== undefined && { netns }), device, mtu: Number(text) };
    return { facts: [DeviceMtu.fact([1, 1], value)], problems: [] };
  },
});
