// Reads `/etc/fstab`: what is to be mounted at boot, swap included.
//
//   UUID=94ea609a-7ed9   /boot   ext4   defaults   1 2
//   /dev/vg/swap         none    swap   sw         0 0

import { factType, list, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { unescapeMount } from '../../text/mount-words.ts';

export const FstabEntry = factType('FstabEntry', 'One line of /etc/fstab.', {
  node: node(),
  device: string('Device, UUID=…, LABEL=… or a remote path.'),
  mountPoint: string('Where it goes; `none` or `swap` for swap.'),
  fsType: string('Type of the filesystem; `swap` for swap.'),
  options: list(string(), 'Mount options; empty where the line has none.'),
});

export const fstab = parser({
  reads: 'Fstab',
  yields: FstabEntry,
  parse(text) {
    const lines = spokenLines(text).filter((line) => !/^\s*#/.test(line.text));
    const facts = lines.flatMap((line) => {
      const [device, mountPoint, fsType, options] = line.text.trim().split(/\s+/);
      const isEntry =
        fsType !== undefined && /^[\w.,-]+$/.test(fsType) && /^(?:\/|none$|swap$|-$)/.test(mountPoint ?? '');
      if (device === undefined || mountPoint === undefined || !isEntry) return [];
      const value = {
        device: unescapeMount(device),
        mountPoint: unescapeMount(mountPoint),
        fsType,
        options: options?.split(',') ?? [],
      };
      return [FstabEntry.fact(lineSpan(line), value)];
    });
    return { facts, problems: facts.length === 0 && lines.length > 0 ? failedOutput(text, 'an fstab') : [] };
  },
});
