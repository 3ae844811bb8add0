// Reads the listing of a folder of CNI plugins (`ls -alh /opt/cni/bin`): which plugins a node has.
//
//   /opt/cni/bin:
//   total 76M
//   drwxr-xr-x. 2 root root 4.0K Oct  2 02:19 .
//   -rwxr-xr-x. 1 root root 4.0M Oct  2 02:19 bridge

import { bool, factType, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';

export const CniPlugin = factType('CniPlugin', 'A CNI plugin on the disk of a node, from a listing of its folder.', {
  node: node(),
  name: string('The `type` that a network configuration names: bridge, loopback, calico.'),
  folder: string('E.g. /opt/cni/bin, or /var/lib/cni/bin under OpenShift.'),
  executable: bool('False when nobody may run it.'),
});

export const cniPlugins = parser({
  reads: 'CniPluginList',
  yields: CniPlugin,
  parse(text, source) {
    const lines = spokenLines(text);
    // `ls_-alh_.opt.cni.bin` is the command with _ for blanks and . for /.
    let folder = (/_(\.[\w.-]+?)$/.exec(source.path)?.[1] ?? '').replaceAll('.', '/');
    const facts = lines.flatMap((line) => {
      const heading = /^(\/\S*):$/.exec(line.text)?.[1];
      if (heading !== undefined) folder = heading;
      const row =
        /^([-l][rwxsStT-]{9})[.+]?\s+\d+\s+\S+\s+\S+\s+.*?(?:\d\d:\d\d(?::\d\d\S*)?(?: [+-]\d{4})?| \d{4})\s+(\S+)(?: -> .*)?$/;
      const [, mode, name] = row.exec(line.text) ?? [];
      if (mode === undefined || name === undefined) return [];
      const value = { name, folder, executable: mode.includes('x') || mode.includes('s') };
      return [CniPlugin.fact(lineSpan(line), value, { key: machineKey(source, folder, name) })];
    });
    if (facts.length > 0) return { facts, problems: [] };
    return lines.some((line) => /^total \d/.test(line.text))
      ? { facts, problems: [], answered: [CniPlugin.name] }
      : { facts, problems: failedOutput(text, 'a listing of CNI plugins') };
  },
});
