// Facts in memory that all threads share: blocks of lines of JSON, most of them compressed, each read on its own.

import { zstdDecompressSync } from 'node:zlib';
import type { Span } from '../bundle/source.ts';
import { mayHold } from './block-marks.ts';
import type { Places } from './fact-type.ts';
import type { FactBlock, FactLines } from './parse-source.ts';
import type { Having, StoredFact } from './store.ts';

export interface SealedType {
  /** Blocks of lines of JSON, `[first, last, at, value]`; see `FactBlock`. */
  readonly bytes: Uint8Array;
  /** Seven numbers for each block, see `blockAt`: a bundle may have a hundred thousand of them. */
  readonly blocks: Int32Array;
  /** See `block-marks.ts`. */
  readonly marks: Uint32Array;
  /** Ordinals of facts that another source says in a newer version. */
  readonly dropped: ReadonlySet<number>;
  /** True for types that speak of the machine they were read on: the store fills their `node` in. */
  readonly fillsNode: boolean;
}

interface SealedBlock {
  /** Index of the source. */
  readonly source: number;
  readonly firstByte: number;
  readonly endByte: number;
  readonly isPacked: boolean;
  /** Ordinal of its first fact. */
  readonly ordinal: number;
  /** The same as the end where it has none. */
  readonly firstMark: number;
  readonly endMark: number;
}
const numbersOfBlock = 7;

export const countOf = ({ blocks }: SealedType): number => blocks.length / numbersOfBlock;

function blockAt({ blocks }: SealedType, index: number): SealedBlock {
  const at = index * numbersOfBlock;
  const [source = 0, firstByte = 0, endByte = 0, packed, ordinal = 0, firstMark = 0, endMark = 0] = blocks.subarray(
    at,
    at + numbersOfBlock,
  );
  return { source, firstByte, endByte, isPacked: packed === 1, ordinal, firstMark, endMark };
}

/** Sources in the order of their paths. */
export type SealedSources = readonly { readonly path: string; readonly node: string | undefined }[];

const noBytes = new Uint8Array(0);

/**
 * The blocks of some sources, one after the other; `index` is that of the source. A block of which every fact is dropped
 * stays empty: a must-gather has each pod twice.
 */
export function sealBlocks(
  parts: readonly { index: number; lines: FactLines }[],
  dropped: ReadonlySet<number>,
): Pick<SealedType, 'bytes' | 'marks' | 'blocks'> {
  let start = 0;
  const all = parts.flatMap(({ index, lines }) =>
    lines.blocks.map((block) => {
      const first = start;
      start += block.count;
      for (let each = first; each < start; each++) if (!dropped.has(each)) return { index, ...block };
      return { index, ...block, bytes: noBytes, marks: undefined };
    }),
  );
  const total = (size: (block: FactBlock) => number) => all.reduce((sum, block) => sum + size(block), 0);
  const bytes = new Uint8Array(new SharedArrayBuffer(total((block) => block.bytes.length)));
  const marks = new Uint32Array(new SharedArrayBuffer(4 * total((block) => block.marks?.length ?? 0)));
  const blocks = new Int32Array(new SharedArrayBuffer(4 * numbersOfBlock * all.length));
  let [firstByte, firstMark, ordinal] = [0, 0, 0];
  for (const [at, block] of all.entries()) {
    bytes.set(block.bytes, firstByte);
    if (block.marks) marks.set(block.marks, firstMark);
    const endByte = firstByte + block.bytes.length;
    const endMark = firstMark + (block.marks?.length ?? 0);
    const packed = block.isPacked ? 1 : 0;
    blocks.set([block.index, firstByte, endByte, packed, ordinal, firstMark, endMark], at * numbersOfBlock);
    [firstByte, firstMark] = [endByte, endMark];
    ordinal += block.count;
  }
  return { bytes, marks, blocks };
}

/** False only where no fact of the block has what is asked for. */
export function mayHave(type: SealedType, index: number, having: readonly Having[]): boolean {
  const { firstMark, endMark } = blockAt(type, index);
  if (firstMark === endMark) return true;
  const own = type.marks.subarray(firstMark, endMark);
  // The node of a machine is filled in later.
  return having.every((each) => (type.fillsNode && each.field === 'node') || mayHold(own, each));
}

const decoder = new TextDecoder();

export function decodeBlock(type: SealedType, index: number, sources: SealedSources): StoredFact[] {
  const { bytes, dropped, fillsNode } = type;
  const { firstByte, endByte, isPacked, ordinal: firstOrdinal, source: at } = blockAt(type, index);
  const source = sources[at];
  if (!source || firstByte === endByte) return [];
  // `slice` copies into memory of its own: TextDecoder refuses shared memory.
  const stored = bytes.slice(firstByte, endByte);
  const text = decoder.decode(isPacked ? zstdDecompressSync(stored) : stored);
  const facts: StoredFact[] = [];
  let ordinal = firstOrdinal;
  for (const line of text.split('\n')) {
    if (dropped.has(ordinal++)) continue;
    const [first, last, places, value] = JSON.parse(line) as [number, number, Places | 0, Record<string, unknown>];
    if (fillsNode && source.node !== undefined && value.node === undefined) value.node = source.node;
    const span: Span = [first, last];
    facts.push({ value, path: source.path, span, at: places === 0 ? undefined : places });
  }
  return facts;
}

/** All facts of a type; `known` are blocks that were decoded before. */
export function decodeAll(
  type: SealedType,
  sources: SealedSources,
  known?: ReadonlyMap<number, readonly StoredFact[]>,
): readonly StoredFact[] {
  const facts: StoredFact[] = [];
  for (let index = 0; index < countOf(type); index++) {
    for (const fact of known?.get(index) ?? decodeBlock(type, index, sources)) facts.push(fact);
  }
  return facts;
}
