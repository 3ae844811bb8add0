// Puts together what the header of a tar member and those before it say of it.

import { decodeName } from './entry-name.ts';
import type { Member, MemberType } from './member.ts';
import * as tar from './tar-header.ts';
import { type PaxMember, paxMember, type Records } from './tar-pax.ts';

const types: Readonly<Record<string, MemberType>> = {
  '1': 'hard-link',
  '2': 'symbolic-link',
  '3': 'special',
  '4': 'special',
  '5': 'directory',
  '6': 'special',
  D: 'directory', // GNU, incremental: the body lists the names
  A: 'label', // Solaris: access list of the next member
  E: 'label', // Solaris: extended attributes
  I: 'label', // star: an inode without its content
  V: 'label', // GNU: name of the volume
};
/** Types that have no body, whatever their size field says. */
const bodiless = new Set(['1', '2', '3', '4', '5', '6', 'I']);
/** What the headers before a member said of it. */
export interface Ahead {
  pax: Records;
  name?: string;
  target?: string;
  /** Why the member cannot be read. */
  doom?: Member['gap'];
}

export interface TarMember {
  readonly member: Member;
  /** As the archive holds it. */
  readonly bodyBytes: number;
  /** Blocks of an old GNU sparse map come before the body. */
  readonly hasMapBehindHeader: boolean;
  /** The body begins with the map of a sparse file. */
  readonly hasMapInBody: boolean;
  /** The headers do not agree on the size. */
  readonly conflict?: string;
}

export function readMember(block: Uint8Array, declared: number, ahead: Ahead | undefined): TarMember {
  const flag = tar.typeOf(block);
  const pax = paxMember(ahead?.pax ?? new Map());
  const member = described(block, ahead, pax);
  // the oldest tars have no type for folders: a name that ends in a slash is one, and folders have no body
  const hasBody = !bodiless.has(flag) && !(flag === '\0' && member.type === 'directory');
  const bodyBytes = hasBody ? (pax.sizeBytes ?? declared) : 0;
  const isSparse = flag === 'S' || pax.sparse !== undefined;
  const lost = pax.hasBadSize ? badSize(ahead) : ahead?.doom;
  const gap = lost ?? gapOf(flag, isSparse, bodyBytes, member.realBytes);
  const differs = hasBody && declared > 0 && pax.sizeBytes !== undefined && pax.sizeBytes !== declared;
  return {
    member: { ...member, sizeBytes: lost ? 0 : bodyBytes, ...(gap && { gap }), ...(lost && { unreadable: true }) },
    bodyBytes,
    hasMapBehindHeader: flag === 'S' && tar.hasMoreSparseBlocks(block),
    hasMapInBody: pax.sparse?.hasMapInBody === true && bodyBytes > 0,
    ...(differs && { conflict: `${declared} bytes by its header, ${bodyBytes} by its PAX header; the latter counts` }),
  };
}

/** Of a GNU long name and a PAX path the former counts, as in Go's reader. */
function described(block: Uint8Array, ahead: Ahead | undefined, pax: PaxMember): Member {
  const flag = tar.typeOf(block);
  const name = ahead?.name ?? pax.name ?? decodeName(tar.nameOf(block));
  const isFolder = name.endsWith('/') && (flag === '\0' || (flag === '0' && tar.sizeOf(block) === 0));
  const target = ahead?.target ?? pax.target ?? decodeName(tar.targetOf(block));
  const seconds = tar.modifiedSecondsOf(block);
  const modifiedMillis = pax.modifiedMillis ?? (seconds === undefined ? undefined : seconds * 1000);
  const realBytes = flag === 'S' ? tar.realSizeOf(block) : pax.sparse?.realBytes;
  return {
    name,
    type: types[flag] ?? (isFolder ? 'directory' : 'file'),
    sizeBytes: 0,
    ...(target !== '' && { target }),
    ...(modifiedMillis !== undefined && modifiedMillis < newestMillis && { modifiedMillis }),
    ...(realBytes !== undefined && { realBytes }),
  };
}

/** The year 9999: a later time is no time. */
const newestMillis = Date.UTC(9999, 0);

function gapOf(flag: string, isSparse: boolean, bodyBytes: number, realBytes: number | undefined): Member['gap'] {
  if (flag === 'M') {
    return { code: 'ARCHIVE_TRUNCATED', detail: 'its beginning lies in another volume of this archive' };
  }
  if (!isSparse) return undefined;
  const whole = realBytes === undefined ? '' : `, ${realBytes} bytes with them`;
  return {
    code: 'ENTRY_SPARSE',
    detail: `a file with holes${whole}; the ${bodyBytes} that the archive holds were read`,
  };
}

const badSize = (ahead: Ahead | undefined): Member['gap'] => ({
  code: 'ARCHIVE_CORRUPT_HEADER',
  detail: `its PAX header gives '${ahead?.pax.get('size')?.slice(0, 40)}' for its size`,
});
