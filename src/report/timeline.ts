// The moments of all findings in one order, so that what came first can be seen.

import type { Finding } from '../findings/outcome.ts';
import { byKeys } from './compare.ts';
import type { Moment } from './report.ts';

/** One moment for each time of each finding, merged with moments from elsewhere (events); equal ones once. */
export function timelineOf(
  findings: readonly Finding[],
  titleOf: (rule: string) => string,
  events: readonly Moment[] = [],
): Moment[] {
  const moments = findings.flatMap((finding) => {
    const [evidence] = finding.evidence;
    const clock = finding.objects.find((object) => object.node)?.node ?? evidence.path;
    const place = { path: evidence.path, first: evidence.span[0], last: evidence.span[1] };
    return finding.times.map(
      (time): Moment => ({ time, clock, subject: finding.subject, text: titleOf(finding.rule), evidence: place }),
    );
  });
  const keys = (moment: Moment) => [
    instant(moment.time),
    moment.subject,
    moment.text,
    moment.evidence.path,
    moment.evidence.first,
  ];
  const seen = new Set<string>();
  return [...moments, ...events].sort(byKeys(keys)).filter((moment) => {
    const key = JSON.stringify(keys(moment));
    return !seen.has(key) && seen.add(key);
  });
}

// Fractions of a second make texts of unequal length, which do not sort as texts.
function instant(time: string): number {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? Number.MAX_SAFE_INTEGER : milliseconds;
}
