// Reads `numactl --hardware`: the CPUs and the memory of each NUMA node.
//
//   available: 2 nodes (0-1)
//   node 0 cpus: 0 1 2 3
//   node 0 size: 16008 MB
//   node 0 free: 165 MB

import { type Fact, factType, int, node, optional } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { NumaNode, numaFact } from './cpu-facts.ts';

export const NumaMemory = factType('NumaMemory', 'Memory of one NUMA node, from numactl --hardware.', {
  node: node(),
  id: int('NUMA node number.'),
  totalBytes: int('Its memory, in whole MiB; 0 for a node of CPUs alone.'),
  freeBytes: optional(int('Unused, in whole MiB.')),
});

const mebibyte = 1024 ** 2;

export const numactl = parser({
  reads: 'NumactlHardware',
  yields: [NumaNode, NumaMemory],
  parse(text, source) {
    const lines = spokenLines(text);
    if (lines.some((line) => /^No NUMA (?:support )?available/i.test(line.text))) {
      return { facts: [], problems: [], answered: [NumaNode.name, NumaMemory.name] };
    }
    const facts: Fact[] = [];
    for (const line of lines) {
      const [, id, name, said = ''] = /^node (\d+) (cpus|size):\s*(.*)$/.exec(line.text) ?? [];
      if (id === undefined) continue;
      if (name === 'cpus') {
        const cpus = (said.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
        facts.push(numaFact(lineSpan(line), Number(id), cpus, (...parts) => machineKey(source, ...parts)));
        continue;
      }
      const size = megabytes(said);
      if (size === undefined) continue;
      const free = lines.find((other) => other.text.startsWith(`node ${id} free:`));
      const freeBytes = megabytes(free?.text.split(':')[1] ?? '');
      const last = freeBytes === undefined ? line.number : (free?.number ?? line.number);
      const value = present({ id: Number(id), totalBytes: size, freeBytes });
      facts.push(
        NumaMemory.fact([Math.min(line.number, last), Math.max(line.number, last)], value, {
          key: machineKey(source, id),
        }),
      );
    }
    return { facts, problems: facts.length > 0 ? [] : failedOutput(text, 'output of numactl --hardware') };
  },
});

/** `16008 MB`; `<not available>` where the kernel does not tell. */
function megabytes(text: string): number | undefined {
  const number = /^\s*(\d+) MB\s*$/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number) * mebibyte;
}
