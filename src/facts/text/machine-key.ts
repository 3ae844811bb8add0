// A key for facts that several files of one machine repeat: `sysctl -a` and /proc/sys, three forms of `ps`.

import type { Source } from '../../bundle/source.ts';

/** The same on every file of one machine (and network namespace), different between machines. */
export function machineKey(source: Source, ...parts: readonly (string | number)[]): string {
  return [source.root, source.labels.node ?? '', source.labels.netns ?? '', ...parts].join('\u0000');
}
