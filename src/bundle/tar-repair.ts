// Repairs a tar on its way to tar-stream, which hangs, loses the rest or stops in silence on headers that real archives hold.
//
// In come the bytes as they lie. Out go the bodies, untouched and chunk by chunk, each behind a header that holds its size
// and nothing else: what the headers of the archive say of a member is read here. A header that is not one is left out up
// to the next that is; what was wrong is noted.

import type { Notes } from './cut.ts';
import { decodeName } from './entry-name.ts';
import { limitText } from './limits.ts';
import type { Member } from './member.ts';
import * as tar from './tar-header.ts';
import { type Ahead, readMember } from './tar-member.ts';
import { paxRecords } from './tar-pax.ts';

/** One member that went on to tar-stream, in the order of the members. */
export interface Passed {
  readonly member: Member;
  /** Bytes of its body that went on so far. */
  bodyBytes: number;
  /** The body begins with the map of a sparse file. */
  readonly hasMapInBody: boolean;
}

export interface TarRepair {
  /** Takes the next bytes (they become its own) and gives what tar-stream may have of them. */
  push(chunk: Uint8Array): Uint8Array[];
  /** Says how the archive ended, and notes it when that is not how archives end: unless it was not read to its end. */
  end(isStopped?: boolean): 'whole' | 'in a body' | 'in a header';
  /** Members whose header went on, oldest first; the reader shifts them out. */
  readonly passed: Passed[];
}

const noBytes = new Uint8Array(0);
/** What speaks of the next member: PAX, the same of Sun, GNU long name and long target. */
const aheadTypes = new Set(['x', 'X', 'L', 'K']);
/** With them what speaks of all members: PAX, GNU old names. */
const metaTypes = new Set([...aheadTypes, 'g', 'N']);

