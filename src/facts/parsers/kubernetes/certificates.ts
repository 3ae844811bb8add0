// PEM certificates in the values of ConfigMaps, Secrets and webhook configurations, each with its own lines.

import type { Span } from '../../../bundle/source.ts';
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
    return pemCertificates(text).map(({ certificate, lines }) => {
      const value = { kind: object.kind, namespace: object.namespace, name: object.name, entry: key, ...certificate };
      const span = valueSpan && linesInside(valueSpan, text, lines);
      return factOf(Certificate, object, value, {
        span: span ?? valueSpan,
        key: [object.kind, object.namespace, object.name, key, certificate.position],
      });
    });
  });
}

/** Lines of a part of a block scalar (`key: |`), where each line of the value is one line of the file. */
function linesInside([first, last]: Span, text: string, [from, to]: Span): Span | undefined {
  const count = text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length;
  return last - first === count ? [first + from, first + to] : undefined;
}
