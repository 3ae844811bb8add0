// Reads /sys/block/<device>/queue/rotational: whether a disk spins, or claims to.
//
//   1

import { parser } from '../../parser.ts';
import { wholeSpan } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { BlockDevice } from './block-device.ts';

export const sysBlock = parser({
  reads: 'SysBlockFile',
  yields: BlockDevice,
  parse(text, source) {
    // The scheduler of a disk lies beside it.
    const device = /(?:^|[/!])block\/([^/]+)\/queue\/rotational$/.exec(source.path)?.[1];
    if (device === undefined || text.trim() === '') return { facts: [], problems: [] };
    const said = text.trim();
    if (said !== '0' && said !== '1') {
      return { facts: [], problems: [{ code: 'PARSE_ERROR', detail: 'neither 0 nor 1' }] };
    }
    const value = { name: device, rotational: said === '1', mountPoints: [] };
    // lsblk says more about the same disk: its fact is kept.
    return {
      facts: [BlockDevice.fact(wholeSpan(text), value, { key: machineKey(source, device, 'topology'), version: 1 })],
      problems: [],
    };
  },
});
