// The 512-byte header of a tar member: is it one, and what do its fields say.

const at = {
  name: 0,
  size: 124,
  modified: 136,
  checksum: 148,
  type: 156,
  target: 157,
  magic: 257,
  prefix: 345,
  changed: 357,
  extended: 482,
  realSize: 483,
  starMark: 508,
} as const;
export const blockBytes = 512;

/** One character: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` PAX … NUL is a file of the oldest tars. */
export const typeOf = (header: Uint8Array): string => String.fromCharCode(header[at.type]!);

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

/** False when the checksum does not fit, and the block is no header. */
export function isTarHeader(block: Uint8Array): boolean {
  const noted = octal(block, at.checksum, 8);
  if (!noted) return false;
  const { unsigned, signed } = sums(block);
  return noted === unsigned || noted === signed;
}

/** The mark of every tar but the oldest: `ustar`. */
export const hasTarMark = (block: Uint8Array): boolean => mark.every((byte, index) => block[at.magic + index] === byte);
const mark = [...Buffer.from('ustar')];

export const isZeroBlock = (block: Uint8Array): boolean => {
  for (let index = 0; index < blockBytes; index++) if (block[index] !== 0) return false;
  return true;
};

/** Octal digits between blanks; NUL ends the field, whatever lies behind it. Empty is 0, other characters undefined. */
function octal(header: Uint8Array, offset: number, length: number): number | undefined {
  let index = offset;
  const end = offset + length;
  while (index < end && (header[index] === 0x20 || header[index] === 0)) index++;
  let value = 0;
  for (; index < end; index++) {
    const digit = header[index]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; index < end && header[index] !== 0; index++) if (header[index] !== 0x20) return undefined;
  return value;
}

/** Octal, or base-256 behind a first byte of 0x80. Undefined when it is no number from 0 up that can be counted with. */
function number(header: Uint8Array, offset: number): number | undefined {
  if ((header[offset]! & 0x80) === 0) return octal(header, offset, 12);
  if (header[offset] !== 0x80) return undefined;
  let value = 0;
  for (let index = offset + 1; index < offset + 12; index++) value = value * 256 + header[index]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

export const sizeOf = (header: Uint8Array): number | undefined => number(header, at.size);
export const modifiedSecondsOf = (header: Uint8Array): number | undefined => number(header, at.modified);
/** What an old GNU sparse file would be with its holes. */
export const realSizeOf = (header: Uint8Array): number | undefined => number(header, at.realSize);
export const hasMoreSparseBlocks = (header: Uint8Array): boolean => header[at.extended] !== 0;

/** Up to a NUL, one character per byte. */
export function textOf(bytes: Uint8Array, offset = 0, length = bytes.length): string {
  let end = offset;
  while (end < offset + length && bytes[end] !== 0) end++;
  if (end === offset) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, end - offset).toString('latin1');
}

export const targetOf = (header: Uint8Array): string => textOf(header, at.target, 100);

/** The name as the header alone has it, one character per byte. */
export function nameOf(header: Uint8Array): string {
  const name = textOf(header, at.name, 100);
  const prefix = prefixOf(header);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function prefixOf(header: Uint8Array): string {
  if (header[at.prefix] === 0 || !hasTarMark(header)) return '';
  const isGnu = header[at.magic + 5] === 0x20;
  // GNU tar keeps two times here, but some programs write the mark of GNU and a prefix all the same
  if (isGnu && number(header, at.prefix) !== undefined && number(header, at.changed) !== undefined) return '';
  const isStar = textOf(header, at.starMark, 4) === 'tar';
  return textOf(header, at.prefix, isStar ? 131 : 155);
}

/** A header of a plain file of some name, without its size. */
const plainHeader = new Uint8Array(blockBytes);
plainHeader.set(Buffer.from('member'), at.name);
plainHeader.set(Buffer.from('0'), at.type);
plainHeader.set(Buffer.from('ustar\x0000'), at.magic);
const plainSum = sums(plainHeader).unsigned;

/** Turns a header, in place, into that of a plain file: all that tar-stream has to know is the size. */
export function makePlain(header: Uint8Array, sizeBytes: number): void {
  header.set(plainHeader);
  let sum = plainSum;
  const write = (offset: number, byte: number) => {
    header[offset] = byte;
    sum += byte;
  };
  let rest = sizeBytes;
  const isOctal = sizeBytes < 8 ** 11;
  const base = isOctal ? 8 : 256;
  for (let index = at.size + (isOctal ? 10 : 11); rest > 0; index--, rest = Math.floor(rest / base)) {
    write(index, isOctal ? 0x30 + (rest % base) : rest % base);
  }
  if (!isOctal) write(at.size, 0x80);
  for (let index = at.checksum + 5; index >= at.checksum; index--, sum = Math.floor(sum / 8)) {
    header[index] = 0x30 + (sum % 8);
  }
}
