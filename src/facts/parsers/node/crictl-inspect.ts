// Reads `crictl inspect` of one container: its state, and what the runtime was told to enforce.
//
//   {"status": {"id": "91635d50…", "metadata": {"name": "etcd-metrics"}, "state": "CONTAINER_RUNNING", …},
//    "info": {"pid": 1516, "runtimeSpec": {"linux": {"cgroupsPath": "…", "resources": {"cpu": {"shares": 512}}}}}}

import { parser } from '../../parser.ts';
import { readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { machineKey } from '../../text/machine-key.ts';
import { at, intOf, isPlain, nonEmpty, textOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { RuntimeContainer, shortId, stateWord } from './runtime-facts.ts';

export const crictlInspect = parser({
  reads: 'CrictlInspect',
  yields: RuntimeContainer,
  parse(text, source) {
    const { documents, problems } = readDocuments(text);
    const facts = documents.flatMap(({ value, span }) => {
      // A sandbox (`inspectp`) has the shape of a container, but for its state.
      const status = at(value, 'status');
      const id = textOf(at(status, 'id'));
      const state = textOf(at(status, 'state')) ?? '';
      if (!isPlain(status) || id === undefined || !state.startsWith('CONTAINER_')) return [];
      const info = at(value, 'info');
      const linux = at(info, 'runtimeSpec', 'linux');
      const cpu = at(linux, 'resources', 'cpu');
      const exited = state === 'CONTAINER_EXITED';
      const container = present({
        shortId: shortId(id),
        containerId: id,
        name: textOf(at(status, 'metadata', 'name')) ?? '',
        state: stateWord(state),
        image: nonEmpty(at(status, 'image', 'image')),
        attempt: intOf(at(status, 'metadata', 'attempt')),
        namespace: nonEmpty(at(status, 'labels', 'io.kubernetes.pod.namespace')),
        pod: nonEmpty(at(status, 'labels', 'io.kubernetes.pod.name')),
        podUid: nonEmpty(at(status, 'labels', 'io.kubernetes.pod.uid')),
        sandboxId: nonEmpty(at(info, 'sandboxID') ?? at(value, 'sandboxId')),
        pid: positive(at(info, 'pid') ?? at(value, 'pid')),
        exitCode: exited ? intOf(status.exitCode) : undefined,
        reason: exited ? nonEmpty(status.reason) : undefined,
        startedAt: momentOf(status.startedAt),
        finishedAt: exited ? momentOf(status.finishedAt) : undefined,
        cgroupsPath: nonEmpty(at(linux, 'cgroupsPath')),
        cpuShares: positive(at(cpu, 'shares')),
        cpuQuotaMicros: positive(at(cpu, 'quota')),
        cpuPeriodMicros: positive(at(cpu, 'period')),
        cpuList: nonEmpty(at(cpu, 'cpus')),
        memoryLimitBytes: positive(at(linux, 'resources', 'memory', 'limit')),
        oomScoreAdj: intOf(at(info, 'runtimeSpec', 'process', 'oomScoreAdj')),
      });
      return [RuntimeContainer.fact(span, container, { key: machineKey(source, container.shortId), version: 3 })];
    });
    const told = documents.some(({ value }) => isPlain(at(value, 'status')));
    return { facts, problems: told || problems.length > 0 ? problems : failedOutput(text, 'output of crictl inspect') };
  },
});

const positive = (value: unknown): number | undefined => {
  const number = intOf(value);
  return number !== undefined && number > 0 ? number : undefined;
};

/** RFC 3339 in any zone becomes UTC; the year 1970 stands for "not yet". */
function momentOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || /^(?:1970|0001)-/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
