// What a scalar that the `yaml` package read is worth to us: the same as the fast reader makes of it.

import type { Scalar } from 'yaml';
import { afterOldBreaks } from './yaml-block-scalar.ts';
import { plainValue, wholeOrText } from './yaml-plain.ts';

/** `text` is what the node was read from. */
export function scalarValue(node: Scalar, text: string): string | number | boolean | null {
  const { value, source = '', type } = node;
  if (type === 'PLAIN' && !node.tag) return plainValue(source);
  if (typeof value === 'string') return type === 'QUOTE_DOUBLE' ? value : afterOldBreaks(value, indentOf(node, text));
  if (typeof value === 'number')
    return Number.isInteger(value) ? wholeOrText(value, source) : finiteOrText(value, source);
  return typeof value === 'boolean' || value === null ? value : source;
}

/** Columns that each line of a block scalar has to lose; in single quotes a line may lose all its blanks. */
function indentOf({ type, range }: Scalar, text: string): number {
  if (type === 'QUOTE_SINGLE' || !range) return Number.POSITIVE_INFINITY;
  const margins = text.slice(range[0], range[1]).match(/(?<=\n) *(?=[^ \n])/g) ?? [];
  return Math.min(...margins.map((margin) => margin.length));
}

function finiteOrText(value: number, source: string): string | number {
  return Number.isFinite(value) ? value : source;
}
