// PEM certificates in the values of ConfigMaps, Secrets and webhook configurations, each with its own lines.

import type { Fact } from '../../fact-type.ts';
import { keySpan } from '../../text/documents.ts';
import { Certificate, pemCertificates } from '../certificate-facts.ts';
import { factOf, type KubeObject } from './kube-object.ts';
import { isTree, type Tree } from './tree.ts';

/** Certificates in each value of `values`; `owner` is where the keys stand when it is not `data`. */
export function certificateFacts(object: KubeObject, values: Tree, owner?: Tree): readonly Fact[] {
  const data = owner ?? object.whole.data;
  return Object.entries(values).flatMap(([key, text]) => {
    if (typeof text !== 'string' || !text.includes('-----BEGIN ')) return [];
    const valueSpan = isTree(data) ? keySpan(data, key) : undefined;
    const isLineByLine = valueSpan !== undefined && valueSpan[1] - valueSpan[0] === lineCount(text);
    return pemCertificates(text).map(({ certificate, lines }) => {
      const value = { kind: object.kind, namespace: object.namespace, name: object.name, entry: key, ...certificate };
      return factOf(Certificate, object, value, {
        span: isLineByLine ? [valueSpan[0] + lines[0], valueSpan[0] + lines[1]] : valueSpan,
        key: [object.kind, object.namespace, object.name, key, certificate.position],
      });
    });
  });
}

/** A block scalar (`key: |`) spans its key and, line by line, its value. */
function lineCount(text: string): number {
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
