// Reads `/etc/machine-id`; a node's status.nodeInfo.machineID is the same, so a machine whose name changed is found by it.
//
//   7a96c459d52944ae9f9990d3798d6426

import { factType, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';

export const MachineId = factType('MachineId', 'The id of an installed machine.', {
  node: node(),
  id: string('32 hexadecimal digits.'),
});

export const machineId = parser({
  reads: 'MachineId',
  yields: MachineId,
  parse(text) {
    const lines = spokenLines(text);
    const id = lines[0]?.text.trim() ?? '';
    // systemd writes `uninitialized` into an image that was never started.
    if (lines.length === 1 && id === 'uninitialized') return { facts: [], problems: [] };
    if (!lines[0] || !/^[0-9a-f]{32}$/.test(id)) return { facts: [], problems: failedOutput(text, 'a machine id') };
    return { facts: [MachineId.fact(lineSpan(lines[0]), { id })], problems: [] };
  },
});
