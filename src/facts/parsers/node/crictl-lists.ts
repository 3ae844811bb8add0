// Reads `crictl ps` and `crictl pods`: as a table, as JSON, and in the long form of `-v`.
//
//   CONTAINER      IMAGE          CREATED         STATE    NAME          ATTEMPT  POD ID         POD
//   91635d506dcc3  9186cbcdb7f1e  34 minutes ago  Running  etcd-metrics  0        3f2164ffc40a9  etcd-worker-1
//
//   {"containers": [{"id": "91635d50…", "podSandboxId": "3f21…", "metadata": {"name": "etcd-metrics"}, "state": "CONTAINER_RUNNING"}]}

import type { Source, Span } from '../../../bundle/source.ts';
import type { Fact } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readColumns } from '../../text/columns.ts';
import { readDocuments, spanOf } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { at, intOf, isPlain, listOf, nonEmpty, type Plain, textOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { RuntimeContainer, RuntimeSandbox, shortId, stateWord } from './runtime-facts.ts';

export const crictlPs = parser({
  reads: 'CrictlPs',
  yields: RuntimeContainer,
  parse(text, source) {
    if (/^\s*\{/.test(text)) return fromJson(text, 'containers', (each, span) => containerOf(each, span, source));
    const lines = spokenLines(text);
    const long = splitLong(lines);
    if (long.length > 0) return { facts: long.map((block) => longContainer(block, source)), problems: [] };
    // `CONTAINER ID` in older versions; its first word alone would pass for the newer header.
    const [id] = ['CONTAINER ID', 'CONTAINER'].filter((name) => lines.some((line) => line.text.startsWith(name)));
    const table = id === undefined ? undefined : readColumns(lines, [id, 'IMAGE', 'STATE', 'NAME'], ['POD ID']);
    if (!table) return { facts: [], problems: failedOutput(text, 'output of crictl ps') };
    const facts = table.rows.flatMap(({ line, cell }) => {
      const id = cell('CONTAINER ID') || cell('CONTAINER');
      if (!/^[0-9a-f]{12,64}$/.test(id)) return [];
      const value = present({
        shortId: shortId(id),
        containerId: id.length === 64 ? id : undefined,
        name: cell('NAME'),
        state: stateWord(cell('STATE')),
        image: nonEmpty(cell('IMAGE')),
        attempt: intOf(cell('ATTEMPT')),
        namespace: nonEmpty(cell('NAMESPACE')),
        pod: nonEmpty(cell('POD')),
        sandboxId: nonEmpty(cell('POD ID')),
      });
      return [RuntimeContainer.fact(lineSpan(line), value, { key: machineKey(source, value.shortId), version: 0 })];
    });
    return { facts, problems: [], answered: [RuntimeContainer.name] };
  },
});

export const crictlPods = parser({
  reads: 'CrictlPods',
  yields: RuntimeSandbox,
  parse(text, source) {
    if (/^\s*\{/.test(text)) return fromJson(text, 'items', (each, span) => sandboxOf(each, span, source));
    const table = readColumns(spokenLines(text), ['POD ID', 'STATE', 'NAME', 'NAMESPACE']);
    if (!table) return { facts: [], problems: failedOutput(text, 'output of crictl pods') };
    const facts = table.rows.flatMap(({ line, cell }) => {
      const id = cell('POD ID');
      if (!/^[0-9a-f]{12,64}$/.test(id)) return [];
      const runtime = cell('RUNTIME');
      const value = present({
        shortId: shortId(id),
        sandboxId: id.length === 64 ? id : undefined,
        namespace: cell('NAMESPACE'),
        pod: cell('NAME'),
        state: stateWord(cell('STATE')),
        attempt: intOf(cell('ATTEMPT')),
        runtimeHandler: runtime === '(default)' ? undefined : nonEmpty(runtime),
      });
      return [RuntimeSandbox.fact(lineSpan(line), value, { key: machineKey(source, value.shortId), version: 0 })];
    });
    return { facts, problems: [], answered: [RuntimeSandbox.name] };
  },
});

function fromJson(text: string, key: string, read: (each: Plain, span: Span) => Fact | undefined) {
  const { documents, problems } = readDocuments(text);
  const facts = documents.flatMap(({ value, span }) =>
    listOf(at(value, key)).flatMap((each) => (isPlain(each) ? (read(each, spanOf(each) ?? span) ?? []) : [])),
  );
  return { facts, problems };
}

function containerOf(each: Plain, span: Span, source: Source): Fact | undefined {
  const id = textOf(each.id);
  if (id === undefined) return undefined;
  const value = present({
    shortId: shortId(id),
    containerId: id,
    name: textOf(at(each, 'metadata', 'name')) ?? '',
    state: stateWord(textOf(each.state) ?? ''),
    image: nonEmpty(at(each, 'image', 'image')),
    attempt: intOf(at(each, 'metadata', 'attempt')),
    namespace: nonEmpty(at(each, 'labels', 'io.kubernetes.pod.namespace')),
    pod: nonEmpty(at(each, 'labels', 'io.kubernetes.pod.name')),
    podUid: nonEmpty(at(each, 'labels', 'io.kubernetes.pod.uid')),
    sandboxId: nonEmpty(each.podSandboxId),
  });
  return RuntimeContainer.fact(span, value, { key: machineKey(source, value.shortId), version: 2 });
}

function sandboxOf(each: Plain, span: Span, source: Source): Fact | undefined {
  const id = textOf(each.id);
  if (id === undefined) return undefined;
  const value = present({
    shortId: shortId(id),
    sandboxId: id,
    namespace: textOf(at(each, 'metadata', 'namespace')) ?? '',
    pod: textOf(at(each, 'metadata', 'name')) ?? '',
    podUid: nonEmpty(at(each, 'metadata', 'uid')),
    state: stateWord(textOf(each.state) ?? ''),
    attempt: intOf(at(each, 'metadata', 'attempt')),
    runtimeHandler: nonEmpty(each.runtimeHandler),
  });
  return RuntimeSandbox.fact(span, value, { key: machineKey(source, value.shortId), version: 2 });
}

/** `crictl ps -v` prints a block of `Key: value` lines for each container, labels below them as `key -> value`. */
function splitLong(lines: readonly Line[]): Line[][] {
  const blocks: Line[][] = [];
  for (const line of lines) {
    if (/^ID: [0-9a-f]{64}$/.test(line.text)) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}

function longContainer(block: readonly Line[], source: Source): Fact {
  const pairs = block.flatMap(({ text }) => {
    const match = /^(?:(\w+): |\s+(\S+) -> )(.*)$/.exec(text);
    return match ? [[match[1] ?? match[2] ?? '', match[3] ?? ''] as const] : [];
  });
  const values = new Map(pairs);
  const id = values.get('ID') ?? '';
  const value = present({
    shortId: shortId(id),
    containerId: id,
    name: values.get('Name') ?? '',
    state: stateWord(values.get('State') ?? ''),
    image: values.get('Image'),
    attempt: intOf(values.get('Attempt')),
    namespace: values.get('io.kubernetes.pod.namespace'),
    pod: values.get('io.kubernetes.pod.name'),
    podUid: values.get('io.kubernetes.pod.uid'),
    sandboxId: values.get('PodID'),
  });
  const span: Span = [block[0]?.number ?? 1, block.at(-1)?.number ?? 1];
  return RuntimeContainer.fact(span, value, { key: machineKey(source, value.shortId), version: 1 });
}
