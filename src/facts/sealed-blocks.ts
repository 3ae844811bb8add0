// Facts in memory that all threads share: blocks of lines of JSON, most of them compressed, each read on its own.

import { zstdDecompressSync } from 'node:zlib';
import type { Span } from '../bundle/source.ts';
import { mayHold } from './block-marks.ts';
import type { Places } from './fact-type.ts';
import type { FactBlock, FactLines } from './parse-source.ts';
import type { Having, StoredFact } from './store.ts';

export interface SealedType {
  /** Blocks of lines; see `FactBlock`. */
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

/** The lines of one block, which are asked for again by the places of its facts. */
interface Block {
  readonly type: SealedType;
  readonly index: number;
}

function linesOf({ type, index }: Block): readonly string[] {
  const { firstByte, endByte, isPacked } = blockAt(type, index);
  if (firstByte === endByte) return [];
  // `slice` copies into memory of its own: TextDecoder refuses shared memory.
  const stored = type.bytes.slice(firstByte, endByte);
  return decoder.decode(isPacked ? zstdDecompressSync(stored) : stored).split('\n');
}

/** What shows one finding mostly shows the next. */
let last: { readonly block: Block; readonly lines: readonly string[] } | undefined;

/** The places of its fields are half of a fact, and only what shows a finding asks for them: they are read then. */
class SealedFact implements StoredFact {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly span: Span;
  readonly #block: Block;
  readonly #row: number;

  constructor(value: Readonly<Record<string, unknown>>, path: string, span: Span, block: Block, row: number) {
    this.value = value;
    this.path = path;
    this.span = span;
    this.#block = block;
    this.#row = row;
  }

  get at(): Places | undefined {
    if (last?.block !== this.#block) last = { block: this.#block, lines: linesOf(this.#block) };
    const line = last.lines[this.#row] ?? '';
    const places = line.slice(line.lastIndexOf('\t') + 1);
    return places === '' ? undefined : (JSON.parse(places) as Places);
  }
}

export function decodeBlock(type: SealedType, index: number, sources: SealedSources): StoredFact[] {
  const { dropped, fillsNode } = type;
  const { ordinal, source: at } = blockAt(type, index);
  const source = sources[at];
  if (!source) return [];
  const block = { type, index };
  const facts: StoredFact[] = [];
  for (const [row, line] of linesOf(block).entries()) {
    if (dropped.has(ordinal + row)) continue;
    const json = line.slice(0, line.lastIndexOf('\t'));
    const [first, end, value] = JSON.parse(json) as [number, number, Record<string, unknown>];
    if (fillsNode && source.node !== undefined && value.node === undefined) value.node = source.node;
    facts.push(new SealedFact(value, source.path, [first, end], block, row));
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
