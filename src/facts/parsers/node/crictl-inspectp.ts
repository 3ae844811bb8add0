// Reads `crictl inspectp` of one pod sandbox: whose it is, its addresses, and the cgroup it was given.
//
//   {"status": {"id": "3f2164ff…", "metadata": {"name": "etcd-worker-1", "namespace": "openshift-etcd", "uid": "a4a4914b…"},
//     "state": "SANDBOX_READY", "network": {"ip": "172.16.1.10"}, "linux": {"namespaces": {"options": {"network": "NODE"}}}},
//    "info": {"pid": 1402, "runtimeSpec": {"linux": {"cgroupsPath": "…"}}}}

import { parser } from '../../parser.ts';
import { readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { machineKey } from '../../text/machine-key.ts';
import { at, intOf, isPlain, listOf, nonEmpty, textOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { RuntimeSandbox, shortId, stateWord } from './runtime-facts.ts';

export const crictlInspectp = parser({
  reads: 'CrictlInspectp',
  yields: RuntimeSandbox,
  parse(text, source) {
    const { documents, problems } = readDocuments(text);
    const facts = documents.flatMap(({ value, span }) => {
      const status = at(value, 'status');
      const id = textOf(at(status, 'id'));
      const state = textOf(at(status, 'state')) ?? '';
      if (!isPlain(status) || id === undefined || !state.startsWith('SANDBOX_')) return [];
      const network = at(status, 'linux', 'namespaces', 'options', 'network');
      const others = listOf(at(status, 'network', 'additionalIps')).map((each) => at(each, 'ip'));
      const pid = intOf(at(value, 'info', 'pid'));
      const sandbox = present({
        shortId: shortId(id),
        sandboxId: id,
        namespace: textOf(at(status, 'metadata', 'namespace')) ?? '',
        pod: textOf(at(status, 'metadata', 'name')) ?? '',
        podUid: nonEmpty(at(status, 'metadata', 'uid')),
        state: stateWord(state),
        attempt: intOf(at(status, 'metadata', 'attempt')),
        runtimeHandler: nonEmpty(at(status, 'runtimeHandler')),
        hostNetwork: network === undefined ? undefined : network === 'NODE' || network === 2,
        addresses: [at(status, 'network', 'ip'), ...others].flatMap((each) => nonEmpty(each) ?? []),
        pid: pid !== undefined && pid > 0 ? pid : undefined,
        cgroupsPath: nonEmpty(at(value, 'info', 'runtimeSpec', 'linux', 'cgroupsPath')),
      });
      return [RuntimeSandbox.fact(span, sandbox, { key: machineKey(source, sandbox.shortId), version: 3 })];
    });
    const told = documents.some(({ value }) => isPlain(at(value, 'status')));
    return {
      facts,
      problems: told || problems.length > 0 ? problems : failedOutput(text, 'output of crictl inspectp'),
    };
  },
});
