// Reads the checkpoints of the kubelet's CPU and memory managers: which containers own which CPUs.
//
//   {"policyName":"static","defaultCpuSet":"0-1,4","entries":{"7a96c459-…":{"checkout":"2-3"}},"checksum":353318134}

import type { Span } from '../../../bundle/source.ts';
import { factType, int, list, node, object, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readCpuList } from '../../text/cpu-list.ts';
import { keySpan, readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { isPlain, listOf, type Plain, plainOf, textOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';

const assignment = object({
  podUid: optional(string('Absent in the oldest form, which knows containers by their id alone.')),
  container: string('Name of the container, or its id in the oldest form; empty for the pod as a whole.'),
  cpus: list(int('CPU number.')),
  cpuList: string('The same as text.'),
});

export const CpuManagerState = factType('CpuManagerState', "The CPU manager's checkpoint of a node.", {
  node: node(),
  policyName: string('none or static.'),
  defaultCpus: list(int('CPU number.'), 'The shared pool; empty where the policy is none.'),
  entries: list(assignment, 'Containers with CPUs of their own.'),
});

export const CpuAssignment = factType('CpuAssignment', 'CPUs that the CPU manager gave to one container alone.', {
  node: node(),
  podUid: optional(string('metadata.uid of the pod; absent in the oldest form.')),
  container: string('Name of the container, or its id in the oldest form; empty for the pod as a whole.'),
  cpus: list(int('CPU number.')),
  cpuList: string('The same as text.'),
});

export const MemoryManagerState = factType('MemoryManagerState', "The memory manager's checkpoint of a node.", {
  node: node(),
  policyName: string('None or Static.'),
  entries: list(object({ podUid: string(), container: string() }), 'Containers with memory of their own NUMA nodes.'),
});

interface Entry {
  readonly podUid?: string;
  readonly container: string;
  readonly cpus: number[];
  readonly cpuList: string;
  readonly span: Span;
}

export const cpuManagerState = parser({
  reads: 'CpuManagerState',
  yields: [CpuManagerState, CpuAssignment],
  parse(text) {
    const { documents, problems } = readDocuments(text);
    const first = documents[0];
    const state = plainOf(first?.value);
    if (!first || typeof state.policyName !== 'string') {
      return { facts: [], problems: problems.length > 0 ? problems : failedOutput(text, 'a cpu_manager_state') };
    }
    const entries = [...entriesOf(state.entries, first.span), ...podEntriesOf(state.podEntries, first.span)];
    const plain = entries.map(({ span, ...entry }) => entry);
    const defaultCpus = readCpuList(textOf(state.defaultCpuSet) ?? '') ?? [];
    const value = { policyName: state.policyName, defaultCpus, entries: plain };
    const facts = entries.map(({ span, ...entry }) => CpuAssignment.fact(span, entry));
    return { facts: [CpuManagerState.fact(first.span, value), ...facts], problems };
  },
});

export const memoryManagerState = parser({
  reads: 'MemoryManagerState',
  yields: MemoryManagerState,
  parse(text) {
    const { documents, problems } = readDocuments(text);
    const first = documents[0];
    const state = plainOf(first?.value);
    if (!first || typeof state.policyName !== 'string') {
      return { facts: [], problems: problems.length > 0 ? problems : failedOutput(text, 'a memory_manager_state') };
    }
    const entries = Object.entries(plainOf(state.entries)).flatMap(([podUid, containers]) =>
      Object.keys(plainOf(containers)).map((container) => ({ podUid, container })),
    );
    return { facts: [MemoryManagerState.fact(first.span, { policyName: state.policyName, entries })], problems };
  },
});

/** Pod, container, CPUs; the oldest form has container id and CPUs. */
function entriesOf(value: unknown, whole: Span): Entry[] {
  const pods = plainOf(value);
  return Object.entries(pods).flatMap(([key, inside]) => {
    if (!isPlain(inside)) return entry(pods, key, undefined, key, inside, whole);
    return Object.entries(inside).flatMap(([container, cpus]) => entry(inside, container, key, container, cpus, whole));
  });
}

/** Since the managers know pods as a whole: `podEntries: {<uid>: {cpuSet: "2-5"}}`. */
function podEntriesOf(value: unknown, whole: Span): Entry[] {
  const pods = plainOf(value);
  return Object.entries(pods).flatMap(([podUid, inside]) =>
    entry(pods, podUid, podUid, '', isPlain(inside) ? (inside.cpuSet ?? listOf(inside.cpus).join(',')) : inside, whole),
  );
}

function entry(
  parent: Plain,
  key: string,
  podUid: string | undefined,
  container: string,
  set: unknown,
  whole: Span,
): Entry[] {
  const cpuList = textOf(set) ?? '';
  const cpus = readCpuList(cpuList);
  if (!cpus || cpus.length === 0) return [];
  return [
    {
      ...present({ ...(podUid === undefined ? {} : { podUid }), container, cpus, cpuList }),
      span: keySpan(parent, key) ?? whole,
    },
  ];
}
