// The task of a parsing worker: a piece comes in as bytes, facts go back as bytes.

import type { Limits } from '../bundle/limits.ts';
import type { Piece } from '../bundle/source.ts';
import { createSourceParser, type Demand, type ParsedSource } from './parse-source.ts';
import { setDocumentLimits } from './text/unreadable.ts';

export interface ParseSetup {
  readonly demand: Demand;
  readonly limits: Limits;
}

export default function setUp({
  demand,
  limits,
}: ParseSetup): (piece: Piece) => { result: ParsedSource; transfer: ArrayBuffer[] } {
  setDocumentLimits(limits);
  const parse = createSourceParser(demand, limits, true);
  return (piece) => {
    const result = parse(piece);
    const transfer = result.facts.flatMap(({ blocks, keys }) => [
      keys.bytes.buffer,
      ...blocks.flatMap(({ bytes, marks }) => (marks ? [bytes.buffer, marks.buffer] : [bytes.buffer])),
    ]);
    if (result.kept && 'whole' in result.kept) transfer.push(result.kept.whole.buffer);
    return { result, transfer };
  };
}
