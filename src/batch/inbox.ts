// Watches an inbox folder: a file is taken when it has stood still for a while, and once more when it changes later.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { markOf } from './marks.ts';
import type { Asked } from './plan.ts';

export interface InboxOptions {
  readonly signal: AbortSignal;
  readonly settleMillis: number;
  readonly pollMillis: number;
  warn(text: string): void;
}

/** Names that browsers and copying programs give to what has yet to arrive. */
const arriving = /^\.|\.(?:part|partial|filepart|crdownload|download|tmp|temp)$/i;

/** Ends with the signal. */
export async function* watchInbox(folder: string, options: InboxOptions): AsyncGenerator<readonly Asked[]> {
  const seen = new Map<string, { mark: string; sinceMillis: number; taken: boolean }>();
  const warned = new Set<string>();
  for (;;) {
    const now = performance.now();
    const settled: Asked[] = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (arriving.test(entry.name)) continue;
      const input = join(folder, entry.name);
      const mark = markOf(input);
      if (mark.kind !== 'file') {
        if (!warned.has(input)) options.warn(`${input} is no file; --watch takes archives and other files alone`);
        warned.add(input);
        continue;
      }
      const before = seen.get(input);
      if (before?.mark !== mark.mark) seen.set(input, { mark: mark.mark, sinceMillis: now, taken: false });
      else if (!before.taken && now - before.sinceMillis >= options.settleMillis) {
        before.taken = true;
        settled.push({ ...mark, input, path: resolve(input) });
      }
    }
    if (settled.length > 0) yield settled.sort((a, b) => (a.path < b.path ? -1 : 1));
    await pause(options.pollMillis, undefined, { signal: options.signal });
  }
}
