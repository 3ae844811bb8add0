// The records of a PAX header, `27 path=some/name\n`, and what they say of the member they stand before.

import { decodeName } from './entry-name.ts';

export type Records = ReadonlyMap<string, string>;

/** One character per byte. `isWhole` is false when some record does not add up: those before it were read. */
export function paxRecords(body: Uint8Array): { readonly records: Records; readonly isWhole: boolean } {
  const records = new Map<string, string>();
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    const blank = bytes.indexOf(0x20, start);
    const length = blank < 0 ? '' : bytes.toString('latin1', start, blank);
    if (!/^\d{1,10}$/.test(length)) return { records, isWhole: false };
    const end = start + Number(length);
    const equals = bytes.indexOf(0x3d, blank);
    if (end > bytes.length || end <= blank + 1 || bytes[end - 1] !== 0x0a || equals < 0 || equals >= end) {
      return { records, isWhole: false };
    }
    records.set(bytes.toString('latin1', blank + 1, equals), bytes.toString('latin1', equals + 1, end - 1));
    start = end;
  }
  return { records, isWhole: true };
}

export interface PaxMember {
  readonly name?: string;
  readonly target?: string;
  readonly modifiedMillis?: number;
  /** Of the body in the archive; undefined in `hasBadSize`. */
  readonly sizeBytes?: number;
  readonly hasBadSize: boolean;
  readonly sparse?: {
    /** With its holes. */
    readonly realBytes?: number;
    /** Version 1.0 puts the map of the holes before the data. */
    readonly hasMapInBody: boolean;
  };
}

export function paxMember(records: Records): PaxMember {
  const text = (key: string): string | undefined => records.get(key) || undefined;
  const number = (key: string): number | undefined => {
    const value = text(key);
    return value !== undefined && /^\d{1,400}$/.test(value) && Number.isSafeInteger(Number(value))
      ? Number(value)
      : undefined;
  };
  const name = text('GNU.sparse.name') ?? text('path');
  const target = text('linkpath');
  const time = text('mtime');
  const modifiedMillis = time !== undefined && /^\d{1,20}(\.\d*)?$/.test(time) ? Number(time) * 1000 : undefined;
  const sizeBytes = number('size');
  const isSparse = [...records.keys()].some((key) => key.startsWith('GNU.sparse.'));
  const realBytes = number('GNU.sparse.realsize') ?? number('GNU.sparse.size');
  return {
    ...(name !== undefined && { name: decodeName(name) }),
    ...(target !== undefined && { target: decodeName(target) }),
    ...(modifiedMillis !== undefined && { modifiedMillis }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    hasBadSize: text('size') !== undefined && sizeBytes === undefined,
    ...(isSparse && {
      sparse: {
        ...(realBytes !== undefined && { realBytes }),
        hasMapInBody: text('GNU.sparse.major') === '1',
      },
    }),
  };
}
