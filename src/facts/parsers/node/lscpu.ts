// Reads the text forms of `lscpu`: the list of properties, the table (`-e`, `-ae`), and the parsable table (`-p`).
//
//   CPU(s):                2           CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE      # CPU,Core,Socket,Node,,L1d,L1i,L2,L3
//   Thread(s) per core:    1             0    0      0    0 0:0:0:0          yes      0,0,0,0,,0,0,0,0
//   NUMA node0 CPU(s):     0,1           1    -      -    - -                 no      1,1,0,0,,1,1,1,0

import type { Source } from '../../../bundle/source.ts';
import { type Parsed, parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues } from '../../text/key-values.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { CpuCore, CpuThread, CpuTopology, NumaNode, type Thread, threadFacts, topologyFacts } from './cpu-facts.ts';

export const lscpu = parser({
  reads: 'Lscpu',
  yields: [CpuTopology, CpuThread, CpuCore, NumaNode],
  parse(text, source) {
    const lines = spokenLines(text);
    const table = lines.findIndex((line) => /^\s*CPU\s+(?:\S+\s+)*(?:CORE|ONLINE|SOCKET)\b/.test(line.text));
    if (table >= 0) return readTable(lines.slice(table), source, text);
    const parsable = lines.findIndex((line) => /^# ?CPU,\S*$/i.test(line.text));
    if (parsable >= 0) return readParsable(lines.slice(parsable), source, text);
    return readList(lines, source, text);
  },
});

const keysOf =
  (source: Source) =>
  (...parts: string[]) =>
    machineKey(source, ...parts);

/** Keys of newer versions are indented below section headers. */
function readList(lines: readonly Line[], source: Source, text: string): Parsed {
  const pairs = keyValues(lines, ':').map(({ key, value, line }) => ({ key, value, span: lineSpan(line) }));
  const facts = topologyFacts(pairs, [lines[0]?.number ?? 1, lines.at(-1)?.number ?? 1], keysOf(source));
  return { facts, problems: facts.length > 0 ? [] : failedOutput(text, 'output of lscpu') };
}

function readTable([header, ...lines]: readonly Line[], source: Source, text: string): Parsed {
  const names = header?.text.trim().split(/\s+/) ?? [];
  return readThreads(lines, names, (line) => line.text.trim().split(/\s+/), header, source, text);
}

function readParsable([header, ...lines]: readonly Line[], source: Source, text: string): Parsed {
  const names = (header?.text ?? '').replace(/^# ?/, '').toUpperCase().split(',');
  return readThreads(lines, names, (line) => line.text.trim().split(','), header, source, text);
}

function readThreads(
  lines: readonly Line[],
  names: readonly string[],
  split: (line: Line) => string[],
  header: Line | undefined,
  source: Source,
  text: string,
): Parsed {
  const threads: Thread[] = [];
  for (const line of lines) {
    const cells = split(line);
    const number = (name: string): number | undefined => {
      const cell = cells[names.indexOf(name)];
      return cell !== undefined && /^\d+$/.test(cell) ? Number(cell) : undefined;
    };
    const cpu = number('CPU');
    if (cpu === undefined) continue;
    const online = !names.includes('ONLINE') || /^(?:yes|y)$/i.test(cells[names.indexOf('ONLINE')] ?? 'yes');
    const thread = { cpu, core: number('CORE'), socket: number('SOCKET'), numaNode: number('NODE'), online };
    threads.push({ ...thread, line: line.number });
  }
  if (threads.length === 0) return { facts: [], problems: failedOutput(text, 'output of lscpu -e') };
  const facts = threadFacts(threads, [header?.number ?? 1, threads.at(-1)?.line ?? 1], keysOf(source));
  return { facts, problems: [] };
}
