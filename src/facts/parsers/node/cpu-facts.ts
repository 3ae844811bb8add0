// Fact types of the processors of a node, and how a list of hardware threads becomes them.

import type { Span } from '../../../bundle/source.ts';
import { bool, type Fact, factType, int, list, node, object, optional, string } from '../../fact-type.ts';
import { readCpuList, writeCpuList } from '../../text/cpu-list.ts';
import { present } from '../../text/present.ts';

export const CpuTopology = factType('CpuTopology', 'The processors of one node, from one form of lscpu.', {
  node: node(),
  cpus: int('CPUs (hardware threads) the machine has, offline ones included where they are listed.'),
  online: list(int('CPU number.'), 'CPUs in use.'),
  threadsPerCore: int('Online threads of a core: 1 when SMT is off.'),
  cores: optional(int('Physical cores in use.')),
  sockets: optional(int('Processors.')),
  numaNodes: list(
    object({ id: int('NUMA node number.'), cpus: list(int('CPU number.')) }),
    'NUMA nodes; may be empty.',
  ),
  architecture: optional(string('E.g. x86_64.')),
  model: optional(string('Name of the processor.')),
  hypervisor: optional(string('Vendor of the hypervisor, on a virtual machine.')),
});

export const CpuThread = factType('CpuThread', 'One CPU (hardware thread) of a node.', {
  node: node(),
  cpu: int('CPU number.'),
  core: optional(int('Number of its core; absent while it is offline.')),
  socket: optional(int('Number of its socket.')),
  numaNode: optional(int('Number of its NUMA node.')),
  online: bool('False when the CPU is switched off.'),
});

export const CpuCore = factType('CpuCore', 'The CPUs (hardware threads) that share one physical core.', {
  node: node(),
  cpus: list(int('CPU number.'), 'Siblings, in rising order; one where SMT is off.'),
  cpuList: string('The same as text, e.g. `0,64`.'),
});

export const NumaNode = factType('NumaNode', 'One NUMA node of a machine.', {
  node: node(),
  id: int('NUMA node number.'),
  cpus: list(int('CPU number.')),
  cpuList: string('The same as text, e.g. `0-31`.'),
});

export const CpuSet = factType('CpuSet', 'A set of CPUs the kernel keeps, from /sys/devices/system/cpu.', {
  node: node(),
  name: string('`online`, `offline`, `present`, `possible`, `isolated` or `nohz_full`.'),
  cpus: list(int('CPU number.')),
  cpuList: string('As the file has it; may be empty.'),
});

export const SmtState = factType('SmtState', 'Whether cores run several threads, from /sys/devices/system/cpu/smt.', {
  node: node(),
  active: optional(bool('From smt/active.')),
  control: optional(string('From smt/control: on, off, forceoff, notsupported or notimplemented.')),
});

/** One row of `lscpu -e` or `lscpu -p`. */
export interface Thread {
  readonly cpu: number;
  readonly core?: number | undefined;
  readonly socket?: number | undefined;
  readonly numaNode?: number | undefined;
  readonly online: boolean;
  readonly line: number;
}

/** Facts of a table of threads; `keyOf` names what other sources of the machine may say as well. */
export function threadFacts(
  threads: readonly Thread[],
  span: Span,
  keyOf: (...parts: string[]) => string,
  trust = 2,
): Fact[] {
  const online = threads.filter((thread) => thread.online);
  const cores = [...Map.groupBy(online, ({ socket, core }) => `${socket ?? 0}/${core}`).values()];
  const numa = [...Map.groupBy(online, ({ numaNode }) => numaNode)].flatMap(([id, group]) =>
    id === undefined ? [] : [{ id, cpus: group.map(({ cpu }) => cpu).sort((a, b) => a - b) }],
  );
  const known = online.some(({ core }) => core !== undefined);
  const topology = present({
    cpus: threads.length,
    online: online.map(({ cpu }) => cpu),
    threadsPerCore: known ? Math.max(...cores.map((core) => core.length)) : 1,
    cores: known ? cores.length : undefined,
    sockets: known ? new Set(online.map(({ socket }) => socket ?? 0)).size : undefined,
    numaNodes: numa.sort((a, b) => a.id - b.id),
  });
  return [
    CpuTopology.fact(span, topology, { key: keyOf('topology'), version: known ? trust : 0 }),
    ...threads.map(({ line, ...thread }) =>
      CpuThread.fact([line, line], present(thread), { key: keyOf(`${thread.cpu}`), version: trust }),
    ),
    ...(known ? cores.map((core) => coreFact(core, keyOf)) : []),
    ...numa.map(({ id, cpus }) => numaFact(span, id, cpus, keyOf)),
  ];
}

