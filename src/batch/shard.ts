// Reads `--shard I/N`, and tells which inputs fall to it: by their paths, so that each runner decides by itself.

import { createHash } from 'node:crypto';

export interface Shard {
  /** From 0 on, as a Kubernetes Job counts. */
  readonly index: number;
  readonly count: number;
}

const mostShards = 100_000;

/** Undefined where the text is none. */
export function readShard(text: string): Shard | undefined {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.count >= 1 && shard.count <= mostShards && shard.index < shard.count ? shard : undefined;
}

/** Each path falls to one shard alone, the same on every machine that sees it under this name. */
export function fallsTo(path: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(path).digest().readUIntBE(0, 6) % count === index;
}
