// Reads `/proc/cpuinfo`: the CPUs in use and the cores they belong to. NUMA nodes are not in it.
//
//   processor	: 0
//   model name	: Intel(R) Xeon(R) Gold 6230R CPU @ 2.10GHz
//   physical id	: 0
//   core id		: 0
//
//   processor	: 1
//
//   processor 0: version = FF,  identification = 0E19C8,  machine = 8561        (s390x)

import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues } from '../../text/key-values.ts';
import { spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { CpuCore, CpuThread, CpuTopology, type Thread, threadFacts } from './cpu-facts.ts';

const counts = /^(?:processor|processor \d+|cpu number|physical id|core id)$/;

export const procCpuinfo = parser({
  reads: 'ProcCpuinfo',
  yields: [CpuTopology, CpuThread, CpuCore],
  parse(text, source) {
    const pairs = keyValues(spokenLines(text), ':').filter(({ key }) => counts.test(key));
    // s390x lists its processors in a line each; newer kernels follow with a block for each, which says more.
    const hasBlocks = pairs.some(({ key }) => key === 'cpu number');
    const threads: Thread[] = [];
    for (const { key, value, line } of pairs) {
      const listed = /^processor (\d+)$/.exec(key)?.[1];
      if (listed !== undefined && !hasBlocks) threads.push({ cpu: Number(listed), online: true, line: line.number });
      const number = /^\d+$/.test(value) ? Number(value) : undefined;
      if (number === undefined) continue;
      if (key === 'processor' || key === 'cpu number') threads.push({ cpu: number, online: true, line: line.number });
      const last = threads.pop();
      if (!last) continue;
      const field = key === 'physical id' ? { socket: number } : key === 'core id' ? { core: number } : {};
      threads.push({ ...last, ...field });
    }
    const first = threads[0];
    const last = pairs.at(-1);
    if (!first || !last) return { facts: [], problems: failedOutput(text, '/proc/cpuinfo') };
    const keyOf = (...parts: string[]) => machineKey(source, ...parts);
    return { facts: threadFacts(threads, [first.line, last.line.number], keyOf, 1), problems: [] };
  },
});
