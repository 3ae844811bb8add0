// Reads a stream of byte chunks with a look ahead: formats are told by their first bytes, never by name.

import { Cut } from './cut.ts';

export type Chunks = AsyncIterable<Uint8Array>;
const nothing = new Uint8Array(0);

export class ByteReader implements Chunks {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = nothing;
  #ended = false;
  #cut: Cut | undefined;
  /** Bytes drawn from the source so far. */
  drawnBytes = 0;

  /** Reads the same bytes once more from a place on, where the source can be read again. */
  readonly reopen: ((from: number) => Chunks) | undefined;

  constructor(source: Chunks, reopen?: (from: number) => Chunks) {
    this.#source = source[Symbol.asyncIterator]();
    this.reopen = reopen;
  }

  /** Where the next byte lies. */
  get position(): number {
    return this.drawnBytes - this.#held.length;
  }

  /** The next chunk; undefined at the end. A `Cut` of the source is thrown once everything before it was given. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#held.length > 0) {
      const chunk = this.#held;
      this.#held = nothing;
      return chunk;
    }
    const chunk = await this.#draw();
    if (!chunk && this.#cut) throw this.#cut;
    return chunk;
  }

  async #draw(): Promise<Uint8Array | undefined> {
    while (!this.#ended) {
      try {
        const step = await this.#source.next();
        if (step.done) break;
        if (step.value.length === 0) continue;
        this.drawnBytes += step.value.length;
        return step.value;
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
        this.#cut = error;
        break;
      }
    }
    this.#ended = true;
    return undefined;
  }

  /** The next `length` bytes, fewer at the end, without taking them. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.#held.length < length) {
      const chunk = await this.#draw();
      if (!chunk) break;
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    }
    return this.#held.subarray(0, length);
  }

  /** Takes `length` bytes, fewer at the end. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#held = this.#held.subarray(bytes.length);
    return bytes;
  }

  /** Puts back what was taken too much. */
  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([bytes, this.#held]);
  }

  /** Throws what cut the source short, if anything did. */
  throwIfCut(): void {
    if (this.#cut) throw this.#cut;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.return?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.next(); chunk; chunk = await this.next()) yield chunk;
  }
}

/** Bytes in memory as chunks. */
export async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
