// Reads `lscpu -J`; `children` exist in newer versions, where a section groups what belongs to it.
//
//   {"lscpu": [
//      {"field": "CPU(s):", "data": "2", "children": [{"field": "On-line CPU(s) list:", "data": "0,1"}]},
//      {"field": "Thread(s) per core:", "data": "1"}
//   ]}

import type { Span } from '../../../bundle/source.ts';
import { parser } from '../../parser.ts';
import { readDocuments, spanOf } from '../../text/documents.ts';
import { machineKey } from '../../text/machine-key.ts';
import { at, isPlain, listOf, textOf } from '../../text/plain-values.ts';
import { CpuTopology, NumaNode, topologyFacts } from './cpu-facts.ts';

export const lscpuJson = parser({
  reads: 'LscpuJson',
  yields: [CpuTopology, NumaNode],
  parse(text, source) {
    const { documents, problems } = readDocuments(text);
    const first = documents[0];
    if (!first) return { facts: [], problems };
    const pairs = flatten(listOf(at(first.value, 'lscpu')), first.span);
    const facts = topologyFacts(pairs, first.span, (...parts) => machineKey(source, ...parts));
    if (facts.length > 0 || problems.length > 0) return { facts, problems };
    return {
      facts,
      problems: [{ code: 'PARSE_ERROR', span: first.span, detail: 'no `CPU(s):` in this JSON of lscpu' }],
    };
  },
});

function flatten(fields: readonly unknown[], whole: Span): { key: string; value: string; span: Span }[] {
  return fields.filter(isPlain).flatMap((field) => {
    const key = textOf(field.field)?.replace(/:\s*$/, '');
    const own = key === undefined ? [] : [{ key, value: textOf(field.data) ?? '', span: spanOf(field) ?? whole }];
    return [...own, ...flatten(listOf(field.children), whole)];
  });
}
