// Repairs a tar on its way to tar-stream, which hangs, loses the rest or stops in silence on headers that real archives hold.
//
// In come the bytes as they lie, out go well-formed ones: a good archive passes untouched, chunk by chunk.
// A header that is not one is left out up to the next that is; what was wrong is noted.

import type { Notes } from './cut.ts';
import type { Member } from './member.ts';
import * as tar from './tar-header.ts';

/** What was seen of one member that goes on to tar-stream, in the order of the members. */
export interface Passed {
  /** Bytes of its body that went on so far. */
  bodyBytes: number;
  readonly sizeBytes: number;
  readonly sparseBytes?: number;
}

export interface TarRepair {
  /** Takes the next bytes (they become its own) and gives what tar-stream may have of them. */
  push(chunk: Uint8Array): Uint8Array[];
  /** Says how the archive ended, and notes it when that is not how archives end. */
  end(): 'whole' | 'in a body' | 'in a header';
  /** Members whose header went on, oldest first; the reader shifts them out. */
  readonly passed: Passed[];
  /** Members that do not go on, by the name their own header gives; the reader takes them out. */
  readonly lost: { readonly name: string; readonly gap: NonNullable<Member['gap']> }[];
}

const noBytes = new Uint8Array(0);
/** Types that have no body, whatever their size field says. */
const bodiless = new Set(['1', '2', '3', '4', '5', '6']);
const metaTypes = new Set(['x', 'X', 'g', 'L', 'K', 'N']);

