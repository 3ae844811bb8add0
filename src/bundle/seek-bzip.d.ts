// What bzip2.ts uses of seek-bzip, which ships no types.

declare module 'seek-bzip' {
  export default class Bunzip {
    constructor(
      input: { readByte(): number; read(buffer: Uint8Array, offset: number, length: number): number },
      output: { writeByte(byte: number): void },
    );
    /** Reads the next block; false when the end of the stream was read instead. */
    _init_block(): boolean;
    /** Writes the block to the output and checks its sum. */
    _read_bunzip(): number;
    readonly reader: { read(bits: number): number };
    readonly streamCRC: number;
  }
}
