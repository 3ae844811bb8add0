// The child's side of a batch: takes one order after the other, and tells what came of each.

import { InputError } from '../bundle/cut.ts';
import { OutputError } from '../report/output-error.ts';
import type { IndexEntry, IndexFailure } from '../report/render-index.ts';
import { writeReport } from '../report/write-report.ts';
import type { Rule } from '../rules/rule.ts';
import type { Done, Order, ParentLine, Told } from './messages.ts';

const aliveMillis = 1000;

export interface ChildOptions {
  /** The one folder this process may write into. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** By id. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Writes the report into its folder below the scratch folder. */
  analyze(order: Order & { readonly order: 'bundle' }, onProgress: Progress): Promise<Omit<Done, 'told'>>;
}

export type Progress = (stage: string, progress?: { readonly bytesRead: number; readonly bytesTotal: number }) => void;

/** Resolves when it was told to end, or stopped. */
export function serveBatch(parent: ParentLine, options: ChildOptions): Promise<void> {
  const listed: { entries: IndexEntry[]; failures: IndexFailure[] } = { entries: [], failures: [] };
  const alive = setInterval(() => parent.send({ told: 'alive' }), aliveMillis);
  const { promise, resolve } = Promise.withResolvers<void>();
  options.signal.addEventListener('abort', () => resolve(), { once: true });

  async function obey(order: Exclude<Order, { readonly order: 'end' }>): Promise<Told> {
    if (order.order === 'bundle') {
      const onProgress: Progress = throttled((stage, { bytesRead = 0, bytesTotal = 0 } = {} as never) =>
        parent.send({ told: 'progress', stage, bytesRead, bytesTotal }),
      );
      return { told: 'done', ...(await options.analyze(order, onProgress)) };
    }
    if (order.order === 'list') {
      listed.entries.push(...order.entries);
      listed.failures.push(...order.failures);
      return { told: 'done', written: [] };
    }
    const { indexPages } = await import('./index-pages.ts');
    const pages = await indexPages(listed.entries, listed.failures, order.output, options.rules);
    await writeReport(options.scratch, pages);
    listed.entries.length = 0;
    listed.failures.length = 0;
    return { told: 'done', written: Object.keys(pages) };
  }

  parent.onOrder((order) => {
    if (order.order === 'end') return resolve();
    obey(order)
      .catch((error: unknown): Told => failed(error, options.scratch))
      .then((told) => {
        if (!options.signal.aborted) parent.send(told);
      });
  });
  return promise.finally(() => clearInterval(alive));
}

/** A mistake of our own ends this bundle and no other. */
function failed(error: unknown, scratch: string): Told {
  if (error instanceof InputError) return { told: 'failed', reason: error.message, advice: error.advice };
  const text = error instanceof Error ? error.message : String(error);
  // the report of the parent lies elsewhere than here
  if (error instanceof OutputError) return { told: 'failed', reason: text.replaceAll(`${scratch}/`, ''), advice: '' };
  // where it broke is for the terminal alone
  const advice = error instanceof Error ? (error.stack ?? '') : '';
  return { told: 'failed', reason: `internal error, please report it: ${text.split('\n')[0]}`, advice };
}

/** Four times a second is enough for one line; a stage is always told. */
function throttled(tell: Progress): Progress {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (stage, progress) => {
    const now = performance.now();
    if (progress && now - toldAt < 250) return;
    toldAt = now;
    tell(stage, progress);
  };
}
