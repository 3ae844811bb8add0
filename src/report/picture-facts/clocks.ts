// What is known of the clocks of the nodes: what chrony says, and pods that were started before they were made.

import type { FactStore } from '../../facts/store.ts';
import { byKeys } from '../compare.ts';
import type { ReportClock } from '../report.ts';
import { type Told, valuesOf } from './read-values.ts';

interface SyncValue {
  readonly node?: string;
  readonly from: string;
  readonly synchronized: boolean;
  readonly offsetSeconds?: number;
}
interface PodValue {
  readonly node: string;
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly static: boolean;
  readonly mirror: boolean;
}

/** Times in objects are whole seconds: one second apart proves nothing. */
const leastSeconds = 2;

/** One entry for each clock that is off or unknown to be in step, and one for each that chrony measured. */
export function reportClocks(store: FactStore): ReportClock[] {
  const measured = valuesOf<SyncValue>(store, 'ClockSync')
    .filter(({ value }) => value.node !== undefined && (value.offsetSeconds !== undefined || !value.synchronized))
    .map(({ value, place }): ReportClock => {
      const { node = '', offsetSeconds, synchronized } = value;
      return { node, ...(offsetSeconds !== undefined && { offsetSeconds }), synchronized, evidence: place };
    });
  const behind = new Map<string, Told<PodValue> & { readonly seconds: number }>();
  for (const told of valuesOf<PodValue>(store, 'Pod')) {
    const seconds = secondsBehind(told.value);
    if (seconds >= leastSeconds && seconds > (behind.get(told.value.node)?.seconds ?? 0)) {
      behind.set(told.value.node, { ...told, seconds });
    }
  }
  const caught = [...behind].map(
    ([node, { seconds, place }]): ReportClock => ({ node, behindApiSeconds: seconds, evidence: place }),
  );
  return [...measured, ...caught].sort(byKeys((clock) => [clock.node, clock.evidence.path, clock.evidence.first]));
}

// The API server writes createdAt, the kubelet startedAt later on: an earlier startedAt comes from a clock that is behind.
// A static pod is started from a file, before the API server hears of it.
function secondsBehind({ createdAt, startedAt, static: isStatic, mirror }: PodValue): number {
  if (isStatic || mirror || createdAt === undefined || startedAt === undefined) return 0;
  return Math.floor((Date.parse(createdAt) - Date.parse(startedAt)) / 1000) || 0;
}
