// The task of a parsing worker: pieces come in as bytes, facts go back as bytes.

import type { Limits } from '../bundle/limits.ts';
import type { Piece } from '../bundle/source.ts';
import { measured } from '../workers/profile.ts';
import { packTogether } from './pack-texts.ts';
import { createSourceParser, type Demand, type ParsedSource } from './parse-source.ts';
import { setDocumentLimits } from './text/unreadable.ts';

export interface ParseSetup {
  readonly demand: Demand;
  readonly limits: Limits;
}

type Bytes = Uint8Array<ArrayBuffer>;
/** What is smaller goes back in a memory that many share: to move one costs more than to copy what is in it. */
const smallBytes = 16 * 1024;

export default function setUp({
  demand,
  limits,
}: ParseSetup): (pieces: readonly Piece[]) => { result: ParsedSource[]; transfer: ArrayBuffer[] } {
  setDocumentLimits(limits);
  const parse = createSourceParser(demand, limits, true);
  return (pieces) => {
    const each = pieces.map((piece) =>
      measured('parse', piece.source.kind, () => parse(piece), piece.bytes.byteLength),
    );
    const parsed = packTogether(each);
    const small = [...new Set(parsed.flatMap(bytesOf))].filter(({ byteLength }) => byteLength < smallBytes);
    const memory = new Uint8Array(small.reduce((sum, { byteLength }) => sum + byteLength, 0));
    const moved = new Set([memory.buffer]);
    let at = 0;
    const copies = new Map<Bytes, Bytes>();
    const place = (bytes: Bytes): Bytes => {
      if (bytes.byteLength >= smallBytes) {
        moved.add(bytes.buffer);
        return bytes;
      }
      const known = copies.get(bytes);
      if (known) return known;
      const copy = memory.subarray(at, at + bytes.byteLength);
      copy.set(bytes);
      at += bytes.byteLength;
      copies.set(bytes, copy);
      return copy;
    };
    return { result: parsed.map((each) => placed(each, place)), transfer: [...moved] };
  };
}

const bytesOf = ({ facts, kept }: ParsedSource): Bytes[] => [
  ...facts.flatMap(({ blocks, keys }) => [keys.bytes, ...blocks.map(({ bytes }) => bytes)]),
  ...(kept && 'whole' in kept ? [kept.whole] : []),
];

/** The same with all its bytes where `place` puts them. */
function placed(parsed: ParsedSource, place: (bytes: Bytes) => Bytes): ParsedSource {
  const { facts, kept } = parsed;
  return {
    ...parsed,
    facts: facts.map(({ type, blocks, keys }) => ({
      type,
      blocks: blocks.map((block) => ({ ...block, bytes: place(block.bytes) })),
      keys: { ...keys, bytes: place(keys.bytes) },
    })),
    kept: kept && 'whole' in kept ? { ...kept, whole: place(kept.whole) } : kept,
  };
}
