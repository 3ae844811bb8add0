// The task of a parsing worker: a piece comes in as bytes, facts go back as bytes.

import type { Piece } from '../bundle/source.ts';
import { createSourceParser, type Demand, type ParsedSource } from './parse-source.ts';

export default function setUp(demand: Demand): (piece: Piece) => { result: ParsedSource; transfer: ArrayBuffer[] } {
  const parse = createSourceParser(demand);
  return (piece) => {
    const result = parse(piece);
    const transfer = result.facts.map((lines) => lines.json.buffer);
    if (result.kept && 'whole' in result.kept) transfer.push(result.kept.whole.buffer);
    return { result, transfer };
  };
}
