// Says where in a YAML file something stands: nodes, and single characters inside a scalar, folded or escaped as it may be.

import type { Document, LineCounter, Node, Scalar } from 'yaml';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Places {
  of(node: Node | null | undefined): Place;
  /** Where a character of a scalar's value stands in the file. */
  inside(scalar: Scalar, offset: number): Place;
}

export function placesIn(text: string, lines: LineCounter, document: Document): Places {
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return {
    of: (node) => placeAt(node?.range?.[0] ?? document.contents?.range?.[0] ?? 0),
    inside(scalar, offset) {
      const [start, end] = scalar.range ?? [0, 0];
      return placeAt(offsetInSource(text, start, end, String(scalar.value), offset));
    },
  };
}

/** Walks the value along its source text; what YAML adds or drops (quotes, escapes, indentation) is stepped over. */
function offsetInSource(text: string, start: number, end: number, value: string, wanted: number): number {
  let at = start;
  const opener = text[at];
  if (opener === '|' || opener === '>') at = text.indexOf('\n', at) + 1;
  else if (opener === '"' || opener === "'") at += 1;
  for (let index = 0; index <= Math.min(wanted, value.length - 1); index++) {
    const character = value[index] ?? '';
    const blank = /\s/.test(character);
    if (!blank) {
      const found = text.indexOf(character, at);
      if (found >= 0 && found < end) at = found;
    }
    if (index === wanted) return at;
    if (!blank || /\s/.test(text[at] ?? '')) at += 1;
  }
  return Math.min(at, end);
}