export function createTarRepair(notes: Notes, limits: { readonly metaBytes: number }): TarRepair {
  const passed: Passed[] = [];
  const lost: TarRepair['lost'] = [];
  let current: Passed | undefined;
  let offset = 0; // of the next byte, for messages
  let part: Uint8Array = noBytes; // the beginning of a block that the chunk did not hold whole
  let bodyLeft = 0; // of the member that is going on
  let paddingLeft = 0;
  let dropLeft = 0; // bytes nobody gets
  let sparseMap = false; // blocks of an old GNU sparse map follow
  let meta: { readonly type: string; readonly blocks: Uint8Array[]; readonly size: number; left: number } | undefined;
  let held: Uint8Array[] = []; // meta headers waiting for the header they speak of
  let paxSize: number | undefined;
  let doom: Member['gap']; // why the member of the next header cannot be read
  let badFrom: number | undefined; // where a run of blocks began that are no headers
  let zeroBlocks = 0;
  let archiveEnded = false; // two blocks of zeros were seen
  let trailing = false;
  let members = 0;

  function push(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let chunk = input;
    if (part.length > 0) {
      chunk = Buffer.concat([part, input]);
      part = noBytes;
    }
    let runStart = 0; // what lies between here and `at` goes on as it is
    let at = 0;
    const flush = (end: number, next: number) => {
      if (end > runStart) out.push(chunk.subarray(runStart, end));
      runStart = next;
    };
    const step = (bytes: number) => {
      at += bytes;
      offset += bytes;
    };
    while (at < chunk.length) {
      const here = chunk.length - at;
      if (bodyLeft > 0) {
        const bytes = Math.min(bodyLeft, here);
        bodyLeft -= bytes;
        current!.bodyBytes += bytes;
        step(bytes);
      } else if (paddingLeft > 0) {
        const bytes = Math.min(paddingLeft, here);
        paddingLeft -= bytes;
        step(bytes);
      } else if (dropLeft > 0) {
        const bytes = Math.min(dropLeft, here);
        dropLeft -= bytes;
        flush(at, at + bytes);
        step(bytes);
      } else if (meta) {
        const bytes = Math.min(meta.left, here);
        meta.blocks.push(chunk.slice(at, at + bytes));
        meta.left -= bytes;
        flush(at, at + bytes);
        step(bytes);
        if (meta.left === 0) endMeta();
      } else if (here < tar.blockBytes) {
        part = chunk.slice(at);
        flush(at, chunk.length);
        return out;
      } else {
        const goesOn = readBlock(chunk.subarray(at, at + tar.blockBytes));
        if (!goesOn) flush(at, at + tar.blockBytes);
        else if (held.length > 0) {
          flush(at, at);
          out.push(...held);
          held = [];
        }
        step(tar.blockBytes);
      }
    }
    flush(at, at);
    return out;
  }

  /** One block where a header should be; true when it goes on to tar-stream. */
  function readBlock(block: Uint8Array): boolean {
    if (sparseMap) {
      sparseMap = block[504] !== 0;
      return false;
    }
    if (tar.isZeroBlock(block)) {
      badFrom = undefined;
      zeroBlocks++;
      if (zeroBlocks >= 2) archiveEnded = true;
      return false;
    }
    const checksum = tar.tarChecksum(block);
    if (!checksum) return strayBlock();
    const declared = tar.sizeOf(block);
    if (declared === undefined) {
      strayBlock(`the size of '${tar.nameOf(block)}' cannot be read`);
      return false;
    }
    badFrom = undefined;
    if (archiveEnded && members > 0) {
      notes.info('ARCHIVE_CONCATENATED', `another tar begins at byte ${offset}; it was read as well`);
    } else if (zeroBlocks > 0 && members > 0) {
      notes.info('ARCHIVE_ZERO_BLOCK', `a block of zeros lies before byte ${offset}; reading went on`);
    }
    zeroBlocks = 0;
    archiveEnded = false;
    if (metaTypes.has(tar.typeOf(block))) return startMeta(block, declared);
    return startMember(block, declared, checksum === 'unsigned' && tar.hasOctalSize(block));
  }

  function strayBlock(detail = 'no tar header lies here'): false {
    if (archiveEnded) {
      if (!trailing) notes.info('ARCHIVE_TRAILING_GARBAGE', `other bytes follow the end of the archive at ${offset}`);
      trailing = true;
      return false;
    }
    held = [];
    paxSize = undefined;
    if (badFrom === undefined) {
      badFrom = offset;
      notes.gap('ARCHIVE_CORRUPT_HEADER', `${detail} (byte ${offset}); reading went on at the next header`);
    }
    return false;
  }

  function startMeta(block: Uint8Array, size: number): false {
    const type = tar.typeOf(block);
    if (size > limits.metaBytes) {
      notes.gap('LIMIT_META', `a header of ${size} bytes at byte ${offset}; at most ${limits.metaBytes} are read`);
      dropLeft = padded(size);
      if (type !== 'g' && type !== 'K') doom = { code: 'LIMIT_META', detail: 'its long name was left out' };
      return false;
    }
    meta = { type, blocks: [block.slice()], size, left: padded(size) };
    if (size === 0) meta = undefined;
    return false;
  }

  function endMeta(): void {
    if (!meta) return;
    const { type, blocks, size } = meta;
    meta = undefined;
    // a GNU volume's list of old names, and what one header says for all: nothing of it may rename a member
    if (type === 'N') return;
    const bytes = Buffer.concat(blocks);
    if (type === 'L' || type === 'K') {
      tar.rewriteHeader(bytes.subarray(0, tar.blockBytes), size);
      held.push(bytes);
      return;
    }
    const records = tar.paxRecords(bytes.subarray(tar.blockBytes, tar.blockBytes + size));
    if (!records) {
      notes.gap('ARCHIVE_CORRUPT_HEADER', `a PAX header before byte ${offset} cannot be read; it was left out`);
      return;
    }
    if (type === 'g') {
      readGlobal(records);
      return;
    }
    const noted = records.get('size');
    if (noted !== undefined && !(/^\d{1,16}$/.test(noted) && Number.isSafeInteger(Number(noted)))) {
      const detail = `its PAX header gives '${noted.slice(0, 40)}' for its size`;
      doom = { code: 'ARCHIVE_CORRUPT_HEADER', detail };
      return;
    }
    if (noted !== undefined) paxSize = Number(noted);
    tar.rewriteHeader(bytes.subarray(0, tar.blockBytes), size, 'x');
    held.push(bytes);
  }

  /** What it says holds for every member that follows: a size or a name for all cannot be meant. */
  function readGlobal(records: ReadonlyMap<string, string>): void {
    if (records.has('path')) {
      const detail = `a global header names every member '${records.get('path')}'; their own names were used`;
      notes.gap('ENTRY_DUPLICATE', detail);
    }
    const others = ['linkpath', 'size'].filter((key) => records.has(key));
    if (others.length === 0) return;
    notes.gap(
      'ARCHIVE_CORRUPT_HEADER',
      `a global header sets ${others.join(' and ')} of every member; it was left out`,
    );
  }

  function startMember(block: Uint8Array, declared: number, isPlain: boolean): boolean {
    const type = tar.typeOf(block);
    const size = bodiless.has(type) ? 0 : (paxSize ?? declared);
    if (paxSize !== undefined && paxSize !== declared && declared > 0 && !bodiless.has(type)) {
      const detail = `${declared} bytes by its header, ${paxSize} by its PAX header; the latter counts`;
      notes.info('ENTRY_SIZE_CONFLICT', `'${tar.nameOf(block)}': ${detail}`);
    }
    members++;
    if (doom) {
      lost.push({ name: tar.nameOf(block), gap: doom });
      doom = undefined;
      held = [];
      paxSize = undefined;
      dropLeft = padded(size);
      return false;
    }
    // tar-stream would take the PAX size of a member without a body at its word
    if (bodiless.has(type) && paxSize) held = held.filter((bytes) => tar.typeOf(bytes) !== 'x');
    paxSize = undefined;
    const sparseBytes = type === 'S' ? tar.sparseSizeOf(block) : undefined;
    if (type === 'S') sparseMap = tar.hasMoreSparseBlocks(block);
    if (size !== declared || !isPlain) tar.rewriteHeader(block, size);
    bodyLeft = size;
    paddingLeft = padded(size) - size;
    current = { bodyBytes: 0, sizeBytes: size, ...(sparseBytes !== undefined && { sparseBytes }) };
    passed.push(current);
    return true;
  }

  function end(): ReturnType<TarRepair['end']> {
    if (bodyLeft > 0) return 'in a body';
    if (meta || dropLeft > 0 || held.length > 0 || sparseMap) return 'in a header';
    if (part.length > 0 && !archiveEnded) return 'in a header';
    if (part.some((byte) => byte !== 0) && !trailing) {
      notes.info('ARCHIVE_TRAILING_GARBAGE', `other bytes follow the end of the archive at ${offset}`);
    }
    if (zeroBlocks === 0 && !archiveEnded) {
      const detail = 'it ends without the mark of its end: what it holds was read, but it may have held more';
      notes.gap('ARCHIVE_NO_EOA', detail);
    }
    return 'whole';
  }

  return { push, end, passed, lost };
}

const padded = (size: number): number => Math.ceil(size / tar.blockBytes) * tar.blockBytes;
