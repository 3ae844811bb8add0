// What a batch is asked for, now or as it arrives: its inputs, of those the ones that are young enough and fall to this part.

import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { watchInbox } from '../batch/inbox.ts';
import { markOf } from '../batch/marks.ts';
import type { Asked } from '../batch/plan.ts';
import { fallsTo, readShard } from '../batch/shard.ts';
import { readSince } from '../batch/since.ts';
import type { BatchWish } from './batch.ts';
import { type Terminal, UsageError } from './terminal.ts';

const settleMillis = 3000;
const pollMillis = 1000;

type Wanted = Pick<BatchWish, 'inputs' | 'flags'>;

export const once = async function* (asked: readonly Asked[]): AsyncGenerator<readonly Asked[]> {
  yield asked;
};

export function askedOf({ inputs, flags }: Wanted, terminal: Terminal): Asked[] {
  const since = sinceOf(flags.since);
  const isOurs = shardOf(flags.shard);
  const named = [...new Map(inputs.map((input) => [resolve(input), input]))].filter(([path]) => isOurs(path));
  const all = named.map(([path, input]): Asked => ({ ...markOf(input), path, input }));
  const young = all.filter(({ kind, modifiedMillis }) => kind === 'absent' || modifiedMillis >= since);
  if (young.length < all.length)
    terminal.warn(
      `drydock: ${all.length - young.length} of ${all.length} inputs are older than --since and not looked at`,
    );
  return young;
}

function shardOf(text: string | undefined): (path: string) => boolean {
  if (text === undefined) return () => true;
  const shard = readShard(text);
  if (shard === undefined) throw new UsageError(`--shard ${text}: say which part of how many, from 0/10 to 9/10`);
  return (path) => fallsTo(path, shard);
}

function sinceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const millis = readSince(text, Date.now());
  if (millis === undefined)
    throw new UsageError(
      `--since ${text}: say a day (2026-11-20), a time (2026-11-20T08:00Z) or how long ago (36h, 2d)`,
    );
  return millis;
}

export async function* inboxOf(wish: Wanted, terminal: Terminal): AsyncGenerator<readonly Asked[]> {
  const { inputs, flags } = wish;
  const [inbox, ...others] = inputs;
  const isFolder = inbox !== undefined && statSync(inbox, { throwIfNoEntry: false })?.isDirectory();
  if (inbox === undefined || others.length > 0 || !isFolder)
    throw new UsageError('--watch takes one input, the folder into which archives are put');
  readdirSync(inbox);
  const since = sinceOf(flags.since);
  const isOurs = shardOf(flags.shard);
  const { signal, warn } = terminal;
  for await (const some of watchInbox(inbox, { signal, warn, settleMillis, pollMillis })) {
    yield some.filter(({ modifiedMillis, path }) => modifiedMillis >= since && isOurs(path));
  }
}
