// Joins what turned together: the conditions of one node or operator at one time are one moment, not four.

import { byKeys, groupBy } from '../compare.ts';
import type { Moment } from '../report.ts';

/** What speaks for the others comes first. */
const telling = /^(?:Ready|NodeReady|NodeNotReady|Degraded)\b/;

/** Moments of other kinds stay as they are. */
export function joinedMoments(moments: readonly Moment[]): Moment[] {
  const key = ({ time, kind, subject, tone, clock }: Moment) => JSON.stringify([time, kind, subject, tone, clock]);
  return [...groupBy(moments, key).values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1 || !/^(?:condition|operator)$/.test(first.kind ?? '')) return same;
    const [head] = [...same].sort(byKeys(({ text }) => [Number(!telling.test(text)), text]));
    const rest = same.filter((moment) => moment !== head).map(({ text }) => text.replace(/:.*/, ''));
    return head ? [{ ...head, text: `${head.text}; ${rest.sort().join(', ')}` }] : [];
  });
}
