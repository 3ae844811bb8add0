// Reads `crictl info` and `crictl version`.
//
//   {"status": {"conditions": [{"type": "RuntimeReady", "status": true},            RuntimeName:  cri-o
//                              {"type": "NetworkReady", "status": false, …}]}}      RuntimeVersion:  1.27.4

import type { Span } from '../../../bundle/source.ts';
import { parser } from '../../parser.ts';
import { readDocuments, spanOf } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues } from '../../text/key-values.ts';
import { spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { at, isPlain, listOf, nonEmpty } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { RuntimeState, RuntimeVersion } from './runtime-facts.ts';

export const crictlInfo = parser({
  reads: 'CrictlInfo',
  yields: RuntimeState,
  parse(text, source) {
    const { documents, problems } = readDocuments(text);
    const first = documents[0];
    const conditions = listOf(at(first?.value, 'status', 'conditions')).filter(isPlain);
    if (!first || conditions.length === 0) {
      return { facts: [], problems: problems.length > 0 ? problems : failedOutput(text, 'output of crictl info') };
    }
    const isReady = (type: string) => conditions.some((each) => each.type === type && each.status === true);
    const failing = conditions.find((each) => each.status === false);
    const value = present({
      runtimeReady: isReady('RuntimeReady'),
      networkReady: isReady('NetworkReady'),
      reason: nonEmpty(failing?.reason),
      message: nonEmpty(failing?.message),
    });
    const spans = conditions.map((each) => spanOf(each) ?? first.span);
    const span: Span = [Math.min(...spans.map(([line]) => line)), Math.max(...spans.map(([, line]) => line))];
    return { facts: [RuntimeState.fact(span, value, { key: machineKey(source) })], problems };
  },
});

export const crictlVersion = parser({
  reads: 'CrictlVersion',
  yields: RuntimeVersion,
  parse(text, source) {
    const pairs = keyValues(spokenLines(text), ':').filter(({ key }) =>
      /^Runtime(?:Name|Version|ApiVersion)$/.test(key),
    );
    const values = new Map(pairs.map(({ key, value }) => [key, value]));
    const name = values.get('RuntimeName');
    const version = values.get('RuntimeVersion');
    if (name === undefined || version === undefined)
      return { facts: [], problems: failedOutput(text, 'output of crictl version') };
    const span: Span = [pairs[0]?.line.number ?? 1, pairs.at(-1)?.line.number ?? 1];
    const value = present({ name, version, apiVersion: values.get('RuntimeApiVersion') });
    return { facts: [RuntimeVersion.fact(span, value, { key: machineKey(source) })], problems: [] };
  },
});
