// Keeps a timeline short: the most telling moments of each hour, and a count of those that were left out.

import { byKeys, groupBy } from '../compare.ts';
import type { LeftOut, Moment, MomentKind } from '../report.ts';

/** Of each kind, about one for each two minutes: an hour of an installation has hundreds, most of them alike. */
const mostInAnHour = 24;
const mostOfAll = 400;
const mostOfFindings = 1500;

/** What explains most comes first where there is no room for all. */
const telling: Readonly<Record<MomentKind, number>> = {
  finding: 0,
  log: 0,
  oom: 1,
  change: 2,
  operator: 2,
  condition: 2,
  certificate: 3,
  restart: 3,
  event: 4,
};

/** A rank: lower is more telling. */
export function rankOf({ kind = 'finding', tone, finding }: Moment): number {
  if (finding !== undefined) return 0;
  return telling[kind] + (tone === 'bad' ? 0 : tone === 'plain' ? 2 : 3);
}

export interface Bounded {
  readonly kept: readonly Moment[];
  readonly leftOut: readonly LeftOut[];
}

/** So many of each hour and kind, and so many in all. */
export function boundedMoments(moments: readonly Moment[]): Bounded {
  return bounded(moments, ({ kind }) => kind ?? '', mostOfAll);
}

/** The moments of findings: so many of each hour and rule. Other moments stay as they are. */
export function boundedFindings(moments: readonly Moment[]): Bounded {
  const ofFindings = moments.filter(({ finding }) => finding !== undefined);
  const { kept, leftOut } = bounded(ofFindings, ({ text }) => text, mostOfFindings);
  const stay = new Set(kept);
  return { kept: moments.filter((moment) => moment.finding === undefined || stay.has(moment)), leftOut };
}

function bounded(moments: readonly Moment[], sortOf: (moment: Moment) => string, most: number): Bounded {
  const order = byKeys((moment: Moment) => [
    rankOf(moment),
    -(moment.count ?? 1),
    Date.parse(moment.time) || 0,
    moment.subject,
    moment.text,
    moment.evidence.path,
    moment.evidence.first,
  ]);
  const hours = groupBy(moments, (moment) => `${hourOf(moment)} ${sortOf(moment)}`);
  const telling = [...hours.values()].flatMap((same) => [...same].sort(order).slice(0, mostInAnHour));
  const kept = new Set(telling.sort(order).slice(0, most));
  const dropped = moments.filter((moment) => !kept.has(moment));
  return { kept: moments.filter((moment) => kept.has(moment)), leftOut: countedByHour(dropped) };
}

function countedByHour(dropped: readonly Moment[]): LeftOut[] {
  const hours = groupBy(dropped, (moment) => `${hourOf(moment)} ${moment.kind ?? 'finding'}`);
  const counts = [...hours.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ hour: hourOf(first), kind: first.kind ?? 'finding', moments: same.length }] : [];
  });
  return counts.sort(byKeys(({ hour, kind }) => [hour, kind]));
}

/** Two lists of what was left out as one. */
export function addedUp(lists: readonly (readonly LeftOut[])[]): LeftOut[] {
  const same = groupBy(lists.flat(), ({ hour, kind }) => `${hour} ${kind}`);
  const sums = [...same.values()].flatMap((each) => {
    const [first] = each;
    return first ? [{ ...first, moments: each.reduce((sum, { moments }) => sum + moments, 0) }] : [];
  });
  return sums.sort(byKeys(({ hour, kind }) => [hour, kind]));
}

const hourOf = ({ time }: Moment): string => time.slice(0, 13);
