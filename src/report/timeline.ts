// The moments of all findings and of the bundle in one order, so that what came first can be seen.

import type { Finding } from '../findings/outcome.ts';
import { byKeys } from './compare.ts';
import type { Moment, MomentKind } from './report.ts';

/** A finding with what the report made of it. */
export interface ToldFinding extends Finding {
  readonly id: string;
  readonly title: string;
  readonly kind: MomentKind;
}

/** One moment for each time of each finding, merged with moments from elsewhere (events, conditions); equal ones once. */
export function timelineOf(
  findings: readonly ToldFinding[],
  others: readonly Moment[] = [],
  gatheredAt: string | undefined = undefined,
): Moment[] {
  // A rule that measures an age reads the time of gathering: nothing happened then.
  const isNow = (time: string) => gatheredAt !== undefined && Date.parse(time) === Date.parse(gatheredAt);
  const sameTime = new Map<string, Moment[]>();
  for (const moment of others) {
    const key = `${moment.time} ${moment.evidence.path}`;
    sameTime.set(key, [...(sameTime.get(key) ?? []), moment]);
  }
  const told = new Set<Moment>();
  const moments = findings.flatMap((finding) => {
    const [evidence] = finding.evidence;
    const node = finding.objects.find((object) => object.node)?.node;
    const place = { path: evidence.path, first: evidence.span[0], last: evidence.span[1] };
    const [object] = finding.objects;
    return finding.times.flatMap((time): Moment[] => {
      if (isNow(time)) return [];
      const twins = (sameTime.get(`${time} ${place.path}`) ?? []).filter(({ evidence: other }) => meet(other, place));
      // A rule may read a time at which all was well, e.g. when the node was made: the object says what happened.
      if (twins.some(({ tone }) => tone !== 'bad')) return [];
      // What the object says in the same lines is what the finding tells: one moment, with the words of the finding.
      for (const twin of twins) told.add(twin);
      const moment: Moment = {
        time,
        clock: node ?? twins[0]?.clock ?? evidence.path,
        subject: finding.subject,
        text: finding.title,
        evidence: place,
        kind: twins[0]?.kind ?? finding.kind,
        tone: finding.severity === 'info' ? 'plain' : 'bad',
        ...(object && { object }),
        finding: finding.id,
      };
      return [moment];
    });
  });
  const keys = (moment: Moment) => [
    instant(moment.time),
    moment.subject,
    moment.text,
    moment.evidence.path,
    moment.evidence.first,
  ];
  const seen = new Set<string>();
  return [...moments, ...others.filter((moment) => !told.has(moment))].sort(byKeys(keys)).filter((moment) => {
    const key = JSON.stringify(keys(moment));
    return !seen.has(key) && seen.add(key);
  });
}

const meet = (a: Moment['evidence'], b: Moment['evidence']): boolean => a.first <= b.last && b.first <= a.last;

// Fractions of a second make texts of unequal length, which do not sort as texts.
function instant(time: string): number {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? Number.MAX_SAFE_INTEGER : milliseconds;
}
