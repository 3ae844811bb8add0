// Reads single files of /sys/devices/system about processors; the path says which.
//
//   sys/devices/system/cpu/cpu3/topology/thread_siblings_list    3,67
//   sys/devices/system/node/node1/cpulist                        32-63,96-127
//   sys/devices/system/cpu/online                                0-127
//   sys/devices/system/cpu/smt/control                           on

import type { Source } from '../../../bundle/source.ts';
import type { Fact } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readCpuList, writeCpuList } from '../../text/cpu-list.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { linesOf } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { CpuCore, CpuSet, NumaNode, numaFact, SmtState } from './cpu-facts.ts';

const files: readonly (readonly [
  pattern: RegExp,
  read: (value: string, name: string, source: Source) => Fact[] | undefined,
])[] = [
  [/cpu\/cpu\d+\/topology\/()(?:thread_siblings_list|core_cpus_list)$/, readCore],
  [/node\/node(\d+)\/cpulist$/, readNumaNode],
  [/cpu\/(online|offline|present|possible|isolated|nohz_full)$/, readCpuSet],
  [/cpu\/smt\/(active|control)$/, readSmt],
];

export const sysCpu = parser({
  reads: 'SysCpuTopologyFile',
  yields: [CpuCore, NumaNode, CpuSet, SmtState],
  parse(text, source) {
    const value = text.trim();
    for (const [pattern, read] of files) {
      const match = pattern.exec(source.path);
      if (!match) continue;
      const facts = read(value, match[1] ?? '', source);
      return facts ? { facts, problems: [] } : { facts: [], problems: failedOutput(text, 'a set of CPUs') };
    }
    return { facts: [], problems: [] };
  },
});

function readCore(value: string, _name: string, source: Source): Fact[] | undefined {
  const cpus = readCpuList(value);
  if (!cpus || cpus.length === 0) return cpus && [];
  const cpuList = writeCpuList(cpus);
  return [CpuCore.fact([1, 1], { cpus, cpuList }, { key: machineKey(source, cpuList) })];
}

function readNumaNode(value: string, id: string, source: Source): Fact[] | undefined {
  const cpus = readCpuList(value);
  return cpus && [numaFact([1, 1], Number(id), cpus, (...parts) => machineKey(source, ...parts))];
}

function readCpuSet(value: string, name: string, source: Source): Fact[] | undefined {
  // nohz_full reads `(null)` where the kernel has none.
  const cpus = readCpuList(value === '(null)' ? '' : value);
  return cpus && [CpuSet.fact([1, 1], { name, cpus, cpuList: writeCpuList(cpus) }, { key: machineKey(source, name) })];
}

function readSmt(value: string, name: string): Fact[] | undefined {
  if (linesOf(value).length !== 1 || !/^\w+$/.test(value)) return undefined;
  return [SmtState.fact([1, 1], name === 'active' ? { active: value === '1' } : { control: value })];
}