export function createTarRepair(notes: Notes, limits: { readonly metaBytes: number }): TarRepair {
  const passed: Passed[] = [];
  let current: Passed | undefined;
  let offset = 0; // of the next byte, for messages
  let part: Uint8Array = noBytes; // the beginning of a block that the chunk did not hold whole
  let bodyLeft = 0; // of the member that is going on
  let paddingLeft = 0;
  let dropLeft = 0; // bytes nobody gets
  let inSparseMap = false; // blocks of an old GNU sparse map come before the body
  let meta: { readonly type: string; readonly blocks: Uint8Array[]; readonly size: number; left: number } | undefined;
  let ahead: Ahead | undefined;
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
    const drop = (bytes: number) => {
      flush(at, at + bytes);
      step(bytes);
    };
    while (at < chunk.length) {
      const here = chunk.length - at;
      if (dropLeft > 0) {
        const bytes = Math.min(dropLeft, here);
        dropLeft -= bytes;
        drop(bytes);
      } else if (meta) {
        const bytes = Math.min(meta.left, here);
        meta.blocks.push(chunk.slice(at, at + bytes));
        meta.left -= bytes;
        drop(bytes);
        if (meta.left === 0) endMeta();
      } else if (bodyLeft > 0 && !inSparseMap) {
        const bytes = Math.min(bodyLeft, here);
        bodyLeft -= bytes;
        current!.bodyBytes += bytes;
        step(bytes);
      } else if (paddingLeft > 0 && !inSparseMap) {
        const bytes = Math.min(paddingLeft, here);
        paddingLeft -= bytes;
        step(bytes);
      } else if (here < tar.blockBytes) {
        part = chunk.slice(at);
        flush(at, chunk.length);
        return out;
      } else if (readBlock(chunk.subarray(at, at + tar.blockBytes))) {
        step(tar.blockBytes);
      } else {
        drop(tar.blockBytes);
      }
    }
    flush(at, at);
    return out;
  }

  /** One block where a header should be; true when it goes on to tar-stream. */
  function readBlock(block: Uint8Array): boolean {
    if (inSparseMap) {
      inSparseMap = block[504] !== 0;
      return false;
    }
    if (tar.isZeroBlock(block)) {
      badFrom = undefined;
      zeroBlocks++;
      if (zeroBlocks >= 2) endArchive();
      return false;
    }
    if (!tar.isTarHeader(block)) return strayBlock();
    const declared = tar.sizeOf(block);
    if (declared === undefined) {
      return strayBlock(`the size of '${decodeName(tar.nameOf(block))}' cannot be read`);
    }
    badFrom = undefined;
    if (archiveEnded && members > 0) {
      notes.info('ARCHIVE_CONCATENATED', `another tar begins at byte ${offset}; it was read as well`);
      if (trailing) {
        // a wiped stretch of an archive looks so too, and what lies in it was lost
        const detail = `what lies between the end of an archive and the header at byte ${offset} cannot be read`;
        notes.gap('ARCHIVE_CORRUPT_HEADER', detail);
      }
      trailing = false;
    } else if (zeroBlocks > 0 && members > 0) {
      notes.info('ARCHIVE_ZERO_BLOCK', `a block of zeros lies before byte ${offset}; reading went on`);
    }
    zeroBlocks = 0;
    archiveEnded = false;
    if (metaTypes.has(tar.typeOf(block))) return startMeta(block, declared);
    return startMember(block, declared);
  }

  function endArchive(): void {
    archiveEnded = true;
    if (!ahead) return;
    notes.gap('ARCHIVE_CORRUPT_HEADER', `the member that a header before byte ${offset} speaks of is missing`);
    ahead = undefined;
  }

  function strayBlock(detail = 'no tar header lies here'): false {
    if (archiveEnded) {
      if (!trailing) notes.info('ARCHIVE_TRAILING_GARBAGE', `other bytes follow the end of the archive at ${offset}`);
      trailing = true;
      return false;
    }
    ahead = undefined;
    if (badFrom === undefined) {
      badFrom = offset;
      notes.gap('ARCHIVE_CORRUPT_HEADER', `${detail} (byte ${offset}); reading went on at the next header`);
    }
    return false;
  }

  function startMeta(block: Uint8Array, size: number): false {
    const type = tar.typeOf(block);
    if (size > limits.metaBytes) {
      notes.gap(
        'LIMIT_META',
        `a header of ${size} bytes at byte ${offset} was left out; ${limitText('metaBytes', limits.metaBytes)}`,
      );
      dropLeft = padded(size);
      if (aheadTypes.has(type)) {
        ahead ??= { pax: new Map() };
        if (type !== 'K') ahead.doom = { code: 'LIMIT_META', detail: 'its long name was left out' };
      }
      return false;
    }
    if (size > 0) meta = { type, blocks: [], size, left: padded(size) };
    return false;
  }

  function endMeta(): void {
    if (!meta) return;
    const { type, blocks, size } = meta;
    meta = undefined;
    const body = Buffer.concat(blocks).subarray(0, size);
    if (aheadTypes.has(type)) ahead ??= { pax: new Map() };
    // a GNU list of old names: nothing of it may rename a member
    if (type === 'N') return;
    if (type === 'L' && ahead) ahead.name = decodeName(tar.textOf(body));
    else if (type === 'K' && ahead) ahead.target = decodeName(tar.textOf(body));
    else readPax(type, body);
  }

  function readPax(type: string, body: Uint8Array): void {
    const { records, isWhole } = paxRecords(body);
    if (!isWhole) {
      const detail = `a PAX header before byte ${offset} cannot be read to its end; what cannot was left out`;
      notes.gap('ARCHIVE_CORRUPT_HEADER', detail);
    }
    if (type === 'g') readGlobal(records);
    // of several PAX headers before one member the last counts, as in GNU tar and Go
    else if (ahead) ahead.pax = records;
  }

  /** What it says holds for every member that follows: a size or a name for all cannot be meant. */
  function readGlobal(records: ReadonlyMap<string, string>): void {
    const path = records.get('path');
    if (path) {
      const detail = `a global header names every member '${decodeName(path)}'; their own names were used`;
      notes.gap('ENTRY_DUPLICATE', detail);
    }
    const others = ['linkpath', 'size'].filter((key) => records.get(key));
    if (others.length === 0) return;
    notes.gap(
      'ARCHIVE_CORRUPT_HEADER',
      `a global header sets ${others.join(' and ')} of every member; it was left out`,
    );
  }

  function startMember(block: Uint8Array, declared: number): true {
    const { member, bodyBytes: size, conflict, ...sparse } = readMember(block, declared, ahead);
    if (conflict) notes.info('ENTRY_SIZE_CONFLICT', `'${member.name}': ${conflict}`);
    ahead = undefined;
    members++;
    if (member.unreadable) {
      dropLeft = padded(size);
    } else {
      inSparseMap = sparse.hasMapBehindHeader;
      bodyLeft = size;
      paddingLeft = padded(size) - size;
    }
    current = { member, bodyBytes: 0, hasMapInBody: sparse.hasMapInBody };
    passed.push(current);
    tar.makePlain(block, bodyLeft);
    return true;
  }

  function end(isStopped = false): ReturnType<TarRepair['end']> {
    if (bodyLeft > 0) return 'in a body';
    if (meta || dropLeft > 0 || ahead || inSparseMap) return 'in a header';
    if (part.length > 0 && !archiveEnded) return 'in a header';
    if (part.some((byte) => byte !== 0) && !trailing) {
      notes.info('ARCHIVE_TRAILING_GARBAGE', `other bytes follow the end of the archive at ${offset}`);
    }
    if (zeroBlocks === 0 && !archiveEnded && !isStopped) {
      const detail = 'it ends without the mark of its end: what it holds was read, but it may have held more';
      notes.gap('ARCHIVE_NO_EOA', detail);
    }
    return 'whole';
  }

  return { push, end, passed };
}

const padded = (size: number): number => Math.ceil(size / tar.blockBytes) * tar.blockBytes;
