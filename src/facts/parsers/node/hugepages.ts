// Reads the counters of huge pages below /sys, of the whole machine and of each NUMA node.
//
//   sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages                          512
//   sys/devices/system/node/node1/hugepages/hugepages-1048576kB/free_hugepages     0

import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const HugepageCount = factType('HugepageCount', 'Huge pages of one size, of a machine or of one NUMA node.', {
  node: node(),
  numaNode: optional(int('NUMA node; absent for the whole machine.')),
  pageSize: string('As resources of Kubernetes spell it: `2Mi`, `1Gi`.'),
  pageBytes: int('The same in bytes.'),
  counter: string('`total` or `free`.'),
  pages: int('How many.'),
});

const counters: Readonly<Record<string, string>> = { nr_hugepages: 'total', free_hugepages: 'free' };

export const hugepages = parser({
  reads: 'SysHugepages',
  yields: HugepageCount,
  parse(text, source) {
    const place = /(?:\/node(\d+))?\/hugepages\/hugepages-(\d{1,10})kB\/(\w+)$/.exec(source.path);
    const [line] = spokenLines(text);
    const [, numaNode, size = '', file = ''] = place ?? [];
    const counter = counters[file];
    if (!place || counter === undefined || !line) return { facts: [], problems: [] };
    const pages = line.text.trim();
    if (!/^\d{1,15}$/.test(pages)) return { facts: [], problems: failedOutput(text, 'a count of huge pages') };
    const value = present({
      numaNode: numaNode === undefined ? undefined : Number(numaNode),
      pageSize: spelt(Number(size)),
      pageBytes: Number(size) * 1024,
      counter,
      pages: Number(pages),
    });
    const key = machineKey(source, numaNode ?? '', size, counter);
    return { facts: [HugepageCount.fact([line.number, line.number], value, { key })], problems: [] };
  },
});

/** 2048 → `2Mi`. */
function spelt(kibibytes: number): string {
  if (kibibytes % 1024 ** 2 === 0) return `${kibibytes / 1024 ** 2}Gi`;
  return kibibytes % 1024 === 0 ? `${kibibytes / 1024}Mi` : `${kibibytes}Ki`;
}
