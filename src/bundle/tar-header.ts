// The 512-byte header of a tar member: checksum, sizes, and the records of a PAX header.

const at = { size: 124, checksum: 148, type: 156, magic: 257, extended: 482, realSize: 483 } as const;
export const blockBytes = 512;

/** One character: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` PAX … NUL and `7` are files too. */
export const typeOf = (header: Uint8Array): string => String.fromCharCode(header[at.type] || 0x30);

/** Sum of all bytes with the checksum's own taken as blanks; some old tars summed signed bytes. */
function sums(header: Uint8Array): { unsigned: number; signed: number } {
  let unsigned = 8 * 32;
  let high = 0;
  for (let index = 0; index < blockBytes; index++) {
    if (index === at.checksum) index += 8;
    const byte = header[index]!;
    unsigned += byte;
    if (byte > 127) high++;
  }
  return { unsigned, signed: unsigned - 256 * high };
}

/** How the checksum of a header was made; undefined when it does not fit, and the block is no header. */
export function tarChecksum(header: Uint8Array): 'unsigned' | 'signed' | undefined {
  const noted = octal(header, at.checksum, 8);
  if (!noted) return undefined;
  const { unsigned, signed } = sums(header);
  return noted === unsigned ? 'unsigned' : noted === signed ? 'signed' : undefined;
}

export const isZeroBlock = (block: Uint8Array): boolean => {
  for (let index = 0; index < blockBytes; index++) if (block[index] !== 0) return false;
  return true;
};

/** Octal digits, blanks and NUL around them; undefined when anything else is there. Empty is 0. */
function octal(header: Uint8Array, offset: number, length: number): number | undefined {
  let index = offset;
  const end = offset + length;
  while (index < end && header[index] === 0x20) index++;
  let value = 0;
  for (; index < end; index++) {
    const digit = header[index]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; index < end; index++) if (header[index] !== 0 && header[index] !== 0x20) return undefined;
  return value;
}

/** A size field: octal, or base-256 behind a first byte of 0x80. Undefined when it is not a size a file can have. */
function number(header: Uint8Array, offset: number): number | undefined {
  if ((header[offset]! & 0x80) === 0) return octal(header, offset, 12);
  if (header[offset] !== 0x80) return undefined;
  let value = 0;
  for (let index = offset + 1; index < offset + 12; index++) value = value * 256 + header[index]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

export const sizeOf = (header: Uint8Array): number | undefined => number(header, at.size);
/** What an old GNU sparse file would be with its holes. */
export const sparseSizeOf = (header: Uint8Array): number | undefined => number(header, at.realSize);
export const hasMoreSparseBlocks = (header: Uint8Array): boolean => header[at.extended] !== 0;

/** The name as the header alone has it, one character per byte: for messages. */
export function nameOf(header: Uint8Array): string {
  const end = header.indexOf(0);
  return Buffer.from(header.subarray(0, end < 0 || end > 100 ? 100 : end)).toString('latin1');
}

/** Writes size, type and a checksum that fits, in place: what comes after reads the plain form only. */
export function rewriteHeader(header: Uint8Array, sizeBytes: number, type = typeOf(header)): void {
  const write = (text: string, offset: number) => Buffer.from(text, 'latin1').copy(header, offset);
  if (sizeBytes < 8 ** 11) write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, at.size);
  else {
    header.fill(0, at.size, at.size + 12);
    header[at.size] = 0x80;
    for (let index = at.size + 11, rest = sizeBytes; rest > 0; index--, rest = Math.floor(rest / 256)) {
      header[index] = rest % 256;
    }
  }
  header[at.type] = type.charCodeAt(0);
  write(`${sums(header).unsigned.toString(8).padStart(6, '0')}\0 `, at.checksum);
}

/** True for a size in octal digits; other forms are rewritten for tar-stream. */
export const hasOctalSize = (header: Uint8Array): boolean => (header[at.size]! & 0x80) === 0;

/** The records of a PAX header, `27 path=some/name\n`; undefined when one does not add up. */
export function paxRecords(body: Uint8Array): Map<string, string> | undefined {
  const records = new Map<string, string>();
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    const blank = bytes.indexOf(0x20, start);
    const length = blank < 0 ? '' : bytes.toString('latin1', start, blank);
    if (!/^\d{1,10}$/.test(length)) return undefined;
    const end = start + Number(length);
    const equals = bytes.indexOf(0x3d, blank);
    if (end > bytes.length || end <= blank + 1 || bytes[end - 1] !== 0x0a || equals < 0 || equals >= end) {
      return undefined;
    }
    records.set(bytes.toString('utf8', blank + 1, equals), bytes.toString('utf8', equals + 1, end - 1));
    start = end;
  }
  return records;
}