function coreFact(core: readonly Thread[], keyOf: (...parts: string[]) => string): Fact {
  const cpus = core.map(({ cpu }) => cpu).sort((a, b) => a - b);
  const cpuList = writeCpuList(cpus);
  const lines = core.map(({ line }) => line);
  // Siblings mostly lie far apart in the table: the first one stands for them.
  const first = Math.min(...lines);
  const span: Span = Math.max(...lines) - first < core.length ? [first, Math.max(...lines)] : [first, first];
  return CpuCore.fact(span, { cpus, cpuList }, { key: keyOf(cpuList) });
}

export function numaFact(span: Span, id: number, cpus: readonly number[], keyOf: (...parts: string[]) => string): Fact {
  return NumaNode.fact(span, { id, cpus, cpuList: writeCpuList(cpus) }, { key: keyOf(`${id}`) });
}

/** What the pairs of `lscpu` say, by the names that it prints; the same pairs come as text and as JSON. */
export function topologyFacts(
  pairs: readonly { readonly key: string; readonly value: string; readonly span: Span }[],
  span: Span,
  keyOf: (...parts: string[]) => string,
): Fact[] {
  const last = new Map(pairs.map((pair) => [pair.key, pair]));
  const number = (key: string): number | undefined => {
    const value = last.get(key)?.value ?? '';
    return /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const cpus = number('CPU(s)');
  if (cpus === undefined) return [];
  const sockets = number('Socket(s)');
  const coresPerSocket = number('Core(s) per socket');
  const numa = [...last.values()].flatMap(({ key, value, span }) => {
    const id = /^NUMA node(\d+) CPU\(s\)$/.exec(key)?.[1];
    const list = readCpuList(value);
    return id === undefined || !list ? [] : [{ id: Number(id), cpus: list, span }];
  });
  const topology = present({
    cpus,
    online: readCpuList(last.get('On-line CPU(s) list')?.value ?? '') ?? [],
    threadsPerCore: number('Thread(s) per core') ?? 1,
    cores: sockets === undefined || coresPerSocket === undefined ? undefined : sockets * coresPerSocket,
    sockets,
    numaNodes: numa.map(({ id, cpus }) => ({ id, cpus })),
    architecture: last.get('Architecture')?.value,
    model: last.get('Model name')?.value,
    hypervisor: last.get('Hypervisor vendor')?.value,
  });
  const at = placesOf(last);
  return [
    CpuTopology.fact(span, topology, { at, key: keyOf('topology'), version: 3 }),
    ...numa.map(({ id, cpus, span }) => numaFact(span, id, cpus, keyOf)),
  ];
}

function placesOf(pairs: ReadonlyMap<string, { readonly span: Span }>): Record<string, Span> {
  const fields = {
    cpus: 'CPU(s)',
    online: 'On-line CPU(s) list',
    threadsPerCore: 'Thread(s) per core',
    model: 'Model name',
  };
  const found = Object.entries(fields).flatMap(([field, key]) => {
    const pair = pairs.get(key);
    return pair ? [[field, pair.span] as const] : [];
  });
  return Object.fromEntries(found);
}
